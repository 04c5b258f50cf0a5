import type { Frame } from '../recording/recording.ts'
import { type Mac, network, type Prefix } from '../wire/address.ts'
import { decodeQuotedPacket, type QuotedPacket } from '../wire/decode.ts'
import { type Dhcpv6, optionsOf } from '../wire/dhcpv6.ts'
import type { Dhcpv6OptionName, Dhcpv6OptionOf } from '../wire/dhcpv6-option.ts'
import { ipOffset } from '../wire/ethernet.ts'
import type { Icmpv6Message, Icmpv6Name } from '../wire/icmpv6.ts'
import { type NdOptionName, type NdOptionOf, ndOptions } from '../wire/nd-options.ts'

/** The ICMPv6 message of a frame that a pattern found. Throws `TypeError` when it is another. */
export function icmpv6Of<N extends Icmpv6Name>(frame: Frame, type: N): Icmpv6Message<N> & { code: number } {
  const message = frame.packet.icmp6
  if (message?.type !== type) throw new TypeError(`frame ${frame.number} holds no ${type}`)
  return message as Icmpv6Message<N> & { code: number }
}

export const raOf = (frame: Frame) => icmpv6Of(frame, 'router-advertisement')

/** ND options of one kind, in order; none where the frame is no ND message. */
export function ndOptionsOf<N extends NdOptionName>(frame: Frame, type: N): NdOptionOf<N>[] {
  const message = frame.packet.icmp6
  return message && 'options' in message ? ndOptions(message, type) : []
}

/**
 * The last RA that holds an option of this kind, or else the last of all: options may be spread over RAs, and left out of
 * unsolicited ones (RFC 4861 section 6.2.3).
 */
export const lastAbout = (type: NdOptionName, advertisements: readonly Frame[]): Frame | undefined =>
  advertisements.findLast((frame) => ndOptionsOf(frame, type).length > 0) ?? advertisements.at(-1)

/** The Prefix Information options of an RA. With the R flag one holds an address in its prefix: RFC 6275 section 7.2. */
export const pios = (frame: Frame) =>
  ndOptionsOf(frame, 'prefix-information').map((pio) =>
    pio.routerAddress ? { ...pio, prefix: network(pio.prefix) } : pio,
  )

/** The DHCPv6 message of a frame that a pattern found. Throws `TypeError` when there is none. */
export function dhcpv6Of(frame: Frame): Exclude<Dhcpv6, { hopCount: number }> {
  const message = frame.packet.dhcp6
  if (!message || 'hopCount' in message) throw new TypeError(`frame ${frame.number} holds no DHCPv6 message`)
  return message
}

export function dhcpv6OptionsOf<T extends Dhcpv6OptionName>(frame: Frame, type: T): Dhcpv6OptionOf<T>[] {
  return optionsOf(dhcpv6Of(frame), type)
}

/** IA Prefix options of all IA_PDs of a message. */
export function iaPrefixes(frame: Frame): Dhcpv6OptionOf<'ia-prefix'>[] {
  return dhcpv6OptionsOf(frame, 'ia-pd').flatMap((ia) => optionsOf(ia, 'ia-prefix'))
}

/** IA Address options of all IA_NAs of a message. */
export function iaAddresses(frame: Frame): Dhcpv6OptionOf<'ia-addr'>[] {
  return dhcpv6OptionsOf(frame, 'ia-na').flatMap((ia) => optionsOf(ia, 'ia-addr'))
}

/** Prefixes that a Reply grants, those with valid lifetime 0 left out. */
export const granted = (frame: Frame): Prefix[] =>
  iaPrefixes(frame)
    .filter((p) => p.validLifetime > 0)
    .map((p) => p.prefix)

/** An answer over IPv6 that has an address for the name. */
export function resolves({ packet: { ip6, dns } }: Frame): boolean {
  return ip6 !== undefined && dns?.type === 'response' && dns.answers.some(({ type }) => type === 'AAAA')
}

/** The packet that an ICMPv6 error quotes, as far as it goes. */
export function quoted(frame: Frame): QuotedPacket | undefined {
  const message = frame.packet.icmp6
  return message && 'data' in message && message.data ? decodeQuotedPacket(message.data) : undefined
}

/** The station that sent a frame, by its MAC: on a line with PPPoE the other end of the session. */
export const senderOf = ({ packet }: Pick<Frame, 'packet'>): Mac => packet.eth.src

/** The station, or the group of stations, that a frame was sent to. */
export const receiverOf = ({ packet }: Pick<Frame, 'packet'>): Mac => packet.eth.dst

/** The IP packet of a frame as it was on the wire, with what follows it there. */
export const ipOctets = ({ bytes, packet }: Pick<Frame, 'bytes' | 'packet'>): Uint8Array =>
  bytes.subarray(ipOffset(packet))

const ipv6Header = 40
/** Where the checksum lies in a header: TCP, UDP, ICMPv6. */
const checksumAt: Record<number, number> = { 6: 16, 17: 6, 58: 2 }

/** What follows the IPv6 header, its checksum left aside. */
function upperLayer(frame: Frame): Buffer {
  const { ip6 } = frame.packet
  const upper = Buffer.from(ipOctets(frame).subarray(ipv6Header)).subarray(0, ip6?.payloadLength)
  const at = checksumAt[ip6?.nextHeader ?? -1]
  if (at !== undefined && at + 2 <= upper.length) upper.fill(0, at, at + 2)
  return upper
}

/**
 * Whether `frame` is `sent` one hop on. A router may change the hop limit and the traffic class; where it damages
 * an address or the checksum the packet is still the one that was sent, and other requirements judge the damage.
 */
export function isOneHopOn(frame: Frame, sent: Frame): boolean {
  const [its, before] = [frame.packet.ip6, sent.packet.ip6]
  if (!its || !before || its.nextHeader !== before.nextHeader) return false
  return (its.src === before.src || its.dst === before.dst) && upperLayer(frame).equals(upperLayer(sent))
}
