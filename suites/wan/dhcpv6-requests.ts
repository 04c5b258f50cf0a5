import {
  dhcpv6,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  type Judgement,
  lineDown,
  type Mark,
  type Marked,
  type MarkType,
  on,
  parsePrefix,
  prefixLength,
  requirement,
  type Where,
} from 'denat'
import { coldBoot, online, resolved, terminalsJoin } from '../scenarios/cold-boot.ts'
import { evening } from '../scenarios/evening.ts'
import { onlineAgain } from '../scenarios/keeps.ts'
import { cutsOver, lineFlaps } from '../scenarios/line-flaps.ts'
import { restart, restarted } from '../scenarios/restart.ts'
import { clientMessages } from './client-messages.ts'
import { addressAsked } from './exchange.ts'

const waa4 = 'RFC7084-WAA-4'

/** Something that the client sends, found in its Solicits or on the WAN. */
const sends =
  (claim: string, find: (solicits: readonly Frame[], evidence: Evidence) => Frame | undefined): Judgement =>
  (evidence) => {
    const { wan, judge, given, at } = evidence
    const all = wan.fromDut.all(dhcpv6('solicit'))
    const first = given(all[0], 'RFC7084-WAA-3')
    const sent = find(all, evidence)
    judge.found(sent, sent ?? at(online).mark, claim, first)
  }

const asksFor = (option: 'dns-servers' | 'domain-list') => {
  const code = dhcpv6OptionCode(option)
  return (solicits: readonly Frame[]) =>
    solicits.find((frame) => dhcpv6OptionsOf(frame, 'oro').some(({ codes }) => codes.includes(code)))
}

const asksNamedServer: Judgement = ({ wan, judge, given, at, every, notApplicable }) => {
  given(wan.fromDut.first(dhcpv6('solicit')), 'RFC7084-WAA-3')
  at(online)
  const reply = wan.toDut
    .all(dhcpv6('reply'))
    .find((frame) => dhcpv6OptionsOf(frame, 'dns-servers').some(({ servers }) => servers.length > 0))
  const named = given(reply, waa4)
  const servers = dhcpv6OptionsOf(named, 'dns-servers').flatMap((option) => option.servers)
  const asked = given(every(resolved)[0]?.mark, 'RFC7084-L-11')
  const queries = wan.fromDut.all({ udp: { dstPort: 53 }, dns: { type: 'query' } }, { after: named })
  const used = queries.find(({ packet: { ip6 } }) => ip6 && servers.includes(ip6.dst))
  if (!used && queries.length > 0 && queries.every(({ packet }) => packet.ip4))
    return notApplicable('Here the router asks servers that DHCPv4 named, as it may.', asked, ...queries)
  const claim = 'Names of hosts are asked of the server that DHCPv6 named.'
  judge.found(used, at(terminalsJoin).mark, claim, named, asked)
}

requirement(waa4, {
  IA_NA: on(
    coldBoot,
    sends('Where the RA has M=1 the router asks for an IA_NA.', (_, { wan }) => addressAsked(wan)),
  ),
  'Reconfigure Accept': on(
    coldBoot,
    sends('The Solicit holds the option Reconfigure Accept (20).', (solicits) =>
      solicits.find((frame) => dhcpv6OptionsOf(frame, 'reconf-accept').length > 0),
    ),
  ),
  DNS_SERVERS: on(coldBoot, sends('The Option Request Option asks for DNS_SERVERS (23).', asksFor('dns-servers'))),
  // Of this option alone the clause says SHOULD.
  'DNS search list': on(
    coldBoot,
    sends('The Option Request Option asks for the DNS search list (24).', asksFor('domain-list')),
    { level: 'SHOULD' },
  ),
  'servers asked': on(coldBoot, asksNamedServer),
})

requirement('RFC7084-WPD-2', coldBoot, ({ wan, world, judge, given, notApplicable }) => {
  const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }))
  const first = given(solicits[0], 'RFC7084-W-4')
  const hints = solicits.flatMap((frame) =>
    iaPrefixes(frame)
      .filter(({ prefix }) => parsePrefix(prefix).address.every((octet) => octet === 0))
      .map(({ prefix }) => ({ frame, length: prefixLength(prefix) })),
  )
  if (hints.length === 0) return notApplicable('The router gives no hint of a length, as it may.', first)
  const links = world.segments.length
  // One /64 for each of 16^n links, rounded up to the nibble.
  const longest = 64 - 4 * Math.ceil(Math.log2(Math.max(1, links)) / 4)
  for (const { frame, length } of hints)
    judge.holds(
      length > 0 && length <= longest,
      `The prefix that it hints at has a /64 for each of its ${links} LAN links, rounded up to the nibble: /${longest} or shorter.`,
      `the hint ::/${length}`,
      frame,
    )
  judge.note(`It hints at a /${hints[0]?.length}.`, first)
})

type Restart = Parameters<typeof isOf>[0]
const isOf = (kind: 'reboot' | 'power-cut') => (one: { kind: string }) => one.kind === kind

const namesItsPrefix =
  (kind: Restart): Judgement =>
  (evidence) => {
    const { wan, judge, given, at } = evidence
    const { mark: since } = at(restarted, isOf(kind))
    const { mark: later } = at(onlineAgain, isOf(kind))
    const reply = given(
      wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: since }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const asked = clientMessages(evidence, { after: since, before: later })
    const first = judge.found(
      asked.find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0),
      later,
      'After the restart it asks for its prefix.',
      since,
    )
    const held = granted(reply)
    const named = iaPrefixes(first).map(({ prefix }) => prefix)
    judge.holds(
      named.some((prefix) => held.includes(prefix)),
      `The first message with which it asks for leases after the restart names the prefix that it had, ${held.join(', ')}.`,
      named.length === 0 ? 'no prefix at all' : named.join(', '),
      reply,
      first,
    )
  }

requirement('RFC8168-3-HINTKEEP', {
  // The clause binds a client that wants its prefix back, which is its own affair: it is hoped for.
  reboot: on(restart, namesItsPrefix('reboot'), { level: 'SHOULD' }),
  'power cut': on(restart, namesItsPrefix('power-cut'), { level: 'SHOULD' }),
})

const iaidsOf = (frame: Frame): string[] =>
  (['ia-na', 'ia-pd'] as const).flatMap((type) => dhcpv6OptionsOf(frame, type).map(({ iaid }) => `${type} ${iaid}`))

/** IAs are called as before, from the first of some interruptions until something else happens to the router. */
const keepsIaids =
  (name: string, eventsOf: (evidence: Evidence) => Mark[], overOf?: (evidence: Evidence) => Mark): Judgement =>
  (evidence) => {
    const { judge, given, notApplicable } = evidence
    const events = eventsOf(evidence)
    const [first] = events
    const withIas = (where: Where) => clientMessages(evidence, where).filter((frame) => iaidsOf(frame).length > 0)
    const earlier = withIas({ ...(first && { before: first }) })
    const before = given(earlier[0], 'RFC7084-W-4')
    const known = new Set(earlier.flatMap(iaidsOf))
    const over = overOf?.(evidence)
    const after = withIas({ ...(first && { after: first }), ...(over && { before: over }) })
    if (after.length === 0)
      return notApplicable(`The router kept its lease over the ${name} and asked nothing.`, before, ...events)
    judge.each(after, `Its IAs have the IAIDs that they had (${[...known].join(', ')}).`, (frame) => {
      const fresh = iaidsOf(frame).filter((iaid) => !known.has(iaid))
      return fresh.length > 0 ? fresh.join(', ') : undefined
    })
    judge.note(`After ${events.length === 1 ? 'the' : events.length} ${name}.`, before, ...events)
  }

/** All marks of a kind, of which there is one at the least. */
const marksOf =
  <D extends object, F extends string>(type: MarkType<D, F>, where?: (one: Marked<D, F>) => boolean) =>
  ({ at, every }: Evidence): Mark[] => {
    at(type, where)
    return every(type)
      .filter((one) => !where || where(one))
      .map(({ mark }) => mark)
  }

requirement('RFC9096-WPD-10', {
  reboot: on(restart, keepsIaids('reboot', marksOf(restarted, isOf('reboot')))),
  'power cut': on(restart, keepsIaids('power cut', marksOf(restarted, isOf('power-cut')))),
  'line cut': on(evening, keepsIaids('line cut', marksOf(lineDown))),
  'many line cuts': on(
    lineFlaps,
    keepsIaids('many line cuts', marksOf(lineDown), ({ at }) => at(cutsOver).mark),
  ),
})
