import { explanation, type Frame, isLinkLocal, isMulticast, ndOptionsOf, type Traffic } from 'denat'
import { isChange } from './changes.ts'
import { asked } from './words.ts'

/** A proxy may ask two resolvers, twice each. Seconds. */
const resolving = 20

const firstName = ({ packet }: Frame): string | undefined => packet.dns?.questions[0]?.name.toLowerCase()

explanation('a name is answered', 'RFC 1035 section 4', (frame, traffic) => {
  const { dns, udp, ip6, eth } = frame.packet
  if (dns?.type !== 'response' || !udp) return false
  const isHere = asked(frame, traffic)
  return (
    traffic.before(frame, resolving, (other) => {
      const question = other.packet
      if (!isHere(other) || question.dns?.id !== dns.id || question.udp?.srcPort !== udp.dstPort) return false
      return question.eth.src === eth.dst && question.ip6?.src === ip6?.dst && firstName(other) === firstName(frame)
    }) !== undefined
  )
})

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

explanation('a resolver of the line is asked', 'RFC 5625 section 4', (frame, traffic) => {
  const { dns, udp, tcp, ip4, ip6 } = frame.packet
  const port = udp?.dstPort ?? tcp?.dstPort
  if (port === 53 && ip4) return traffic.linkOf(frame) === 'wan'
  if (port !== 53 || !ip6 || traffic.linkOf(frame) !== 'wan' || !named(traffic).has(ip6.dst)) return false
  const name = firstName(frame)
  const isLanQuery = (other: Frame) =>
    other.direction === 'out' && !other.port.startsWith('wan') && firstName(other) === name
  // What no host asks for is its own question, such as the name of its time server.
  const isOwn = dns?.type === 'query' && !traffic.recording.frames.some(isLanQuery)
  return tcp !== undefined || isOwn || traffic.before(frame, 8, isLanQuery) !== undefined
})

/** PCP asks the default router again and again, whether or not it answers. */
explanation('a port is asked for', 'RFC 6887 section 8.1.1', (frame, traffic) => {
  const { udp, ip6 } = frame.packet
  if (udp?.dstPort !== 5351 || !ip6 || !isLinkLocal(ip6.src) || traffic.linkOf(frame) !== 'wan') return false
  const isSame = ({ from, packet }: Frame) => from === 'dut' && packet.udp?.dstPort === 5351
  const [last, next] = [traffic.before(frame, 130, isSame), traffic.after(frame, 2.5, isSame)]
  // RFC 6887 section 8.1.1: IRT 3 s, doubled.
  return next === undefined && (last ? frame.at - last.at > 2.5 : isChange(frame, 5, traffic))
})

explanation('a time server is asked', 'RFC 5905', (frame, traffic) => {
  const { udp, ip6 } = frame.packet
  return udp?.dstPort === 123 && ip6 !== undefined && traffic.linkOf(frame) === 'wan'
})

/** A datagram or segment that goes back the way that one came. */
const isReturn = ({ packet: { udp, tcp, ip6, ip4 } }: Frame, { packet: other }: Frame): boolean => {
  const [it, that] = [udp ?? tcp, udp ? other.udp : other.tcp]
  if (!it || !that || it.srcPort !== that.dstPort || it.dstPort !== that.srcPort) return false
  if (ip4) return ip4.dst === other.ip4?.src
  return ip6 !== undefined && ip6.dst === other.ip6?.src && (ip6.src === other.ip6.dst || isMulticast(other.ip6.dst))
}

/** A firewall refuses connections in the name of the host that it keeps. */
explanation('a service of the router answers', 'RFC 768, RFC 9293', (frame, traffic) => {
  const { udp, tcp, dhcp6, dns, ip6 } = frame.packet
  if ((!udp && !tcp) || dhcp6 || (dns && udp) || (ip6 && !traffic.isOwn(ip6.src) && !tcp?.flags.includes('rst')))
    return false
  const isHere = asked(frame, traffic)
  return traffic.before(frame, tcp ? 8 : 3, (other) => isHere(other) && isReturn(frame, other)) !== undefined
})

/** PCP (RFC 6887), TR-069 and what a client of the router's asks on the line: answered there, or asked again. */
explanation('a server on the line is asked', 'RFC 6887 section 8.1', (frame, traffic) => {
  const { udp, tcp, dns, dhcp6, ip6 } = frame.packet
  if ((!udp && !tcp) || dns || dhcp6 || !ip6 || traffic.linkOf(frame) !== 'wan' || !traffic.isOwn(ip6.src)) return false
  const isHere = asked(frame, traffic)
  return traffic.after(frame, 5, (other) => isHere(other) && isReturn(other, frame)) !== undefined
})
