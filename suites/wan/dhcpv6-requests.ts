import {
  dhcpv6,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Frame,
  iaPrefixes,
  parsePrefix,
  prefixLength,
  requirement,
} from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { evening } from '../scenarios/evening.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { restart } from '../scenarios/restart.ts'
import { clientMessages } from './client-messages.ts'
import { addressAsked } from './exchange.ts'

const capabilities = {
  IA_NA: 'Where the RA has M=1 the router asks for an IA_NA.',
  'Reconfigure Accept': 'The Solicit holds the option Reconfigure Accept (20).',
  DNS_SERVERS: 'The Option Request Option asks for DNS_SERVERS (23).',
  'DNS search list': 'The Option Request Option asks for the DNS search list (24).',
  'servers asked': 'Names of hosts are asked of the server that DHCPv6 named.',
} as const

requirement(
  'RFC7084-WAA-4',
  {
    cases: Object.fromEntries(Object.keys(capabilities).map((name) => [name, coldBoot])),
    // Of this option alone the clause says SHOULD.
    levels: { 'DNS search list': 'SHOULD' },
  },
  (evidence) => {
    const { wan, judge, given, did, marks, notApplicable } = evidence
    const what = evidence.case as keyof typeof capabilities
    const claim = capabilities[what]
    const solicits = wan.fromDut.all(dhcpv6('solicit'))
    const first = given(solicits[0], 'RFC7084-WAA-3')
    const requests = (code: number) =>
      solicits.find((frame) => dhcpv6OptionsOf(frame, 'oro').some(({ codes }) => codes.includes(code)))
    const isThere = (frame: Frame | undefined) => void judge.found(frame, frame ?? did('online'), claim, first)
    switch (what) {
      case 'IA_NA':
        isThere(addressAsked(wan))
        break
      case 'Reconfigure Accept':
        isThere(solicits.find((frame) => dhcpv6OptionsOf(frame, 'reconf-accept').length > 0))
        break
      case 'DNS_SERVERS':
        isThere(requests(dhcpv6OptionCode('dns-servers')))
        break
      case 'DNS search list':
        isThere(requests(dhcpv6OptionCode('domain-list')))
        break
      case 'servers asked': {
        did('online')
        const reply = wan.toDut
          .all(dhcpv6('reply'))
          .find((frame) => dhcpv6OptionsOf(frame, 'dns-servers').some(({ servers }) => servers.length > 0))
        const named = given(reply, 'RFC7084-WAA-4')
        const servers = dhcpv6OptionsOf(named, 'dns-servers').flatMap((option) => option.servers)
        const asked = given(marks('resolved')[0], 'RFC7084-L-11')
        const queries = wan.fromDut.all({ udp: { dstPort: 53 }, dns: { type: 'query' } }, { after: named })
        const used = queries.find(({ packet }) => servers.includes(packet.ip6?.dst ?? ''))
        if (!used && queries.length > 0 && queries.every(({ packet }) => packet.ip4))
          return notApplicable('Here the router asks servers that DHCPv4 named, as it may.', asked, ...queries)
        judge.found(used, did('terminals-join'), claim, named, asked)
      }
    }
  },
)

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

/** The names that an event of a restart bears in the scenario's marks. */
const restarts = { reboot: 'reboot', 'power cut': 'power-cut' } as const

/** The clause binds a client that wants its prefix back, which is its own affair: it is hoped for. */
const hopedFor = { reboot: 'SHOULD', 'power cut': 'SHOULD' } as const

requirement(
  'RFC8168-3-HINTKEEP',
  { cases: { reboot: restart, 'power cut': restart }, levels: hopedFor },
  (evidence) => {
    const { case: how, wan, judge, given, did } = evidence
    const kind = restarts[how as keyof typeof restarts]
    const since = did('restart', (mark) => mark.data?.kind === kind)
    const later = did('online-again', (mark) => mark.data?.kind === kind)
    const reply = given(wan.toDut.last(dhcpv6('reply', { iaPd: {} }), { before: since }), 'RFC7084-W-4')
    const [held] = iaPrefixes(reply)
    const asked = clientMessages(evidence, { after: since, before: later })
    const first = judge.found(
      asked.find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0),
      later,
      'After the restart it asks for its prefix.',
      since,
    )
    const named = iaPrefixes(first).map(({ prefix }) => prefix)
    judge.holds(
      held !== undefined && named.some((prefix) => prefix === held.prefix),
      `The first message with which it asks for leases after the restart names the prefix that it had, ${held?.prefix}.`,
      named.length === 0 ? 'no prefix at all' : named.join(', '),
      reply,
      first,
    )
  },
)

/** `over` is a mark after which something else happens to the router. */
const interruptions = {
  reboot: { on: restart, mark: 'restart', kind: 'reboot', over: undefined },
  'power cut': { on: restart, mark: 'restart', kind: 'power-cut', over: undefined },
  'line cut': { on: evening, mark: 'line-down', kind: undefined, over: undefined },
  'many line cuts': { on: lineFlaps, mark: 'line-down', kind: undefined, over: 'cuts-over' },
} as const

requirement(
  'RFC9096-WPD-10',
  { cases: Object.fromEntries(Object.entries(interruptions).map(([name, { on }]) => [name, on])) },
  (evidence) => {
    const { judge, given, did, notApplicable, marks } = evidence
    const { mark, kind, over } = interruptions[evidence.case as keyof typeof interruptions]
    const isEvent = (one: { data?: Record<string, unknown> }) => kind === undefined || one.data?.kind === kind
    const event = did(mark, isEvent)
    const iaids = (frame: Frame): string[] =>
      (['ia-na', 'ia-pd'] as const).flatMap((type) => dhcpv6OptionsOf(frame, type).map(({ iaid }) => `${type} ${iaid}`))
    const withIas = (frames: Frame[]) => frames.filter((frame) => iaids(frame).length > 0)
    const before = given(withIas(clientMessages(evidence, { before: event }))[0], 'RFC7084-W-4')
    const known = new Set(withIas(clientMessages(evidence, { before: event })).flatMap(iaids))
    const events = marks(mark).filter(isEvent)
    const course = over ? { after: event, before: did(over) } : { after: event }
    const after = withIas(clientMessages(evidence, course))
    if (after.length === 0)
      return notApplicable(`The router kept its lease over the ${evidence.case} and asked nothing.`, before, ...events)
    judge.each(after, `Its IAs have the IAIDs that they had (${[...known].join(', ')}).`, (frame) => {
      const fresh = iaids(frame).filter((iaid) => !known.has(iaid))
      return fresh.length > 0 ? fresh.join(', ') : undefined
    })
    judge.note(`After ${events.length === 1 ? 'the' : events.length} ${evidence.case}.`, before, ...events)
  },
)
