import type { Frame, IspParameters } from '../../recording/recording.ts'
import type { Timer } from '../../time/clock.ts'
import type { Icmpv6Body } from '../../wire/icmpv6.ts'
import type { NdOption } from '../../wire/nd-options.ts'
import type { Mac } from '../../wire/packet.ts'
import type { NodeContext } from '../context.ts'

/** MAX_RA_DELAY_TIME and MIN_DELAY_BETWEEN_RAS, RFC 4861 section 10. */
const MAX_RA_DELAY_TIME = 0.5
const MIN_DELAY_BETWEEN_RAS = 3

export interface RouterAdvertiser {
  /** A valid RS came. */
  solicited(): void
  /** Sends one now, whatever the timers say. */
  advertise(why: string): Frame
  /** Starts to wait for the interval anew. */
  reschedule(): void
  close(): void
}

/** RFC 4861 section 6.2: when to send RAs. All go to all nodes. */
export function routerAdvertiser(
  ctx: NodeContext,
  interval: () => number,
  send: (why: string) => Frame,
): RouterAdvertiser {
  let unsolicited: Timer | undefined
  let answer: Timer | undefined
  let lastSent = Number.NEGATIVE_INFINITY

  const advertise = (why: string): Frame => {
    answer?.cancel()
    answer = undefined
    lastSent = ctx.clock.now()
    const frame = send(why)
    reschedule(interval())
    return frame
  }
  const reschedule = (delay: number): void => {
    unsolicited?.cancel()
    if (interval() > 0) unsolicited = ctx.clock.after(delay, () => void advertise('unsolicited RA'))
  }

  // A router that has been there for long: its timer is anywhere in the interval.
  reschedule(ctx.random.uniform(0, interval()))
  return {
    solicited() {
      if (answer || interval() === 0) return
      const now = ctx.clock.now()
      const delay = ctx.random.uniform(0, MAX_RA_DELAY_TIME)
      // RFC 4861 section 6.2.6.
      const at = Math.max(now + delay, lastSent + MIN_DELAY_BETWEEN_RAS)
      answer = ctx.clock.after(at - now, () => {
        answer = undefined
        if (interval() > 0) advertise('answers the RS')
      })
    },
    advertise,
    reschedule: () => reschedule(interval()),
    close() {
      unsolicited?.cancel()
      answer?.cancel()
    },
  }
}

/** RFC 4861 section 6.2.3. */
export function advertisementOf({ ra, wanPrefix }: IspParameters, mac: Mac): Extract<Icmpv6Body, { hopLimit: number }> {
  const options: NdOption[] = [{ type: 'source-link-layer', mac }]
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
    hopLimit: 64,
    managed: ra.managed,
    other: ra.other,
    preference: 'medium',
    routerLifetime: ra.routerLifetime,
    reachableTime: 0,
    retransTimer: 0,
    options,
  }
}
