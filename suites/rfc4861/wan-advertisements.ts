import { claim, invariant, ra } from 'denat'

export const requirements = [
  invariant('RFC4861-6.2.1-WANRA', ({ wan, judge, given }) => {
    const first = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    judge.absent(
      wan.fromDut.all(ra()),
      claim`No Router Advertisement leaves by the WAN port: the router is a host there, and nobody made it advertise.`,
      { fence: wan.fromDut.last({ ip6: {} }) ?? first, since: first },
    )
  }),
]
