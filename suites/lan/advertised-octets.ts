import { type Frame, formatIpv6, invariant, ndOptionsOf, network, parsePrefix, ra } from 'denat'

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

invariant('RFC6275-7.2-RFLAG', ({ lan, judge, given }) => {
  const sent = lan.fromDut.all(ra())
  given(sent[0], 'RFC7084-L-1')
  const withFlag = (frame: Frame) => ndOptionsOf(frame, 'prefix-information').filter((pio) => pio.routerAddress)
  judge.each(
    sent,
    'Where a PIO has the R flag, its prefix field holds a complete address of the router, and not the prefix alone.',
    (frame) => {
      const alone = withFlag(frame).find(({ prefix }) => prefix === network(prefix))
      return alone && `R flag and ${formatIpv6(parsePrefix(alone.prefix).address)}, which is the prefix alone,`
    },
  )
  if (!sent.some((frame) => withFlag(frame).length > 0)) judge.note('No PIO has the R flag.', sent[0] as Frame)
})

invariant('RFC8106-5.2-PADDING', ({ lan, judge, given }) => {
  const sent = lan.fromDut.all(ra())
  given(sent[0], 'RFC7084-L-1')
  judge.each(sent, 'What fills a DNSSL behind its last name is zeros.', (frame) => {
    const wrong = ndOptionsOf(frame, 'dnssl').find(({ overrun }) => overrun !== undefined)
    return wrong && `${hex(wrong.overrun as Uint8Array)} behind ${wrong.domains.at(-1) ?? 'no name'}`
  })
})
