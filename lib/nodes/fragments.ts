import { decodeReassembled } from '../wire/decode.ts'
import { ipBytes } from '../wire/fragment.ts'
import type { Packet } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'

/** RFC 8200 section 4.5: a reassembly ends 60 seconds after its first fragment arrived. */
const REASSEMBLY_TIME = 60

/** The largest Payload Length, RFC 8200 section 3. */
const LONGEST = 0xffff

interface Reassembly {
  parts: Map<number, Uint8Array>
  length?: number
}

/** Gives packets back as they are, and one put together when its last fragment comes. */
export function reassembler(ctx: NodeContext): (packet: Packet) => Packet | undefined {
  const open = new Map<string, Reassembly>()
  return (packet) => {
    const header = packet.ext?.find((ext) => ext.type === 'fragment')
    const { ip6, payload } = packet
    if (!header || !ip6 || !payload || (header.offset === 0 && !header.more)) return packet
    const key = `${ip6.src} ${ip6.dst} ${header.id}`
    const reassembly = open.get(key) ?? { parts: new Map<number, Uint8Array>() }
    if (!open.has(key)) {
      open.set(key, reassembly)
      ctx.clock.after(REASSEMBLY_TIME, () => open.delete(key))
    }
    // A fragment beyond the end of the last one, or a packet that is too long: the reassembly ends.
    if (header.offset + payload.length > Math.min(reassembly.length ?? LONGEST, LONGEST)) {
      open.delete(key)
      return undefined
    }
    reassembly.parts.set(header.offset, payload)
    if (!header.more) reassembly.length = header.offset + payload.length
    const body = joined(reassembly)
    if (!body) return undefined
    open.delete(key)
    const whole = { ...ip6, payloadLength: body.length, nextHeader: header.nextHeader }
    return decodeReassembled(ipBytes({ ip6: whole, payload: body }), packet.eth)
  }
}

function joined({ parts, length }: Reassembly): Uint8Array | undefined {
  if (length === undefined) return undefined
  const body = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const part = parts.get(at)
    if (!part || at + part.length > length) return undefined
    body.set(part, at)
    at += part.length
  }
  return body
}
