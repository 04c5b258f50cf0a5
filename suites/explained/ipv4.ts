import { explanation, type Frame } from 'denat'

import { asked } from './words.ts'

const isAnswer = ({ packet: { ip4 } }: Frame, { packet: { ip4: other } }: Frame): boolean =>
  ip4 !== undefined && other !== undefined && (ip4.dst === other.src || ip4.dst === other.dst)

export const explanations = [
  /** IPv4 is served in addition, and not judged: its frames are recognized, not examined. */
  explanation('an IPv4 neighbor is resolved or answered', 'RFC 826', (frame) => {
    const { arp, eth } = frame.packet
    return arp !== undefined && arp.senderMac === eth.src
  }),

  explanation('IPv4 addresses are asked for and given', 'RFC 2131', (frame, traffic) => {
    const { udp, dhcp4 } = frame.packet
    if (!dhcp4) return false
    return traffic.linkOf(frame) === 'wan' ? udp?.dstPort === 67 : udp?.dstPort === 68
  }),

  explanation('an address is probed before it is given', 'RFC 2131 section 3.1', (frame, traffic) => {
    const { icmp4, ip4 } = frame.packet
    if (icmp4?.type !== 8 || !ip4) return false
    const isHere = asked(frame, traffic)
    return traffic.before(frame, 6, (other) => isHere(other) && other.packet.dhcp4 !== undefined) !== undefined
  }),

  explanation('an IPv4 packet is passed on or answered', 'RFC 1812 section 5', (frame, traffic) => {
    const { ip4, dhcp4 } = frame.packet
    if (!ip4 || dhcp4) return false
    const isHere = asked(frame, traffic)
    return (
      traffic.before(frame, 5, (other) => (isHere(other) || other.direction === 'out') && isAnswer(frame, other)) !==
      undefined
    )
  }),
]
