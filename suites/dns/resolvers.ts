import {
  anyOf,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  inPrefix,
  isLinkLocal,
  ndOptionsOf,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { queries } from './messages.ts'
import { resolverIsUp } from './resolver-up.ts'

/** Seconds. */
const soon = 2
const processing = 0.5

interface Asked {
  when: string
  source: string
  server: string
  type: string
  name: string
}

/** The host's question, by which an answer came: the last, where it asked again. */
function asked({ lan }: Evidence, name: string, type: string, server: string, answer?: Frame): Frame | undefined {
  return queries(lan.of('host').toDut, name, type).findLast(
    ({ frame }) => frame.packet.ip6?.dst === server && (!answer || frame.number < answer.number),
  )?.frame
}

requirement(
  'RFC7084-DNS-LOCAL',
  {
    cases: {
      RDNSS: ipv6OnlyLine,
      DHCPv6: ipv6OnlyLine,
      'RDNSS after renumbering': ipv6OnlyLine,
      'DHCPv6 after renumbering': ipv6OnlyLine,
    },
  },
  (evidence) => {
    const { case: what, world, lan, isp, judge, given, assume, did, marks, framesOf } = evidence
    const source = what.split(' ')[0] ?? ''
    const when = what.includes('renumbering') ? 'renumbered' : 'online'
    const announced = did('announced', (mark) => mark.data?.when === when)
    const [where] = framesOf(announced).filter((frame) =>
      source === 'RDNSS' ? frame.packet.icmp6 : frame.packet.dhcp6,
    )
    const told = given(where, source === 'RDNSS' ? 'RFC7084-L-1' : 'RFC7084-L-8')
    const all = marks('announced-resolver').filter(({ data }) => data?.when === when && data.source === source)
    given(all[0], source === 'RDNSS' ? 'RFC7084-L-11' : 'RFC7084-L-10')
    // Two links may have one and the same link-local address.
    const isOfLan = (server: string) => lan.fromDut.first({ ip6: { src: server } }) !== undefined
    for (const mark of all) {
      const { server, type, name } = mark.data as unknown as Asked
      judge.holds(
        !isLinkLocal(server) || server !== world.stations.isp?.linkLocal || isOfLan(server),
        "It is not the link-local address of the ISP's router, which no host can reach.",
        server,
        told,
      )
      const [heard] = framesOf(mark)
      const question = asked(evidence, name, type, server, heard)
      const src = question?.packet.ip6?.src
      const isStale = src !== undefined && isp.dhcpv6.prefixes.some((prefix) => inPrefix(src, prefix))
      // Nothing comes back to an address out of a prefix that is gone.
      assume(when === 'online' || !isStale, 'RFC7084-L-13')
      const answer = judge.found(
        heard,
        mark,
        `The announced resolver ${server} answers a question for ${type} over IPv6.`,
        told,
        ...(question ? [question] : []),
      )
      judge.within(
        answer.at - (question ?? told).at,
        { min: 0, max: soon + processing, why: `${soon} s, and ${processing} s` },
        'It does so soon.',
        question ?? told,
        answer,
      )
    }
  },
)

requirement('RFC8106-5.1-EXPIRY', ipv6OnlyLine, ({ lan, isp, judge, given, did, framesOf }) => {
  const changed = did('resolver-changed')
  const swapped = given(framesOf(changed)[1], 'RFC8415-18.2.4-RENEW')
  const [before] = framesOf(did('announced', (mark) => mark.data?.when === 'online'))
  const told = given(before, 'RFC7084-L-1')
  const named = ndOptionsOf(told, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))
  given(named.length > 0 ? told : undefined, 'RFC7084-L-11')
  const { former } = changed.data as { former: string }
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
      told,
      swapped,
      last,
    )
    const over = later.find((frame) => lifetimes(frame).includes(0))
    // RFC 8106 says what the lifetime 0 means, and does not oblige a router to send it.
    judge.goal(
      over !== undefined && over.at - swapped.at <= raUpdate.max,
      `Hosts that heard of ${server} are told at once that it is none any more, by lifetime 0.`,
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
    told,
    swapped,
    ...(still ? [still] : []),
  )
})

requirement(
  'DENAT-DNS-V6TRANSPORT',
  { cases: { 'on the LAN': ipv6OnlyLine, 'to the ISP': ipv6OnlyLine } },
  (evidence) => {
    const { case: where, wan, world, isp, judge, given, did, framesOf, marks } = evidence
    did('announced', (mark) => mark.data?.when === 'online')
    if (where === 'on the LAN') {
      const all = marks('announced-resolver').filter(({ data }) => data?.when === 'online' && data.type === 'AAAA')
      given(all[0], 'RFC7084-L-11')
      judge.found(
        all.flatMap(framesOf).find(({ packet: { ip6 } }) => ip6 !== undefined),
        did('nat64-discovery'),
        'A resolver is reachable over IPv6 from the LAN.',
        ...all,
      )
      return
    }
    given(marks('announced-resolver')[0], 'RFC7084-L-11')
    const step = did('without-ipv4')
    resolverIsUp(evidence, step)
    const name = 'without-ipv4.example.com'
    const resolvers = [
      world.stations.isp?.address ?? '',
      ...wan.toDut
        .all({ dhcp6: { type: anyOf('reply') } })
        .flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)),
    ]
    given(isp.dhcpv6.dns ? step : undefined, 'RFC7084-L-10')
    const question = judge.found(
      queries(wan.fromDut, name, 'AAAA').find(({ frame }) => resolvers.includes(frame.packet.ip6?.dst ?? ''))?.frame,
      step,
      'With no IPv4 on the line a question goes to the resolver that DHCPv6 named, over IPv6.',
    )
    const answer = judge.found(framesOf(step)[0], step, 'The host is answered.', question)
    const since = asked(evidence, name, 'AAAA', String(step.data?.server), answer) ?? question
    judge.within(
      answer.at - since.at,
      { min: 0, max: soon + processing, why: `${soon} s, and ${processing} s` },
      'It is answered soon.',
      since,
      answer,
    )
  },
)

requirement('RFC6147-DNS64-PASS', ipv6OnlyLine, (evidence) => {
  const { wan, judge, given, assume, did, marks, framesOf } = evidence
  did('announced', (mark) => mark.data?.when === 'online')
  given(marks('announced-resolver')[0], 'RFC7084-L-11')
  const step = did('nat64-discovery')
  const [answer] = framesOf(step)
  assume(resolverIsUp(evidence, step), 'DENAT-V6ONLY-WAN')
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
