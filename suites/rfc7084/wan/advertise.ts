import { claim, dhcpv6, inPrefix, na, ns, requirement, the } from 'denat'
import { firstAnswers, grants, hop, over } from '../../scenarios/first-answers.ts'
import { tookUp } from '../../shared/first-answers.ts'

export const requirements = [
  requirement('RFC7084-WAA-7', firstAnswers, (evidence) => {
    const { judge, at, every, wan, lan, given } = evidence
    const { prefix } = at(grants)
    tookUp(evidence)
    const { mark: end } = at(over)
    const hops = every(hop)
    const errors = hops.flatMap(({ error }) => (error ? [error] : []))
    const reply = given(wan.toDut.last(dhcpv6('reply')), 'RFC7084-WPD-6')
    const isOurs = (address: unknown) => inPrefix(String(address), prefix)
    const own = [
      ...lan.fromDut.all(ns({ target: isOurs }, { ip6: { src: '::' } })),
      ...lan.fromDut.all(na({ target: isOurs })),
      ...errors.filter(({ packet }) => isOurs(packet.ip6?.src)),
    ]
    judge.found(
      own[0],
      end,
      claim`Without an address on the WAN the router forms an address from ${the.prefix(prefix)}: it sends a DAD probe for it, or uses it as a source.`,
      reply,
      ...hops.map(({ mark }) => mark),
    )
    const [first] = errors
    if (first)
      judge.note(
        isOurs(first.packet.ip6?.src)
          ? claim`The source of the ICMPv6 error to the host is in that prefix.`
          : claim`The source of the ICMPv6 error to the host is ${the.address(first.packet.ip6?.src)}, which is permitted to a neighbor.`,
        first,
      )
  }),
]
