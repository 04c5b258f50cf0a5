import { claim, echoReply, echoRequest, type Frame, type Judgement, ns, on, requirement } from 'denat'
import { manyHosts } from '../scenarios/full-house.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { scanAfter, scanBefore, scanned } from '../steps/transit/scan.ts'

/** Of the echo requests of a known host, by the rule of the project; one may be lost in any network. */
const share = 0.01

const echoOf = ({ packet: { icmp6 } }: Frame): string =>
  icmp6?.type === 'echo-request' || icmp6?.type === 'echo-reply' ? `${icmp6.id} ${icmp6.seq}` : ''

const goesOn: Judgement = ({ judge, given, at, lan, world }) => {
  const before = given(at(scanBefore).answer, 'DENAT-DEFAULT-1')
  const { addresses, first, more, mark } = at(scanned)
  const since = first ?? mark
  const after = at(scanAfter)
  const link = lan.of('host')
  const to = { ip6: { dst: world.stations.internet?.address } }
  // A host retransmits a request without an answer: each request counts.
  const requests = link.toDut.all(echoRequest({}, to), { after: since, before: mark })
  const replies = new Set(link.fromDut.all(echoReply(), { after: since, before: after.mark }).map(echoOf))
  const lost = requests.filter((request) => !replies.has(echoOf(request)))
  judge.holds(
    lost.length <= Math.max(1, share * requests.length),
    claim`While packets are sent to ${addresses} unused addresses of the LAN, less than 1 % of the echo requests of a known host are lost, or at most one.`,
    claim`${lost.length} of ${requests.length} were lost`,
    before,
    since,
    ...more.slice(0, 2),
  )
  judge.found(after.answer, after.mark, claim`After these packets, the host reaches the Internet as before.`)
  const asked = link.fromDut.all(ns(), { after: since, before: after.mark })
  judge.note(claim`During this time, the router sent ${asked.length} Neighbor Solicitations.`, ...asked.slice(0, 1))
}

export const requirements = [
  requirement('ROB-NDCACHE', {
    'from the LAN': on(manyHosts, goesOn),
    'from the WAN': on(webUiFirewall, goesOn),
    'flood from the LAN': on(lineFlaps, goesOn),
  }),
]
