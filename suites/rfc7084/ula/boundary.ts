import { claim, invariant, isUla, the } from 'denat'
import { ulaFence, ulaIn } from '../../steps/transit/end-to-end.ts'

export const requirements = [
  invariant('RFC7084-ULA-4', ({ wan, lan, judge, given, at, every }) => {
    const sent = wan.fromDut.all({ ip6: {} })
    given(sent[0], 'RFC7084-W-2')
    judge.each(
      sent,
      claim`The router sends no packet with a unique local source or destination to the WAN.`,
      ({ packet }) => {
        const { src = '::', dst = '::' } = packet.ip6 ?? {}
        return isUla(src) || isUla(dst) ? claim`${the.address(src)} to ${the.address(dst)}` : undefined
      },
    )
    const inward = every(ulaIn)
    if (inward.length === 0) return
    const fence = given(at(ulaFence).answer, 'DENAT-DEFAULT-1')
    for (const { source, target, mark } of inward)
      judge.absent(
        lan.fromDut.all({ ip6: { src: source, dst: target } }),
        claim`A packet from ${the.name(source)} to ${the.address(target)} that arrives on the WAN does not reach the LAN.`,
        { fence, since: mark },
      )
  }),
]
