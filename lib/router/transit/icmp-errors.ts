import { type Ipv6Address, isMulticast } from '../../wire/address.ts'
import { isForStations } from '../../wire/ethernet.ts'
import type { Icmpv6 } from '../../wire/icmpv6.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Untold } from '../behavior/icmp-errors.ts'
import type { Context } from '../context.ts'

/** Codes of Destination Unreachable, RFC 4443 section 3.1. */
export const unreachable = {
  noRoute: 0,
  prohibited: 1,
  beyondScope: 2,
  address: 3,
  port: 4,
  sourcePolicy: 5,
  rejectRoute: 6,
}

/** IPv6 header and the ICMPv6 error's own eight octets. */
const ownHeaders = 40 + 8
/** Addresses or types with a bucket of their own. */
const maxBuckets = 256

type ErrorMessage =
  | { type: 'destination-unreachable' | 'time-exceeded'; code: number }
  | { type: 'packet-too-big'; mtu: number }
  /** `option` is the type of one that the router does not know. */
  | { type: 'parameter-problem'; code: number; pointer: number; option?: number }

/** ICMPv6 errors about packets that can't be forwarded or delivered. */
export interface IcmpErrors {
  /** `octets` are the packet as it came, or as it would have left. */
  send(about: Packet, octets: Uint8Array, message: ErrorMessage): void
}

/** `originate` gives the packet its source and sends it. */
export function icmpErrors(
  { clock, behavior }: Context,
  originate: (dst: Ipv6Address, packet: PacketInit) => void,
): IcmpErrors {
  const buckets = new Map<string, { tokens: number; filledAt: number }>()

  function token(to: Ipv6Address, type: string): boolean {
    const { errorBurst, errorRate, errorBucket } = behavior
    const key = { 'all errors': '', 'errors to one address': to, 'errors of one type': type }[errorBucket]
    const now = clock.now()
    const bucket = buckets.get(key) ?? { tokens: errorBurst, filledAt: now }
    if (!buckets.has(key) && buckets.size < maxBuckets) buckets.set(key, bucket)
    bucket.tokens = Math.min(errorBurst, bucket.tokens + (now - bucket.filledAt) * errorRate)
    bucket.filledAt = now
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }

  return {
    send(about, octets, message) {
      const { ip6 } = about
      const untold = untoldOf(about, message)
      if (!ip6 || (untold && !behavior.reportedDespite(untold)) || !token(ip6.src, message.type)) return
      const quoted = octets.slice(0, Math.min(40 + ip6.payloadLength, behavior.errorSize - ownHeaders))
      if (!behavior.quoteIntact) quoted.fill(0, -1)
      const sendNow = () => originate(ip6.src, { icmp6: { ...message, data: quoted } })
      if (behavior.errorsAfter > 0) clock.after(behavior.errorsAfter, sendNow)
      else sendNow()
    },
  }
}

/** RFC 4443 section 2.4 e: why no error is sent. */
function untoldOf(packet: Packet, message: ErrorMessage): Untold | undefined {
  const { ip6, icmp6 } = packet
  if (ip6?.src === '::') return 'the unspecified source'
  if (isMulticast(ip6?.src ?? '::')) return 'a multicast source'
  if (icmp6?.type === 'redirect') return 'a Redirect'
  if (icmp6 && isError(icmp6)) return 'an ICMPv6 error'
  if (message.type === 'packet-too-big') return undefined
  // An option of the kind 10 causes an error for any destination (RFC 8200 section 4.2).
  const option = message.type === 'parameter-problem' ? message.option : undefined
  if (isMulticast(ip6?.dst ?? '::')) {
    if (option === undefined) return 'a multicast destination'
    return option >> 6 === 2 ? undefined : 'an unknown option to a multicast destination'
  }
  return isForStations(packet) ? 'a link-layer multicast' : undefined
}

/** Redirects count as errors here: RFC 4443 section 2.4 e.2. */
export function isError(icmp6: Icmpv6): boolean {
  if (typeof icmp6.type === 'number') return icmp6.type < 128
  return ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem', 'redirect'].includes(
    icmp6.type,
  )
}
