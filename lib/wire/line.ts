import { type Decoding, decode } from './decode.ts'
import { encode } from './encode.ts'
import { ETHER_TYPE, ETHERNET_HEADER } from './ethernet.ts'
import type { Packet, PacketInit } from './packet.ts'

/** How a line carries IP: in plain Ethernet frames, behind tags, or in a PPPoE session. */
export interface Line {
  /** One tag, or the outer and the inner one. */
  vlan?: number | [outer: number, inner: number] | undefined
  /** IP is in a session of RFC 2516; what is in Ethernet frames is not of this line. */
  pppoe?: true | undefined
  /** Of all tags that the bench sends; 0 when left out. Whatever priority a tag has, it is of its VLAN. */
  priority?: number | undefined
  /** Of the outer tag; when left out, that of 802.1ad where there are two tags, of 802.1Q where there is one. */
  tpid?: number | undefined
}

/** A tag as the line has it. */
export interface LineTag {
  vid: number
  priority: number
  tpid: number
}

/** The tags of a line, the outer one first. */
export function tagsOf({ vlan, priority = 0, tpid }: Line): LineTag[] {
  const vids = vlan === undefined ? [] : [vlan].flat()
  const outer = tpid ?? (vids.length > 1 ? ETHER_TYPE.serviceVlan : ETHER_TYPE.vlan)
  return vids.map((vid, index) => ({ vid, priority, tpid: index === 0 ? outer : ETHER_TYPE.vlan }))
}

/**
 * A frame as the stations of this line read it. What belongs to another VLAN, or to a PPPoE session, is not for them:
 * it stays payload behind the Ethernet header, whatever it is. `decode` reads it all.
 */
export function decodeOn(line: Line, frame: Uint8Array, decoding?: Decoding): Packet {
  const packet = decode(frame, decoding)
  const { eth, tags = [], pppoe, malformed } = packet
  if (malformed?.layer === 'eth') return packet
  const expected = tagsOf(line)
  const tpids = [eth.type, ...tags.map(({ type }) => type)]
  const isOfLine =
    tags.length === expected.length &&
    expected.every(({ vid, tpid }, index) => tags[index]?.vid === vid && tpids[index] === tpid)
  if (isOfLine && (pppoe !== undefined) === (line.pppoe === true) && malformed?.layer !== 'tags') return packet
  const payload = frame.subarray(ETHERNET_HEADER)
  return payload.length > 0 ? { eth, payload } : { eth }
}

/** A frame of this line's stations. Throws `EncodeError`. */
export function encodeOn(line: Line, packet: PacketInit): Uint8Array {
  const tags = tagsOf(line)
  const [outer] = tags
  if (!outer) return encode(packet)
  // The type that the packet names is of what follows the tags.
  const types = [...tags.slice(1).map(({ tpid }) => tpid), packet.eth?.type]
  return encode({
    ...packet,
    eth: { ...packet.eth, type: outer.tpid },
    tags: tags.map(({ vid, priority }, index) => ({ vid, priority, type: types[index] })),
  })
}
