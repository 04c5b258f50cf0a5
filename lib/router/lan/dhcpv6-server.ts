import { type Ipv6Address, inPrefix, network, prefixContains } from '../../wire/address.ts'
import { type Dhcpv6, option, optionsOf, statusOf } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option, Dhcpv6OptionName } from '../../wire/dhcpv6-option.ts'
import { dhcpv6OptionCode, dhcpv6Status } from '../../wire/dhcpv6-options.ts'
import { type Context, INFINITY, left } from '../context.ts'
import type { Binding } from '../flash.ts'
import type { LanPrefixes } from './lan-prefixes.ts'
import type { LanReconfigure } from './lan-reconfigure.ts'
import { messageFlaw } from './message-flaws.ts'
import { fitsLink, type ServerBindings } from './server-bindings.ts'
import type { Asker, Available } from './sub-prefixes.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>
type Ia = Extract<Dhcpv6Option, { type: 'ia-na' } | { type: 'ia-pd' }>

export interface ServerNeeds {
  duid: Duid
  lan: number
  prefixes: LanPrefixes
  bindings: ServerBindings
  reconfiguration: Pick<LanReconfigure, 'offered'>
  resolvers(): Ipv6Address[]
  domains(): string[]
  /** Other stateless options of the ISP's: RFC 7084 L-12. */
  stateless(): Dhcpv6Option[]
}

/**
 * The DHCPv6 server of one LAN: RFC 7084 L-8 to L-12, RFC 9818, RFC 9096 section 3.5. Undefined: the message is
 * discarded.
 */
export function dhcpv6Server({ clock, behavior }: Context, needs: ServerNeeds) {
  const { duid, lan, prefixes, bindings } = needs

  const statusCode = (code: number): Dhcpv6Option => ({
    type: 'status-code',
    status: code,
    message: behavior.statusMessage,
  })

  /** What the client asked for: RFC 8415 section 18.3. */
  function configuration(message: Message): Dhcpv6Option[] {
    const asked = (name: Dhcpv6OptionName) =>
      option(message, 'oro')?.codes.includes(dhcpv6OptionCode(name)) === true || behavior.unaskedOptions
    const servers = needs.resolvers()
    const domains = needs.domains()
    return [
      ...(asked('dns-servers') && servers.length > 0 ? [{ type: 'dns-servers', servers } as const] : []),
      ...(behavior.offersServerUnicast
        ? servers.slice(0, 1).map((address) => ({ type: 'server-unicast', address }) as const)
        : []),
      ...(asked('domain-list') && domains.length > 0 && behavior.offersDomainList
        ? [{ type: 'domain-list', domains } as const]
        : []),
      ...needs
        .stateless()
        .filter(
          ({ type }) => typeof type === 'string' && type !== 'malformed' && asked(type) && behavior.passesOn(type),
        ),
    ]
  }

  const served = (kind: Binding['kind']): boolean =>
    kind === 'ia-na' ? behavior.servesAddresses : behavior.subDelegates === 'prefixes'

  /** What each lease was first given for. */
  const granted = new Map<string, ReturnType<typeof lifetimesOf> & { at: number }>()

  /** RFC 9096 L-15, L-16: never longer than the ISP's lease, and never longer than the limits. */
  function lifetimesOf(kind: Binding['kind'], { preferredUntil, validUntil }: Available) {
    const { preferred, valid } = behavior.limits(kind)
    const { longestLease } = behavior
    const limit = { preferred: Math.min(preferred, longestLease / 2), valid: Math.min(valid, longestLease) }
    if (behavior.leasesOutliveDelegation) return { preferredLifetime: 86_400, validLifetime: 86_400 }
    if (!behavior.lifetimesFollowLease(kind)) return { preferredLifetime: limit.preferred, validLifetime: limit.valid }
    const validLifetime = Math.min(left(clock, validUntil), limit.valid)
    return {
      preferredLifetime: Math.min(left(clock, preferredUntil), limit.preferred, validLifetime),
      validLifetime,
    }
  }

  const leaseOption = (kind: Ia['type'], value: string, lifetimes: ReturnType<typeof lifetimesOf>): Dhcpv6Option =>
    kind === 'ia-na'
      ? { type: 'ia-addr', address: value, ...lifetimes, options: [] }
      : { type: 'ia-prefix', prefix: value, ...lifetimes, options: [] }

  const refusal = (ia: Ia, code: number): Dhcpv6Option => ({
    type: ia.type,
    iaid: ia.iaid,
    t1: 0,
    t2: 0,
    options: [statusCode(code)],
  })

  const inOrder = ([inForce = [], zeroed = [], others = []]: Dhcpv6Option[][]): Dhcpv6Option[] =>
    behavior.zeroedLeases === 'last' ? [...inForce, ...zeroed, ...others] : [...zeroed, ...inForce, ...others]

  /** One IA of a Solicit, Request, Renew or Rebind. */
  function answerIa(message: Message, ia: Ia, asker: Asker): Dhcpv6Option | undefined {
    if (ia.type === 'ia-pd' && behavior.subDelegates === 'ignored') return undefined
    const withAddress = iasOf(message).some(({ type }) => type === 'ia-na')
    if (ia.type === 'ia-pd' && withAddress && behavior.prefixWithAddress === 'ignored') return undefined
    const before = iasOf(message)
      .filter(({ type }) => type === 'ia-pd')
      .indexOf(ia)
    if (before >= behavior.iaPdsOfARouter) return refusal(ia, dhcpv6Status.noPrefixAvail)
    const names = ia.type === 'ia-pd' && message.type === 'solicit' && valuesOf(ia).length > 0
    if (names && !behavior.namedHintsServed) return refusal(ia, dhcpv6Status.noPrefixAvail)
    const bound = bindings.find(asker)
    const extends_ = message.type === 'renew' || message.type === 'rebind'
    if (replaced.has(keyOf(asker)) && extends_) return refusal(ia, dhcpv6Status.noBinding)
    const mentioned = valuesOf(ia)
    if (ia.type === 'ia-pd') {
      if (bound && message.type === 'solicit' && !behavior.knownRoutersServed)
        return refusal(ia, dhcpv6Status.noPrefixAvail)
      if ((message.type === 'renew' || message.type === 'rebind') && !behavior.extendsPrefix(message.type))
        return refusal(ia, dhcpv6Status.noBinding)
    }
    const strange = (value: string) => !prefixes.inForce().some((one) => inPrefix(value, one.prefix))
    if (message.type === 'request' && ia.type === 'ia-na' && behavior.offLinkRequests === 'NotOnLink in the IA')
      if (mentioned.some(strange)) return refusal(ia, dhcpv6Status.notOnLink)
    if (extends_ && !bound && behavior.unknownLeases !== 'created')
      return message.type === 'renew' || behavior.unknownLeases === 'NoBinding'
        ? refusal(ia, dhcpv6Status.noBinding)
        : undefined
    if (extends_ && !bound && mentioned.length === 0 && message.type === 'renew')
      return behavior.unboundReported(message.type) ? refusal(ia, dhcpv6Status.noBinding) : undefined
    const available = extend(asker, bound, extends_)
    const had = bound?.leases.map(({ value }) => value) ?? []
    const isOver = extends_ && had.length > 0 && !available.some(({ value }) => had.includes(value))
    const given = isOver && behavior.staleLeases(ia.type) === 'zeroed' ? [] : available
    const stale = [...new Set([...mentioned, ...(bound?.leases.map(({ value }) => value) ?? [])])].filter(
      (value) => !given.some((one) => one.value === value),
    )
    const isTakenAway = (value: string): boolean =>
      had.includes(value) && prefixes.delegated().some((lease) => prefixContains(lease.value, value))
    if (extends_ && ia.type === 'ia-pd' && behavior.renewsWhenFull === 'not answered' && stale.some(isTakenAway))
      return undefined
    const by = message.type === 'renew' ? 'renew' : 'rebind'
    if (extends_ && ia.type === 'ia-na' && bound && stale.length === 0 && !behavior.addressesExtended(by))
      return refusal(ia, dhcpv6Status.noBinding)
    const unassigned = mentioned.filter(
      (value) => !bound?.leases.some((one) => one.value === value) && stale.includes(value),
    )
    // RFC 8415 section 18.3.4: an unknown binding is created again if that is possible, and is NoBinding otherwise.
    if (extends_ && !bound && given.length === 0 && stale.length === 0) return refusal(ia, dhcpv6Status.noBinding)
    if (given.length === 0 && ia.type === 'ia-pd' && behavior.emptyPool === 'an empty IA_PD')
      return { type: ia.type, iaid: ia.iaid, t1: 0, t2: 0, options: [] }
    if (given.length === 0 && !(extends_ && stale.length > 0))
      return refusal(ia, ia.type === 'ia-na' ? dhcpv6Status.noAddrsAvail : dhcpv6Status.noPrefixAvail)
    if (message.type !== 'solicit') bindings.bind(asker, given)
    const lifetimes = given.map((one) => {
      const { value } = one
      const fresh = lifetimesOf(ia.type, one)
      const first = granted.get(value)
      if (!extends_ || !first) granted.set(value, { ...fresh, at: clock.now() })
      if (!extends_ || !first || behavior.renewed === 'for longer') return { value, ...fresh }
      const rest = (lifetime: number) => Math.max(0, Math.floor(lifetime - (clock.now() - first.at)))
      return {
        value,
        preferredLifetime: rest(first.preferredLifetime),
        validLifetime: rest(first.validLifetime),
      }
    })
    const preferred = Math.min(INFINITY, ...lifetimes.map(({ preferredLifetime }) => preferredLifetime))
    return {
      type: ia.type,
      iaid: ia.iaid,
      t1:
        lifetimes.length === 0
          ? 0
          : Math.floor(
              preferred * behavior.grantedTimes.t1 * (ia.type === 'ia-pd' && !behavior.sameTimesInAllIas ? 0.5 : 1),
            ),
      t2: lifetimes.length === 0 ? 0 : Math.floor(preferred * behavior.grantedTimes.t2),
      options: inOrder([
        lifetimes.map(({ value, ...both }) => leaseOption(ia.type, value, both)),
        // RFC 9096 section 3.5: stale ones come back with lifetimes 0.
        extends_ && stale.length > 0 && behavior.staleLeases(asker.kind) !== 'replaced'
          ? stale.map((value) => {
              const extended =
                ia.type === 'ia-pd' && unassigned.includes(value) && behavior.unassignedPrefixes === 'extended'
              const lifetime = extended ? 600 : 0
              return leaseOption(ia.type, value, { preferredLifetime: lifetime, validLifetime: lifetime })
            })
          : [],
        behavior.successStatus === 'in each IA' ? [statusCode(dhcpv6Status.success)] : [],
      ]),
    }
  }

  function extend(asker: Asker, bound: Binding | undefined, extends_: boolean): Available[] {
    if (!served(asker.kind)) return []
    if (extends_ && bound && behavior.staleLeases(asker.kind) === 'extended') {
      const longer = clock.now() + behavior.limits(asker.kind).valid
      return bound.leases.map(({ value }) => ({ value, preferredUntil: longer, validUntil: longer }))
    }
    // A binding lasts for the lifetimes that the client received.
    return bindings.available(asker).map((one) => ({
      ...one,
      validUntil: Math.min(
        one.validUntil,
        clock.now() + Math.min(behavior.limits(asker.kind).valid, behavior.longestLease),
      ),
    }))
  }

  function giveBack(message: Message, asker: (ia: Ia) => Asker): Dhcpv6Option[] {
    const unknown: Dhcpv6Option[] = []
    for (const ia of iasOf(message)) {
      const bound = bindings.find(asker(ia))
      if (!bound) {
        if (behavior.unboundReported(message.type)) unknown.push(refusal(ia, dhcpv6Status.noBinding))
      } else if (message.type === 'release') bindings.release(bound, valuesOf(ia))
      else bindings.decline(bound, valuesOf(ia))
    }
    return [statusCode(behavior.givenBackStatus(message.type)), ...unknown]
  }

  function confirm(message: Message): Dhcpv6Option[] | undefined {
    const addresses = optionsOf(message, 'ia-na').flatMap(valuesOf)
    if (addresses.length === 0 && behavior.emptyConfirmIgnored) return undefined
    const fits = addresses.every((one) => fitsLink(prefixes, lan, one))
    return [statusCode(behavior.confirmed(fits) ? dhcpv6Status.success : dhcpv6Status.notOnLink)]
  }

  function contents(message: Message, client: Ipv6Address): Dhcpv6Option[] | undefined {
    const asker = (ia: Ia): Asker => ({
      duid: option(message, 'client-id')?.duid ?? '',
      iaid: ia.iaid,
      kind: ia.type,
      client,
      lan,
      // What a Renew or Rebind names is no hint.
      ...(ia.type === 'ia-pd' &&
        ['solicit', 'request'].includes(String(message.type)) && { hint: optionsOf(ia, 'ia-prefix')[0]?.prefix }),
    })
    switch (message.type) {
      case 'information-request': {
        const value = behavior.informationRefreshTime
        return [
          ...configuration(message),
          ...(value === undefined ? [] : [{ type: 'information-refresh-time', value } as const]),
        ]
      }
      case 'confirm':
        return confirm(message)
      case 'release':
      case 'decline':
        return giveBack(message, asker)
      default: {
        const answers = iasOf(message).flatMap((ia) => answerIa(message, ia, asker(ia)) ?? [])
        const refused = answers.every((ia) => ia.type === 'ia-pd' && statusOf(ia) === dhcpv6Status.noPrefixAvail)
        if (answers.length > 0 && refused && behavior.emptyPool === 'nothing') return undefined
        const isUnanswered = answers.length === 0 && iasOf(message).length > 0
        if (isUnanswered && behavior.renewsWhenFull === 'not answered') return undefined
        const { serverPreference: value, successStatus } = behavior
        return [
          ...(behavior.iaAnswerOrder === 'reversed' ? answers.reverse() : answers),
          ...(message.type === 'solicit' && value !== undefined ? [{ type: 'preference', value } as const] : []),
          ...(successStatus === 'at the top' && !refused ? [statusCode(dhcpv6Status.success)] : []),
          ...configuration(message),
        ]
      }
    }
  }

  /** IAs that were replaced by another of the same client; a correct server has none. */
  const replaced = new Set<string>()
  const keyOf = ({ duid: of, iaid }: Pick<Binding, 'duid' | 'iaid'>): string => `${of} ${iaid}`

  /** IA_NAs that the client of a Request has besides those which it asks for. */
  function othersOf(message: Message): Binding[] {
    const client = option(message, 'client-id')?.duid
    const asked = optionsOf(message, 'ia-na').map(({ iaid }) => iaid)
    if (message.type !== 'request' || asked.length === 0) return []
    return bindings
      .list()
      .filter(
        (one) => one.kind === 'ia-na' && one.duid === client && one.leases.length > 0 && !asked.includes(one.iaid),
      )
  }

  let alive = true

  return (message: Dhcpv6, client: Ipv6Address, unicast: boolean): Dhcpv6 | undefined => {
    if (!('transactionId' in message) || !behavior.dhcpv6Server) return undefined
    alive &&= behavior.questionSurvived(message)
    if (!alive) return undefined
    const flaw = messageFlaw(message, duid)
    if (flaw && behavior.messageDiscarded(message.type, flaw)) return undefined
    const isAnonymous = option(message, 'client-id') === undefined
    if (message.type === 'information-request' && !behavior.informationAnswered) return undefined
    if (message.type === 'information-request' && isAnonymous && !behavior.anonymousAnswered) return undefined
    const others = behavior.secondIa === 'in addition to the first' ? [] : othersOf(message)
    if (behavior.secondIa === 'in its place') for (const one of others) replaced.add(keyOf(one))
    else if (others.length > 0) {
      alive = behavior.secondIa !== 'crashes the server'
      return undefined
    }
    const clientId = option(message, 'client-id')
    // RFC 8415 section 18.4: no client was permitted to send unicast.
    const refused = unicast && !behavior.unicastServed(message.type)
    if (refused && ['solicit', 'rebind', 'confirm', 'information-request'].includes(String(message.type)))
      return undefined
    if (refused && behavior.unicastRefused === 'silently') return undefined
    const asksToCommit = message.type === 'solicit' && option(message, 'rapid-commit') !== undefined
    const commits = asksToCommit && behavior.rapidCommitServed
    const served = commits ? { ...message, type: 'request' as const } : message
    const options = refused ? [statusCode(dhcpv6Status.useMulticast)] : contents(served, client)
    if (!options) return undefined
    const type = served.type === 'solicit' ? 'advertise' : 'reply'
    return {
      type,
      transactionId: behavior.transactionIdCopied(message.type) ? message.transactionId : 0,
      options: behavior.serverOptionOrder([
        { type: 'server-id', duid },
        ...(clientId && behavior.clientIdCopied(message.type) ? [clientId] : []),
        ...(commits ? [{ type: 'rapid-commit' } as const] : []),
        ...options,
        ...needs.reconfiguration.offered(served, type, { client, lan }),
        ...behavior.serverOptions,
      ]),
    }
  }
}

function iasOf(message: Message): Ia[] {
  return message.options.filter((one): one is Ia => one.type === 'ia-na' || one.type === 'ia-pd')
}

/** Addresses or prefixes that a client names; a mere length is a hint. */
function valuesOf(ia: Ia): string[] {
  return ia.type === 'ia-na'
    ? optionsOf(ia, 'ia-addr').map(({ address }) => address)
    : optionsOf(ia, 'ia-prefix')
        .map(({ prefix }) => network(prefix))
        .filter((prefix) => !prefix.startsWith('::/'))
}
