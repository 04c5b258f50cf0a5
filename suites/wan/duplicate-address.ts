import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoRequest,
  type Frame,
  iaAddresses,
  requirement,
  retransmissionTimes,
} from 'denat'
import { duplicateAddress } from '../scenarios/duplicate-address.ts'
import { patience } from '../scenarios/patience.ts'
import { judgeFirst, judgeNext, timeouts, transmissions } from './exchange.ts'

requirement(
  'RFC8415-18.2.8-DECLINE',
  {
    cases: {
      DAD: duplicateAddress,
      Decline: duplicateAddress,
      timing: duplicateAddress,
      'address unused': duplicateAddress,
      'prefix kept': duplicateAddress,
      'four times': patience,
      'not given up before': patience,
    },
    // The client SHOULD retain the bindings that do not conflict; section 15 has it sent again without a word in capitals.
    levels: { 'prefix kept': 'SHOULD', 'not given up before': 'SHOULD' },
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, framesOf } = evidence
    if (what === 'four times' || what === 'not given up before') return judgeCount(evidence)
    const reply = given(wan.toDut.first(dhcpv6('reply', { iaNa: {} })), 'RFC7084-WAA-6')
    const probed = did('probed')
    const [probe] = framesOf(probed)
    if (what === 'DAD') {
      judge.found(probe, probed, 'An address that DHCPv6 assigned is checked by DAD before it is used.', reply)
      return
    }
    given(probe, 'RFC8415-18.2.8-DECLINE')
    const told = did('claimed')
    const [claimed] = framesOf(told)
    const address = String(told.data?.address)
    const over = did('duplicate-fence')
    const decline = wan.fromDut.first(dhcpv6('decline'), { after: told })
    if (what === 'Decline') {
      const said = judge.due(
        decline,
        { after: claimed ?? told, seconds: 5 },
        'When another node has the address, the router declines it.',
      )
      const named = iaAddresses(said).map((one) => one.address)
      judge.equal(named.join(', '), address, 'It names that address, and no other', said)
      judge.equal(
        dhcpv6OptionsOf(said, 'server-id')[0]?.duid,
        dhcpv6OptionsOf(reply, 'server-id')[0]?.duid,
        'It names the server that assigned it',
        said,
      )
      return
    }
    if (what === 'timing') {
      const first = given(decline, 'RFC8415-18.2.8-DECLINE')
      const gaps = timeouts(transmissions(wan.fromDut, first))
      judgeFirst(evidence, gaps, retransmissionTimes.decline, first)
      return judgeNext(evidence, gaps, retransmissionTimes.decline)
    }
    if (what === 'address unused') {
      const fence = given(framesOf(over)[1], 'RFC7084-G-1')
      const answers = framesOf(did('asked-duplicate')).slice(1)
      const used = wan.fromDut.all({ ip6: { src: address } }, { after: told, before: fence })
      judge.absent([...answers, ...used], 'The address of another node is neither defended nor used.', {
        fence,
        since: told,
      })
      return
    }
    const flow = did('beside-duplicate')
    const asked = lan.toDut.last(echoRequest(), { after: told, before: flow })
    judge.found(
      framesOf(flow)[0],
      flow,
      "The delegated prefix stays in use: a host's echo request is answered.",
      ...(asked ? [asked] : []),
    )
  },
)

/** After DEC_MAX_RC transmissions the exchange has failed (RFC 8415 section 15). */
function judgeCount({ case: what, wan, judge, given, did, framesOf }: Evidence): void {
  const over = did('declines-over')
  given(framesOf(did('refused'))[0], 'RFC8415-18.2.2-REQUEST')
  const [probe] = framesOf(did('claimed'))
  given(probe, 'RFC8415-18.2.8-DECLINE')
  const [first] = framesOf(did('declined'))
  const sent = transmissions(wan.fromDut, given(first, 'RFC8415-18.2.8-DECLINE'))
  const { mrc } = retransmissionTimes.decline
  const last = sent.at(-1) as Frame
  const seen = `${sent.length} transmissions`
  if (what === 'not given up before')
    judge.holds(sent.length >= mrc, `It is sent ${mrc} times before it is given up.`, seen, last, over)
  else
    judge.holds(
      // The section speaks of transmissions and of retransmissions; RFC 3315 had one more.
      sent.length <= mrc + 1,
      `A Decline that nobody answers is sent DEC_MAX_RC (${mrc}) times, and no more than once more.`,
      seen,
      last,
      over,
    )
  judge.note(`${seen}, the last ${(last.at - (sent[0] as Frame).at).toFixed(1)} s after the first.`, last)
}
