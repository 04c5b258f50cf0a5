import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  grace,
  type Judgement,
  ndOptionsOf,
  on,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { type AnswerName, mixedAnswers, otherDomain, over } from '../../scenarios/mixed-answers.ts'
import { answered, grantsOf, wasTaken } from '../../shared/answered.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { sameClient } from '../../shared/exchange.ts'

const withoutResolver: AnswerName = 'NoAddrsAvail in the IA_NA; no resolver'

/** The Replies with other options, without them, and with the usual ones again: until that the ISP names no server. */
const repliesOf = (evidence: Evidence) => ({
  changed: answered(evidence, 'IA_PD empty; another resolver').reply,
  gone: answered(evidence, withoutResolver).reply,
  restored: answered(evidence, 'IA_PD with T1 > T2').reply,
})

/**
 * What shows that the other server is used: a router that is itself the resolver of its LAN shows it by what it asks,
 * another by what it announces.
 */
function usesOfServer(evidence: Evidence, after: Frame, before: Frame): Frame[] {
  const { wan, lan } = evidence
  const { otherResolver } = grantsOf(evidence)
  const announces = (frame: Frame) =>
    ndOptionsOf(frame, 'rdnss').some((one) => one.lifetime > 0 && one.servers.includes(otherResolver))
  return [
    ...wan.fromDut.all({ ip6: { dst: otherResolver }, udp: { dstPort: 53 } }, { after, before }),
    ...lan.fromDut.all(ra(), { after, before }).filter(announces),
  ]
}

/** The first use of the other server, if any; ends the judgement where the router need not have used it. */
function useOfServer(evidence: Evidence): Frame | undefined {
  const { wan, lan, notApplicable } = evidence
  const { changed, gone } = repliesOf(evidence)
  const [used] = usesOfServer(evidence, changed, gone)
  if (used) return used
  const queries = wan.fromDut.all({ udp: { dstPort: 53 }, dns: { type: 'query' } }, { after: changed })
  if (queries.length > 0 && queries.every(({ packet }) => packet.ip4))
    notApplicable(claim`The router queries servers that DHCPv4 announced, which is permitted.`, ...queries)
  const { otherResolver } = grantsOf(evidence)
  const isNamed = (frame: Frame) =>
    dhcpv6OptionsOf(frame, 'dns-servers').some(({ servers }) => servers.includes(otherResolver))
  const next = wan.toDut.all(dhcpv6('reply'), { after: changed }).find((frame) => !isNamed(frame))
  const meanwhile = { after: changed, ...(next && { before: next }) }
  if (!lan.fromDut.first(ra(), meanwhile) && !wan.fromDut.first({ udp: { dstPort: 53 } }, meanwhile))
    notApplicable(claim`Until the next Reply the router sent no RA, and queried no server.`, changed)
  const besides = wan.toDut
    .all(dhcpv6('reply'), { before: changed })
    .findLast((reply) => !sameClient(reply, changed) && dhcpv6OptionsOf(reply, 'dns-servers').length > 0)
  if (besides)
    notApplicable(claim`Another exchange of the router, for its address, also announces a server.`, besides, changed)
  return undefined
}

const serverChanges: Judgement = (evidence) => {
  const { changed, gone } = repliesOf(evidence)
  const { otherResolver } = grantsOf(evidence)
  const expected = claim`The router uses the other DNS server of a later Reply, ${the.address(otherResolver)}.`
  evidence.judge.found(useOfServer(evidence), gone, expected, changed)
}

const serverGoes: Judgement = (evidence) => {
  const { wan, lan, judge, given, assume, undecided } = evidence
  const { gone, restored } = repliesOf(evidence)
  const used = given(useOfServer(evidence), 'RFC8415-18.2.10-OPTGONE')
  assume(wasTaken(evidence, withoutResolver), 'RFC8415-18.2.10-BESIDE')
  const meanwhile = { after: gone, before: restored }
  const fence = given(lan.fromDut.last(ra(), meanwhile), 'RFC7084-L-1')
  const isLate = (frame: Frame) => frame.at > gone.at + grace
  const uses = [...wan.fromDut.all({ udp: { dstPort: 53 } }, meanwhile), ...lan.fromDut.all(ra(), meanwhile)]
  if (!uses.some(isLate))
    return undecided(
      claim`The router queried no server and sent no RA later than ${the.seconds(grace)} after that Reply.`,
      gone,
    )
  judge.absent(
    usesOfServer(evidence, gone, restored).filter(isLate),
    claim`The router stops using a DNS server that the next Reply does not contain.`,
    { fence, since: gone },
  )
  judge.note(claim`The router used it before.`, used)
}

const isListed = (frame: Frame) =>
  ndOptionsOf(frame, 'dnssl').some((one) => one.lifetime > 0 && one.domains.includes(otherDomain))

/** The first RA with the other search list. That one is announced at all, and which, is asked for elsewhere. */
function firstListed({ lan, wan, given, notApplicable }: Evidence, changed: Frame): Frame | undefined {
  const listing = lan.fromDut.all(ra()).filter((frame) => ndOptionsOf(frame, 'dnssl').length > 0)
  const listed = given(listing[0], 'RFC7084-L-11')
  const fromIsp = wan.toDut
    .all(dhcpv6('reply'))
    .flatMap((frame) => dhcpv6OptionsOf(frame, 'domain-list').flatMap(({ domains }) => domains))
  const passesOn = (frame: Frame) =>
    ndOptionsOf(frame, 'dnssl').some(({ domains }) => domains.some((domain) => fromIsp.includes(domain)))
  if (!listing.some(passesOn))
    notApplicable(claim`The search list of the LAN is the router's own, which is permitted.`, listed)
  return lan.fromDut.all(ra(), { after: changed }).find(isListed)
}

const listChanges: Judgement = (evidence) => {
  const { changed } = repliesOf(evidence)
  evidence.judge.due(
    firstListed(evidence, changed),
    { after: changed, seconds: raUpdate.max },
    claim`The router announces the other search list of a later Reply, ${the.name(otherDomain)}, on the LAN.`,
  )
}

const listGoes: Judgement = (evidence) => {
  const { lan, judge, given, assume } = evidence
  const { changed, gone, restored } = repliesOf(evidence)
  given(firstListed(evidence, changed), 'RFC8415-18.2.10-OPTGONE')
  assume(wasTaken(evidence, withoutResolver), 'RFC8415-18.2.10-BESIDE')
  judge.due(
    lan.fromDut.seek(ra(), { after: gone, before: restored }, (frame) => !isListed(frame)),
    { after: gone, seconds: raUpdate.max },
    claim`The router stops announcing a search list that the next Reply does not contain.`,
  )
}

const stillByMulticast: Judgement = (evidence) => {
  const { judge, given, wan } = evidence
  const informed = answered(evidence, 'Success everywhere; Server Unicast').reply
  const asked = given(wan.fromDut.first(dhcpv6('renew'), { after: informed }), 'RFC8415-18.2.4-RENEW')
  judge.equal(
    asked.packet.ip6?.dst,
    'ff02::1:2',
    claim`Destination of the next Renew after a Reply with Server Unicast: All_DHCP_Relay_Agents_and_Servers`,
    informed,
    asked,
  )
}

const noTemporaryAddresses: Judgement = (evidence) => {
  evidence.at(over)
  evidence.judge.each(clientMessages(evidence), claim`No message of the client contains an IA_TA.`, (frame) =>
    dhcpv6OptionsOf(frame, 'ia-ta').length > 0 ? claim`an IA_TA` : undefined,
  )
}

export const requirements = [
  requirement('RFC8415-18.2.10-OPTGONE', {
    'server changed': on(mixedAnswers, serverChanges),
    'server gone': on(mixedAnswers, serverGoes),
    'search list changed': on(mixedAnswers, listChanges),
    'search list gone': on(mixedAnswers, listGoes),
  }),

  requirement('RFC9915-OBSOLETE', {
    'Server Unicast': on(mixedAnswers, stillByMulticast),
    IA_TA: on(mixedAnswers, noTemporaryAddresses),
  }),
]
