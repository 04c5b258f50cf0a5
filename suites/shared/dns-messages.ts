import { decodeDns, type Evidence, type Frame, isOneHopOn, type LinkView, type Query } from 'denat'

type Dns = NonNullable<Frame['packet']['dns']>

/** A DNS message, with the frame in which it was complete. */
export interface DnsMessage {
  dns: Dns
  frame: Frame
  over: 'UDP' | 'TCP'
}

export const dnsPort = 53

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
    // Retransmitted and early segments are left out: the bench's own TCP accepts segments in order only.
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

/** The records of an answer, as a text that does not depend on their order. */
export const recordsOf = ({ answers }: Dns): string =>
  answers
    .map(({ name, type, data }) => `${name.toLowerCase()} ${type} ${JSON.stringify(data)}`)
    .sort()
    .join('; ')

export const ends = ({ packet: { ip6, ip4, udp, tcp } }: Frame) => {
  const [ip, ports] = [ip6 ?? ip4, udp ?? tcp]
  return { from: `${ip?.src} ${ports?.srcPort}`, to: `${ip?.dst} ${ports?.dstPort}` }
}

const isQuery = ({ dns }: DnsMessage): boolean => dns.type === 'query'

export const isAnswer = ({ dns }: DnsMessage): boolean => dns.type === 'response'

export const has = ({ dns }: DnsMessage, flag: string): boolean => dns.flags.split('+').includes(flag)

export const asked = ({ dns }: DnsMessage): string =>
  dns.questions
    .map(({ name, type, class: its = 'IN' }) => `${name.toLowerCase()} ${type} ${its}`)
    .sort()
    .join(', ')

/** Messages that the router sends itself, and does not forward. */
export const isOwn = (frame: Frame, others: readonly Frame[]): boolean =>
  !others.some((other) => other.number < frame.number && isOneHopOn(frame, other))

export interface Exchange {
  answer: DnsMessage
  /** Undefined: no query from there has its identifier. */
  question: DnsMessage | undefined
}

/** Answers of the router to hosts of a LAN, each with its question; answers without a question are left out. */
export function exchanges({ wan }: Pick<Evidence, 'wan'>, link: LinkView): Exchange[] {
  const passedOn = wan.toDut.all({ udp: { srcPort: dnsPort } })
  const questions = dnsMessages(link.toDut).filter(isQuery)
  return dnsMessages(link.fromDut)
    .filter((one) => isAnswer(one) && isOwn(one.frame, passedOn))
    .flatMap((answer) => {
      const { from, to } = ends(answer.frame)
      const before = questions.filter(({ frame }) => {
        const sent = ends(frame)
        return frame.number < answer.frame.number && sent.from === to && sent.to === from
      })
      if (before.length === 0) return []
      return [{ answer, question: before.findLast(({ dns }) => dns.id === answer.dns.id) }]
    })
}

/** Queries that the router sends to the line in its own name. */
export function ownQueries({ wan, lan }: Pick<Evidence, 'wan' | 'lan'>): DnsMessage[] {
  const fromHosts = [...lan.toDut.all({ udp: { dstPort: dnsPort } }), ...lan.toDut.all({ tcp: { dstPort: dnsPort } })]
  return dnsMessages(wan.fromDut).filter((one) => isQuery(one) && isOwn(one.frame, fromHosts))
}
