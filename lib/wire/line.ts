import { type Decoding, decode } from './decode.ts'
import { encode } from './encode.ts'
import { ETHERNET_HEADER } from './ethernet.ts'
import type { Packet, PacketInit } from './packet.ts'

/** How a line carries IP: in plain Ethernet frames, or with the tag of a VLAN. */
export interface Line {
  vlan?: number
}

/**
 * A frame as the stations of this line read it. What belongs to another VLAN, or to a PPPoE session, is not for them:
 * it stays payload behind the Ethernet header, whatever it is. `decode` reads it all.
 */
export function decodeOn({ vlan }: Line, frame: Uint8Array, decoding?: Decoding): Packet {
  const packet = decode(frame, decoding)
  const { eth, tags, pppoe, malformed } = packet
  if (malformed?.layer === 'eth') return packet
  const isOfLine = vlan === undefined ? tags === undefined : tags?.length === 1 && tags[0]?.vid === vlan
  if (isOfLine && !pppoe && malformed?.layer !== 'tags') return packet
  const payload = frame.subarray(ETHERNET_HEADER)
  return payload.length > 0 ? { eth, payload } : { eth }
}

/** A frame of this line's stations. Throws `EncodeError`. */
export const encodeOn = ({ vlan }: Line, packet: PacketInit): Uint8Array =>
  encode(vlan === undefined ? packet : { ...packet, tags: [{ vid: vlan }] })
