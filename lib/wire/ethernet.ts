import { formatMac } from './address.ts'
import { u16At, type Writer, writeMac, writeU16 } from './bytes.ts'
import type { Ethernet } from './packet.ts'

export const ETHERNET_HEADER = 14

export const ETHER_TYPE = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd } as const

export function decodeEthernet(bytes: Uint8Array): Ethernet {
  return { dst: formatMac(bytes, 0), src: formatMac(bytes, 6), type: u16At(bytes, 12) }
}

export function encodeEthernet(w: Writer, eth: Ethernet): void {
  writeMac(w, eth.dst)
  writeMac(w, eth.src)
  writeU16(w, eth.type)
}
