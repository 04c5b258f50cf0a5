import { dhcpv6, dhcpv6OptionsOf, type Frame, grace, ndOptionsOf, ra, raUpdate, requirement } from 'denat'
import { mixedAnswers, otherDomain } from '../scenarios/mixed-answers.ts'
import { answered, grantsOf, wasTaken } from './answered.ts'
import { clientMessages } from './client-messages.ts'
import { sameClient } from './exchange.ts'

const withoutResolver = 'NoAddrsAvail in the IA_NA; no resolver'
const resolverCases = { 'server changed': mixedAnswers, 'server gone': mixedAnswers } as const
const searchCases = { 'search list changed': mixedAnswers, 'search list gone': mixedAnswers } as const

requirement('RFC8415-18.2.10-OPTGONE', { cases: { ...resolverCases, ...searchCases } }, (evidence) => {
  const { case: what, judge, given, assume, lan, wan, notApplicable, cannotTell } = evidence
  const { otherResolver } = grantsOf(evidence)
  const changed = answered(evidence, 'IA_PD empty; another resolver').reply
  const gone = answered(evidence, withoutResolver).reply
  // Until then the ISP names no server.
  const restored = answered(evidence, 'IA_PD with T1 > T2').reply
  if (what.startsWith('server')) {
    // A router that is itself the resolver of its LAN shows it by what it asks; another by what it announces.
    const shown = (after: Frame, before?: Frame) => [
      ...wan.fromDut.all({ ip6: { dst: otherResolver }, udp: { dstPort: 53 } }, { after, ...(before && { before }) }),
      ...lan.fromDut
        .all(ra(), { after, ...(before && { before }) })
        .filter((frame) =>
          ndOptionsOf(frame, 'rdnss').some((one) => one.lifetime > 0 && one.servers.includes(otherResolver)),
        ),
    ]
    const used = shown(changed, gone)[0]
    const queries = wan.fromDut.all({ udp: { dstPort: 53 }, dns: { type: 'query' } }, { after: changed })
    if (!used && queries.length > 0 && queries.every(({ packet }) => packet.ip4))
      return notApplicable('The router asks servers that DHCPv4 named, as it may.', ...queries)
    const names = (frame: Frame) =>
      dhcpv6OptionsOf(frame, 'dns-servers').some(({ servers }) => servers.includes(otherResolver))
    const next = wan.toDut.all(dhcpv6('reply'), { after: changed }).find((frame) => !names(frame))
    const meanwhile = { after: changed, ...(next && { before: next }) }
    if (!used && !lan.fromDut.first(ra(), meanwhile) && !wan.fromDut.first({ udp: { dstPort: 53 } }, meanwhile))
      return notApplicable('Until the next Reply no RA was sent, and no server asked.', changed)
    const besides = wan.toDut
      .all(dhcpv6('reply'), { before: changed })
      .findLast((reply) => !sameClient(reply, changed) && dhcpv6OptionsOf(reply, 'dns-servers').length > 0)
    if (!used && besides)
      return notApplicable('Another exchange of the router, for its address, names a server as well.', besides, changed)
    if (what === 'server changed') {
      judge.found(used, gone, `Another DNS server in a later Reply, ${otherResolver}, is used.`, changed)
      return
    }
    const before = given(used, 'RFC8415-18.2.10-OPTGONE')
    assume(wasTaken(evidence, withoutResolver), 'RFC8415-18.2.10-BESIDE')
    const fence = given(lan.fromDut.last(ra(), { after: gone, before: restored }), 'RFC7084-L-1')
    const late = (frame: Frame) => frame.at > gone.at + grace
    const asked = wan.fromDut.all({ udp: { dstPort: 53 } }, { after: gone, before: restored })
    if (![...asked, ...lan.fromDut.all(ra(), { after: gone, before: restored })].some(late))
      return cannotTell(`No server was asked, and no RA sent, later than ${grace} s after that Reply.`, gone)
    judge.absent(shown(gone, restored).filter(late), 'A server that the next Reply does not name is used no longer.', {
      fence,
      since: gone,
    })
    judge.note('It was in use before.', before)
    return
  }
  // That a search list is announced at all is asked for elsewhere.
  given(
    lan.fromDut.all(ra()).find((frame) => ndOptionsOf(frame, 'dnssl').length > 0),
    'RFC7084-L-11',
  )
  const listed = (frame: Frame) =>
    ndOptionsOf(frame, 'dnssl').some((one) => one.lifetime > 0 && one.domains.includes(otherDomain))
  const first = lan.fromDut.all(ra(), { after: changed }).find(listed)
  if (what === 'search list changed') {
    judge.due(
      first,
      { after: changed, seconds: raUpdate.max },
      `Another search list in a later Reply, ${otherDomain}, is announced on the LAN.`,
    )
    return
  }
  given(first, 'RFC8415-18.2.10-OPTGONE')
  assume(wasTaken(evidence, withoutResolver), 'RFC8415-18.2.10-BESIDE')
  judge.due(
    lan.fromDut.all(ra(), { after: gone, before: restored }).find((frame) => !listed(frame)),
    { after: gone, seconds: raUpdate.max },
    'A search list that the next Reply does not have is announced no longer.',
  )
})

requirement('RFC9915-OBSOLETE', { cases: { 'Server Unicast': mixedAnswers, IA_TA: mixedAnswers } }, (evidence) => {
  const { case: what, judge, given, wan, did } = evidence
  if (what === 'Server Unicast') {
    const told = answered(evidence, 'Success everywhere; Server Unicast').reply
    const asked = given(wan.fromDut.first(dhcpv6('renew'), { after: told }), 'RFC8415-18.2.4-RENEW')
    judge.equal(
      asked.packet.ip6?.dst,
      'ff02::1:2',
      'After a Reply with Server Unicast the next Renew goes to All_DHCP_Relay_Agents_and_Servers',
      told,
      asked,
    )
    return
  }
  did('over')
  judge.each(clientMessages(evidence), 'No message of the client holds an IA_TA.', (frame) =>
    dhcpv6OptionsOf(frame, 'ia-ta').length > 0 ? 'an IA_TA' : undefined,
  )
})
