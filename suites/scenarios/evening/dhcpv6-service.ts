import { addressIn, type Bench, type Dhcpv6Message, flawed, iaAddresses, iaPrefixes, isGua, type LanHost } from 'denat'
import { mutantComment, mutantsOf, unusable } from '../mutations.ts'
import { ask, duidOf, ia, say, serverIn } from './dhcpv6-asking.ts'

type Options = Dhcpv6Message['options']
type Type = Dhcpv6Message['type']

/** Who asks: what a message may be made of. */
export interface Identity {
  /** Client Identifier. */
  client: Options[number]
  /** Server Identifier of the router. */
  server: Options[number]
  /** Server Identifier of somebody else. */
  other: Options[number]
  /** An address of the LAN that nobody has. */
  address: string
}

/** An IA that is bound to nobody: whatever is said of it does no harm. */
const unknownIaid = 99
const unknown = ({ address }: Identity) => ia('ia-na', unknownIaid, [address])

/**
 * Messages that a server discards, RFC 8415 section 16, by what is wrong about them. All are about an IA that is not
 * bound, of which a server has something to say all the same.
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

/** Messages that are sound but for their being sent to the router's own address. */
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

/** A client's whole life: what it is leased, what it asks about it, how it gives it back. Marks `lease-talk`. */
async function life(bench: Bench, host: LanHost): Promise<{ server?: string; address?: string }> {
  const { isp, mark } = bench
  const client = { type: 'client-id', duid: duidOf(1) } as const
  const talk = async (step: string, type: Type, options: Options, data: Record<string, unknown> = {}) => {
    const asked = await ask(bench, host, type, options)
    mark('lease-talk', { step, ...data }, [asked.question, asked.answer])
    return asked.answer
  }
  const information = await talk('information', 'information-request', [client, { type: 'oro', codes: [23, 24] }])
  const duid = serverIn(information)
  const advertise = await talk('solicit', 'solicit', [client, ia('ia-na', 7), ia('ia-pd', 7)])
  const offered = advertise ? iaAddresses(advertise)[0]?.address : undefined
  if (!advertise || !offered) return duid === undefined ? {} : { server: duid }
  const server = { type: 'server-id', duid: serverIn(advertise) ?? '' } as const
  const prefix = iaPrefixes(advertise)[0]?.prefix
  const wanted = [ia('ia-na', 7, [offered]), ...(prefix ? [ia('ia-pd', 7, [prefix])] : [])]
  const lease = await talk('request', 'request', [client, server, ...wanted])
  const address = (lease ? iaAddresses(lease)[0]?.address : undefined) ?? offered
  const foreign = addressIn(`${isp.otherPrefix().split('/')[0]}/64`, 0x99)

  await talk('confirm on-link', 'confirm', [client, ia('ia-na', 7, [address])], { address })
  await talk('confirm foreign', 'confirm', [client, ia('ia-na', 7, [foreign])], { address: foreign })
  await talk('confirm nothing', 'confirm', [client, ia('ia-na', 7)])
  await talk('renew', 'renew', [client, server, ...wanted], { address })
  await talk('renew unknown', 'renew', [client, server, ia('ia-na', 70)], { iaid: 70 })
  await talk('rebind', 'rebind', [client, ...wanted], { address })
  await talk('release unknown', 'release', [client, server, ia('ia-na', 71, [address])], { iaid: 71 })
  await talk('decline unknown', 'decline', [client, server, ia('ia-na', 72, [address])], { iaid: 72 })
  await talk('decline', 'decline', [client, server, ia('ia-na', 7, [address])], { address })
  const other = await talk('solicit again', 'solicit', [client, ia('ia-na', 7)], { declined: address })
  const next = other ? iaAddresses(other)[0]?.address : undefined
  if (next) {
    await talk('request again', 'request', [client, server, ia('ia-na', 7, [next])], { declined: address })
    await talk('release', 'release', [client, server, ia('ia-na', 7, [next])], { address: next })
  }
  return { server: server.duid, address }
}

/**
 * Mutants of Solicit and Renew: all sorts, and as many that RFC 8415 sections 16.2 and 16.6 have discarded for what is
 * sound about them, since they name another server, or one at all. Marks `mutants`, and `mutants-fence` of a sound
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
  for (const [type, discarded, options] of batches) {
    const sound = { type, transactionId: 0, options: [...options] }
    const frames = []
    const forged = { prefix: isp.otherPrefix(), iaid: unknownIaid, lifetimes: unusable }
    for (const { name, message } of mutantsOf(sound, forged, random)) {
      const why = discarded ? flawed(`${type}: ${name}`) : mutantComment(type, name)
      frames.push(await say(bench, host, type, message.options, { why }))
    }
    mark('mutants', { about: type, discarded }, frames)
    await listen(timing.after(1, 'answers that must not come'))
    const known = await ask(bench, host, 'information-request', [client, { type: 'oro', codes: [23] }])
    mark('mutants-fence', { about: type, discarded }, [known.question, known.answer])
  }
}

/**
 * What the router's DHCPv6 server makes of sound messages, of unsound ones, and of those that were not sent to the
 * group. Marks `lease-talk`, `invalid-message` and `unicast-message`; at the end, when what is not to come has had its
 * time, a sound question.
 */
export async function dhcpv6Service(bench: Bench): Promise<{ host: LanHost; of: Identity }> {
  const { lan, timing, mark, listen } = bench
  const host = lan.join('dhcpv6-client', { start: false })
  host.adopt(host.linkLocal)
  const { server, address } = await life(bench, host)
  const own = lan.host.gua()
  const of: Identity = {
    client: { type: 'client-id', duid: duidOf(2) },
    server: { type: 'server-id', duid: server ?? duidOf(0xfe) },
    other: { type: 'server-id', duid: duidOf(0xff) },
    address: addressIn(`${address ?? own ?? '::'}/64`, 0xfeed),
  }
  const apart = timing.after(0.05, 'one after the other')
  for (const [name, [type, options]] of Object.entries(invalid)) {
    const sent = await say(bench, host, type, options(of), { why: flawed(name) })
    mark('invalid-message', { name }, [sent])
    await listen(apart)
  }
  const gateway = lan.gateway()
  const global = gateway?.addresses.find(isGua)
  for (const at of gateway ? [gateway.linkLocal, ...(global ? [global] : [])] : [])
    for (const [type, options] of Object.entries(unicast)) {
      const to = { address: at, mac: gateway?.mac ?? '' }
      const sent = await say(bench, host, type as Type, options(of), { to, why: flawed(`${type} by unicast`) })
      mark('unicast-message', { type, to: at }, [sent])
      await listen(apart)
    }
  await listen(timing.after(3, 'answers that must not come'))
  const fence = await ask(bench, host, 'information-request', [of.client, { type: 'oro', codes: [23] }])
  mark('dhcpv6-fence', {}, [fence.question, fence.answer])
  return { host, of }
}
