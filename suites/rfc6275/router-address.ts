import { type Frame, formatIpv6, invariant, ndOptionsOf, network, parsePrefix, ra } from 'denat'

export const requirements = [
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
  }),
]
