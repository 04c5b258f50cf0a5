import type { Timer } from '../../time/clock.ts'
import { decodeQuotedPacket, type QuotedPacket } from '../../wire/decode.ts'
import { ipBytes } from '../../wire/fragment.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Context } from '../context.ts'

/** RFC 8200 section 4.5. Seconds. */
const reassemblyTime = 60
/** Datagrams, and fragments of one datagram, that wait for a first fragment. */
const most = 64

interface Datagram {
  verdict?: 'pass' | 'drop'
  waiting: (() => void)[]
  timer: Timer
}

const fragmentOf = ({ ext }: Packet | QuotedPacket) => ext?.find((header) => header.type === 'fragment')

export const isFragment = (packet: Packet | QuotedPacket): boolean => {
  const header = fragmentOf(packet)
  return header !== undefined && (header.offset > 0 || header.more)
}

/** What a first fragment shows of its datagram; undefined where the header chain does not end in it (RFC 7112). */
export function datagramOf(packet: Packet): QuotedPacket | undefined {
  const header = fragmentOf(packet)
  const { ip6, payload } = packet
  if (!ip6 || !header || header.offset > 0 || !payload) return undefined
  const bytes = ipBytes({ ip6: { ...ip6, nextHeader: header.nextHeader, payloadLength: 0xffff }, payload })
  const shown = decodeQuotedPacket(bytes)
  return shown.malformed || !(shown.udp || shown.tcp || shown.icmp6) ? undefined : shown
}

/** The first fragment decides for all fragments of a datagram; those that arrive before it wait. */
export function fragmentGate({ clock, behavior }: Context) {
  const open = new Map<string, Datagram>()

  return (packet: Packet, pass: () => void, decide: (datagram: QuotedPacket) => 'pass' | 'drop'): 'pass' | 'drop' => {
    const { src, dst } = packet.ip6 ?? {}
    const key = `${src} ${dst} ${fragmentOf(packet)?.id}`
    const datagram: Datagram = open.get(key) ?? {
      waiting: [],
      timer: clock.after(reassemblyTime, () => open.delete(key)),
    }
    if (!open.has(key) && open.size < most) open.set(key, datagram)
    if (fragmentOf(packet)?.offset === 0) {
      const shown = datagramOf(packet)
      datagram.verdict = shown ? decide(shown) : 'drop'
      const waiting = datagram.waiting.splice(0)
      if (datagram.verdict === 'pass') for (const go of waiting) go()
    } else if (!datagram.verdict) {
      if (behavior.fragmentsBeforeFirst === 'held' && datagram.waiting.length < most) datagram.waiting.push(pass)
      return 'drop'
    }
    return datagram.verdict
  }
}
