import {
  anyOf,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  inPrefix,
  isLinkLocal,
  type Judgement,
  ndOptionsOf,
  on,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { announced, announcedResolver, type Source } from '../scenarios/dns-questions.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { nat64Discovery, resolverChanged, withoutIpv4 } from '../scenarios/name-service.ts'
import { queries } from './messages.ts'
import { resolverIsUp } from './resolver-up.ts'

/** Seconds. */
const soon = 2
const processing = 0.5

/** The host's question, by which an answer came: the last, where it asked again. */
function asked({ lan }: Evidence, name: string, type: string, server: string, answer?: Frame): Frame | undefined {
  return queries(lan.of('host').toDut, name, type).findLast(
    ({ frame }) => frame.packet.ip6?.dst === server && (!answer || frame.number < answer.number),
  )?.frame
}

const answers =
  (source: Source, when: 'online' | 'renumbered'): Judgement =>
  (evidence) => {
    const { world, lan, isp, judge, given, assume, at, every } = evidence
    const { advertised, reply } = at(announced, (one) => one.when === when)
    const [where, ofSource, ofResolver] =
      source === 'RDNSS' ? [advertised, 'RFC7084-L-1', 'RFC7084-L-11'] : [reply, 'RFC7084-L-8', 'RFC7084-L-10']
    const naming = given(where, ofSource)
    const all = every(announcedResolver).filter((one) => one.when === when && one.source === source)
    given(all[0]?.mark, ofResolver)
    // Two links may have one and the same link-local address.
    const isOfLan = (server: string) => lan.fromDut.first({ ip6: { src: server } }) !== undefined
    for (const { server, type, name, answer: heard, mark } of all) {
      judge.holds(
        !isLinkLocal(server) || server !== world.stations.isp?.linkLocal || isOfLan(server),
        "It is not the link-local address of the ISP's router, which no host can reach.",
        server,
        naming,
      )
      const question = asked(evidence, name, type, server, heard)
      const src = question?.packet.ip6?.src
      const isStale = src !== undefined && isp.dhcpv6.prefixes.some((prefix) => inPrefix(src, prefix))
      // Nothing comes back to an address out of a prefix that is gone.
      assume(when === 'online' || !isStale, 'RFC7084-L-13')
      const answer = judge.found(
        heard,
        mark,
        `The announced resolver ${server} answers a question for ${type} over IPv6.`,
        naming,
        ...(question ? [question] : []),
      )
      judge.within(
        answer.at - (question ?? naming).at,
        { min: 0, max: soon + processing, why: `${soon} s, and ${processing} s` },
        'It does so soon.',
        question ?? naming,
        answer,
      )
    }
  }

requirement('RFC7084-DNS-LOCAL', {
  RDNSS: on(ipv6OnlyLine, answers('RDNSS', 'online')),
  DHCPv6: on(ipv6OnlyLine, answers('DHCPv6', 'online')),
  'RDNSS after renumbering': on(ipv6OnlyLine, answers('RDNSS', 'renumbered')),
  'DHCPv6 after renumbering': on(ipv6OnlyLine, answers('DHCPv6', 'renumbered')),
})

requirement('RFC8106-5.1-EXPIRY', ipv6OnlyLine, ({ lan, isp, judge, given, assume, at }) => {
  const { former, ...change } = at(resolverChanged)
  const swapped = given(change.reply, 'RFC8415-18.2.4-RENEW')
  const naming = given(at(announced, ({ when }) => when === 'online').advertised, 'RFC7084-L-1')
  const named = ndOptionsOf(naming, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))
  assume(named.length > 0, 'RFC7084-L-11')
  const gone = named.filter(
    (server) => server === former || isp.dhcpv6.prefixes.some((prefix) => inPrefix(server, prefix)),
  )
  const later = lan.of('host').fromDut.all(ra(), { after: swapped })
  for (const server of gone) {
    const lifetimes = (frame: Frame): number[] =>
      ndOptionsOf(frame, 'rdnss').flatMap((one) => (one.servers.includes(server) ? [one.lifetime] : []))
    const last = given(later.at(-1), 'RFC7084-L-1')
    judge.holds(
      !lifetimes(last).some((one) => one > 0),
      `${server}, which is no resolver any more, is not announced as one in the end.`,
      `it is, for ${lifetimes(last).join(', ')} s`,
      naming,
      swapped,
      last,
    )
    const over = later.find((frame) => lifetimes(frame).includes(0))
    // RFC 8106 says what the lifetime 0 means, and does not oblige a router to send it.
    judge.goal(
      over !== undefined && over.at - swapped.at <= raUpdate.max,
      `Hosts that heard of ${server} are informed at once, by lifetime 0, that it is no resolver any more.`,
      over ? `after ${(over.at - swapped.at).toFixed(1)} s` : 'it is merely left out',
      swapped,
      over ?? last,
    )
  }
  if (gone.length > 0) return
  const still = later.findLast((frame) => ndOptionsOf(frame, 'rdnss').some(({ servers }) => servers.length > 0))
  judge.holds(
    true,
    `The announced resolver (${named.join(', ')}) is neither the ISP's former one nor in a prefix that is gone: it stays valid.`,
    '',
    naming,
    swapped,
    ...(still ? [still] : []),
  )
})

/** The resolver that RAs or DHCPv6 announced at first; without one no host asks for a name. */
function anyAnnounced({ at, every, given }: Evidence) {
  at(announced, ({ when }) => when === 'online')
  const all = every(announcedResolver).filter(({ when }) => when === 'online')
  given(all[0]?.mark, 'RFC7084-L-11')
  return all
}

const isReachedOverIpv6: Judgement = (evidence) => {
  const { judge, at } = evidence
  const all = anyAnnounced(evidence).filter(({ type }) => type === 'AAAA')
  judge.found(
    all.flatMap(({ answer }) => answer ?? []).find(({ packet: { ip6 } }) => ip6 !== undefined),
    at(nat64Discovery).mark,
    'A resolver is reachable over IPv6 from the LAN.',
    ...all.map(({ mark }) => mark),
  )
}

const asksTheIspOverIpv6: Judgement = (evidence) => {
  const { wan, world, isp, judge, assume, at } = evidence
  anyAnnounced(evidence)
  const step = at(withoutIpv4)
  resolverIsUp(evidence, step.mark)
  const name = 'without-ipv4.example.com'
  const resolvers = [
    world.stations.isp?.address,
    ...wan.toDut
      .all({ dhcp6: { type: anyOf('reply') } })
      .flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)),
  ]
  assume(isp.dhcpv6.dns, 'RFC7084-L-10')
  const question = judge.found(
    queries(wan.fromDut, name, 'AAAA').find(({ frame }) => resolvers.includes(frame.packet.ip6?.dst))?.frame,
    step.mark,
    'With no IPv4 on the line a question goes to the resolver that DHCPv6 named, over IPv6.',
  )
  const answer = judge.found(step.answer, step.mark, 'The host is answered.', question)
  const since = asked(evidence, name, 'AAAA', step.server, answer) ?? question
  judge.within(
    answer.at - since.at,
    { min: 0, max: soon + processing, why: `${soon} s, and ${processing} s` },
    'It is answered soon.',
    since,
    answer,
  )
}

requirement('DENAT-DNS-V6TRANSPORT', {
  'on the LAN': on(ipv6OnlyLine, isReachedOverIpv6),
  'to the ISP': on(ipv6OnlyLine, asksTheIspOverIpv6),
})

requirement('RFC6147-DNS64-PASS', ipv6OnlyLine, (evidence) => {
  const { wan, judge, given, assume, at } = evidence
  anyAnnounced(evidence)
  const { answer, mark } = at(nat64Discovery)
  assume(resolverIsUp(evidence, mark), 'DENAT-V6ONLY-WAN')
  const heard = given(answer, 'RFC7084-DNS-LOCAL')
  const upstream = wan.toDut.first({ dns: { type: 'response', questions: [{ name: 'ipv4only.arpa', type: 'AAAA' }] } })
  for (const address of ['64:ff9b::c000:aa', '64:ff9b::c000:ab']) {
    const record = heard.packet.dns?.answers.find(({ type, data }) => type === 'AAAA' && data === address)
    judge.holds(
      record !== undefined && (record.ttl ?? 0) > 0,
      `The answer for ipv4only.arpa holds ${address}, as the ISP's resolver made it.`,
      record
        ? `TTL ${record.ttl}`
        : heard.packet.dns?.answers.map(({ data }) => String(data)).join(', ') || 'no record',
      ...(upstream ? [upstream] : []),
      heard,
    )
  }
})
