import { type Dhcpv6, option } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

/** What RFC 8415 sections 16.2 to 16.12 have a server discard a client's message for. */
export type MessageFlaw =
  | 'no Client Identifier'
  | 'a Server Identifier'
  | 'no Server Identifier'
  | 'another server'
  | 'an IA'
  | 'not for servers'

/** The first flaw of a message; undefined where it is valid. */
export function messageFlaw(message: Message, server: Duid): MessageFlaw | undefined {
  const named = option(message, 'server-id')?.duid
  const anonymous = option(message, 'client-id') === undefined
  switch (message.type) {
    case 'solicit':
    case 'confirm':
    case 'rebind':
      if (anonymous) return 'no Client Identifier'
      return named === undefined ? undefined : 'a Server Identifier'
    case 'request':
    case 'renew':
    case 'release':
    case 'decline':
      if (anonymous) return 'no Client Identifier'
      if (named === undefined) return 'no Server Identifier'
      return named === server ? undefined : 'another server'
    case 'information-request':
      if (named !== undefined && named !== server) return 'another server'
      return option(message, 'ia-na') || option(message, 'ia-pd') ? 'an IA' : undefined
    default:
      return 'not for servers'
  }
}
