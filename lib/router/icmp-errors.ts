import { isMulticast } from '../wire/address.ts'
import type { Icmpv6 } from '../wire/icmpv6.ts'
import type { Ipv6Address, Packet, PacketInit } from '../wire/packet.ts'
import type { Context } from './context.ts'

/** Codes of Destination Unreachable, RFC 4443 section 3.1. */
export const unreachable = { noRoute: 0, prohibited: 1, beyondScope: 2, address: 3, port: 4, sourcePolicy: 5 }

/** Token bucket of RFC 4443 section 2.4 f: ten at once, ten a second. */
const burst = 10
const rate = 10

const ethernetHeader = 14
/** IPv6 header and the ICMPv6 error's own eight octets. */
const ownHeaders = 40 + 8

type ErrorMessage =
  | { type: 'destination-unreachable' | 'time-exceeded'; code: number }
  | { type: 'packet-too-big'; mtu: number }
  | { type: 'parameter-problem'; code: number; pointer: number }

/** ICMPv6 errors about packets that can't be forwarded or delivered. */
export interface IcmpErrors {
  send(about: Packet, frame: Uint8Array, message: ErrorMessage): void
}

/** `originate` gives the packet its source and sends it. */
export function icmpErrors(
  { clock, behaviour }: Context,
  originate: (dst: Ipv6Address, packet: PacketInit) => void,
): IcmpErrors {
  let tokens = burst
  let filledAt = clock.now()

  function token(): boolean {
    tokens = Math.min(burst, tokens + (clock.now() - filledAt) * rate)
    filledAt = clock.now()
    if (tokens < 1) return false
    tokens--
    return true
  }

  return {
    send(about, frame, message) {
      const { ip6, icmp6 } = about
      // RFC 4443 section 2.4 e.
      if (!ip6 || ip6.src === '::' || isMulticast(ip6.src) || (icmp6 && isError(icmp6))) return
      if (
        (isMulticast(ip6.dst) || (Number.parseInt(about.eth.dst.slice(1, 2), 16) & 1) === 1) &&
        message.type !== 'packet-too-big'
      )
        return
      if (!token()) return
      const quoted = frame.slice(
        ethernetHeader,
        ethernetHeader + Math.min(40 + ip6.payloadLength, behaviour.errorSize - ownHeaders),
      )
      originate(ip6.src, { icmp6: { ...message, data: quoted } })
    },
  }
}

/** Redirects count as errors here: RFC 4443 section 2.4 e.2. */
export function isError(icmp6: Icmpv6): boolean {
  if (typeof icmp6.type === 'number') return icmp6.type < 128
  return ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem', 'redirect'].includes(
    icmp6.type,
  )
}
