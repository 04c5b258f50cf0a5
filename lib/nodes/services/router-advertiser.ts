import type { Frame, IspParameters } from '../../recording/recording.ts'
import type { Timer } from '../../time/clock.ts'
import type { Mac } from '../../wire/address.ts'
import type { Icmpv6Body } from '../../wire/icmpv6.ts'
import type { NdOption } from '../../wire/nd-options.ts'
import type { Packet } from '../../wire/packet.ts'
import type { NodeContext } from '../context.ts'
import { plain, type Variety } from '../variety.ts'

/** MAX_RA_DELAY_TIME and MIN_DELAY_BETWEEN_RAS, RFC 4861 section 10. */
const MAX_RA_DELAY_TIME = 0.5
const MIN_DELAY_BETWEEN_RAS = 3

export interface RouterAdvertiser {
  /** A valid RS came. */
  solicited(solicitation: Packet): void
  /** Sends one now, independently of the timers. */
  advertise(why: string): Frame
  /** Restarts the interval. */
  reschedule(): void
  close(): void
}

/** RFC 4861 section 6.2: when to send RAs, to all nodes or to the one that sent this solicitation. */
export function routerAdvertiser(
  ctx: NodeContext,
  interval: () => number,
  send: (why: string, to?: Packet) => Frame,
  variety = plain,
): RouterAdvertiser {
  // RFC 4861 section 6.2.6 leaves both to the router.
  const answersAlone = variety.pick('solicited RA', ['to all', 'to who asked']) === 'to who asked'
  // MinRtrAdvInterval, section 6.2.1.
  const shortest = variety.pick('RA interval, shortest share', [1, 0.75, 0.5])
  const next = () => ctx.random.uniform(shortest, 1) * interval()
  let unsolicited: Timer | undefined
  let answer: Timer | undefined
  let lastSent = Number.NEGATIVE_INFINITY

  const advertise = (why: string): Frame => {
    answer?.cancel()
    answer = undefined
    lastSent = ctx.clock.now()
    const frame = send(why)
    reschedule(next())
    return frame
  }
  const reschedule = (delay: number): void => {
    unsolicited?.cancel()
    if (interval() > 0) unsolicited = ctx.clock.after(delay, () => void advertise('unsolicited RA'))
  }

  // A router that has been there for long: its timer is anywhere in the interval.
  reschedule(ctx.random.uniform(0, interval()))
  return {
    solicited(solicitation) {
      if (interval() === 0) return
      const delay = ctx.random.uniform(0, MAX_RA_DELAY_TIME)
      // RFC 4861 section 6.2.6: no node can be answered by unicast at the unspecified address.
      if (answersAlone && solicitation.ip6?.src !== '::') {
        ctx.clock.after(delay, () => void (interval() > 0 && send('answers the RS', solicitation)))
        return
      }
      if (answer) return
      const now = ctx.clock.now()
      // RFC 4861 section 6.2.6.
      const at = Math.max(now + delay, lastSent + MIN_DELAY_BETWEEN_RAS)
      answer = ctx.clock.after(at - now, () => {
        answer = undefined
        if (interval() > 0) advertise('answers the RS')
      })
    },
    advertise,
    reschedule: () => reschedule(next()),
    close() {
      unsolicited?.cancel()
      answer?.cancel()
    },
  }
}

/** RFC 4861 section 6.2.3. */
export function advertisementOf(
  { ra, wanPrefix }: IspParameters,
  linkLayerAddress: Mac | undefined,
  variety = plain,
): Extract<Icmpv6Body, { hopLimit: number }> {
  const options = rareOptions(ra.interval, variety)
  if (linkLayerAddress !== undefined) options.unshift({ type: 'source-link-layer', mac: linkLayerAddress })
  if (ra.mtu !== undefined) options.push({ type: 'mtu', mtu: ra.mtu })
  if (ra.autonomous !== undefined)
    options.push({
      type: 'prefix-information',
      prefix: wanPrefix,
      onLink: ra.onLink,
      autonomous: ra.autonomous,
      validLifetime: ra.validLifetime,
      preferredLifetime: ra.preferredLifetime,
    })
  if (ra.pref64) options.push({ type: 'pref64', plc: 0, ...ra.pref64 })
  return {
    type: 'router-advertisement',
    // 0: unspecified, as the two timers are by default (RFC 4861 section 4.2).
    hopLimit: variety.pick('RA hop limit', [64, 0, 255]),
    managed: ra.managed,
    other: ra.other,
    preference: 'medium',
    routerLifetime: ra.routerLifetime,
    // Milliseconds: the default values (RFC 4861 section 10).
    ...(variety.pick('RA timers', ['unspecified', 'stated']) === 'stated'
      ? { reachableTime: 30_000, retransTimer: 1000 }
      : { reachableTime: 0, retransTimer: 0 }),
    options: ordered(options, variety),
  }
}

/** What a router ignores that does not know it (RFC 4861 section 4.6). */
function rareOptions(interval: number, variety: Variety): NdOption[] {
  const kind = variety.pick('rare RA options', ['none', 'none', 'Advertisement Interval', 'unassigned', 'both'])
  // RFC 6275 section 7.3: two octets are reserved, then milliseconds.
  const milliseconds = Math.max(30, interval) * 1000
  const advertisementInterval: NdOption = {
    type: 7,
    data: Uint8Array.of(0, 0, milliseconds >>> 24, milliseconds >>> 16, milliseconds >>> 8, milliseconds),
  }
  const unassigned: NdOption = { type: 98, data: variety.octets('unassigned ND option', 14) }
  if (kind === 'none') return []
  return kind === 'both'
    ? [advertisementInterval, unassigned]
    : [kind === 'unassigned' ? unassigned : advertisementInterval]
}

/** RFC 4861 section 4.6: options may stand in any order. */
function ordered(options: NdOption[], variety: Variety): NdOption[] {
  return variety.pick('RA options', ['as usual', 'the other way round']) === 'as usual' ? options : options.reverse()
}
