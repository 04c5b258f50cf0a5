import { type Ipv4Address, type Ipv6Address, isMulticast, type Mac, parseMac } from '../address.ts'
import { decode } from '../decode.ts'
import { encode } from '../encode.ts'
import type { PacketInit } from '../packet.ts'
import type { Dice } from './dice.ts'

export interface Node {
  mac: Mac
  addresses: readonly Ipv6Address[]
  ipv4?: Ipv4Address
}

/** The frame, sent to this node by a neighbor: as hostile as it was, but not discarded for its addresses. */
export function addressed(frame: Uint8Array, to: Node, from: Mac, dice: Dice): Uint8Array {
  const packet = structuredClone(decode(frame)) as PacketInit
  packet.eth = { ...packet.eth, src: from, dst: to.mac }
  if (packet.ip6?.dst && !isMulticast(packet.ip6.dst)) packet.ip6.dst = dice.pick(to.addresses)
  if (packet.ip4 && to.ipv4) packet.ip4.dst = to.ipv4
  if (packet.ip4) packet.ip4.checksum = undefined
  if (packet.icmp6 && 'target' in packet.icmp6 && dice.int(2) === 0) packet.icmp6.target = dice.pick(to.addresses)
  for (const layer of [packet.icmp6, packet.icmp4, packet.udp, packet.tcp]) if (layer) layer.checksum = undefined
  try {
    return encode(packet)
  } catch {
    // A frame that is too short for the headers it begins: its octets as they are, with the addresses put over them.
    const mutant = frame.slice()
    mutant.set([...parseMac(to.mac), ...parseMac(from)].slice(0, mutant.length))
    return mutant
  }
}
