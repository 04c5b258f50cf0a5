import { createHash } from 'node:crypto'
import type { IspParameters } from '../../recording/recording.ts'
import { addressIn, formatIpv6, type Ipv6Address, inPrefix, network } from '../../wire/address.ts'
import { type Dhcpv6, isRelay, option, optionsOf } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option, Dhcpv6OptionOf } from '../../wire/dhcpv6-option.ts'
import { dhcpv6OptionCode, dhcpv6Status } from '../../wire/dhcpv6-options.ts'

/** What one IA of one client holds. Kept when empty: it remembers declined addresses. */
export interface Binding {
  kind: 'ia-na' | 'ia-pd'
  duid: Duid
  iaid: number
  /** Addresses or prefixes, each until the clock's time when its valid lifetime ends. */
  leases: { value: string; validUntil: number }[]
  /** Addresses that the client found in use, so that the next one is another. */
  declined: number
}

export interface Dhcpv6Server {
  duid: Duid
  /** The server's own address, where DNS is served. */
  resolver: Ipv6Address
  parameters: Pick<IspParameters, 'wanPrefix' | 'dhcpv6'>
  bindings: ReadonlyMap<string, Binding>
  now: number
}

export interface Dhcpv6Answer {
  reply: Dhcpv6
  /** Bindings as they are after it. */
  bindings: Binding[]
}

type Kind = Binding['kind']
type Ia = Dhcpv6OptionOf<Kind>
type Message = Exclude<Dhcpv6, { hopCount: number }>

const unavailable = { 'ia-na': dhcpv6Status.noAddrsAvail, 'ia-pd': dhcpv6Status.noPrefixAvail }

export const bindingKey = (of: Pick<Binding, 'kind' | 'duid' | 'iaid'>): string => `${of.kind} ${of.duid} ${of.iaid}`

/** Undefined: the message is discarded, as RFC 8415 sections 16 and 18.3 require. */
export function answerDhcpv6(message: Dhcpv6, unicast: boolean, server: Dhcpv6Server): Dhcpv6Answer | undefined {
  if (isRelay(message) || !isForServer(message, server.duid)) return undefined
  const client = option(message, 'client-id')?.duid
  // RFC 8415 section 18.4: without a Server Unicast option all goes to the group.
  if (unicast)
    return wantsServer(message) ? answer(message, server, [statusCode(dhcpv6Status.useMulticast)]) : undefined
  if (message.type === 'information-request') return answer(message, server, configuration(message, server))
  if (client === undefined) return undefined
  switch (message.type) {
    case 'solicit':
    case 'request':
    case 'renew':
    case 'rebind':
      return lease(message, client, server)
    case 'confirm':
      return confirm(message, server)
    case 'release':
    case 'decline':
      return giveBack(message, client, server)
  }
  return undefined
}

/** RFC 8415 sections 16.2 to 16.12. */
function isForServer(message: Message, duid: Duid): boolean {
  const named = option(message, 'server-id')?.duid
  switch (message.type) {
    case 'solicit':
    case 'confirm':
    case 'rebind':
      return named === undefined
    case 'information-request':
      return (named === undefined || named === duid) && iasOf(message).length === 0
    default:
      return wantsServer(message) && named === duid
  }
}

function wantsServer({ type }: Message): boolean {
  return type === 'request' || type === 'renew' || type === 'release' || type === 'decline'
}

function lease(message: Message, client: Duid, server: Dhcpv6Server): Dhcpv6Answer {
  const ias = iasOf(message)
  const pds = ias.filter((ia) => ia.type === 'ia-pd')
  const bound = (ia: Ia) => server.bindings.get(bindingKey({ kind: ia.type, duid: client, iaid: ia.iaid }))
  // All prefixes go into one IA: the one that has them, or the first.
  const chosen = pds.find((ia) => bound(ia)?.leases.length) ?? pds[0]
  const answers = ias.map((ia) => {
    const granted = ia.type === 'ia-pd' && ia !== chosen ? [] : grantable(ia, client, server)
    return leaseIa(message, ia, granted, client, server)
  })
  const options = [...answers.map(([ia]) => ia), ...configuration(message, server)]
  return answer(
    message,
    server,
    options,
    answers.flatMap(([, binding]) => binding ?? []),
  )
}

/** One IA of a Solicit, Request, Renew or Rebind: RFC 8415 sections 18.3.1, 18.3.2, 18.3.4, 18.3.5, 18.3.9. */
function leaseIa(
  message: Message,
  ia: Ia,
  granted: string[],
  client: Duid,
  server: Dhcpv6Server,
): [Dhcpv6Option, Binding?] {
  const { dhcpv6, wanPrefix } = server.parameters
  const identity = { kind: ia.type, duid: client, iaid: ia.iaid }
  const binding = server.bindings.get(bindingKey(identity))
  const held = binding?.leases.map(({ value }) => value) ?? []
  const mentioned = leasesOf(ia)
  const gone = [...new Set([...held, ...mentioned])].filter((value) => !granted.includes(value))
  const renumbering = dhcpv6.renumbering ?? 'zero-old'
  const extends_ = message.type === 'renew' || message.type === 'rebind'
  if (message.type === 'request' && ia.type === 'ia-na' && mentioned.some((value) => !inPrefix(value, wanPrefix)))
    return [refusal(ia, dhcpv6Status.notOnLink)]
  // A binding that was made since is found, whatever else the client names (RFC 9915 sections 18.3.4 and 18.3.5).
  const isLost = renumbering === 'no-binding' && !held.some((value) => granted.includes(value))
  if (extends_ && isLost && held.length + mentioned.length > 0) return [refusal(ia, dhcpv6Status.noBinding)]
  // A client that is known may get what it lacked (RFC 8415 section 18.3.4); any other state was lost.
  if (message.type === 'renew' && held.length === 0 && !isKnown(client, server))
    return [refusal(ia, dhcpv6Status.noBinding)]

  const withdrawn = extends_ && renumbering !== 'silent-old' ? gone : []
  const options = [
    ...granted.map((value) => leaseOption(ia.type, value, dhcpv6.preferredLifetime, dhcpv6.validLifetime)),
    ...withdrawn.map((value) => leaseOption(ia.type, value, 0, 0)),
  ]
  const given: Dhcpv6Option =
    options.length === 0
      ? refusal(ia, unavailable[ia.type])
      : { type: ia.type, iaid: ia.iaid, t1: dhcpv6.t1, t2: dhcpv6.t2, options }
  if (message.type === 'solicit') return [given]
  const validUntil = dhcpv6.validLifetime === 0xffffffff ? Number.POSITIVE_INFINITY : server.now + dhcpv6.validLifetime
  // What was not withdrawn ends with the lifetime that the client knows.
  const kept = binding?.leases.filter(({ value }) => renumbering === 'silent-old' && !granted.includes(value)) ?? []
  const leases = [...granted.map((value) => ({ value, validUntil })), ...kept]
  return [given, { ...identity, leases, declined: binding?.declined ?? 0 }]
}

/** The leases that the ISP's parameters have for an IA now. */
function grantable(ia: Ia, client: Duid, { parameters, bindings }: Dhcpv6Server): string[] {
  if (ia.type === 'ia-pd') return parameters.dhcpv6.prefixes.map(network)
  if (!parameters.dhcpv6.iaNa) return []
  const declined = bindings.get(bindingKey({ kind: 'ia-na', duid: client, iaid: ia.iaid }))?.declined ?? 0
  return [addressIn(parameters.wanPrefix, interfaceId(`${client} ${ia.iaid} ${declined}`))]
}

/** RFC 8415 section 18.3.3. */
function confirm(message: Message, server: Dhcpv6Server): Dhcpv6Answer | undefined {
  const addresses = optionsOf(message, 'ia-na').flatMap(leasesOf)
  if (addresses.length === 0) return undefined
  const onLink = addresses.every((address) => inPrefix(address, server.parameters.wanPrefix))
  return answer(message, server, [statusCode(onLink ? dhcpv6Status.success : dhcpv6Status.notOnLink)])
}

/** RFC 8415 sections 18.3.7 and 18.3.8. */
function giveBack(message: Message, client: Duid, server: Dhcpv6Server): Dhcpv6Answer {
  const unknown: Dhcpv6Option[] = []
  const bindings: Binding[] = []
  for (const ia of iasOf(message)) {
    const binding = server.bindings.get(bindingKey({ kind: ia.type, duid: client, iaid: ia.iaid }))
    if (!binding?.leases.length) unknown.push(refusal(ia, dhcpv6Status.noBinding))
    else {
      const back = leasesOf(ia)
      const leases = binding.leases.filter(({ value }) => !back.includes(value))
      const declined = message.type === 'decline' ? binding.leases.length - leases.length : 0
      bindings.push({ ...binding, leases, declined: binding.declined + declined })
    }
  }
  return answer(message, server, [statusCode(dhcpv6Status.success), ...unknown], bindings)
}

/** What the client asked for with its ORO, and only that (RFC 8415 section 21.7). */
function configuration(message: Message, { parameters, resolver }: Dhcpv6Server): Dhcpv6Option[] {
  const { dns, domains, solMaxRt } = parameters.dhcpv6
  const asked = (name: 'dns-servers' | 'domain-list' | 'sol-max-rt') =>
    option(message, 'oro')?.codes.includes(dhcpv6OptionCode(name))
  const options: Dhcpv6Option[] = []
  if (dns && asked('dns-servers')) options.push({ type: 'dns-servers', servers: [resolver] })
  if (domains.length > 0 && asked('domain-list')) options.push({ type: 'domain-list', domains })
  if (solMaxRt !== undefined && asked('sol-max-rt')) options.push({ type: 'sol-max-rt', value: solMaxRt })
  return options
}

function answer(
  message: Message,
  server: Dhcpv6Server,
  options: Dhcpv6Option[],
  bindings: Binding[] = [],
): Dhcpv6Answer {
  const client = option(message, 'client-id')
  const identities: Dhcpv6Option[] = [{ type: 'server-id', duid: server.duid }]
  if (client) identities.push(client)
  const type = message.type === 'solicit' ? 'advertise' : 'reply'
  return { reply: { type, transactionId: message.transactionId, options: [...identities, ...options] }, bindings }
}

function isKnown(client: Duid, { bindings }: Dhcpv6Server): boolean {
  return [...bindings.values()].some(({ duid, leases }) => duid === client && leases.length > 0)
}

function iasOf(message: Message): Ia[] {
  return message.options.filter((one): one is Ia => one.type === 'ia-na' || one.type === 'ia-pd')
}

/** Addresses or prefixes in an IA, without hints for a length alone. */
function leasesOf(ia: Ia): string[] {
  if (ia.type === 'ia-na') return optionsOf(ia, 'ia-addr').map(({ address }) => address)
  return optionsOf(ia, 'ia-prefix')
    .map(({ prefix }) => network(prefix))
    .filter((prefix) => !prefix.startsWith('::/'))
}

function leaseOption(kind: Kind, value: string, preferredLifetime: number, validLifetime: number): Dhcpv6Option {
  return kind === 'ia-na'
    ? { type: 'ia-addr', address: value, preferredLifetime, validLifetime, options: [] }
    : { type: 'ia-prefix', preferredLifetime, validLifetime, prefix: value, options: [] }
}

function refusal(ia: Ia, code: number): Dhcpv6Option {
  return { type: ia.type, iaid: ia.iaid, t1: 0, t2: 0, options: [statusCode(code)] }
}

function statusCode(code: number): Dhcpv6Option {
  return { type: 'status-code', status: code, message: '' }
}

/** 32 bits of a hash, clear of the low identifiers that routers take. */
function interfaceId(identity: string): Ipv6Address {
  const bytes = new Uint8Array(16)
  bytes.set([0, 0, 0, 1], 8)
  bytes.set(createHash('sha256').update(identity).digest().subarray(0, 4), 12)
  return formatIpv6(bytes)
}
