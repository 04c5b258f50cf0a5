import {
  type Bench,
  claim,
  dhcpv6OptionsOf,
  dnsQuery,
  encodeDns,
  type Frame,
  markOf,
  ndOptionsOf,
  ra,
  resolves,
  z,
} from 'denat'

interface Question {
  name: string
  type: string
  tcp?: boolean
  flags?: string
  edns?: { udpPayloadSize: number; dnssecOk: boolean }
}

/** A DNS type without a name of its own here: RFC 9460, and one for private use (RFC 6895 section 3.1). */
const types = { AAAA: 'AAAA', A: 'A', HTTPS: 'UNKNOWN_65', TXT: 'TXT', 'type 65280': 'UNKNOWN_65280' }
const edns = { udpPayloadSize: 1232, dnssecOk: false }

/** What a proxy passes on, by what is special about it: RFC 5625 section 4. Each has a name of its own. */
export const dnsQuestions: Readonly<Record<string, Question>> = {
  ...Object.fromEntries(
    Object.entries(types).flatMap(([label, type]) => {
      const name = `${label.toLowerCase().replaceAll(' ', '')}.example.com`
      return [
        [`${label} by UDP`, { name: `u-${name}`, type }],
        [`${label} by TCP`, { name: `t-${name}`, type, tcp: true }],
      ]
    }),
  ),
  'NXDOMAIN by UDP': { name: 'nx.example.com', type: 'AAAA' },
  'no records by UDP': { name: 'ipv6only.none.example.com', type: 'A' },
  'CD flag by UDP': { name: 'cd.example.com', type: 'AAAA', flags: 'rd+cd' },
  'DO bit by UDP': { name: 'do.example.com', type: 'AAAA', edns: { ...edns, dnssecOk: true } },
  'more than 512 octets by UDP': { name: 'medium.example.com', type: 'TXT', edns },
  'TC flag by UDP': { name: 'large.u.example.com', type: 'TXT' },
  'TC flag beside records by UDP': { name: 'truncated.u.example.com', type: 'TXT' },
  'more than 1232 octets by TCP': { name: 'large.t.example.com', type: 'TXT', tcp: true },
}

export const dnsQuestion = markOf('dns-question', {
  data: { what: z.string(), name: z.string(), server: z.string() },
  frames: ['answer'],
})

/** One datagram may be lost: a stub resolver asks again. */
export async function resolvedBy(
  { lan }: Pick<Bench, 'lan'>,
  ...question: Parameters<Bench['lan']['host']['resolve']>
): Promise<Frame | undefined> {
  return (await lan.host.resolve(...question)) ?? lan.host.resolve(...question)
}

/** Asks all of them at once of one resolver. Marks `dns-question`. */
export async function askAll(bench: Bench, server: string): Promise<void> {
  await Promise.all(
    Object.entries(dnsQuestions).map(async ([what, { name, ...how }]) => {
      const answer = await resolvedBy(bench, name, { server, ...how })
      bench.mark(dnsQuestion, { what, name, server }, { answer })
    }),
  )
}

export const dualStackName = markOf('dual-stack-name', {
  data: { name: z.string() },
  frames: ['askedA', 'a', 'askedAaaa', 'aaaa'],
})

/** Queries A and AAAA of this number of names, both from one port as hosts do. */
export async function askBoth(
  { lan, timing, mark, listen, random }: Bench,
  server: string,
  names: number,
): Promise<void> {
  const { host } = lan
  const asked: {
    name: string
    question: Record<'A' | 'AAAA', Frame>
    id: Record<'A' | 'AAAA', number>
    port: number
  }[] = []
  for (let n = 1; n <= names; n++) {
    const name = `dual-${n}.example.net`
    const port = 20_000 + n
    const id = { A: random.int(0x8000), AAAA: 0x8000 + random.int(0x8000) }
    const ask = (type: 'A' | 'AAAA') =>
      host.udp(server, { from: port, to: 53 }, { data: encodeDns(dnsQuery({ id: id[type], name, type })) })
    asked.push({ name, question: { A: await ask('A'), AAAA: await ask('AAAA') }, id, port })
    await listen(timing.after(0.02, claim`one name after the other`))
  }
  await Promise.all(
    asked.map(async ({ name, question, id, port }) => {
      const answerTo = (type: 'A' | 'AAAA') =>
        host.awaits({ udp: { dstPort: port }, dns: { id: id[type] } }, { since: question.A, by: timing.answer(2) })
      const [a, aaaa] = await Promise.all([answerTo('A'), answerTo('AAAA')])
      mark(dualStackName, { name }, { askedA: question.A, a, askedAaaa: question.AAAA, aaaa })
    }),
  )
}

const rdnss = (frame: Frame): string[] => [
  ...new Set(ndOptionsOf(frame, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))),
]
const dnsServers = (frame: Frame): string[] => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)

export type Source = 'RDNSS' | 'DHCPv6'
/** What the last RA about resolvers, and the answer to an Information-request, name as resolvers. */
export const announced = markOf('announced', {
  data: { when: z.enum(['online', 'renumbered']), RDNSS: z.array(z.string()), DHCPv6: z.array(z.string()) },
  frames: ['advertised', 'reply'],
})
/** One of them, asked for a name. */
export const announcedResolver = markOf('announced-resolver', {
  data: {
    when: z.enum(['online', 'renumbered']),
    source: z.enum(['RDNSS', 'DHCPv6']),
    server: z.string(),
    type: z.enum(['A', 'AAAA']),
    name: z.string(),
  },
  frames: ['answer'],
})

/**
 * Resolvers that RAs and DHCPv6 announce now, asked for an A and an AAAA each; those that answer come first. Marks
 * `announced-resolver`.
 */
export async function askAnnounced(bench: Bench, when: 'online' | 'renumbered'): Promise<string[]> {
  const { lan, timing, mark } = bench
  const { host } = lan
  const solicited = host.solicitRouter()
  const first = await lan.awaits(ra(), { since: solicited, by: timing.raChange })
  // It may be in another RA than the first (RFC 4861 section 6.2.3).
  const named =
    first && rdnss(first).length === 0 && lan.awaits(ra({ rdnss: {} }), { since: first, by: timing.answer() })
  const received = (await named) || first
  const reply = await host.informationRequest({ codes: [23] })
  const sources = { RDNSS: received ? rdnss(received) : [], DHCPv6: reply ? dnsServers(reply) : [] }
  mark(announced, { when, ...sources }, { advertised: received, reply })
  const open = new Set<string>()
  await Promise.all(
    (['RDNSS', 'DHCPv6'] as const).flatMap((source) =>
      sources[source].flatMap((server) =>
        (['A', 'AAAA'] as const).map(async (type) => {
          const name = `${when}-${source}-${type}.example.org`.toLowerCase()
          const answer = await resolvedBy(bench, name, { server, type })
          mark(announcedResolver, { when, source, server, type, name }, { answer })
          if (answer && resolves(answer)) open.add(server)
        }),
      ),
    ),
  )
  const all = [...sources.RDNSS, ...sources.DHCPv6]
  return [...all.filter((server) => open.has(server)), ...all.filter((server) => !open.has(server))]
}
