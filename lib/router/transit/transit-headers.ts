import { ipBytes } from '../../wire/fragment.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Way } from '../behavior/firewall.ts'
import type { Context } from '../context.ts'

/** TCP, UDP and ICMPv6: what every router forwards. */
const usual = new Set([6, 17, 58])

/**
 * The octets of a packet in transit: headers are neither examined nor changed (RFC 8200 section 4, RFC 6437 section 3).
 * Undefined: it is not forwarded.
 */
export function inTransit({ behavior }: Context, packet: Packet, octets: Uint8Array, way: Way): Uint8Array | undefined {
  const { ip6, ext } = packet
  if (!ip6) return undefined
  let out = octets
  if (ext || !usual.has(ip6.nextHeader)) {
    const treatment = behavior.extensionHeaders(packet, way)
    if (treatment === 'dropped') return undefined
    if (treatment === 'removed')
      out = ipBytes({ ...packet, ext: [], ip6: { ...ip6, nextHeader: undefined, payloadLength: undefined } })
  }
  if (ip6.flowLabel !== 0 && !behavior.flowLabelKept(packet, way)) out = marked(out, { ...ip6, flowLabel: 0 })
  if (ip6.trafficClass !== 0 && !behavior.trafficClassKept(way)) out = marked(out, { ...ip6, trafficClass: 0 })
  return out
}

/** Traffic Class and Flow Label, RFC 8200 section 3. */
function marked(
  octets: Uint8Array,
  { trafficClass, flowLabel }: { trafficClass: number; flowLabel: number },
): Uint8Array {
  const out = octets.slice()
  new DataView(out.buffer).setUint32(0, (0x60000000 | (trafficClass << 20) | flowLabel) >>> 0)
  return out
}
