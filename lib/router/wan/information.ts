import type { Timer } from '../../time/clock.ts'
import { type Dhcpv6, option } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Context } from '../context.ts'
import { type Retransmission, retransmission } from './retransmission.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

/** What is learned without a lease, and learned again: RFC 8415 sections 18.2.6 and 21.23. */
export interface Information {
  /** There is no lease to be had: asks, unless it has begun already. */
  begin(): void
  /** INF_MAX_RT in a message of the server's: RFC 8415 section 21.25. */
  obey(message: Message): void
  /** True: it was the Reply. */
  receive(message: Message, own: Duid): boolean
  stop(): void
}

export function information(
  ctx: Context,
  events: { send(transactionId: number, elapsed: number): void; learned(reply: Message): void },
): Information {
  const { clock, random, behavior } = ctx
  let begun = false
  let transactionId: number | undefined
  let asking: Retransmission | undefined
  let refresh: Timer | undefined
  let infMaxRt: number | undefined

  function obey(message: Message): void {
    const told = option(message, 'inf-max-rt')?.value
    if (told !== undefined && behavior.infMaxRtObeyed(told)) infMaxRt = told
  }

  function ask(): void {
    const id = random.int(2 ** 24)
    transactionId = id
    const { maximum, ...times } = behavior.informationTimes
    asking = retransmission(
      ctx,
      { ...times, maximum: () => infMaxRt ?? maximum },
      { transmit: (elapsed) => events.send(id, elapsed), failed: () => {} },
    )
  }

  return {
    obey,
    begin() {
      if (begun || !behavior.informationWithoutLeases) return
      begun = true
      ask()
    },
    receive(message, own) {
      if (message.type !== 'reply' || message.transactionId !== transactionId) return false
      if (!option(message, 'server-id') || option(message, 'client-id')?.duid !== own) return true
      asking?.stop()
      transactionId = undefined
      obey(message)
      events.learned(message)
      const time = behavior.informationRefreshedAfter(option(message, 'information-refresh-time')?.value ?? 86_400)
      if (time < 0xffffffff) refresh = clock.after(time, ask)
      return true
    },
    stop() {
      asking?.stop()
      refresh?.cancel()
      transactionId = undefined
      begun = false
    },
  }
}
