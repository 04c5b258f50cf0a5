import { type Ipv6Address, isMulticast } from '../wire/address.ts'
import { option } from '../wire/dhcpv6.ts'
import { keyIn, replayOf } from '../wire/dhcpv6-auth.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import type { Message } from './dhcpv6-exchange.ts'

/** What a Reconfigure may demand, by the message type that it names: RFC 8415 section 21.19. */
const DEMANDS = { 5: 'renew', 6: 'rebind', 11: 'information-request' } as const

/** The client's side of the Reconfiguration Key Authentication Protocol, RFC 8415 section 20.4. */
export interface ReconfigureKey {
  /** A Reply was taken: it may hold the key. */
  learn(reply: Message): void
  /** What a Reconfigure demands that was sent to `dst`; undefined of one that is not to be believed. */
  demanded(message: Message, dst: Ipv6Address): (typeof DEMANDS)[keyof typeof DEMANDS] | undefined
}

export function reconfigureKeyOf(client: Duid): ReconfigureKey {
  let key: Uint8Array | undefined
  let newest = -1n
  return {
    learn(reply) {
      key = keyIn(reply) ?? key
    },
    demanded(message, dst) {
      const replay = key && replayOf(message, key)
      const isOurs = option(message, 'client-id')?.duid === client && option(message, 'server-id') !== undefined
      if (isMulticast(dst) || !isOurs || replay === undefined || replay <= newest) return undefined
      newest = replay
      return DEMANDS[option(message, 'reconf-msg')?.messageType as keyof typeof DEMANDS]
    },
  }
}
