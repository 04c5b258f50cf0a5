import { requirement, tcp } from 'denat'
import { evening } from '../scenarios/evening.ts'

requirement(
  'RFC7112-5-CHAIN',
  {
    cases: { 'Destination Options alone': evening, 'half a TCP header': evening, 'beside a flow': evening },
  },
  ({ case: what, judge, given, did, framesOf, lan, wan, notApplicable }) => {
    const attempt = did('cut-chain', (mark) => mark.data?.what === what)
    const fence = given(framesOf(did('cut-chain-fence'))[0], 'DENAT-DEFAULT-1')
    const [first, ...rest] = framesOf(attempt)
    if (!first) throw new TypeError('no fragments were sent')
    const filter = did('filter')
    if (filter.data?.on !== true) return notApplicable('The filter is off after a reset: nothing is kept out.', filter)
    const { src, port } = attempt.data as { src: string; port: number }
    const onLan = lan.of('host').fromDut
    judge.absent(
      [
        ...onLan.all({ ip6: { src }, ext: [{ type: 'fragment', offset: 0 }] }, { after: first }),
        ...onLan.all(tcp({ dstPort: port }, { ip6: { src } }), { after: first }),
      ],
      'An unsolicited connection attempt whose first fragment does not show a whole header chain reaches no host, neither in pieces nor whole.',
      { fence, since: first },
    )
    const later = onLan.all({ ip6: { src }, ext: [{ type: 'fragment' }] }, { after: first })
    if (later.length > 0) judge.note('Later fragments are let through, and make no packet.', ...later.slice(0, 1))
    const problem = wan.fromDut.first({ icmp6: { type: 'parameter-problem', code: 3 } }, { after: first })
    judge.note(
      problem ? 'A Parameter Problem, code 3, is sent.' : 'The sender is told nothing.',
      problem ?? rest[0] ?? first,
    )
  },
)
