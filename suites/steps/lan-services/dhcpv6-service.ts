import {
  addressIn,
  type Bench,
  claim,
  type Dhcpv6Message,
  type Frame,
  flawed,
  iaAddresses,
  iaPrefixes,
  isGua,
  type LanHost,
  markOf,
  z,
} from 'denat'
import { mutantComment, mutantsOf, unusable } from '../mutations.ts'
import { ask, duidOf, ia, sendMessage, serverIn } from './dhcpv6-client.ts'

type Options = Dhcpv6Message['options']
type Type = Dhcpv6Message['type']

/** The client: what a message may be made of. */
export interface Identity {
  /** Client Identifier. */
  client: Options[number]
  /** Server Identifier of the router. */
  server: Options[number]
  /** Server Identifier of another server. */
  other: Options[number]
  /** An address of the LAN that no node has; none where the LAN has no prefix. */
  address?: string
}

/** An IA without a binding: no message about it does harm. */
const unknownIaid = 99
const unknown = ({ address }: Identity) => ia('ia-na', unknownIaid, address ? [address] : [])

/**
 * Messages that a server discards, RFC 8415 section 16, by what is wrong about them. All are about an IA that is not
 * bound, for which a server has an answer nevertheless.
 */
const invalid: Record<string, [Type, (of: Identity) => Options]> = {
  'Solicit without Client Identifier': ['solicit', () => [ia('ia-na', unknownIaid)]],
  'Solicit with Server Identifier': ['solicit', ({ client, server }) => [client, server, ia('ia-na', unknownIaid)]],
  'Request without Client Identifier': ['request', (of) => [of.server, unknown(of)]],
  'Request without Server Identifier': ['request', (of) => [of.client, unknown(of)]],
  'Request for another server': ['request', (of) => [of.client, of.other, unknown(of)]],
  'Confirm without Client Identifier': ['confirm', (of) => [unknown(of)]],
  'Confirm with Server Identifier': ['confirm', (of) => [of.client, of.server, unknown(of)]],
  'Renew without Client Identifier': ['renew', (of) => [of.server, unknown(of)]],
  'Renew without Server Identifier': ['renew', (of) => [of.client, unknown(of)]],
  'Renew for another server': ['renew', (of) => [of.client, of.other, unknown(of)]],
  'Rebind without Client Identifier': ['rebind', (of) => [unknown(of)]],
  'Rebind with Server Identifier': ['rebind', (of) => [of.client, of.server, unknown(of)]],
  'Release without Client Identifier': ['release', (of) => [of.server, unknown(of)]],
  'Release without Server Identifier': ['release', (of) => [of.client, unknown(of)]],
  'Release for another server': ['release', (of) => [of.client, of.other, unknown(of)]],
  'Decline without Client Identifier': ['decline', (of) => [of.server, unknown(of)]],
  'Decline without Server Identifier': ['decline', (of) => [of.client, unknown(of)]],
  'Decline for another server': ['decline', (of) => [of.client, of.other, unknown(of)]],
  'Information-request for another server': ['information-request', ({ client, other }) => [client, other]],
  'Information-request with an IA': ['information-request', (of) => [of.client, unknown(of)]],
  Advertise: ['advertise', (of) => [of.client, of.server, unknown(of)]],
  Reply: ['reply', (of) => [of.client, of.server, unknown(of)]],
  Reconfigure: ['reconfigure', ({ client, server }) => [client, server, { type: 'reconf-msg', messageType: 5 }]],
}
/** Names of the invalid messages, with their types. */
export const invalidMessages: ReadonlyMap<string, Type> = new Map(
  Object.entries(invalid).map(([name, [type]]) => [name, type]),
)

/** Messages that are valid, except that they are sent to the router's own address. */
const unicast: Record<string, (of: Identity) => Options> = {
  solicit: ({ client }) => [client, ia('ia-na', unknownIaid)],
  confirm: (of) => [of.client, unknown(of)],
  rebind: (of) => [of.client, unknown(of)],
  'information-request': ({ client }) => [client, { type: 'oro', codes: [23] }],
  request: (of) => [of.client, of.server, unknown(of)],
  renew: (of) => [of.client, of.server, unknown(of)],
  release: (of) => [of.client, of.server, unknown(of)],
  decline: (of) => [of.client, of.server, unknown(of)],
}
export const unicastMessages: readonly string[] = Object.keys(unicast)

/** Steps of a client's life, in this order. */
export const steps = [
  'information',
  'solicit',
  'request',
  'confirm on-link',
  'confirm foreign',
  'confirm nothing',
  'renew',
  'renew unknown',
  'rebind',
  'release unknown',
  'decline unknown',
  'decline',
  'solicit again',
  'request again',
  'release',
] as const
export type Step = (typeof steps)[number]
/** `address`, `declined`: what the step is about. */
export const leaseMessage = markOf('lease-talk', {
  data: { step: z.enum(steps), address: z.string().optional(), declined: z.string().optional() },
  frames: ['question', 'answer'],
})
export const invalidMessage = markOf('invalid-message', { data: { name: z.string() }, frames: ['question'] })
export const unicastMessage = markOf('unicast-message', {
  data: { type: z.string(), to: z.string() },
  frames: ['question'],
})
/** A valid question, after the time in which no answer is to arrive. */
export const dhcpv6Fence = markOf('dhcpv6-fence', { frames: ['question', 'answer'] })

const ofMutants = { about: z.enum(['solicit', 'renew']), discarded: z.boolean() }
/** Its list is the mutants; `discarded`: RFC 8415 sections 16.2 and 16.6 have each discarded. */
export const mutantQuestions = markOf('mutants', { data: ofMutants })
/** A valid question after the mutants. */
export const mutantsFence = markOf('mutants-fence', { data: ofMutants, frames: ['question', 'answer'] })

/** A client's whole life: what it is leased, what it asks about it, how it gives it back. Marks `lease-talk`. */
async function life(bench: Bench, host: LanHost): Promise<{ server?: string; address?: string }> {
  const { isp, mark } = bench
  const client = { type: 'client-id', duid: duidOf(1) } as const
  const exchangeOf = async (
    step: Step,
    type: Type,
    options: Options,
    data: { address?: string; declined?: string } = {},
    often: { times?: 1 } = {},
  ) => {
    const { question, answer } = await ask(bench, host, type, options, often)
    mark(leaseMessage, { step, ...data }, { question, answer })
    return answer
  }
  const information = await exchangeOf('information', 'information-request', [client, { type: 'oro', codes: [23, 24] }])
  const advertise = await exchangeOf('solicit', 'solicit', [client, ia('ia-na', 7), ia('ia-pd', 7)])
  const offered = advertise ? iaAddresses(advertise)[0]?.address : undefined
  const duid = serverIn(advertise) ?? serverIn(information)
  // RFC 9915 section 16.3: an Advertise without a Server Identifier is discarded.
  if (!advertise || !offered || serverIn(advertise) === undefined || duid === undefined)
    return duid === undefined ? {} : { server: duid }
  const server = { type: 'server-id', duid } as const
  const of = (addresses: readonly string[], prefixes: readonly string[]) => [
    ia('ia-na', 7, addresses.slice(0, 1)),
    ...(prefixes.length > 0 ? [ia('ia-pd', 7, prefixes.slice(0, 1))] : []),
  ]
  const addressesIn = (frame: Frame) => iaAddresses(frame).map(({ address }) => address)
  const prefixesIn = (frame: Frame) => iaPrefixes(frame).map(({ prefix }) => prefix)
  const lease = await exchangeOf('request', 'request', [client, server, ...of([offered], prefixesIn(advertise))])
  const address = (lease ? addressesIn(lease)[0] : undefined) ?? offered
  const held = of([address], prefixesIn(lease ?? advertise))
  const unassigned = addressIn(`${isp.otherPrefix().split('/')[0]}/64`, 0x99)

  await exchangeOf('confirm on-link', 'confirm', [client, ia('ia-na', 7, [address])], { address })
  await exchangeOf('confirm foreign', 'confirm', [client, ia('ia-na', 7, [unassigned])], { address: unassigned })
  await exchangeOf('confirm nothing', 'confirm', [client, ia('ia-na', 7)], {}, { times: 1 })
  await exchangeOf('renew', 'renew', [client, server, ...held], { address })
  await exchangeOf('renew unknown', 'renew', [client, server, ia('ia-na', 70)])
  await exchangeOf('rebind', 'rebind', [client, ...held], { address })
  await exchangeOf('release unknown', 'release', [client, server, ia('ia-na', 71, [address])])
  await exchangeOf('decline unknown', 'decline', [client, server, ia('ia-na', 72, [address])])
  await exchangeOf('decline', 'decline', [client, server, ia('ia-na', 7, [address])], { address })
  const other = await exchangeOf('solicit again', 'solicit', [client, ia('ia-na', 7)], { declined: address })
  const next = other ? iaAddresses(other)[0]?.address : undefined
  if (next) {
    await exchangeOf('request again', 'request', [client, server, ia('ia-na', 7, [next])], { declined: address })
    await exchangeOf('release', 'release', [client, server, ia('ia-na', 7, [next])], { address: next })
  }
  return { server: duid, address }
}

/**
 * Mutants of Solicit and Renew: all sorts, and as many that RFC 8415 sections 16.2 and 16.6 have discarded for what is
 * valid about them, since they name another server, or one at all. Marks `mutants`, and `mutants-fence` of a valid
 * question afterwards.
 */
export async function dhcpv6Mutants(bench: Bench, host: LanHost, { server, other }: Identity): Promise<void> {
  const { isp, mark, random, listen, timing } = bench
  const client = { type: 'client-id', duid: duidOf(3) } as const
  const batches = [
    ['solicit', false, [client]],
    ['solicit', true, [client, server]],
    ['renew', false, [client, server]],
    ['renew', true, [client, other]],
  ] as const
  for (const [about, discarded, options] of batches) {
    const valid = { type: about, transactionId: 0, options: [...options] }
    const frames = []
    const forged = { prefix: isp.otherPrefix(), iaid: unknownIaid, lifetimes: unusable }
    for (const { name, message } of mutantsOf(valid, forged, random)) {
      const why = discarded ? flawed(`${about}: ${name}`) : mutantComment(about, name)
      frames.push(await sendMessage(bench, host, about, message.options, { why }))
    }
    mark(mutantQuestions, { about, discarded }, {}, frames)
    await listen(timing.after(1, claim`answers that must not come`))
    const known = await ask(bench, host, 'information-request', [client, { type: 'oro', codes: [23] }])
    mark(mutantsFence, { about, discarded }, known)
  }
}

/**
 * What the router's DHCPv6 server does with valid messages, with invalid ones, and with those that were not sent to the
 * group. Marks `lease-talk`, `invalid-message`, `unicast-message`, and at the end `dhcpv6-fence`.
 */
export async function dhcpv6Service(bench: Bench): Promise<{ host: LanHost; of: Identity }> {
  const { lan, timing, mark, listen } = bench
  const host = lan.join('dhcpv6-client', { start: false })
  host.adopt(host.linkLocal)
  const { server, address } = await life(bench, host)
  const own = address ?? lan.host.gua()
  const of: Identity = {
    client: { type: 'client-id', duid: duidOf(2) },
    server: { type: 'server-id', duid: server ?? duidOf(0xfe) },
    other: { type: 'server-id', duid: duidOf(0xff) },
    ...(own && { address: addressIn(`${own}/64`, 0xfeed) }),
  }
  const apart = timing.after(0.05, claim`one after the other`)
  for (const [name, [type, options]] of Object.entries(invalid)) {
    const question = await sendMessage(bench, host, type, options(of), { why: flawed(name) })
    mark(invalidMessage, { name }, { question })
    await listen(apart)
  }
  const gateway = lan.gateway()
  const global = gateway?.addresses.find(isGua)
  if (gateway)
    for (const at of [gateway.linkLocal, ...(global ? [global] : [])])
      for (const [type, options] of Object.entries(unicast)) {
        const to = { address: at, mac: gateway.mac }
        const question = await sendMessage(bench, host, type as Type, options(of), {
          to,
          why: flawed(`${type} by unicast`),
        })
        mark(unicastMessage, { type, to: at }, { question })
        await listen(apart)
      }
  await listen(timing.after(3, claim`answers that must not come`))
  const fence = await ask(bench, host, 'information-request', [of.client, { type: 'oro', codes: [23] }])
  mark(dhcpv6Fence, {}, fence)
  return { host, of }
}
