import { explanation, type Frame, isLinkLocal, isMulticast, ndOptionsOf, type Traffic } from 'denat'

import { isChange } from './changes.ts'

import { asked, hasOpenQuestion, sameLink } from './words.ts'

/** A proxy may ask two resolvers, twice each. Seconds. */
const resolving = 20

const firstName = ({ packet }: Frame): string | undefined => packet.dns?.questions[0]?.name.toLowerCase()

/** From its own knowledge, or when the line has answered. Seconds. */
const answering = 1.5

/** Resolvers and time servers that the line has named. */
function named({ recording }: Traffic): Set<string> {
  const servers = recording.frames
    .filter(({ direction, port }) => direction === 'out' && port.startsWith('wan'))
    .flatMap((frame) => [
      ...ndOptionsOf(frame, 'rdnss').flatMap((option) => option.servers),
      ...(frame.packet.dhcp6?.options ?? []).flatMap((option) =>
        'servers' in option && Array.isArray(option.servers) ? (option.servers as string[]) : [],
      ),
    ])
  return new Set(servers)
}

/** From a host's question to the proxy's, the second resolver and all retransmissions. Seconds. */
const asking = 8

/** What the router asks for itself it asks once its addresses and resolvers are known; then again. Seconds. */
const own = { first: 10, again: 6 }

/** A segment of a connection that a host's question opened: it follows one of the same, or the question. Seconds. */
const segment = 3

function isOfConnection(frame: Frame, traffic: Traffic): boolean {
  const isHere = sameLink(frame, traffic)
  const ports = ({ packet: { tcp } }: Frame) => tcp && [tcp.srcPort, tcp.dstPort].sort().join()
  if (!frame.packet.tcp?.flags.includes('syn'))
    return traffic.before(frame, segment, (other) => isHere(other) && ports(other) === ports(frame)) !== undefined
  const isQuestion = ({ direction, port, packet: { dns, udp, tcp } }: Frame) =>
    direction === 'out' && !port.startsWith('wan') && (dns?.type === 'query' || (udp ?? tcp)?.dstPort === 53)
  // A truncated answer is asked for again over TCP.
  const isTruncated = ({ direction, port, packet: { dns } }: Frame) =>
    direction === 'out' && port.startsWith('wan') && dns?.type === 'response'
  return traffic.before(frame, segment, (other) => isQuestion(other) || isTruncated(other)) !== undefined
}

/** IRT of 3 s, doubled, with a tenth of chance: RFC 6887 section 8.1.1. */
const pcp = { least: 2.5, first: 3.8, less: 1.7, most: 2.4 }

/** Once its address is known; then in bursts 2 s apart, or at the shortest poll interval of 16 s. Seconds. */
const polling = { first: 15, burst: 2.5, least: 15 }

/** A datagram or segment that goes back the way that one came. */
const isReturn = ({ packet: { udp, tcp, ip6, ip4 } }: Frame, { packet: other }: Frame): boolean => {
  const [it, that] = [udp ?? tcp, udp ? other.udp : other.tcp]
  if (!it || !that || it.srcPort !== that.dstPort || it.dstPort !== that.srcPort) return false
  if (ip4) return ip4.dst === other.ip4?.src
  return ip6 !== undefined && ip6.dst === other.ip6?.src && (ip6.src === other.ip6.dst || isMulticast(other.ip6.dst))
}

export const explanations = [
  explanation('a name is answered', 'RFC 1035 section 4', (frame, traffic) => {
    const { dns, udp, ip6, eth } = frame.packet
    if (dns?.type !== 'response' || !udp) return false
    const isHere = asked(frame, traffic)
    const isQuestion = (other: Frame) => {
      const question = other.packet
      if (!isHere(other) || question.dns?.id !== dns.id || question.udp?.srcPort !== udp.dstPort) return false
      return question.eth.src === eth.dst && question.ip6?.src === ip6?.dst && firstName(other) === firstName(frame)
    }
    const question = traffic.before(frame, resolving, isQuestion)
    if (!question) return false
    const passed = frame.at - question.at
    const isFromLine = (other: Frame) => {
      const { direction, port, packet } = other
      if (direction !== 'out' || !port.startsWith('wan')) return false
      return (packet.dns?.type === 'response' && firstName(other) === firstName(frame)) || packet.tcp?.srcPort === 53
    }
    if (passed <= answering || traffic.before(frame, answering, isFromLine)) return true
    // No resolver has answered: the router reports the failure.
    return traffic.before(frame, passed, isFromLine) === undefined
  }),

  explanation('a resolver of the line is asked', 'RFC 5625 section 4', (frame, traffic) => {
    const { dns, udp, tcp, ip4, ip6 } = frame.packet
    const port = udp?.dstPort ?? tcp?.dstPort
    if (port === 53 && ip4) return traffic.linkOf(frame) === 'wan'
    if (port !== 53 || !ip6 || traffic.linkOf(frame) !== 'wan' || !named(traffic).has(ip6.dst)) return false
    if (tcp) return isOfConnection(frame, traffic)
    const name = firstName(frame)
    const isLanQuery = (other: Frame) =>
      other.direction === 'out' && !other.port.startsWith('wan') && firstName(other) === name
    const type = dns?.questions[0]?.type
    const isAnswer = (other: Frame) => {
      const { direction, port, packet } = other
      if (direction !== 'out' || !port.startsWith('wan') || packet.dns?.type !== 'response') return false
      return firstName(other) === name && packet.dns.questions[0]?.type === type
    }
    if (hasOpenQuestion(frame, asking, traffic, { isQuestion: isLanQuery, isAnswer })) return true
    // What no host asks for is its own question, such as the name of its time server.
    if (dns?.type !== 'query' || traffic.recording.frames.some(isLanQuery)) return false
    const isSame = (other: Frame) =>
      other.from === 'dut' && other.packet.dns?.type === 'query' && firstName(other) === name
    return isChange(frame, own.first, traffic) || traffic.before(frame, own.again, isSame) !== undefined
  }),

  /** PCP asks the default router again and again, whether or not it answers. */
  explanation('a port is asked for', 'RFC 6887 section 8.1.1', (frame, traffic) => {
    const { udp, ip6 } = frame.packet
    if (udp?.dstPort !== 5351 || !ip6 || !isLinkLocal(ip6.src) || traffic.linkOf(frame) !== 'wan') return false
    const age = frame.at - (traffic.freshSince(frame) ?? 0)
    const isSame = ({ from, packet }: Frame) => from === 'dut' && packet.udp?.dstPort === 5351
    const last = traffic.before(frame, age, isSame)
    if (!last) return traffic.after(frame, pcp.least, isSame) === undefined && isChange(frame, 5, traffic)
    const passed = frame.at - last.at
    const earlier = traffic.before(last, age - passed, isSame)
    if (!earlier) return passed >= pcp.least && passed <= pcp.first
    const before = last.at - earlier.at
    return passed >= pcp.less * before && passed <= pcp.most * before
  }),

  explanation('a time server is asked', 'RFC 5905', (frame, traffic) => {
    const { udp, ip6 } = frame.packet
    if (udp?.dstPort !== 123 || !ip6 || traffic.linkOf(frame) !== 'wan') return false
    const isSame = ({ from, packet }: Frame) =>
      from === 'dut' && packet.udp?.dstPort === 123 && packet.ip6?.dst === ip6.dst
    const last = traffic.before(frame, frame.at, isSame)
    if (!last) return isChange(frame, polling.first, traffic)
    const passed = frame.at - last.at
    return passed <= polling.burst || passed >= polling.least
  }),

  /** A firewall refuses connections in the name of the host that it keeps. */
  explanation('a service of the router answers', 'RFC 768, RFC 9293', (frame, traffic) => {
    const { udp, tcp, dhcp6, dns, ip6 } = frame.packet
    if (
      (!udp && !tcp) ||
      dhcp6 ||
      (dns && udp) ||
      (udp ?? tcp)?.dstPort === 53 ||
      (ip6 && !traffic.isOwn(ip6.src) && !tcp?.flags.includes('rst'))
    )
      return false
    const isHere = asked(frame, traffic)
    const isFromThere = (other: Frame) => isHere(other) && isReturn(frame, other)
    // What holds data may wait for a resolver; what is sent again has been sent before.
    if (traffic.before(frame, tcp && frame.packet.dns ? 8 : 3, isFromThere)) return true
    const isSame = ({ from, packet }: Frame) =>
      from === 'dut' && packet.tcp?.seq === tcp?.seq && packet.tcp?.srcPort === tcp?.srcPort
    return (
      tcp !== undefined &&
      traffic.before(frame, 8, isFromThere) !== undefined &&
      (tcp.flags.includes('rst') || traffic.before(frame, 8, isSame) !== undefined)
    )
  }),

  /** PCP (RFC 6887), TR-069 and what a client of the router's asks on the line: answered there, or asked again. */
  explanation('a server on the line is asked', 'RFC 6887 section 8.1', (frame, traffic) => {
    const { udp, tcp, dns, dhcp6, ip6 } = frame.packet
    if ((!udp && !tcp) || dns || dhcp6 || !ip6 || traffic.linkOf(frame) !== 'wan' || !traffic.isOwn(ip6.src))
      return false
    const isHere = asked(frame, traffic)
    return traffic.after(frame, 5, (other) => isHere(other) && isReturn(other, frame)) !== undefined
  }),
]
