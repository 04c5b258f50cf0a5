import type { Ipv6Address, Mac } from '../../wire/address.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Context } from '../context.ts'

/** What carries the IP packets of one interface: frames, and how neighbors are resolved, are its own. */
export interface Attachment {
  /** Of the hardware: identifiers come from it, whatever the link is. */
  readonly mac: Mac
  /** For the link-layer address options of Neighbor Discovery; undefined on a link without addresses. */
  readonly linkLayerAddress: Mac | undefined
  /** Octets that an IP packet may have. */
  readonly mtu: number
  /** It carries packets. */
  up(): boolean
  /**
   * Sends an IP packet: to this neighbor, when it is resolved, or `failed` is called; without one, to the group that the
   * packet is for.
   */
  send(octets: Uint8Array, nextHop?: Ipv6Address, failed?: () => void): void
  /** Sends to the station that this packet came from. */
  reply(to: Packet, octets: Uint8Array): void
  /** A neighbor named its link-layer address without being asked: RFC 4861 section 7.2.3. */
  learned(neighbor: Ipv6Address, mac: Mac): void
  /** RFC 4861 section 7.2.5. */
  advertised(neighbor: Ipv6Address, mac: Mac | undefined, flags: { solicited: boolean; override: boolean }): void
  /** Where it is known. */
  linkLayerAddressOf(neighbor: Ipv6Address): Mac | undefined
  /** It did not answer when it was asked last: RFC 4861 section 7.3.3. */
  isUnreachable(neighbor: Ipv6Address): boolean
  /** This neighbor itself sent the packet here. */
  isFrom(neighbor: Ipv6Address, packet: Packet): boolean
  /** Forgets its neighbors. */
  clear(): void
}

/** What an interface does with what its link brings, and what its link asks of it. */
export interface Upper {
  /** An IP packet that this link takes. */
  onIp(packet: Packet, octets: Uint8Array): void
  /** The link carries packets from now on, or no more. */
  onUp(up: boolean): void
  /** Of the interface; not before the link is attached. */
  linkLocal(): Ipv6Address
  /** The Neighbor Solicitation for a neighbor; undefined while the interface is down. */
  solicitation(target: Ipv6Address, how: 'multicast' | 'unicast'): Uint8Array | undefined
}

export type Attach = (ctx: Context, upper: Upper) => Attachment
