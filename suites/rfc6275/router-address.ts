import { claim, type Frame, formatIpv6, invariant, ndOptionsOf, network, parsePrefix, ra, the } from 'denat'

export const requirements = [
  invariant('RFC6275-7.2-RFLAG', ({ lan, judge, given }) => {
    const sent = lan.fromDut.all(ra())
    given(sent[0], 'RFC7084-L-1')
    const withFlag = (frame: Frame) => ndOptionsOf(frame, 'prefix-information').filter((pio) => pio.routerAddress)
    judge.each(
      sent,
      claim`The Prefix field of a PIO with the R flag contains a complete address of the router, not only the prefix.`,
      (frame) => {
        const alone = withFlag(frame).find(({ prefix }) => prefix === network(prefix))
        return (
          alone &&
          claim`R flag with ${the.address(formatIpv6(parsePrefix(alone.prefix).address))}, which is only the prefix`
        )
      },
    )
    if (!sent.some((frame) => withFlag(frame).length > 0)) judge.note(claim`No PIO has the R flag.`, sent[0] as Frame)
  }),
]
