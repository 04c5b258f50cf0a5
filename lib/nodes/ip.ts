import type { Frame } from '../recording/recording.ts'
import { isMulticast } from '../wire/address.ts'
import { ipBytes } from '../wire/fragment.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'

/** What carries an endpoint's packets: an interface of a host, or the router in front of it. */
export interface IpLayer {
  /**
   * Sends an IP packet on its way and returns the frame that carries it. Where the neighbor must be asked for first
   * that is the frame that asks; `sent` is called with the packet's own.
   */
  send(packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame
  /** The source address for a destination; undefined while there is none. */
  sourceFor(destination: string): string | undefined
  owns(address: string): boolean
  /** Octets that an IPv6 packet may have on its link. */
  mtu(): number
}

export const isIpv4 = (address: string): boolean => !address.includes(':')

/** Multicast of either family, or IPv4 broadcast. */
export const isGroup = (address: string): boolean =>
  isIpv4(address) ? Number.parseInt(address, 10) >= 224 : isMulticast(address)

/** The IP header between two addresses of either family. */
export function between(src: string, dst: string, hopLimit?: number): PacketInit {
  if (isIpv4(dst)) return { ip4: { src, dst, ...(hopLimit !== undefined && { ttl: hopLimit }) } }
  return { ip6: { src, dst, ...(hopLimit !== undefined && { hopLimit }) } }
}

/** What an Ethernet link takes, RFC 2464 section 2. */
export const ETHERNET_MTU = 1500

/** The least link MTU, RFC 8200 section 5: also what an ICMPv6 error may fill (RFC 4443 section 2.4 c). */
export const MINIMUM_MTU = 1280

/** As much of the invoking packet as an ICMPv6 error holds. */
export function quote(packet: Packet): Uint8Array {
  return ipBytes(packet).subarray(0, MINIMUM_MTU - 48)
}
