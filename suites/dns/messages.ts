import { decodeDns, type Frame, type Query } from 'denat'

type Dns = NonNullable<Frame['packet']['dns']>

/** A DNS message, with the frame in which it was complete. */
export interface DnsMessage {
  dns: Dns
  frame: Frame
  over: 'UDP' | 'TCP'
}

const dnsPort = 53

/** All DNS messages among frames: of UDP, and of TCP connections to or from port 53. */
export function dnsMessages(frames: Query): DnsMessage[] {
  const byUdp = frames.all({ udp: {} }).flatMap((frame): DnsMessage[] => {
    const { dns } = frame.packet
    return dns ? [{ dns, frame, over: 'UDP' }] : []
  })
  const streams = new Map<string, Frame[]>()
  for (const frame of frames.all({ tcp: {} })) {
    const { tcp, ip6, ip4 } = frame.packet
    if (!tcp || (tcp.srcPort !== dnsPort && tcp.dstPort !== dnsPort)) continue
    const key = [(ip6 ?? ip4)?.src, tcp.srcPort, (ip6 ?? ip4)?.dst, tcp.dstPort].join(' ')
    streams.set(key, [...(streams.get(key) ?? []), frame])
  }
  return [...byUdp, ...[...streams.values()].flatMap(messagesOf)]
}

/** The messages of one direction of a connection: each after its length (RFC 1035 section 4.2.2). */
function messagesOf(frames: readonly Frame[]): DnsMessage[] {
  const begun = frames.findLast(({ packet: { tcp } }) => tcp?.flags.includes('syn'))
  if (!begun) return []
  const first = ((begun.packet.tcp?.seq ?? 0) + 1) >>> 0
  let stream: number[] = []
  let start = 0
  const found: DnsMessage[] = []
  for (const frame of frames) {
    const { tcp, payload } = frame.packet
    const offset = ((tcp?.seq ?? 0) - first) >>> 0
    // What comes again, or before its time, is left out: the bench's own TCP takes segments in order as well.
    if (!payload || offset !== start + stream.length) continue
    stream = [...stream, ...payload]
    for (;;) {
      const [high, low] = stream
      const end = 2 + (high ?? 0) * 0x100 + (low ?? 0)
      if (low === undefined || stream.length < end) break
      const dns = decodeDns(Uint8Array.from(stream.slice(2, end)))
      if (dns) found.push({ dns, frame, over: 'TCP' })
      stream = stream.slice(end)
      start += end
    }
  }
  return found
}

/** Responses about a name and type, whatever the case of its letters. */
export const responses = (frames: Query, name: string, type: string): DnsMessage[] =>
  dnsMessages(frames).filter(({ dns }) => dns.type === 'response' && isAbout(dns, name, type))

export const queries = (frames: Query, name: string, type: string): DnsMessage[] =>
  dnsMessages(frames).filter(({ dns }) => dns.type === 'query' && isAbout(dns, name, type))

const isAbout = ({ questions }: Dns, name: string, type: string): boolean =>
  questions.some((one) => one.name.toLowerCase() === name.toLowerCase() && one.type === type)

/** The records of an answer, as a text that is the same for the same records in another order. */
export const recordsOf = ({ answers }: Dns): string =>
  answers
    .map(({ name, type, data }) => `${name.toLowerCase()} ${type} ${JSON.stringify(data)}`)
    .sort()
    .join('; ')
