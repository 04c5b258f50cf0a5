import { explanation, type Frame, isLinkLocal, isMulticast, isOneHopOn, quoted, type Traffic } from 'denat'

import { asked, hasOpenQuestion, isBack, sameAs } from './words.ts'

/** A packet waits at most so long for its next hop to be resolved. Seconds. */
const transit = 4.5

/** RFC 1700 and the registry of today: 64; some begin at 255 or 128. */
const initialHopLimits: readonly unknown[] = [64, 128, 255]

export const isInitial = ({ packet }: Frame): boolean => initialHopLimits.includes(packet.ip6?.hopLimit)

/** The next hop has just sent its link-layer address. */
function isNextHopFound(frame: Frame, traffic: Traffic): boolean {
  const isHere = asked(frame, traffic)
  const found = ({ packet: { eth, icmp6 } }: Frame) =>
    icmp6?.type === 'neighbor-advertisement' && eth.src === frame.packet.eth.dst
  return traffic.before(frame, 0.5, (other) => isHere(other) && found(other)) !== undefined
}

/** Its fragments have all come, or one of them is the last that comes. Seconds. */
const reassembling = 2

const errors: readonly unknown[] = ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem']

/** How long a packet may lie before an error: a SYN for 6 s (RFC 6092 REC-24), what waits for its next hop as long as that. Seconds. */
function waiting({ packet: { icmp6 } }: Frame, { tcp }: { tcp?: { flags: string } }): number {
  if (tcp?.flags.includes('syn')) return 8
  return icmp6?.type === 'destination-unreachable' && icmp6.code === addressUnreachable ? transit : 1.5
}

const addressUnreachable = 3

/** What distinguishes two packets of one flow, as far as an error contains it. */
const headOf = ({ udp, tcp, icmp6 }: Partial<Pick<Frame['packet'], 'udp' | 'tcp' | 'icmp6'>>): string => {
  const echo = icmp6 && 'seq' in icmp6 ? [icmp6.id, icmp6.seq] : []
  return [udp?.srcPort, udp?.dstPort, udp?.checksum, tcp?.srcPort, tcp?.dstPort, tcp?.seq, ...echo].join()
}

export const explanations = [
  explanation('a packet is passed on', 'RFC 8200 section 3', (frame, traffic) => {
    const { eth, ip6 } = frame.packet
    if (!ip6 || isMulticast(ip6.dst) || isLinkLocal(ip6.src) || isLinkLocal(ip6.dst)) return false
    if (!traffic.isStation(eth.dst)) return false
    const isOf = (other: Frame): boolean => {
      const sent = other.packet.ip6
      if (other.direction !== 'out' || !sent || sent.src !== ip6.src || sent.dst !== ip6.dst) return false
      return sent.hopLimit === ip6.hopLimit + 1 && isOneHopOn(frame, other)
    }
    const sent = traffic.before(frame, transit, isOf)
    if (!sent) return false
    return frame.at - sent.at < 1 || isNextHopFound(frame, traffic)
  }),

  /** A router that inspects fragments reassembles them, and fragments the packet again. */
  explanation('a forwarded packet is fragmented again', 'RFC 8200 section 4.5', (frame, traffic) => {
    const { ip6, ext } = frame.packet
    const fragment = ext?.find((header) => header.type === 'fragment')
    if (!ip6 || !fragment) return false
    return (
      traffic.before(frame, reassembling, ({ direction, packet }) => {
        const sent = packet.ext?.find((header) => header.type === 'fragment')
        return direction === 'out' && sent !== undefined && packet.ip6?.src === ip6.src && packet.ip6.dst === ip6.dst
      }) !== undefined
    )
  }),

  explanation('an echo request is answered', 'RFC 4443 section 4.2', (frame, traffic) => {
    const { icmp6 } = frame.packet
    if (icmp6?.type !== 'echo-reply' || !isInitial(frame)) return false
    const isHere = asked(frame, traffic)
    return (
      traffic.before(frame, transit, (other) => {
        const { icmp6: question, ext } = other.packet
        if (!isHere(other) || !isBack(frame, other)) return false
        // The question may have arrived in fragments, which do not show what it is.
        if (ext?.some(({ type }) => type === 'fragment')) return true
        if (question?.type !== 'echo-request') return false
        return question.id === icmp6.id && question.seq === icmp6.seq && Buffer.compare(question.data, icmp6.data) === 0
      }) !== undefined
    )
  }),

  explanation('an error about a packet', 'RFC 4443 section 2.4', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (!ip6 || !errors.includes(icmp6?.type)) return false
    const about = quoted(frame)
    if (!about?.ip6 || about.ip6.src !== ip6.dst || !traffic.isOwn(ip6.src) || !isInitial(frame)) return false
    const isIts = (packet: Frame['packet'] | typeof about) =>
      packet.ip6?.src === about.ip6?.src && packet.ip6?.dst === about.ip6?.dst && headOf(packet) === headOf(about)
    // Its sender may have lied about where it is.
    return hasOpenQuestion(frame, waiting(frame, about), traffic, {
      isQuestion: ({ direction, packet }) => direction === 'out' && isIts(packet),
      isAnswer(other) {
        const again = sameAs(frame)(other) && errors.includes(other.packet.icmp6?.type) ? quoted(other) : undefined
        return again !== undefined && isIts(again)
      },
    })
  }),
]
