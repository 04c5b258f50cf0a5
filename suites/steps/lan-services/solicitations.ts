import { anyOf, type Bench, claim, type Frame, flawed, type LanHost, type Mark, markOf, ra, z } from 'denat'

type Packet = Parameters<LanHost['send']>[0]

const allRouters = 'ff02::2'
const someMac = '02:be:00:00:00:99'

/** Router Solicitations that RFC 4861 section 6.1.1 has a router discard, by what is wrong about them. */
const invalid: Record<string, (src: string) => Packet> = {
  'hop limit 254': (src) => ({ ip6: { src, dst: allRouters, hopLimit: 254 }, icmp6: { type: 'router-solicitation' } }),
  'bad checksum': (src) => ({
    ip6: { src, dst: allRouters },
    icmp6: { type: 'router-solicitation', checksum: 0x0bad },
  }),
  'code 1': (src) => ({ ip6: { src, dst: allRouters }, icmp6: { type: 'router-solicitation', code: 1 } }),
  'option of length 0': (src) => ({
    ip6: { src, dst: allRouters },
    icmp6: {
      type: 'router-solicitation',
      options: [{ type: 'malformed', data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }],
    },
  }),
  // The octets after the checksum: four are reserved.
  'less than 8 octets': (src) => ({ ip6: { src, dst: allRouters }, icmp6: { type: 133, body: new Uint8Array(2) } }),
  ':: with a link-layer address': () => ({
    ip6: { src: '::', dst: allRouters },
    icmp6: { type: 'router-solicitation', options: [{ type: 'source-link-layer', mac: someMac }] },
  }),
}
export const invalidSolicitations: readonly string[] = Object.keys(invalid)
/** Only a multicast RA can answer it. */
export const fromUnspecified = ':: with a link-layer address'

export const invalidSolicitation = markOf('invalid-solicitation', {
  data: { name: z.string(), attempt: z.number() },
  frames: ['question'],
})
export const validSolicitation = markOf('sound-solicitation', { frames: ['question', 'answer'] })
/** Its list is the questions. */
export const tenSolicitations = markOf('many-solicitations', { data: { answer: z.number().optional() } })

/** MAX_INITIAL_RTR_ADVERTISEMENTS and MAX_INITIAL_RTR_ADVERT_INTERVAL, RFC 4861 section 10. */
export const initial = { advertisements: 3, interval: 16 }
/** The router has had the time for them. */
export const initialAdvertised = markOf('initial-advertisements')

/** A multicast RA may have come by its own schedule: the doubt is gone when it doesn't come again. */
export const attempts = 3
/** How many ask within a second: RFC 4861 section 6.2.6. */
const solicitors = 10

/** MAX_RA_DELAY_TIME, and MIN_DELAY_BETWEEN_RAS where one was just sent. */
const answered = { forced: 3.5, slack: 0.5, why: claim`an answer would be due (RFC 4861 section 6.2.6)` }

/** Hosts that are silent until they are ordered to solicit: each is identified by its own address. */
export function askers({ lan }: Pick<Bench, 'lan'>): LanHost[] {
  return Array.from({ length: solicitors }, (_, n) => {
    const host = lan.join(`asker-${n + 1}`, { start: false })
    host.adopt(host.linkLocal)
    return host
  })
}

/**
 * Solicitations that no router may answer: all at once, then each again that a multicast RA may have answered. At the
 * end valid ones.
 */
export async function wrongSolicitations(
  bench: Bench,
  hosts: readonly LanHost[],
  names: readonly string[],
): Promise<void> {
  const { lan, mark, listen } = bench
  const ask = async (names: readonly string[], attempt: number): Promise<string[]> => {
    const sent: [string, LanHost, Frame][] = []
    for (const name of names) {
      const host = hosts[invalidSolicitations.indexOf(name)] as LanHost
      const packet = invalid[name]?.(host.linkLocal)
      if (!packet) continue
      const question = await host.send(packet, flawed(`Router Solicitation: ${name}`))
      mark(invalidSolicitation, { name, attempt }, { question })
      sent.push([name, host, question])
    }
    const last = sent.at(-1)?.[2]
    if (!last) return []
    await listen(answered, last)
    const toAll = await lan.awaits(ra({}, { ip6: { dst: 'ff02::1' } }), { since: sent[0]?.[2] ?? last, by: now })
    return toAll ? [...names] : []
  }
  let suspects = await ask(names, 1)
  for (let attempt = 2; attempt <= attempts; attempt++) {
    const still: string[] = []
    for (const name of suspects) still.push(...(await ask([name], attempt)))
    suspects = still
  }
  // A host asks again where nothing comes (RFC 4861 section 6.3.7).
  for (let asked = 1, answer: Frame | undefined; !answer && asked <= 3; asked++) {
    const question = (hosts.at(-1) as LanHost).solicitRouter()
    answer = await lan.awaits(ra(), { since: question, by: answered })
    if (answer || asked === 3) mark(validSolicitation, {}, { question, answer })
  }
  await solicitationFromGlobal(bench)
}

/** A host may ask from any address of its interface: RFC 4861 section 4.1. */
async function solicitationFromGlobal({ lan }: Bench): Promise<void> {
  const { host } = lan
  const src = host.gua()
  if (!src) return
  const options = [{ type: 'source-link-layer' as const, mac: host.mac }]
  const sent = await host.send(
    {
      eth: { dst: '33:33:00:00:00:02' },
      ip6: { src, dst: allRouters },
      icmp6: { type: 'router-solicitation', options },
    },
    'a Router Solicitation from a global address',
  )
  await lan.awaits(ra({}, { ip6: { dst: anyOf('ff02::1', src) } }), { since: sent, by: answered })
}

/** What has come has come. */
const now = { forced: 0, slack: 0, why: claim`what was received so far` }

/** Ten hosts solicit within a second, after a while in which none did. */
export async function manySolicitations(
  { lan, timing, mark, listen }: Bench,
  hosts: readonly LanHost[],
): Promise<Mark> {
  await listen(timing.after(4, claim`no host solicits`))
  const questions: Frame[] = []
  for (const [index, host] of hosts.entries()) {
    // A host without an address solicits from :: and is answered with all others.
    questions.push(index % 2 === 0 ? host.solicitRouter({ from: '::' }) : host.solicitRouter())
    await listen(timing.after(0.1, claim`ten in a second`))
  }
  const received = await lan.awaits(ra(), { since: questions[0] as Frame, by: answered })
  await listen(answered, questions.at(-1))
  return mark(tenSolicitations, { answer: received?.number }, {}, questions)
}
