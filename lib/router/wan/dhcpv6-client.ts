import type { Timer } from '../../time/clock.ts'
import type { Ipv6Address } from '../../wire/address.ts'
import { type Dhcpv6, option, optionsOf, statusOf } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { dhcpv6Status } from '../../wire/dhcpv6-options.ts'
import type { AnswerCheck } from '../behavior/dhcpv6-answers.ts'
import type { GrantedBy } from '../behavior/dhcpv6-client.ts'
import type { Context } from '../context.ts'
import type { Flash, Lease } from '../flash.ts'
import { type ClientLeases, clientLeases, grantsOf } from './client-leases.ts'
import { type Exchange, exchangeTimes, messageBody } from './client-messages.ts'
import { information } from './information.ts'
import { reconfiguration } from './reconfigure.ts'
import { type Retransmission, retransmission } from './retransmission.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>
/** RFC 1123 section 2.1, and the underscore that is used in practice: other names are not advertised on the LAN. */
const hostName = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i
/** Seconds until an infinite lifetime ends where it overflows. */
const overflowAfter = 5
const forever = { preferredUntil: Number.POSITIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY }

/** RFC 7084 L-12: SIP and time servers. */
const passedOn: ReadonlySet<unknown> = new Set(['sip-domains', 'sip-servers', 'sntp-servers', 'ntp-server'])

export type ClientFlash = Pick<Flash, 'duid' | 'lease'>

export interface ClientEvents {
  /** `to` is All_DHCP_Relay_Agents_and_Servers unless given. */
  send(message: Message, to?: Ipv6Address): void
  /** What is leased, or learned with it, is different now. */
  changed(): void
  /** One of them was answered. */
  extended(by: 'renew' | 'rebind'): void
}

/** The DHCPv6 client on the WAN: RFC 8415 section 18.2, RFC 7084 WAA and WPD. */
export interface Dhcpv6Client {
  /** An RA asked for it: an address where M=1 (RFC 7084 WAA-6), a prefix (WPD-4). May be called again. */
  start(wanted: { address: boolean; prefix: boolean }): void
  /** Restarts Solicit with the current IAs, where no server has been chosen yet. */
  anew(): void
  /** It has asked before: leases are rebound, without waiting for an RA. */
  resume(): void
  /** What is on-link has changed significantly: RFC 9915 section 18.2.12. */
  linkPrefixesChanged(): void
  /** The cable is out: leases stay as long as they live, and are rebound when `start` is called again. */
  pause(): void
  /** Gives the leases back (RFC 8415 section 18.2.7). */
  release(done: () => void): void
  /** Another node has this address: RFC 8415 section 18.2.8. */
  decline(address: Ipv6Address): void
  leases(): Lease[]
  resolvers(): Ipv6Address[]
  domains(): string[]
  /** Other options of the ISP that may be advertised on the LAN: RFC 7084 L-12. */
  stateless(): Dhcpv6Option[]
  /** `alone`: it was sent to this router by unicast. */
  receive(message: Dhcpv6, alone: boolean): void
}

export function dhcpv6Client(ctx: Context, flash: ClientFlash, events: ClientEvents): Dhcpv6Client {
  const { clock, random, behavior } = ctx
  const held: ClientLeases = clientLeases(ctx)
  const keys = reconfiguration(ctx)
  const unleased = information(ctx, {
    send: (transactionId, elapsed) => send('information-request', transactionId, elapsed),
    learned(reply) {
      learn(reply)
      events.changed()
    },
  })
  /** A DUID is never to change; what changes it is a mutant. */
  const bootDuid = behavior.duid === 'new at each boot' ? freshDuid() : flash.duid
  let wantsAddress = false
  let wantsPrefix = false
  let running: { type: Exchange; transactionId: number; retransmission: Retransmission; done?: () => void } | undefined
  let active = false
  let started = false
  let alive = true
  /** Stored leases are used again only once a server has confirmed them: RFC 8415 section 18.2.12. */
  let confirmed = false
  let server: Duid | undefined
  let offer: Message | undefined
  let collecting = false
  let solMaxRt: number | undefined
  let t1 = Number.POSITIVE_INFINITY
  let t2 = Number.POSITIVE_INFINITY
  let resolvers: Ipv6Address[] = []
  let domains: string[] = []
  let stateless: Dhcpv6Option[] = []
  /** Where the server wants to be asked by unicast: RFC 8415 section 21.12. */
  let unicast: Ipv6Address | undefined
  let timers: Timer[] = []
  let expiry: Timer | undefined
  let overdue: Lease[] = []
  /** Granted prefixes that are not used, and whether the next Reply changes that; a correct client has none. */
  const unused = new Map<string, 'with the next Reply' | 'never'>()
  let wasUnbound = false
  /** Nothing was answered since the restart, from which a lease is known. */
  let isResumed = false
  let refusals = 0
  let lastTransactionId = behavior.transactionIds === 'counted' ? random.int(2 ** 20) : 0

  function freshDuid(): Duid {
    return `0004${[...random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }

  /** MRD until a point in time; without end there is none. */
  const durationTo = (time: number): number =>
    time === Number.POSITIVE_INFINITY ? 0 : Math.max(0.001, time - clock.now())

  const newTransactionId = (): number => {
    lastTransactionId = behavior.transactionIds === 'drawn' ? random.int(2 ** 24) : lastTransactionId + 1
    return lastTransactionId
  }

  const halt = (): void => {
    running?.retransmission.stop()
    running = undefined
    for (const timer of timers) timer.cancel()
    timers = []
  }

  const body = (type: Exchange): Dhcpv6Option[] =>
    messageBody(ctx, type, { held, server, offer, wantsAddress, wantsPrefix })

  const send = (type: Exchange, transactionId: number, elapsed: number, options = body(type)): void =>
    events.send(
      {
        type: type === 'confirm-rebind' ? 'rebind' : type,
        transactionId,
        options: behavior.clientOptionOrder([
          { type: 'client-id', duid: bootDuid },
          { type: 'elapsed-time', value: behavior.elapsedTime(elapsed) },
          ...options,
        ]),
      },
      type === 'renew' || type === 'request' ? unicast : undefined,
    )

  function begin(type: Exchange, options?: { body?: Dhcpv6Option[]; duration?: number; done?: () => void }): void {
    halt()
    const transactionId = newTransactionId()
    if (type === 'solicit') {
      offer = undefined
      collecting = behavior.advertisesCollected !== false
    }
    const { maximum, ...rest } = behavior[exchangeTimes[type]]
    const made = retransmission(
      ctx,
      {
        ...rest,
        duration: options?.duration ?? rest.duration,
        maximum: () => (type === 'solicit' ? (solMaxRt ?? maximum) : maximum),
      },
      {
        transmit(elapsed) {
          if (running && elapsed > 0 && !behavior.transactionIdKept(type)) running.transactionId = random.int(2 ** 24)
          send(type, running?.transactionId ?? transactionId, elapsed, options?.body)
        },
        timedOut() {
          if (type !== 'solicit') return false
          collecting = behavior.advertisesCollected === 'in every timeout'
          if (offer) accept(offer)
          return offer !== undefined
        },
        failed: () => failed(type),
      },
    )
    running = { type, transactionId, retransmission: made, ...(options?.done && { done: options.done }) }
  }

  /** An answer was too much for it. */
  function die(): void {
    alive = false
    active = false
    halt()
    held.clear()
    leasesChanged()
  }

  /** What is left is extended, and another address asked for with it: RFC 8415 section 18.2.10.1. */
  function afterDecline(): void {
    if (held.list().length === 0) begin('solicit')
    else if (behavior.afterDecline === 'at T1') bind()
    else begin('renew', { duration: durationTo(t2) })
  }

  function failed(type: Exchange) {
    const done = running?.done
    halt()
    if (type === 'release') return done?.()
    if (type === 'renew') return atT2()
    if (type === 'decline') return afterDecline()
    if (type === 'confirm-rebind' && behavior.unconfirmedLeases === 'dropped') {
      held.clear()
      leasesChanged()
    }
    if (type === 'solicit' || (type === 'request' && behavior.requestFailedLeadsTo === 'nothing')) return
    begin('solicit')
  }

  function atT2(): void {
    if (behavior.atT2 === 'solicit') {
      held.clear()
      leasesChanged()
      begin('solicit')
    } else if (behavior.atT2 === 'renew') begin('renew')
    else begin('rebind', { duration: durationTo(held.lastEnd()) })
    if (behavior.atT2 === 'rebind and renew') clock.after(0.5, () => send('renew', random.int(2 ** 24), 0))
  }

  /** T1 and T2 lead to Renew and Rebind: RFC 8415 sections 18.2.4 and 18.2.5. */
  function bind(): void {
    halt()
    const away = (time: number): number => Math.max(0, time - clock.now())
    const late = behavior.leaseTimersLate
    const renew = clock.now() + away(t1) * behavior.renewAtShareOfT1 + late
    const bound = clock.now()
    const toT2 = away(t2)
    const rebind = () => bound + toT2 * behavior.rebindAtShareOfT2 + late
    timers = [clock.after(away(renew), () => begin('renew', { duration: durationTo(rebind()) }))]
  }

  /** What is over is over at its time, whatever is being asked: RFC 8415 section 18.2.5. */
  function watchExpiry(): void {
    expiry?.cancel()
    const end = held.firstEnd()
    if (end === Number.POSITIVE_INFINITY) return
    expiry = clock.after(end - clock.now() + behavior.expiryNoticedAfter, () => {
      const before = held.list()
      if (held.expire()) {
        const ended = before.filter((lease) => !held.list().includes(lease))
        overdue = ended.filter(({ kind }) => kind === behavior.usedAfterExpiry)
        leasesChanged()
      }
      if (held.list().length === 0 && behavior.afterExpiry === 'nothing') return halt()
      if (held.list().length === 0 && active && running?.type !== 'solicit' && running?.type !== 'request')
        begin('solicit')
    })
  }

  function leasesChanged(): void {
    flash.lease = server === undefined ? undefined : { server, leases: [...held.list()] }
    watchExpiry()
    events.changed()
  }

  const worth = (message: Message): number =>
    (behavior.highestPreferenceWins ? (option(message, 'preference')?.value ?? 0) * 100 : 0) +
    iasOf(message).filter((ia) => grantsOf(ia).length > 0).length

  /** RFC 8415 section 18.2.9. */
  function advertised(message: Message): void {
    if (!offers(message)) {
      // RFC 7084 WAA-10: with M=0 there may never be a lease to learn the rest with.
      if (!wantsAddress || behavior.addressAskedFor === 'with every RA') unleased.begin()
      const how = behavior.emptyAdvertise(message)
      if (how === 'accepted') accept(message)
      if (how === 'restarts') begin('solicit')
      return
    }
    const address = optionsOf(message, 'ia-na').some((ia) => grantsOf(ia).length > 0)
    if (wantsAddress && !address && behavior.prefixAlone === 'not when advertised') return
    const prefix = optionsOf(message, 'ia-pd').some((ia) => grantsOf(ia).length > 0)
    if (wantsPrefix && !prefix && behavior.addressAlone === 'not when advertised') return
    if (!offer || worth(message) > worth(offer)) offer = message
    const best = option(message, 'preference')?.value === 255 && behavior.preference255AtOnce
    if (!collecting || best) accept(offer)
  }

  function accept(message: Message) {
    server = option(message, 'server-id')?.duid
    if (behavior.requestFollowsAfter === 0) return begin('request')
    halt()
    timers = [clock.after(behavior.requestFollowsAfter, () => begin('request'))]
  }

  /** A Reply without leases: the client restarts with Solicit, later each time (RFC 8415 section 14.1). */
  function unusable(): void {
    halt()
    refusals++
    const { wait, next } = behavior.afterRefusal
    timers.push(clock.after(refusals === 1 ? 0 : Math.min(wait, 2 ** refusals), () => begin(next)))
  }

  /** RFC 8415 section 18.2.10.4: what is leased stays as it is. */
  function informed(message: Message): void {
    learn(message)
    events.changed()
    bind()
  }

  /** RFC 8415 section 18.2.11. */
  function reconfigured(message: Message, alone: boolean): void {
    const demand = keys.demanded(message, bootDuid, alone)
    if (!demand || !active || held.list().length === 0) return
    if (running && behavior.reconfigureMeanwhile === 'ignored') return
    const end = { renew: t2, rebind: held.lastEnd(), 'information-request': Number.POSITIVE_INFINITY }[demand]
    const named = behavior.rebindNamesServer === 'when it was demanded' && demand === 'rebind' && server
    const again = named && { body: [{ type: 'server-id' as const, duid: named }, ...body(demand)] }
    const obey = () => begin(demand, { duration: durationTo(end), ...again })
    if (behavior.reconfigureObeyedAfter === 0) obey()
    else timers.push(clock.after(behavior.reconfigureObeyedAfter, obey))
  }

  /** RFC 8415 section 18.2.10.1. */
  function replied(type: Exchange, message: Message) {
    const address = option(message, 'ia-na')
    if (wantsAddress && !address && behavior.prefixAlone === 'not when granted') return
    const refused = optionsOf(message, 'ia-pd').some((ia) => statusOf(ia) === dhcpv6Status.noPrefixAvail)
    if (type === 'request' && refused && behavior.noPrefix === 'spoils the address') return begin('solicit')
    const lacksAddress = optionsOf(message, 'ia-na').some((ia) => statusOf(ia) === dhcpv6Status.noAddrsAvail)
    if (type !== 'request' && lacksAddress && behavior.noAddress === 'refuses the Reply') return
    const overall = statusOf(message)
    const mistaken = option(message, 'status-code') && behavior.successMistaken === 'at the top'
    if (overall === dhcpv6Status.unspecFail && behavior.unspecFail !== 'waited out' && type !== 'request') {
      if (typeof behavior.unspecFail === 'object') {
        const again = () => begin(type, { duration: durationTo(held.lastEnd()) })
        return void timers.push(clock.after(behavior.unspecFail.askedAgainAfter, again))
      }
      held.clear()
      leasesChanged()
      return begin('solicit')
    }
    if (overall === dhcpv6Status.useMulticast && behavior.useMulticast !== 'waited out' && type !== 'request') {
      halt()
      if (behavior.useMulticast === 'never asked again') return
      held.clear()
      leasesChanged()
      return begin('solicit')
    }
    if (overall === dhcpv6Status.unspecFail || overall === dhcpv6Status.useMulticast || mistaken) {
      // The exchange goes on, but not at once.
      const { wait, next } = behavior.afterRefusal
      if (type === 'request') timers.push(clock.after(wait, () => begin(next)))
      return
    }
    const elsewhere = optionsOf(message, 'ia-na').some((ia) => statusOf(ia) === dhcpv6Status.notOnLink)
    if (overall === dhcpv6Status.notOnLink || (elsewhere && behavior.notOnLink === 'nothing')) {
      if (behavior.notOnLink === 'nothing') return halt()
      return begin('solicit')
    }
    if (!behavior.informationWithLeases) unleased.stop()
    const answering = option(message, 'server-id')?.duid
    const isAnother = type === 'rebind' && answering !== server
    if (isAnother && behavior.rebindAnsweredByAnother === 'begins discovery') {
      held.clear()
      leasesChanged()
      return begin('solicit')
    }
    if (!isAnother || behavior.rebindAnsweredByAnother === 'taken') server = answering
    const offered = option(message, 'server-unicast')?.address
    unicast = offered && behavior.serverUnicast === 'used' ? offered : undefined
    const granted = elsewhere && offer && behavior.notOnLink === 'address taken' ? offer : message
    const before = held.list()
    const { unbound, times } = held.take(granted)
    noteUnused(type, before)
    if (behavior.infiniteLifetime === 'over soon') overflow()
    wasUnbound = unbound.length > 0
    isResumed = false
    confirmed = true
    learn(message)
    leasesChanged()
    if (type === 'renew' || type === 'rebind') events.extended(type)
    if (unbound.length > 0 && type !== 'request' && behavior.noBindingLeadsTo === 'request') {
      offer = undefined
      const that = behavior.noBindingRequest === 'that IA' && unbound
      return begin('request', that ? { body: body('request').filter(isAbout(that)) } : {})
    }
    if (held.list().length === 0) return unusable()
    refusals = 0
    if (times) {
      t1 = times.t1
      t2 = times.t2
    }
    // A Reply to Confirm holds no times.
    if (type === 'confirm' && t1 === Number.POSITIVE_INFINITY) return begin('renew')
    if (behavior.informationWithLeases) unleased.begin()
    if (behavior.missingIa === 'retransmitted' && lacksIa(type, message)) return
    if (type === 'rebind' && !behavior.renewsAfterRebind) t1 = t2
    if (t1 > clock.now()) return bind()
    // Nothing was extended: it is asked for again, but not at once.
    if (type === 'renew' || type === 'rebind') return
    begin('rebind', { duration: durationTo(held.lastEnd()) })
  }

  /** A counter ends what should last for ever. */
  function overflow(): void {
    const endless = held.list().filter(({ validUntil }) => validUntil === Number.POSITIVE_INFINITY)
    if (endless.length > 0)
      clock.after(overflowAfter, () => {
        for (const { value } of endless) held.drop(value)
        leasesChanged()
      })
  }

  function noteUnused(type: Exchange, before: readonly Lease[]): void {
    for (const [prefix, until] of unused) if (until === 'with the next Reply') unused.delete(prefix)
    const fresh = held
      .list()
      .filter(({ kind, value }) => kind === 'ia-pd' && !before.some((one) => one.value === value))
    for (const { value } of fresh) {
      const use = behavior.newPrefixUsed(isResumed ? 'restart' : wasUnbound ? 'NoBinding' : grantedBy(type))
      if (use === 'at once') unused.delete(value)
      else unused.set(value, use)
    }
  }

  const lacksIa = (type: Exchange, message: Message): boolean =>
    (type === 'renew' || type === 'rebind') &&
    body(type).some((ia) => (ia.type === 'ia-na' || ia.type === 'ia-pd') && !option(message, ia.type))

  /** What came with the leases: RFC 8415 section 18.2.10. */
  function learn(message: Message): void {
    keys.learn(message)
    stateless = message.options.filter(({ type }) => passedOn.has(type))
    const keep = <T>(before: T[], now: T[] | undefined): T[] => {
      if (now === undefined && behavior.goneOptions === 'kept') return before
      return before.length > 0 && now && behavior.changedOptions === 'ignored' ? before : (now ?? [])
    }
    resolvers = keep(resolvers, option(message, 'dns-servers')?.servers)
    domains = keep(
      domains,
      option(message, 'domain-list')?.domains.filter((name) => hostName.test(name)),
    )
  }

  const stored = flash.lease && behavior.leaseStored ? flash.lease : undefined
  held.restore(stored?.leases ?? [])
  server = stored?.server
  isResumed = held.list().length > 0

  function start({ address, prefix }: { address: boolean; prefix: boolean }) {
    const more = (address && !wantsAddress) || (prefix && !wantsPrefix)
    if (!alive) return
    wantsAddress ||= address
    wantsPrefix ||= prefix
    if (active) {
      // RFC 8415 section 18.2.4: an IA may be added by a Renew.
      if (more && held.list().length > 0 && !running) begin('renew', { duration: durationTo(t2) })
      return
    }
    active = true
    held.expire()
    const again = started
    started = true
    if (held.list().length === 0) return begin('solicit')
    const how = again ? behavior.afterLinkChange : behavior.afterReboot
    if (again && how === 'solicit') {
      held.clear()
      leasesChanged()
    }
    if (how === 'solicit') begin('solicit')
    else if (how === 'nothing') bind()
    // RFC 8415 section 18.2.12: without a prefix a Confirm is enough.
    else if (how === 'confirm' || held.list().every(({ kind }) => kind !== 'ia-pd')) begin('confirm')
    else begin('confirm-rebind')
  }

  return {
    start,
    anew() {
      if (running?.type === 'solicit') begin('solicit')
    },
    resume() {
      if (started) start({ address: false, prefix: false })
    },
    linkPrefixesChanged() {
      if (behavior.linkPrefixChange === 'nothing' || running || held.list().length === 0) return
      begin('renew', { duration: durationTo(t2) })
    },
    pause() {
      active = false
      unleased.stop()
      held.linkLost()
      const done = running?.done
      halt()
      done?.()
    },
    release(done) {
      active = false
      unleased.stop()
      const releasing = held.list().length > 0 && server !== undefined ? body('release') : undefined
      const drop = () => {
        if (behavior.released === 'and used on') return
        held.clear()
        resolvers = []
        domains = []
        stateless = []
        leasesChanged()
      }
      // RFC 8415 section 18.2.7: a released lease is not used during the Release exchange.
      const isKept = behavior.released === 'while the LAN is served'
      if (!isKept) drop()
      const ended = () => {
        if (isKept) drop()
        done()
      }
      halt()
      if (releasing) begin('release', { body: releasing, done: ended })
      else ended()
    },
    decline(address) {
      const declined = held.options(['ia-na'], { leases: true })
      if (behavior.declineDrops === 'all leases') held.clear()
      if (behavior.declineDrops === 'the address') held.drop(address)
      leasesChanged()
      const named: Dhcpv6Option[] = server === undefined ? [] : [{ type: 'server-id', duid: server }]
      const say = () => begin('decline', { body: [...named, ...declined] })
      if (!behavior.declines) return
      if (behavior.declinesAfter > 0) timers.push(clock.after(behavior.declinesAfter, say))
      else say()
    },
    leases() {
      if (!confirmed) return []
      const used = held.list().filter(({ value }) => !unused.has(value))
      return [...used, ...overdue.map((lease) => ({ ...lease, ...forever }))]
    },
    resolvers: () => resolvers,
    domains: () => domains,
    stateless: () => stateless,
    receive(message, alone) {
      if ('transactionId' in message && message.type === 'reconfigure') return reconfigured(message, alone)
      if (!alone && behavior.multicastAnswers === 'ignored') return
      if (!('transactionId' in message) || unleased.receive(message, bootDuid) || !running) return
      if (!behavior.answerSurvived(message)) return die()
      // RFC 8415 sections 16.1, 16.3 and 16.10.
      const client = option(message, 'client-id')
      const flaws: Record<AnswerCheck, boolean> = {
        transaction: message.transactionId !== running.transactionId,
        server: !option(message, 'server-id'),
        client: !client,
        'own client': client !== undefined && client.duid !== bootDuid,
      }
      if (Object.values(flaws).includes(true)) {
        const checks = message.type === 'advertise' ? behavior.advertiseChecks : behavior.replyChecks
        if (checks.some((check) => flaws[check])) return
      }
      unleased.obey(message)
      const maximum = option(message, 'sol-max-rt')?.value
      const read = message.type !== 'advertise' || offers(message) || behavior.emptyAdvertiseRead
      if (maximum !== undefined && behavior.solMaxRtObeyed(maximum) && read) solMaxRt = maximum
      if (maximum !== undefined && maximum > 86_400) solMaxRt = behavior.longestSolMaxRt ?? solMaxRt
      const { type, done } = running
      if (type === 'solicit') {
        if (message.type === 'advertise') advertised(message)
        else if (behavior.rapidCommit && message.type === 'reply' && option(message, 'rapid-commit'))
          replied(type, message)
      } else if (message.type !== 'reply') return
      else if (type === 'release') {
        const unknown = iasOf(message).some((ia) => statusOf(ia) === dhcpv6Status.noBinding)
        if (unknown && !behavior.noBindingEndsRelease) return
        halt()
        done?.()
      } else if (type === 'decline') afterDecline()
      else if (type === 'information-request') informed(message)
      else replied(type, message)
    },
  }
}

const grantedBy = (type: Exchange): GrantedBy =>
  type === 'renew' ? 'Renew' : type === 'rebind' || type === 'confirm-rebind' ? 'Rebind' : 'discovery'

/** IAs of these kinds, and all that is no IA. */
const isAbout =
  (kinds: readonly Dhcpv6Option['type'][]) =>
  ({ type }: Dhcpv6Option): boolean =>
    (type !== 'ia-na' && type !== 'ia-pd') || kinds.includes(type)

const offers = (message: Message): boolean =>
  iasOf(message).some(
    (ia) =>
      statusOf(ia) === dhcpv6Status.success &&
      // RFC 8415 sections 21.6 and 21.22.
      grantsOf(ia).some((one) => one.preferredLifetime <= one.validLifetime),
  )

function iasOf(message: Message) {
  return [...optionsOf(message, 'ia-na'), ...optionsOf(message, 'ia-pd')]
}
