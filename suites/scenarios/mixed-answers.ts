import {
  addressIn,
  anyOf,
  type Bench,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6Of,
  iaAddresses,
  inPrefix,
  type Pattern,
  ra,
  scenario,
  statusOf,
} from 'denat'
import { beside, infinity, lease, refused, saying, status, statusCode, withIas, without } from './answers.ts'
import { sendMutants } from './mutations.ts'

/** Seconds. Many answers fit into one recording: each Renew is given another. */
const t1 = 2
const t2 = 6
const lifetimes = { preferred: 60, valid: 90 }
/** Of the prefix that is granted once and never mentioned again. */
export const brief = { preferred: 8, valid: 10 }
const preferredTooLong = { preferred: 300, valid: 200 }
const tooLate = { t1: 100, t2: 50 }

/** Prefixes and addresses that single answers bring, and nothing else does. */
export interface Grants {
  /** The delegated prefix at the beginning. */
  first: string
  brief: string
  lateTimers: string
  preferredTooLong: string
  soundBeside: string
  saidSuccess: string
  forged: string
  refused: string
  besideRefused: string
  refusedAddress: string
  renumbered: string
  lateTimersAddress: string
  besideLateTimersAddress: string
  preferredTooLongAddress: string
  renumberedAddress: string
  otherResolver: string
  server: string
}

export const otherDomain = 'changed.example.net'

type Answer = (usual: Dhcpv6Message, grants: Grants) => Dhcpv6Message

/** What the ISP answers to one Renew after the other, by the name under which it is marked. */
export const answers = {
  'two prefixes': (usual, { brief: second }) => beside(usual, 'ia-pd', lease(second, brief)),
  'one of two prefixes; IA_NA with T1 > T2': (usual, { lateTimersAddress }) =>
    withIas(usual, 'ia-na', (ia) => ({ ...ia, ...tooLate, options: [lease(lateTimersAddress, lifetimes)] })),
  'IA_PD left out': (usual) => without(usual, 'ia-pd'),
  'NoPrefixAvail in the IA_PD': (usual) => refused(usual, 'ia-pd', status.noPrefixAvail),
  // What is learned with leases comes and goes beside leases that stay as they are: a new address would be probed first.
  'IA_PD empty; another resolver': (usual, { otherResolver }) =>
    saying(
      withIas(usual, 'ia-pd', (ia) => ({ ...ia, options: [] })),
      { type: 'dns-servers', servers: [otherResolver] },
      { type: 'domain-list', domains: [otherDomain] },
    ),
  'NoAddrsAvail in the IA_NA; no resolver': (usual) =>
    without(refused(usual, 'ia-na', status.noAddrsAvail), 'dns-servers', 'domain-list'),
  'UnspecFail in the IA_PD': (usual) => refused(usual, 'ia-pd', status.unspecFail),
  'UnspecFail at the top': (usual) =>
    saying(without(usual, 'ia-na', 'ia-pd', 'dns-servers', 'domain-list'), statusCode(status.unspecFail)),
  'NoBinding in the IA_PD': (usual) => refused(usual, 'ia-pd', status.noBinding),
  'NoBinding in the IA_NA': (usual) => refused(usual, 'ia-na', status.noBinding),
  'IA_PD with T1 > T2': (usual, { lateTimers, besideLateTimersAddress }) =>
    beside(
      withIas(usual, 'ia-pd', (ia) => ({ ...ia, ...tooLate, options: [lease(lateTimers, lifetimes)] })),
      'ia-na',
      lease(besideLateTimersAddress, lifetimes),
    ),
  'preferred > valid': (usual, grants) =>
    beside(
      beside(usual, 'ia-pd', lease(grants.preferredTooLong, preferredTooLong), lease(grants.soundBeside, lifetimes)),
      'ia-na',
      lease(grants.preferredTooLongAddress, preferredTooLong),
    ),
  'Success everywhere; Server Unicast': (usual, { saidSuccess, server }) => {
    const success = statusCode(status.success)
    const said = (message: Dhcpv6Message, kind: 'ia-na' | 'ia-pd') =>
      withIas(message, kind, (ia) => ({
        ...ia,
        options: [...ia.options.map((one) => ('options' in one ? { ...one, options: [success] } : one)), success],
      }))
    return saying(said(said(beside(usual, 'ia-pd', lease(saidSuccess, lifetimes)), 'ia-na'), 'ia-pd'), success, {
      type: 'server-unicast',
      address: server,
    })
  },
  'usual, after mutants': (usual) => usual,
  'a status in one lease of each IA': (usual, grants) => {
    const none = { preferred: 0, valid: 0 }
    return beside(
      beside(
        usual,
        'ia-pd',
        lease(grants.refused, none, [statusCode(status.unspecFail)]),
        lease(grants.besideRefused, lifetimes),
      ),
      'ia-na',
      lease(grants.refusedAddress, none, [statusCode(status.notOnLink)]),
    )
  },
  'lifetimes 0 and new leases': (usual, { renumberedAddress }) =>
    withIas(usual, 'ia-na', (ia) => ({
      ...ia,
      options: [
        ...ia.options.map((one) => (one.type === 'ia-addr' ? lease(one.address, { preferred: 0, valid: 0 }) : one)),
        lease(renumberedAddress, lifetimes),
      ],
    })),
  infinity: (usual, { renumbered, renumberedAddress }) => {
    const forever = { preferred: infinity, valid: infinity }
    const endless = (message: Dhcpv6Message, kind: 'ia-na' | 'ia-pd', value: string) =>
      withIas(message, kind, (ia) => ({ ...ia, t1: infinity, t2: infinity, options: [lease(value, forever)] }))
    return endless(endless(usual, 'ia-na', renumberedAddress), 'ia-pd', renumbered)
  },
} as const satisfies Record<string, Answer>

export type AnswerName = keyof typeof answers

/** Said to every Renew and Rebind while they last, with no answer to any other; the others are said once. */
const persistent: readonly AnswerName[] = ['UnspecFail at the top']

/** What comes before it is the Reply to the Request that NoBinding led to. */
const noBinding = 'RFC8415-18.2.10-NOBINDING'
/** Which id is to blame where a Renew does not come, because of what was answered before. */
const blame: { [N in AnswerName]?: string } = {
  'NoBinding in the IA_NA': noBinding,
  'IA_PD with T1 > T2': noBinding,
  'a status in one lease of each IA': 'ROB-FUZZ-DHCP6',
}

const servers = 'ff02::1:2'
/** One by unicast is answered by UseMulticast, whatever was to be said. */
const renewing: Pattern = {
  ip6: { dst: servers },
  dhcp6: { type: anyOf('renew', 'rebind'), options: [{ type: 'ia-pd' }] },
}

/** Makes the next Renew with an IA_PD get this answer. */
function arm(bench: Bench, name: AnswerName, grants: Grants) {
  const { isp } = bench
  let said = false
  return isp.answerWith(name, (asked, usual) => {
    const extends_ = asked.type === 'renew' || asked.type === 'rebind'
    const holds = asked.options.some(({ type }) => type === 'ia-pd')
    const lasting = persistent.includes(name)
    if (!extends_ && lasting && said) return undefined
    const refused = !usual || statusOf(usual) !== status.success
    if (refused || !extends_ || !holds || (said && !lasting)) return usual
    said = true
    if (name === 'usual, after mutants') sendMutants(bench, 'Reply', usual, grants.forged)
    return (answers[name] as Answer)(usual, grants)
  })
}

export const mixedAnswers = scenario(
  'mixed-answers',
  {
    story: `Each Renew (T1 ${t1} s) is given another odd answer: ${Object.keys(answers).join('; ')}.`,
    world: {
      name: 'mixed-answers',
      delegatedLength: 59,
      isp: {
        ra: { managed: true },
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
  async (bench) => {
    const { isp, lan, internet, internet2, timing, mark, listen } = bench
    const { wanPrefix } = isp.parameters
    const address = (n: number) => addressIn(wanPrefix, n)
    const grants: Grants = {
      first: isp.parameters.dhcpv6.prefixes[0] ?? '::/59',
      brief: isp.otherPrefix(),
      lateTimers: isp.otherPrefix(),
      preferredTooLong: isp.otherPrefix(),
      soundBeside: isp.otherPrefix(),
      saidSuccess: isp.otherPrefix(),
      forged: isp.otherPrefix(),
      refused: isp.otherPrefix(),
      besideRefused: isp.otherPrefix(),
      refusedAddress: address(0xa5),
      renumbered: isp.otherPrefix(),
      lateTimersAddress: address(0xa1),
      besideLateTimersAddress: address(0xa2),
      preferredTooLongAddress: address(0xa3),
      renumberedAddress: address(0xa4),
      otherResolver: internet2.address,
      server: isp.address,
    }
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', { ...grants }, [grant])
    const resolver = lan.host.resolvers().find((server) => server.includes(':'))
    const resolve = async (name: string) => {
      const answer = resolver && (await lan.host.resolve(name, { server: resolver, within: 0.5 }))
      mark('resolved', { name }, [answer || undefined])
    }

    const initial = iaAddresses(grant)[0]?.address
    const ask = async (name: AnswerName, target: string | undefined) => {
      const asking = target && (await isp.solicitNeighbour(target))
      if (asking) mark('asked', { name, target }, [asking.question, asking.answer])
    }
    /** What is different for the ISP from the time of an answer. */
    const { domains } = isp.parameters.dhcpv6
    const changes: { [N in AnswerName]?: Parameters<typeof isp.change>[0] } = {
      'NoAddrsAvail in the IA_NA; no resolver': { dhcpv6: { dns: false, domains: [] } },
      'IA_PD with T1 > T2': { dhcpv6: { dns: true, domains } },
      'lifetimes 0 and new leases': { dhcpv6: { prefixes: [grants.renumbered], renumbering: 'zero-old' } },
    }

    let before: unknown
    for (const name of Object.keys(answers) as AnswerName[]) {
      const change = changes[name]
      if (change) isp.change(change)
      const armed = arm(bench, name, grants)
      const asked = await isp.receives(renewing, {
        since: armed,
        by: timing.after(t2 + 12, 'T2 of the lease, and a retransmission of Renew'),
        // A Rebind may have led to NoBinding unasked.
        or: blame[name] ?? (before === 'rebind' ? 'RFC8415-18.2.10-NOBINDING' : 'RFC8415-18.2.4-RENEW'),
      })
      const { transactionId, type } = dhcpv6Of(asked)
      before = type
      // Nothing answers one that is not as it should be.
      const or = type === 'rebind' ? 'RFC8415-18.2.5-REBIND' : 'RFC8415-18.2.4-RENEW'
      const reply = isp.latest(dhcpv6('reply', { transactionId }), { or })
      mark('answered', { name }, [asked, reply])
      await listen(timing.after(1, 'what follows from an answer'), reply)
      if (name === 'NoAddrsAvail in the IA_NA; no resolver') await ask(name, initial)
      if (name.endsWith('resolver')) await resolve(`${name.split(' ')[0]}.example.com`)
      const solicited = lan.host.solicitRouter()
      const seen = await lan.hears(ra(), { since: solicited, by: timing.raChange })
      mark('seen', { name }, [solicited, seen])
      if (name === 'IA_PD left out')
        for (const prefix of [grants.first, grants.brief]) {
          const from = lan.host.addresses().find((one) => inPrefix(one.address, prefix))?.address
          const reached = from && (await lan.host.ping(internet.address, { from }))
          mark('flow-from', { name, prefix, from }, [reached || undefined])
        }
      if (name === 'lifetimes 0 and new leases')
        for (const target of [initial, isp.customer()?.linkLocal]) await ask(name, target)
    }

    const last = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    await listen(timing.after(2 * t1, 'twice the former T1'), last)
    mark('over', {}, [await lan.host.ping(internet.address)])
  },
)
