import type { Link } from '../../link/link.ts'
import type { Frame } from '../../recording/recording.ts'
import type { Clock } from '../../time/clock.ts'
import type { Mac } from '../../wire/address.ts'
import { decodeOn, encodeOn, type Line } from '../../wire/line.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'

/** Anything with a MAC on a port of the bench. */
export interface Station {
  readonly mac: Mac
  /**
   * Receives each frame on its port except its own: those of the DUT and of other stations on the same port. `bytes` is
   * what was on the wire; the recorded frame may hold less of it.
   */
  receive(packet: Packet, frame: Frame, bytes: Uint8Array): void
}

/** Writes every frame that passes a port into the recording and returns it as recorded. */
export type RecordFrame = (
  port: string,
  direction: 'in' | 'out',
  at: number,
  bytes: Uint8Array,
  packet: Packet,
  comment?: string,
) => Frame

/**
 * A switch of the bench's on one port of the DUT: a DUT never reflects a frame to the port it came from, so stations
 * that share a port receive the frames of each other here.
 */
export interface Port {
  readonly name: string
  readonly line: Line
  attach(station: Station): void
  detach(station: Station): void
  /** Sends a frame from a station. What the packet leaves out is computed; the source MAC is the station's. */
  send(station: Station, packet: PacketInit, comment?: string): Frame
  /** The same with bytes as they are, for a station that brings a stack of its own (the browser's endpoint). */
  sendBytes(station: Station, bytes: Uint8Array): Frame
}

/**
 * On a line with a VLAN its stations send tagged frames, and receive only frames with this tag. They receive nothing that
 * is not `meant` for this port.
 */
export function openPort(
  link: Link,
  clock: Clock,
  record: RecordFrame,
  line: Line = {},
  meant: (frame: Frame) => boolean = () => true,
): Port {
  const stations = new Set<Station>()
  link.onFrame((bytes, at) => {
    const packet = decodeOn(line, bytes)
    const frame = record(link.name, 'in', at, bytes, packet)
    if (meant(frame)) for (const station of stations) station.receive(packet, frame, bytes)
  })
  const sendBytes = (station: Station, bytes: Uint8Array, comment?: string): Frame => {
    const packet = decodeOn(line, bytes)
    const local = [...stations].find((other) => other.mac === packet.eth.dst)
    // Stamped before the call: stamped after it, a reply would seem to come before its request.
    const frame = record(link.name, 'out', clock.now(), bytes, packet, comment)
    if (!local) link.send(bytes)
    // In an event of its own: a station must not be entered again while it is still sending.
    clock.after(0, () => {
      for (const other of stations)
        if (other !== station && (!local || other === local)) other.receive(packet, frame, bytes)
    })
    return frame
  }
  return {
    name: link.name,
    line,
    attach: (station) => void stations.add(station),
    detach: (station) => void stations.delete(station),
    send: (station, packet, comment) =>
      sendBytes(station, encodeOn(line, { ...packet, eth: { src: station.mac, ...packet.eth } }), comment),
    sendBytes,
  }
}
