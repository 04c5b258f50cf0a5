import type { Frame } from '../../recording/recording.ts'
import type { Mac } from '../../wire/address.ts'
import type { Pattern } from '../../wire/match.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { NodeContext } from '../context.ts'

/** What carries a node's IP packets: above it are IP packets and neighbors, below it frames. */
export interface Attachment {
  /** Of the node's hardware: interface identifiers and DHCP come from it, whatever the link is. */
  readonly mac: Mac
  /** For the link-layer address options of Neighbor Discovery, RFC 4861 section 4.6.1; undefined on a link without addresses. */
  readonly linkLayerAddress: Mac | undefined
  /** Octets that an IP packet may have. */
  readonly mtu: number
  /** It carries packets. */
  up(): boolean
  plugIn(): void
  unplug(): void
  /**
   * Sends an IP packet: to this neighbor, which it resolves first where it has to; without one, to the group that the
   * packet is for. Returns the frame of the packet, or the one that asks for the neighbor; `sent` is called with the
   * packet's own.
   */
  send(packet: PacketInit, nextHop?: string, how?: { why?: string; sent?(frame: Frame): void }): Frame
  /** Sends to the station that this packet came from. */
  reply(to: Packet, packet: PacketInit, why?: string): Frame
  /** Sends to the DUT at the other end of a line, whether or not its address was resolved. */
  toPeer(packet: PacketInit, why?: string): Frame
  /** A neighbor named its link-layer address: RFC 4861 section 7.2.3. */
  learned(neighbor: string, mac: Mac): void
  /** A Neighbor Advertisement came; without a MAC it confirms the one that is known. */
  answered(neighbor: string, mac: Mac | undefined, flags: { solicited: boolean; override: boolean }): void
  /** It did not answer when it was last asked. */
  isSilent(neighbor: string): boolean
  /** Asks for a sign of life, which comes after all that this neighbor sent before. */
  fence(neighbor: string, why?: string): { question: Frame; answer: Pattern }
}

/** What a node does with what its link brings. */
export interface Upper {
  /** An IP packet that this node's link takes. `toGroup`: the frame was for several stations. */
  onIp(packet: Packet, frame: Frame, toGroup: boolean): void
  /** The link carries packets from now on. */
  onUp(): void
  /** The source of a Neighbor Solicitation or an ARP request; undefined while the node has no address. */
  sourceFor(neighbor: string): string | undefined
  owns(address: string): boolean
}

export type Attach = (ctx: NodeContext, upper: Upper) => Attachment
