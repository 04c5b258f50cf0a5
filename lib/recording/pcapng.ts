/**
 * pcapng as in draft-ietf-opsawg-pcapng: a section header, an interface description per port, enhanced packet
 * blocks, interface statistics at the end. Written little-endian with nanoseconds; read as others write it, too.
 */
export interface CapturedFrame {
  port: string
  /** Nanoseconds since 1970. */
  time: bigint
  /** Seen from the bench; absent where the file doesn't say. */
  direction?: 'in' | 'out'
  bytes: Uint8Array
  /** Octets on the wire, where `bytes` holds fewer. */
  originalLength?: number
  comment?: string
}

export interface Capture {
  /** Interface names in the order of the file. */
  ports: string[]
  frames: CapturedFrame[]
  /** The sum of the interfaces' drop counts. */
  drops: number
  /** Where the file ends in the middle of a block, as after a killed writer; what came before is good. */
  truncatedAt?: number
}

export class CaptureError extends Error {
  readonly offset: number
  readonly expected: string
  readonly seen: string

  constructor(offset: number, expected: string, seen: string) {
    super(`pcapng: at offset ${offset}: expected ${expected}, saw ${seen}`)
    this.name = 'CaptureError'
    this.offset = offset
    this.expected = expected
    this.seen = seen
  }
}

const block = { section: 0x0a0d0d0a, interface: 1, packet: 2, simplePacket: 3, statistics: 5, enhancedPacket: 6 }
const option = {
  end: 0,
  comment: 1,
  ifName: 2,
  epbFlags: 2,
  userApplication: 4,
  ifDrop: 5,
  tsResolution: 9,
  tsOffset: 14,
}
const byteOrderMagic = 0x1a2b3c4d
const ethernet = 1
const inbound = 1
const outbound = 2

type Option = [code: number, value: Uint8Array]

const text = new TextEncoder()
const padded = (length: number) => (length + 3) & ~3

/** Blocks of a capture as bytes, for whoever writes them: to a file as they come or into one array. */
export function captureWriter() {
  const ports = new Map<string, number>()
  const addPort = (name: string): Uint8Array => {
    ports.set(name, ports.size)
    const body = new Uint8Array(8)
    new DataView(body.buffer).setUint16(0, ethernet, true)
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
    frame(frame: CapturedFrame): Uint8Array {
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
  frames: Iterable<CapturedFrame>,
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

interface Interface {
  name: string
  /** Nanoseconds of a count of the interface's ticks. */
  nanoseconds(ticks: bigint): bigint
}

export function readCapture(bytes: Uint8Array): Capture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const capture: Capture = { ports: [], frames: [], drops: 0 }
  let interfaces: Interface[] = []
  let little = true
  let offset = 0
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`
  const interfaceAt = (at: number, id: number): Interface => {
    const found = interfaces[id]
    if (!found) throw new CaptureError(at, `an interface below ${interfaces.length}`, `${id}`)
    return found
  }
  if (bytes.length === 0) throw new CaptureError(0, 'a section header block', 'an empty file')
  while (offset < bytes.length) {
    if (bytes.length - offset < 12) return { ...capture, truncatedAt: offset }
    const type = view.getUint32(offset, true)
    if (type === block.section) {
      const magic = view.getUint32(offset + 8, true)
      little = magic === byteOrderMagic
      if (!little && view.getUint32(offset + 8, false) !== byteOrderMagic)
        throw new CaptureError(offset + 8, `byte-order magic ${hex(byteOrderMagic)}`, hex(magic))
      interfaces = []
    } else if (offset === 0) {
      throw new CaptureError(0, `section header block ${hex(block.section)}`, hex(type))
    }
    const length = view.getUint32(offset + 4, little)
    if (length < 12 || length % 4 !== 0)
      throw new CaptureError(offset + 4, 'a block length of at least 12, a multiple of 4', `${length}`)
    if (length > bytes.length - offset) return { ...capture, truncatedAt: offset }
    const trailing = view.getUint32(offset + length - 4, little)
    if (trailing !== length)
      throw new CaptureError(offset + length - 4, `trailing block length ${length}`, `${trailing}`)
    readBlock(little ? type : view.getUint32(offset, false), offset + 8, offset + length - 4)
    offset += length
  }
  return capture

  function readBlock(type: number, start: number, end: number): void {
    const need = (octets: number) => {
      if (end - start < octets) throw new CaptureError(start, `a block body of ${octets} octets`, `${end - start}`)
    }
    switch (type) {
      case block.interface: {
        need(8)
        const linkType = view.getUint16(start, little)
        if (linkType !== ethernet) throw new CaptureError(start, 'link type 1 (Ethernet)', `${linkType}`)
        const described = readInterface(optionsOf(start + 8, end), `if${interfaces.length}`)
        interfaces.push(described)
        if (!capture.ports.includes(described.name)) capture.ports.push(described.name)
        return
      }
      case block.enhancedPacket:
      case block.packet: {
        need(20)
        const short = type === block.packet
        const from = interfaceAt(start, short ? view.getUint16(start, little) : view.getUint32(start, little))
        const ticks = (BigInt(view.getUint32(start + 4, little)) << 32n) | BigInt(view.getUint32(start + 8, little))
        const captured = view.getUint32(start + 12, little)
        if (captured > end - start - 20)
          throw new CaptureError(start + 12, `a captured length up to ${end - start - 20}`, `${captured}`)
        const data = bytes.slice(start + 20, start + 20 + captured)
        const frame: CapturedFrame = { port: from.name, time: from.nanoseconds(ticks), bytes: data }
        const length = view.getUint32(start + 16, little)
        if (length > captured) frame.originalLength = length
        const comments: string[] = []
        for (const [code, value] of optionsOf(start + 20 + padded(captured), end)) {
          if (code === option.comment) comments.push(new TextDecoder().decode(value))
          if (code === option.epbFlags && value.length === 4) {
            const way = new DataView(value.buffer, value.byteOffset).getUint32(0, little) & 3
            if (way === inbound) frame.direction = 'in'
            if (way === outbound) frame.direction = 'out'
          }
        }
        if (comments.length > 0) frame.comment = comments.join('\n')
        capture.frames.push(frame)
        return
      }
      case block.simplePacket:
        // Without a time it has no place in a recording, and leaving it out would hide a frame.
        throw new CaptureError(start - 8, 'packet blocks with a time', 'a simple packet block')
      case block.statistics: {
        need(12)
        for (const [code, value] of optionsOf(start + 12, end))
          if (code === option.ifDrop && value.length === 8)
            capture.drops += Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, little))
        return
      }
    }
  }

  function optionsOf(start: number, end: number): Option[] {
    const options: Option[] = []
    let at = start
    while (end - at >= 4) {
      const code = view.getUint16(at, little)
      const length = view.getUint16(at + 2, little)
      if (code === option.end) break
      if (length > end - at - 4) throw new CaptureError(at + 2, `an option length up to ${end - at - 4}`, `${length}`)
      options.push([code, bytes.subarray(at + 4, at + 4 + length)])
      at += 4 + padded(length)
    }
    return options
  }

  function readInterface(options: Option[], fallback: string): Interface {
    let name = fallback
    let resolution = 6
    let offsetSeconds = 0n
    for (const [code, value] of options) {
      if (code === option.ifName) name = new TextDecoder().decode(value)
      if (code === option.tsResolution) resolution = value[0] ?? resolution
      if (code === option.tsOffset && value.length === 8)
        offsetSeconds = new DataView(value.buffer, value.byteOffset).getBigInt64(0, little)
    }
    const exponent = BigInt(resolution & 0x7f)
    const perSecond = resolution & 0x80 ? 1n << exponent : 10n ** exponent
    return { name, nanoseconds: (ticks) => (ticks * 1_000_000_000n) / perSecond + offsetSeconds * 1_000_000_000n }
  }
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
