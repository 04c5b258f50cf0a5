import type { Timer } from '../time/clock.ts'
import type { Context } from './context.ts'

/** RFC 8415 section 15 and 7.6; seconds, 0 for no limit. */
export interface RetransmissionTimes {
  initial: number
  /** MRT; asked each time, for SOL_MAX_RT may change it. */
  maximum(): number
  attempts: number
  /** MRD. */
  duration: number
  /** Random delay before the first: up to this many seconds. */
  delay: number
  /** The first RAND is strictly above 0: RFC 8415 section 18.2.1. */
  firstPositive: boolean
}

export interface Retransmission {
  stop(): void
}

export interface RetransmissionEvents {
  /** `elapsed` in hundredths of a second since the first transmission. */
  transmit(elapsed: number): void
  /** A timeout is over, before the next transmission. True: the exchange has ended. */
  timedOut?(): boolean
  /** Attempts or duration are used up. */
  failed(): void
}

/** RAND, RFC 8415 section 15. */
const rand = 0.1

export function retransmission(
  { clock, random, behaviour }: Context,
  times: RetransmissionTimes,
  events: RetransmissionEvents,
): Retransmission {
  let timer: Timer | undefined
  let stopped = false
  let sent = 0
  let begun = 0
  let timeout = 0

  const spread = (first: boolean): number => {
    const solicit = first && times.firstPositive
    if (!behaviour.retransmissionRandomized) return solicit ? rand / 2 : 0
    if (solicit && !behaviour.firstSolicitRandomPositive) return random.uniform(-rand, -rand * 0.7)
    // uniform() may give its lower bound, and this RAND may not be 0.
    return solicit ? rand - random.uniform(0, rand) : random.uniform(-rand, rand)
  }

  function nextTimeout(): number {
    const maximum = times.maximum()
    const fixed = behaviour.retransmission === 'fixed'
    let next = sent === 1 || fixed ? times.initial * (1 + spread(true)) : timeout * (2 + spread(false))
    if (maximum > 0 && next > maximum) next = maximum * (1 + spread(false))
    return next
  }

  function send(): void {
    if (sent === 0) begun = clock.now()
    sent++
    events.transmit(Math.min(0xffff, Math.round((clock.now() - begun) * 100)))
    if (stopped) return
    timeout = nextTimeout()
    const rest = times.duration > 0 ? begun + times.duration - clock.now() : Number.POSITIVE_INFINITY
    timer = clock.after(Math.min(timeout, rest), () => {
      if (events.timedOut?.() || stopped) return
      const over =
        (times.attempts > 0 && sent >= times.attempts) ||
        (times.duration > 0 && clock.now() - begun >= times.duration - 1e-9)
      if (over) events.failed()
      else send()
    })
  }

  timer = clock.after(random.uniform(0, times.delay), send)
  return {
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
