import type { Timer } from '../../time/clock.ts'
import type { RetransmissionTimes } from '../behavior/retransmission.ts'
import type { Context } from '../context.ts'

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

/** RFC 8415 section 15; `maximum` is asked each time, for SOL_MAX_RT may change it. */
export function retransmission(
  { clock, random }: Context,
  times: Omit<RetransmissionTimes, 'maximum'> & { maximum(): number },
  events: RetransmissionEvents,
): Retransmission {
  let timer: Timer | undefined
  let stopped = false
  let sent = 0
  let begun = 0
  let timeout = 0

  // uniform() may give its lower bound, which RAND of a Solicit's first timeout may not be.
  const draw = ([low, high]: [number, number]): number => high - random.uniform(0, high - low)

  function nextTimeout(): number {
    const spread = sent === 1 ? times.firstRand : times.rand
    const next =
      sent === 1 || times.doubles === 'nominal'
        ? times.initial * times.growth ** (sent - 1) * (1 + draw(spread))
        : timeout * (times.growth + draw(spread))
    const maximum = times.maximum()
    return maximum > 0 && next > maximum ? maximum * (1 + draw(spread)) : next
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
