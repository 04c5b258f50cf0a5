import { type Dhcpv6, option } from '../../wire/dhcpv6.ts'
import { keyIn, replayOf } from '../../wire/dhcpv6-auth.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Demand, ReconfigureFlaw } from '../behavior/dhcpv6-client.ts'
import type { Context } from '../context.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

const demands = { 5: 'renew', 6: 'rebind', 11: 'information-request' } as const satisfies Record<number, Demand>

/** The client's side of the Reconfiguration Key Authentication Protocol. */
export interface Reconfiguration {
  /** A Reply was taken: it may hold the key. */
  learn(reply: Message): void
  /** What it demands, if it is to be believed. */
  demanded(message: Message, own: Duid, unicast: boolean): Demand | undefined
}

export function reconfiguration({ behavior }: Context): Reconfiguration {
  let key: Uint8Array | undefined
  let newest = -1n

  function flawOf(message: Message, own: Duid, unicast: boolean): ReconfigureFlaw | undefined {
    const client = option(message, 'client-id')?.duid
    if (!unicast) return 'multicast'
    if (!option(message, 'server-id')) return 'no Server Identifier'
    if (client === undefined) return 'no Client Identifier'
    if (client !== own) return 'another client'
    if (!key || !option(message, 'auth')) return 'no authentication'
    const replay = replayOf(message, key)
    if (replay === undefined) return 'wrong digest'
    // RFC 8415 section 20.3: only what is greater is accepted.
    if (replay === newest) return 'sent again'
    if (replay < newest) return 'replayed'
    const demand = option(message, 'reconf-msg')
    if (!demand) return 'no demand'
    return demand.messageType in demands ? undefined : 'unknown demand'
  }

  return {
    learn(reply) {
      key = keyIn(reply) ?? (behavior.reconfigureKeyKept ? key : undefined)
    },
    demanded(message, own, unicast) {
      if (!behavior.reconfigureAccepted) return undefined
      const flaw = flawOf(message, own, unicast)
      if (flaw !== undefined && flaw !== behavior.reconfigureFlawOverlooked) return undefined
      newest = (key && replayOf(message, key)) ?? newest
      const demand = demands[option(message, 'reconf-msg')?.messageType as keyof typeof demands]
      return behavior.reconfigureLeadsTo(demand ?? 'renew')
    },
  }
}
