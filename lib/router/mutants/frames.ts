import { isGua } from '../../wire/address.ts'
import { decode, decodeQuotedPacket } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mutant } from './mutant.ts'

const dns = 53

/** Rewrites datagrams that leave on the WAN. */
const onWan =
  (rewrite: (packet: ReturnType<typeof decode>) => Parameters<typeof encode>[0]) =>
  (frame: Uint8Array, port: string): Uint8Array => {
    const packet = decode(frame)
    const { ip6, udp, ext } = packet
    // Its own: DHCPv6 is link-local, and hosts ask its own proxy for names.
    const fromHost = ip6 && udp && !ext && isGua(ip6.src) && udp.dstPort !== dns && udp.srcPort !== dns
    return port.startsWith('wan') && fromHost ? encode(rewrite(packet)) : frame
  }

/** Fragments are translated, and the datagram in them is not. */
const fragmentsOnWan = (frame: Uint8Array, port: string): Uint8Array => {
  const { ip6, ...packet } = decode(frame)
  const isFragment = packet.ext?.some(({ type }) => type === 'fragment')
  if (!port.startsWith('wan') || !ip6 || !isFragment || !isGua(ip6.src)) return frame
  return encode({ ...packet, ip6: { ...ip6, src: '2d00:100:ffff::66' } })
}

/** A connection refused in the host's name, in place of an error. */
const resets = (frame: Uint8Array, port: string): Uint8Array => {
  const { eth, ip6, icmp6 } = decode(frame)
  const about = icmp6?.type === 'destination-unreachable' ? decodeQuotedPacket(icmp6.data) : undefined
  if (!port.startsWith('wan') || !ip6 || !about?.tcp || !about.ip6) return frame
  const { srcPort, dstPort, seq } = about.tcp
  return encode({
    eth,
    ip6: { src: about.ip6.dst, dst: about.ip6.src },
    tcp: { srcPort: dstPort, dstPort: srcPort, seq: 0, ack: seq + 1, flags: 'rst+ack', window: 0 },
  })
}

const swapCase = (octet: number): number => octet ^ 0x20

/** Changes the first letter of what is sent to or from a port, both ways. */
const applicationGateway =
  (port: number) =>
  (frame: Uint8Array): Uint8Array => {
    const { tcp, udp, payload, ...packet } = decode(frame)
    const ports = [tcp?.srcPort, tcp?.dstPort, udp?.srcPort, udp?.dstPort]
    if (!ports.includes(port) || !payload?.length) return frame
    return encode({
      ...packet,
      ...(tcp && { tcp: { ...tcp, checksum: undefined } }),
      ...(udp && { udp: { ...udp, checksum: undefined } }),
      payload: payload.map((octet, index) => (index === 0 ? swapCase(octet) : octet)),
    })
  }

/** SYNs that leave on the WAN and fit are dropped. */
const withoutSyns =
  (fits: (flags: readonly string[], octets: number) => boolean) =>
  (frame: Uint8Array, port: string): Uint8Array | undefined => {
    const { tcp, payload } = decode(frame)
    const flags = tcp?.flags.split('+') ?? []
    return port.startsWith('wan') && flags.includes('syn') && fits(flags, payload?.length ?? 0) ? undefined : frame
  }

/** Options of the segments that it passes on are no more. */
const withoutOptions = (frame: Uint8Array): Uint8Array => {
  const { ip6, tcp, ...packet } = decode(frame)
  if (!ip6 || !tcp?.options) return frame
  const { payloadLength: _, ...header } = ip6
  const { checksum: _sum, options: _options, ...segment } = tcp
  return encode({ ...packet, ip6: header, tcp: segment })
}

export const frames: Mutant[] = [
  {
    name: 'tcp-options-stripped',
    story: 'The fast path removes the options of TCP.',
    violates: ['DENAT-TCP-INTACT'],
    shownIn: 'cold-boot',
    behavior: { tap: withoutOptions },
  },
  {
    name: 'ecn-syns-dropped',
    story: 'A SYN that requests ECN is treated as a scan, and dropped.',
    violates: ['RFC6092-REC-31 · a SYN that asks for ECN'],
    behavior: { tap: withoutSyns((flags) => flags.includes('ece')) },
  },
  {
    name: 'syns-with-data-dropped',
    story: 'A SYN with data is dropped.',
    violates: ['RFC6092-REC-31 · a SYN that holds data'],
    behavior: { tap: withoutSyns((_, octets) => octets > 0) },
  },
  {
    name: 'ftp-gateway',
    story: 'An application-level gateway rewrites FTP.',
    violates: ['DENAT-NONAT66-2 · FTP EPRT', 'DENAT-NONAT66-2 · FTP EPRT, echoed'],
    behavior: { tap: applicationGateway(21) },
  },
  {
    name: 'sip-gateway',
    story: 'An application-level gateway rewrites SIP.',
    violates: ['DENAT-NONAT66-2 · SIP', 'DENAT-NONAT66-2 · SIP, echoed'],
    behavior: { tap: applicationGateway(5060) },
  },
  {
    name: 'reset-for-the-host',
    story: 'An unsolicited SYN is answered by a reset, as if the host had sent it.',
    violates: ['RFC6092-REC-34 · nobody answers'],
    behavior: { tap: resets },
  },
  {
    name: 'nat66',
    story: "Hosts' datagrams leave on the WAN with one source address.",
    violates: [
      'DENAT-NONAT66-1',
      'DENAT-NONAT66-2 · SIP',
      'DENAT-DEFAULT-1 · UDP',
      'RFC9818-LPD-6 · UDP',
      'DENAT-PD-2 · its hosts keep their own addresses',
      'RFC6437-3-FLOWLABEL · UDP, outbound',
      'DENAT-V6ONLY-WAN · UDP',
      'DENAT-E2E-OPEN · firewall off, UDP',
      'DENAT-E2E-OPEN · firewall off, UDP behind a downstream router',
    ],
    behavior: {
      tap: onWan(({ ip6, udp, ...packet }) => ({
        ...packet,
        ip6: { ...ip6, src: '2d00:100:ffff::66' },
        udp: { ...udp, checksum: undefined },
      })),
    },
  },
  {
    name: 'fragments-translated',
    story: "Hosts' fragments leave on the WAN with one source address.",
    violates: [
      ...['ordered', 'reversed', 'large', 'atomic'].map((one) => `RFC8200-4.5-FRAGPASS · ${one}, outbound`),
      'RFC6437-3-FLOWLABEL · fragments, outbound',
      'RFC8200-8.1-CHECKSUM',
      'DENAT-NONAT66-1',
    ],
    behavior: { tap: fragmentsOnWan },
  },
  {
    name: 'broken-checksum-offload',
    story: "Hosts' datagrams leave on the WAN with a wrong checksum.",
    violates: ['RFC8200-8.1-CHECKSUM', 'DENAT-DEFAULT-1 · UDP', 'DENAT-V6ONLY-WAN · UDP', 'RFC9818-LPD-6 · UDP'],
    behavior: {
      tap: onWan(({ udp, ...packet }) => ({
        ...packet,
        udp: { ...udp, checksum: (udp?.checksum ?? 0) ^ 0x1111 },
      })),
    },
  },
]
