import type { Packet, PacketInit } from '../../wire/packet.ts'

/** Ports of the management page. */
const pagePorts = [80, 443]
const initialSequence = 1_000_000
const body = new TextEncoder().encode('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n')

/**
 * The TCP side of a service, by default the management page: enough of RFC 9293 to open, serve and close a connection,
 * without state. Undefined: no answer.
 */
export function answerTcp(
  packet: Packet,
  ports: readonly number[] = pagePorts,
  answer: (request: Uint8Array) => Uint8Array = () => body,
): Pick<PacketInit, 'tcp' | 'payload'> | undefined {
  const { tcp, payload } = packet
  if (!tcp || tcp.badChecksum) return undefined
  const flags = tcp.flags.split('+')
  const back = { srcPort: tcp.dstPort, dstPort: tcp.srcPort, window: 65_535 }
  if (flags.includes('rst')) return undefined
  const length = (payload?.length ?? 0) + (flags.includes('syn') ? 1 : 0) + (flags.includes('fin') ? 1 : 0)
  const ack = (tcp.seq + length) >>> 0
  if (!ports.includes(tcp.dstPort)) {
    // RFC 9293 section 3.10.7.1.
    return flags.includes('ack')
      ? { tcp: { ...back, seq: tcp.ack, ack: 0, flags: 'rst' } }
      : { tcp: { ...back, seq: 0, ack, flags: 'rst+ack' } }
  }
  if (flags.includes('syn')) return { tcp: { ...back, seq: initialSequence, ack, flags: 'syn+ack' } }
  if (payload && payload.length > 0)
    return { tcp: { ...back, seq: tcp.ack, ack, flags: 'fin+psh+ack' }, payload: answer(payload) }
  return flags.includes('fin') ? { tcp: { ...back, seq: tcp.ack, ack, flags: 'ack' } } : undefined
}
