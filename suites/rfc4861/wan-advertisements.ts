import { claim, invariant, ra } from 'denat'

export const requirements = [
  invariant('RFC4861-6.2.1-WANRA', ({ wan, judge, given }) => {
    const first = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    judge.absent(
      wan.fromDut.all(ra()),
      claim`The router sends no Router Advertisement on the WAN, where it is a host.`,
      { fence: wan.fromDut.last({ ip6: {} }) ?? first, since: first },
    )
  }),
]
