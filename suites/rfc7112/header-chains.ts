import { claim, type Judgement, on, requirement, tcp } from 'denat'
import { transit } from '../scenarios/transit.ts'
import { filter } from '../steps/firewall/filter.ts'
import { cutChain, cutChainFence } from '../steps/transit/cut-chains.ts'

const reachesNone =
  (what: string): Judgement =>
  ({ judge, given, at, lan, wan, notApplicable }) => {
    const { src, port, more } = at(cutChain, (one) => one.what === what)
    const fence = given(at(cutChainFence).answer, 'DENAT-DEFAULT-1')
    const [first, ...rest] = more
    if (!first) throw new TypeError('no fragments were sent')
    const { on: isOn, mark } = at(filter)
    if (!isOn)
      return notApplicable(
        claim`With factory settings, an unsolicited UDP datagram reaches the host: this clause is about a filter that discards it.`,
        mark,
      )
    const onLan = lan.of('host').fromDut
    // A router that forwards no fragment at all does not filter by the headers of one.
    given(onLan.first({ ext: [{ type: 'fragment' }] }, { before: first }), 'RFC8200-4.5-FRAGPASS')
    judge.absent(
      [
        ...onLan.all({ ip6: { src }, ext: [{ type: 'fragment', offset: 0 }] }, { after: first }),
        ...onLan.all(tcp({ dstPort: port }, { ip6: { src } }), { after: first }),
      ],
      claim`The router does not forward an unsolicited connection attempt whose first fragment lacks a part of the header chain, neither in fragments nor reassembled.`,
      { fence, since: first },
    )
    const later = onLan.all({ ip6: { src }, ext: [{ type: 'fragment' }] }, { after: first })
    if (later.length > 0)
      judge.note(claim`The router forwards later fragments, which form no packet.`, ...later.slice(0, 1))
    const problem = wan.fromDut.first({ icmp6: { type: 'parameter-problem', code: 3 } }, { after: first })
    judge.note(
      problem ? claim`The router sends Parameter Problem, code 3.` : claim`The sender receives no error.`,
      problem ?? rest[0] ?? first,
    )
  }

export const requirements = [
  requirement(
    'RFC7112-5-CHAIN',
    Object.fromEntries(
      ['Destination Options alone', 'half a TCP header', 'beside a flow'].map((what) => [
        what,
        on(transit, reachesNone(what)),
      ]),
    ),
  ),
]
