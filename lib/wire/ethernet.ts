import { formatMac, isGroupMac } from './address.ts'
import { u16At, type Writer, writeMac, writeU16 } from './bytes.ts'
import type { Ethernet, Packet, VlanTag } from './packet.ts'
import { PPPOE_HEADER } from './pppoe.ts'

export const ETHERNET_HEADER = 14
/** What a tag adds to the header: IEEE 802.1Q clause 9. */
export const VLAN_TAG = 4

/** `vlan` is the customer's tag (802.1Q), `serviceVlan` the provider's (802.1ad). */
export const ETHER_TYPE = {
  ip4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ip6: 0x86dd,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  serviceVlan: 0x88a8,
} as const

export function decodeEthernet(bytes: Uint8Array): Ethernet {
  return { dst: formatMac(bytes, 0), src: formatMac(bytes, 6), type: u16At(bytes, 12) }
}

export function encodeEthernet(w: Writer, eth: Ethernet): void {
  writeMac(w, eth.dst)
  writeMac(w, eth.src)
  writeU16(w, eth.type)
}

/** Whether a tag follows this EtherType. */
export function isVlan(etherType: number): boolean {
  return etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan
}

/** What follows the EtherType that announces it; `VLAN_TAG` octets must be there. */
export function decodeVlanTag(bytes: Uint8Array, at: number): VlanTag {
  const control = u16At(bytes, at)
  return {
    priority: control >> 13,
    dropEligible: (control & 0x1000) !== 0,
    vid: control & 0xfff,
    type: u16At(bytes, at + 2),
  }
}

export function encodeVlanTag(w: Writer, { priority, dropEligible, vid, type }: VlanTag): void {
  writeU16(w, (priority << 13) | (dropEligible ? 0x1000 : 0) | vid)
  writeU16(w, type)
}

/** Its frame was for several stations, whatever the packet's destination is: a link-layer multicast or broadcast. */
export const isForStations = ({ eth }: Pick<Packet, 'eth'>): boolean => isGroupMac(eth.dst)

/** Where the IP packet begins in the frame that was decoded to this. */
export function ipOffset({ tags, pppoe, ppp }: Pick<Packet, 'tags' | 'pppoe' | 'ppp'>): number {
  const inEthernet = ETHERNET_HEADER + VLAN_TAG * (tags?.length ?? 0)
  return inEthernet + (pppoe ? PPPOE_HEADER : 0) + (ppp ? (ppp.compressed ? 1 : 2) : 0)
}

export function describeVlanTag({ vid, priority }: VlanTag): string {
  return priority === 0 ? `VLAN ${vid}` : `VLAN ${vid} priority ${priority}`
}
