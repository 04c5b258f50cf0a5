import {
  addressIn,
  anyOf,
  type Bench,
  claim,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6Of,
  dhcpv6Status,
  type Frame,
  flawed,
  grace,
  iaAddresses,
  inPrefix,
  type Mark,
  markOf,
  type NdOption,
  type Pattern,
  prefixContains,
  ra,
  raUpdate,
  scenario,
  statusOf,
  z,
} from 'denat'
import { infinity, lease, refused, saying, statusCode, withIas, withOptions, without } from '../steps/answers.ts'
import { accompanied } from '../steps/canaries.ts'
import { keepInUse } from '../steps/flow-in-use.ts'
import { linePrefix } from '../steps/line-prefix.ts'
import { sendMutants } from '../steps/mutations.ts'
import { resolverOpens } from '../steps/resolver-opens.ts'

/** Seconds. Many answers fit into one recording: each Renew is given another. */
const t1 = 2
const t2 = 6
/**
 * Valid for longer than it takes a client that does not accept some of the answers to be through with them. Some clients
 * take no T1 below six tenths of the preferred lifetime: it is as short as a LAN tolerates.
 */
const lifetimes = { preferred: 20, valid: 900 }
/** Of the prefix that is granted once and never mentioned again. */
export const brief = { preferred: 16, valid: 20 }
/** Of leases that come to an end, as T1 never comes. */
export const deprecated = { preferred: 0, valid: 60 }
const preferredTooLong = { preferred: 300, valid: 200 }
const tooLate = { t1: 100, t2: 50 }

/** Prefixes and addresses that single answers bring, and nothing else does. */
const grantShape = {
  /** The delegated prefix at the beginning. */
  first: z.string(),
  brief: z.string(),
  lateTimers: z.string(),
  preferredTooLong: z.string(),
  soundBeside: z.string(),
  saidSuccess: z.string(),
  forged: z.string(),
  refused: z.string(),
  besideRefused: z.string(),
  renumbered: z.string(),
  lateTimersAddress: z.string(),
  besideLateTimersAddress: z.string(),
  preferredTooLongAddress: z.string(),
  renumberedAddress: z.string(),
  endless: z.string(),
  endlessAddress: z.string(),
  /** Older recordings have none. */
  byMulticast: z.string().optional(),
  otherResolver: z.string(),
  server: z.string(),
}
export type Grants = z.infer<z.ZodObject<typeof grantShape>>

export const otherDomain = 'changed.example.net'

type Answer = (usual: Dhcpv6Message, grants: Grants) => Dhcpv6Message

/** What the ISP answers to one Renew after the other, by the name under which it is marked. */
export const answers = {
  'two prefixes': (usual, { brief: second }) => withOptions(usual, 'ia-pd', lease(second, brief)),
  'one of two prefixes; IA_NA with T1 > T2': (usual, { lateTimersAddress }) =>
    withIas(usual, 'ia-na', (ia) => ({ ...ia, ...tooLate, options: [lease(lateTimersAddress, lifetimes)] })),
  'IA_PD left out': (usual) => without(usual, 'ia-pd'),
  'NoPrefixAvail in the IA_PD': (usual) => refused(usual, 'ia-pd', dhcpv6Status.noPrefixAvail),
  // What is learned with leases changes while the leases stay as they are: a new address would be probed first.
  'IA_PD empty; another resolver': (usual, { otherResolver }) =>
    saying(
      withIas(usual, 'ia-pd', (ia) => ({ ...ia, options: [] })),
      { type: 'dns-servers', servers: [otherResolver] },
      { type: 'domain-list', domains: [otherDomain] },
    ),
  'NoAddrsAvail in the IA_NA; no resolver': (usual) =>
    without(refused(usual, 'ia-na', dhcpv6Status.noAddrsAvail), 'dns-servers', 'domain-list'),
  'UnspecFail in the IA_PD': (usual) => refused(usual, 'ia-pd', dhcpv6Status.unspecFail),
  'UnspecFail at the top': (usual) =>
    saying(without(usual, 'ia-na', 'ia-pd', 'dns-servers', 'domain-list'), statusCode(dhcpv6Status.unspecFail)),
  'UseMulticast at the top': (usual) =>
    saying(without(usual, 'ia-na', 'ia-pd', 'dns-servers', 'domain-list'), statusCode(dhcpv6Status.useMulticast)),
  'NoBinding in the IA_PD': (usual) => refused(usual, 'ia-pd', dhcpv6Status.noBinding),
  'Success everywhere; Server Unicast': (usual, { saidSuccess, server }) => {
    const success = statusCode(dhcpv6Status.success)
    const withSuccess = (message: Dhcpv6Message, kind: 'ia-na' | 'ia-pd') =>
      withIas(message, kind, (ia) => ({
        ...ia,
        options: [
          ...ia.options
            .filter(({ type }) => type !== 'status-code')
            .map((one) => ('options' in one ? { ...one, options: [success] } : one)),
          success,
        ],
      }))
    return saying(
      withSuccess(withSuccess(withOptions(usual, 'ia-pd', lease(saidSuccess, lifetimes)), 'ia-na'), 'ia-pd'),
      success,
      {
        type: 'server-unicast',
        address: server,
      },
    )
  },
  'NoBinding in the IA_NA': (usual) => refused(usual, 'ia-na', dhcpv6Status.noBinding),
  'preferred > valid': (usual, grants) =>
    withOptions(
      withOptions(
        usual,
        'ia-pd',
        lease(grants.preferredTooLong, preferredTooLong),
        lease(grants.soundBeside, lifetimes),
      ),
      'ia-na',
      lease(grants.preferredTooLongAddress, preferredTooLong),
    ),
  'IA_PD with T1 > T2': (usual, { lateTimers, besideLateTimersAddress }) =>
    withOptions(
      withIas(usual, 'ia-pd', (ia) => ({ ...ia, ...tooLate, options: [lease(lateTimers, lifetimes)] })),
      'ia-na',
      lease(besideLateTimersAddress, lifetimes),
    ),
  'a status in one prefix; UnspecFail in the IA_NA': (usual, grants) =>
    withOptions(
      refused(usual, 'ia-na', dhcpv6Status.unspecFail),
      'ia-pd',
      lease(grants.refused, { preferred: 0, valid: 0 }, [statusCode(dhcpv6Status.unspecFail)]),
      lease(grants.besideRefused, lifetimes),
    ),
  'usual, after mutants': (usual) => usual,
  'lifetimes 0 and new leases': (usual, { renumberedAddress }) =>
    withIas(usual, 'ia-na', (ia) => ({
      ...ia,
      options: [
        ...ia.options.map((one) => (one.type === 'ia-addr' ? lease(one.address, { preferred: 0, valid: 0 }) : one)),
        lease(renumberedAddress, lifetimes),
      ],
    })),
  'infinity; preferred lifetime 0': (usual, { renumbered, renumberedAddress, endless, endlessAddress }) => {
    const forever = { preferred: infinity, valid: infinity }
    const times = { t1: infinity, t2: infinity }
    const granting = (of: Dhcpv6Message, kind: 'ia-na' | 'ia-pd', fresh: string, former: string) =>
      withIas(of, kind, (ia) => ({ ...ia, ...times, options: [lease(fresh, forever), lease(former, deprecated)] }))
    return granting(granting(usual, 'ia-na', endlessAddress, renumberedAddress), 'ia-pd', endless, renumbered)
  },
} as const satisfies Record<string, Answer>

/** A flow on the first prefix, in use while a second one is added. */
export const withPrefix = 'while a prefix is added'

export type AnswerName = keyof typeof answers

const name = z.enum(Object.keys(answers) as [AnswerName, ...AnswerName[]])

export const granted = markOf('granted', { data: grantShape, frames: ['grant'] })
const turn = markOf('turn', { data: { name } })
export const answered = markOf('answered', { data: { name }, frames: ['asked', 'reply'] })
/** The RA that a host was given when it asked after an answer. */
export const seen = markOf('seen', { data: { name }, frames: ['solicited', 'advertised'] })
const resolved = markOf('resolved', { data: { name: z.string() }, frames: ['answer'] })
export const neighborAsked = markOf('asked', {
  data: { name, target: z.string() },
  frames: ['question', 'answer'],
})
/** A host's echo request from its address in that prefix, where it has one. */
export const flowFrom = markOf('flow-from', {
  data: { name, prefix: z.string(), from: z.string().optional() },
  frames: ['reply'],
})
const received = markOf('heard')
export const over = markOf('over', { frames: ['reply'] })

/** Sent in response to every Renew and Rebind while they last, with no answer to any other; the others are sent once. */
const persistent: readonly AnswerName[] = [
  'IA_PD empty; another resolver',
  'NoAddrsAvail in the IA_NA; no resolver',
  'UnspecFail at the top',
  'lifetimes 0 and new leases',
  'infinity; preferred lifetime 0',
]
/** Those that lead to a Request at once: the next of the answers is what that is given. */
const leadToRequest: readonly AnswerName[] = ['NoBinding in the IA_PD', 'NoBinding in the IA_NA']

const noBinding = 'RFC8415-18.2.10-NOBINDING'
/** Which id is to blame where no Renew follows an answer. */
const blame: { [N in AnswerName]?: string } = {
  'UseMulticast at the top': 'RFC8415-18.2.10-USEMCAST',
  'NoBinding in the IA_PD': noBinding,
  'Success everywhere; Server Unicast': 'RFC8415-21.13-SUCCESS',
  'NoBinding in the IA_NA': noBinding,
  'preferred > valid': noBinding,
  'usual, after mutants': 'ROB-FUZZ-DHCP6',
}

const servers = 'ff02::1:2'
/** One by unicast is answered by UseMulticast, whatever was to be sent. */
const renewing: Pattern = {
  ip6: { dst: servers },
  dhcp6: { type: anyOf('renew', 'rebind'), options: [{ type: 'ia-pd' }] },
}

/** The answers whose turn it is, and the question that each one answers. */
interface Turns {
  waiting: AnswerName[]
  sent: Map<AnswerName, Dhcpv6Message>
}

/** A client that sends no Renew in place of Rebind after this number of usual answers receives the unusual one nevertheless. */
const mostUsual = 2

/** From now on a message that extends an IA_PD gets the answer whose turn it is. */
function answerInTurn(bench: Bench, grants: Grants, byMulticast: string): Turns {
  const turns: Turns = { waiting: [], sent: new Map() }
  let last: AnswerName | undefined
  let usuals = 0
  const rule = (asked: Dhcpv6Message, usual?: Dhcpv6Message) => {
    const extends_ = asked.type === 'renew' || asked.type === 'rebind'
    const follows = asked.type === 'request' && last !== undefined && leadToRequest.includes(last)
    const holds = asked.options.some(({ type }) => type === 'ia-pd')
    const [name] = turns.waiting
    const lasting = name === undefined && last !== undefined && persistent.includes(last) ? last : undefined
    if (lasting && !extends_) return undefined
    const next = extends_ || follows ? (name ?? lasting) : undefined
    if (!next || !usual || statusOf(usual) !== dhcpv6Status.success || !holds) return usual
    // Each answer meets a valid state: a client that did not accept the one before, and continues to send, is served first.
    const served = [...turns.sent.values()].some((one) => one.transactionId === asked.transactionId)
    if (next === name && (asked.type === 'rebind' || served) && usuals++ < mostUsual) return usual
    if (next === name) {
      usuals = 0
      turns.waiting.shift()
      turns.sent.set(name, asked)
      last = name
    }
    if (next === 'usual, after mutants') {
      sendMutants(bench, 'Reply', usual, grants.forged)
      // The same as what follows by unicast, and one prefix more: a client that accepts it misses nothing.
      bench.isp.send(
        {
          ip6: { dst: 'ff02::1' },
          udp: { srcPort: 547, dstPort: 546 },
          dhcp6: withOptions(usual, 'ia-pd', lease(byMulticast, lifetimes)),
        },
        flawed('Reply to all nodes'),
      )
    }
    return (answers[next] as Answer)(usual, grants)
  }
  bench.isp.answerWith('each answer at its turn', rule, () => {
    const answer: string = last ?? 'in turn'
    return answer.includes(' > ') ? flawed(answer) : answer
  })
  return turns
}

export const mixedAnswers = scenario(
  'mixed-answers',
  {
    story: `Each Renew (T1 ${t1} s) gets a different unexpected answer: ${Object.keys(answers).join('; ')}.`,
    world: {
      name: 'mixed-answers',
      delegatedLength: 56,
      // Status Success in IAs is one of the unusual answers.
      variety: { isp: { 'status Success': 'left out' } },
      isp: {
        ra: { managed: true, mtu: 1492 },
        dhcpv6: {
          t1,
          t2,
          preferredLifetime: lifetimes.preferred,
          validLifetime: lifetimes.valid,
          renumbering: 'silent-old',
        },
      },
    },
    from: 'online',
    takes: 50,
  },
  accompanied(async (bench) => {
    const { isp, lan, internet, internet2, timing, mark, listen } = bench
    const { wanPrefix } = isp.parameters
    const address = (n: number) => addressIn(wanPrefix, n)
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const byMulticast = isp.otherPrefix()
    const grants: Grants = {
      first: linePrefix({ isp }),
      brief: isp.otherPrefix(),
      lateTimers: isp.otherPrefix(),
      preferredTooLong: isp.otherPrefix(),
      soundBeside: isp.otherPrefix(),
      saidSuccess: isp.otherPrefix(),
      forged: isp.otherPrefix(),
      refused: isp.otherPrefix(),
      besideRefused: isp.otherPrefix(),
      renumbered: isp.otherPrefix(),
      lateTimersAddress: address(0xa1),
      besideLateTimersAddress: address(0xa2),
      preferredTooLongAddress: address(0xa3),
      renumberedAddress: address(0xa4),
      endless: isp.otherPrefix(),
      endlessAddress: address(0xa6),
      byMulticast,
      otherResolver: internet2.address,
      server: isp.address,
    }
    await resolverOpens(bench)
    mark(granted, grants, { grant })
    const firstAddress = iaAddresses(grant)[0]?.address
    const resolver = lan.host.resolvers().find((server) => server.includes(':'))
    const resolve = async (name: string) => {
      const answer = resolver && (await lan.host.resolve(name, { server: resolver, within: 0.5 }))
      mark(resolved, { name }, { answer: answer || undefined })
    }

    const askEach = async (name: AnswerName, targets: readonly (string | undefined)[]) => {
      for (const target of targets) {
        // Once: asked for longer, it might be answered for by grace of the next answer.
        if (target) mark(neighborAsked, { name, target }, { ...(await isp.solicitNeighbor(target, { times: 1 })) })
      }
    }
    /** A node that has left does not answer: the next Renew is not waited for meanwhile. */
    const asking: Promise<void>[] = []
    /** What is different for the ISP from the time of an answer. */
    const { domains } = isp.parameters.dhcpv6
    const changes: { [N in AnswerName]?: Parameters<typeof isp.change>[0] } = {
      // Until an RA is due the lease may be renewed again, as usual.
      'IA_PD empty; another resolver': { dhcpv6: { domains: [otherDomain] } },
      'NoAddrsAvail in the IA_NA; no resolver': { dhcpv6: { dns: false, domains: [] } },
      'IA_PD with T1 > T2': { dhcpv6: { dns: true, domains } },
      'lifetimes 0 and new leases': { dhcpv6: { prefixes: [grants.renumbered], renumbering: 'zero-old' } },
    }

    /** Where something is to change by an answer, or to be gone, a router has its time. Seconds. */
    const settles: { [N in AnswerName]?: number } = {
      'IA_PD empty; another resolver': grace + 0.3,
      'NoAddrsAvail in the IA_NA; no resolver': grace + 0.3,
      'lifetimes 0 and new leases': grace + 0.3,
    }
    /** The address that is resolved on the WAN after an answer, and the address from which a host sends. */
    const asks: { [N in AnswerName]?: (string | undefined)[] } = {
      'a status in one prefix; UnspecFail in the IA_NA': [firstAddress],
      'NoAddrsAvail in the IA_NA; no resolver': [firstAddress],
      'lifetimes 0 and new leases': [firstAddress, isp.customer()?.linkLocal],
      'infinity; preferred lifetime 0': [grants.renumberedAddress],
    }
    const flows: { [N in AnswerName]?: string[] } = {
      'IA_PD left out': [grants.first, grants.brief],
      'infinity; preferred lifetime 0': [grants.renumbered],
    }

    const flow = keepInUse(bench, {
      name: withPrefix,
      outside: addressIn(isp.parameters.internetPrefix, 0x97),
      near: 41_152,
      far: 5152,
      apart: 0.1,
    })
    const turns = answerInTurn(bench, grants, byMulticast)
    const names = Object.keys(answers) as AnswerName[]
    const questionOf = (name: AnswerName) => {
      const asked = turns.sent.get(name)
      return asked && isp.latest({ dhcp6: { type: asked.type, transactionId: asked.transactionId } }, { or: noBinding })
    }
    const replies = new Map<AnswerName, Frame>()
    let last = grant.at
    let gap = 0
    /** A client that is refused sends the same again, after at most twice the time that it waited before (RFC 8415 section 15). */
    const patient = () => timing.after(Math.max(t2 + 12, 2.2 * gap), claim`T2 of the lease, or the next retransmission`)
    let or = 'RFC8415-18.2.4-RENEW'
    for (const [i, name] of names.entries()) {
      const change = changes[name]
      if (change) isp.change(change)
      const begun = mark(turn, { name })
      const following = leadToRequest.includes(name) ? names[i + 1] : undefined
      for (const one of [name, following])
        if (one && !turns.waiting.includes(one) && !turns.sent.has(one)) turns.waiting.push(one)
      let asked = questionOf(name)
      for (let since: Frame | Mark = begun; !asked; asked = questionOf(name)) {
        since = await isp.receives(renewing, { since, by: patient(), or })
        gap = since.at - last
        last = since.at
        // It may have led to NoBinding unasked.
        if (dhcpv6Of(since).type === 'rebind') or = noBinding
      }
      const { transactionId, type } = dhcpv6Of(asked)
      // Nothing answers one that is not as it should be.
      const unanswered = type === 'rebind' ? 'RFC8415-18.2.5-REBIND' : 'RFC8415-18.2.4-RENEW'
      const reply = isp.latest(dhcpv6('reply', { transactionId }), { or: unanswered })
      mark(answered, { name }, { asked, reply })
      replies.set(name, reply)
      // A Rebind may have led to NoBinding unasked.
      or = blame[name] ?? (type === 'rebind' ? noBinding : 'RFC8415-18.2.4-RENEW')
      await listen(timing.after(settles[name] ?? 1, claim`what follows from an answer`), reply)
      asking.push(askEach(name, asks[name] ?? []))
      if (name.endsWith('resolver')) asking.push(resolve(`${name.split(' ')[0]}.example.com`))
      const solicited = lan.host.solicitRouter()
      const advertised = await lan.awaits(ra(), { since: solicited, by: timing.raChange })
      mark(seen, { name }, { solicited, advertised })
      if (name === 'IA_PD left out') await flow.end()
      for (const prefix of flows[name] ?? []) {
        const from = lan.host.addresses().find((one) => inPrefix(one.address, prefix))?.address
        const reached = from && (await lan.host.ping(internet.address, { from }))
        mark(flowFrom, { name, prefix, from }, { reply: reached || undefined })
      }
    }

    const final = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const former = listen(timing.after(2 * t1, claim`twice the former T1`), final)
    await listen(timing.after(2.5, claim`DAD of an address, and a prefix on the LAN`), final)
    const live = ra({ options: [{ type: 'prefix-information', prefix: within(grants.endless) }] })
    lan.host.solicitRouter()
    await lan.awaits(live, { since: final, by: timing.raChange })
    // A router that withdraws nothing is observed for as long as it could do so.
    await listen(
      timing.after(raUpdate.max, raUpdate.why),
      replies.get('a status in one prefix; UnspecFail in the IA_NA'),
    )
    const gone = ra({ options: (options) => !options.some((one) => isLive(one, grants.first)) })
    await lan.awaits(gone, { since: final, by: timing.raChange })
    await Promise.all([former, ...asking])
    const since = mark(received, {})
    mark(over, {}, { reply: await lan.host.reaches(internet.address, { since, by: timing.dad }) })
  }),
)

const isLive = (one: NdOption, outer: string): boolean =>
  one.type === 'prefix-information' && one.validLifetime > 0 && prefixContains(outer, one.prefix)

const within = (outer: string) => (prefix: unknown) => prefixContains(outer, String(prefix))
