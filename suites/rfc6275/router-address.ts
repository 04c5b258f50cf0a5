import { claim, type Frame, formatIpv6, invariant, ndOptionsOf, network, parsePrefix, ra, the } from 'denat'

export const requirements = [
  invariant('RFC6275-7.2-RFLAG', ({ lan, judge, given }) => {
    const sent = lan.fromDut.all(ra())
    given(sent[0], 'RFC7084-L-1')
    const withFlag = (frame: Frame) => ndOptionsOf(frame, 'prefix-information').filter((pio) => pio.routerAddress)
    judge.each(
      sent,
      claim`Where a PIO has the R flag, its prefix field holds a complete address of the router, and not the prefix alone.`,
      (frame) => {
        const alone = withFlag(frame).find(({ prefix }) => prefix === network(prefix))
        return (
          alone &&
          claim`R flag and ${the.prefix(formatIpv6(parsePrefix(alone.prefix).address))}, which is the prefix alone,`
        )
      },
    )
    if (!sent.some((frame) => withFlag(frame).length > 0)) judge.note(claim`No PIO has the R flag.`, sent[0] as Frame)
  }),
]
