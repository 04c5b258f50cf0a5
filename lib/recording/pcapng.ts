import type { TimedFrame } from './capture.ts'
import { ETHERNET } from './skipped.ts'

/**
 * pcapng as in draft-ietf-opsawg-pcapng: a section header, an interface description per port, enhanced packet blocks,
 * interface statistics at the end. Little-endian, with nanoseconds.
 */

export const block = { section: 0x0a0d0d0a, interface: 1, packet: 2, simplePacket: 3, statistics: 5, enhancedPacket: 6 }
export const option = {
  end: 0,
  comment: 1,
  ifName: 2,
  epbFlags: 2,
  userApplication: 4,
  ifDrop: 5,
  tsResolution: 9,
  tsOffset: 14,
}
export const byteOrderMagic = 0x1a2b3c4d
export const inbound = 1
export const outbound = 2

export type Option = [code: number, value: Uint8Array]

const text = new TextEncoder()
export const padded = (length: number) => (length + 3) & ~3

/** Blocks of a capture as bytes, to be written to a file as they come or into one array. */
export function captureWriter() {
  const ports = new Map<string, number>()
  const addPort = (name: string): Uint8Array => {
    ports.set(name, ports.size)
    const body = new Uint8Array(8)
    new DataView(body.buffer).setUint16(0, ETHERNET, true)
    return blockOf(block.interface, body, [
      [option.ifName, text.encode(name)],
      [option.tsResolution, Uint8Array.of(9)],
    ])
  }
  return {
    header(names: readonly string[]): Uint8Array {
      const body = new Uint8Array(16)
      const view = new DataView(body.buffer)
      view.setUint32(0, byteOrderMagic, true)
      view.setUint16(4, 1, true)
      // Section length -1: unknown, as the file is written while it grows.
      view.setBigInt64(8, -1n, true)
      return concat([
        blockOf(block.section, body, [[option.userApplication, text.encode('denat')]]),
        ...names.map(addPort),
      ])
    },
    frame(frame: TimedFrame): Uint8Array {
      const described = ports.has(frame.port) ? [] : [addPort(frame.port)]
      const body = new Uint8Array(20 + padded(frame.bytes.length))
      const view = new DataView(body.buffer)
      view.setUint32(0, ports.get(frame.port) ?? 0, true)
      setTime(view, 4, frame.time)
      view.setUint32(12, frame.bytes.length, true)
      view.setUint32(16, frame.originalLength ?? frame.bytes.length, true)
      body.set(frame.bytes, 20)
      const options: Option[] = []
      if (frame.comment) options.push([option.comment, text.encode(frame.comment).subarray(0, 0xffff)])
      if (frame.direction) options.push([option.epbFlags, u32(frame.direction === 'in' ? inbound : outbound)])
      return concat([...described, blockOf(block.enhancedPacket, body, options)])
    },
    /** Drop counts by port, at the end of the file. */
    statistics(drops: Readonly<Record<string, number>>, time: bigint): Uint8Array {
      return concat(
        [...ports].map(([name, id]) => {
          const body = new Uint8Array(12)
          const view = new DataView(body.buffer)
          view.setUint32(0, id, true)
          setTime(view, 4, time)
          return blockOf(block.statistics, body, [[option.ifDrop, u64(drops[name] ?? 0)]])
        }),
      )
    },
  }
}

/** A whole capture. */
export function writeCapture(
  ports: readonly string[],
  frames: Iterable<TimedFrame>,
  drops: Readonly<Record<string, number>> = {},
): Uint8Array {
  const writer = captureWriter()
  const parts = [writer.header(ports)]
  let last = 0n
  for (const frame of frames) {
    parts.push(writer.frame(frame))
    last = frame.time
  }
  parts.push(writer.statistics(drops, last))
  return concat(parts)
}

function blockOf(type: number, body: Uint8Array, options: Option[]): Uint8Array {
  const optionOctets = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), options.length > 0 ? 4 : 0)
  const length = 12 + body.length + optionOctets
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  bytes.set(body, 8)
  let at = 8 + body.length
  for (const [code, value] of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    bytes.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  view.setUint32(length - 4, length, true)
  return bytes
}

function setTime(view: DataView, offset: number, time: bigint): void {
  view.setUint32(offset, Number((time >> 32n) & 0xffffffffn), true)
  view.setUint32(offset + 4, Number(time & 0xffffffffn), true)
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
