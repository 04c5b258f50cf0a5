import type { Capture, CapturedFrame } from './capture.ts'
import { block, byteOrderMagic, inbound, type Option, option, outbound, padded } from './pcapng.ts'
import { ETHERNET, otherLinkType, skipping } from './skipped.ts'

interface Interface {
  name: string
  linkType: number
  /** The longest capture of a packet; 0 is no limit. */
  snapLength: number
  /** Nanoseconds of a count of the interface's ticks. */
  nanoseconds(ticks: bigint): bigint
}

/** The fields of a packet block before its options. */
interface PacketBlock {
  from: Interface | undefined
  /** Absent in a Simple Packet Block, which has no options either. */
  ticks?: bigint
  start: number
  captured: number
  length: number
}

/**
 * pcapng as others write it, in either byte order. Blocks that are no packets are passed over. Undefined where the file
 * does not begin like one.
 */
export function readPcapng(bytes: Uint8Array): Capture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // The same in both byte orders.
  if (bytes.length < 4 || view.getUint32(0) !== block.section) return undefined
  const capture: Capture = { format: 'pcapng', ports: [], frames: [], drops: 0, skipped: [] }
  const ports = new Set<string>()
  const { skip, all } = skipping()
  let interfaces: (Interface | undefined)[] = []
  let little = true
  let offset = 0
  while (offset < bytes.length && capture.stopped === undefined) {
    const length = blockLength()
    if (length === 0) break
    const type = view.getUint32(offset, little)
    readBlock(type, offset + 8, offset + length - 4)
    offset += length
  }
  return { ...capture, ports: [...ports], skipped: all() }

  /** Octets of the block at `offset`; 0 where the next one can't be found. */
  function blockLength(): number {
    const stop = (because: string): 0 => {
      capture.stopped = { offset, because }
      return 0
    }
    const left = bytes.length - offset
    if (left < 12) return stop('the file ends in the middle of a block')
    if (view.getUint32(offset) === block.section) {
      little = view.getUint32(offset + 8, true) === byteOrderMagic
      if (!little && view.getUint32(offset + 8) !== byteOrderMagic) return stop('a section of no byte order')
      interfaces = []
    }
    const length = view.getUint32(offset + 4, little)
    if (length < 12 || length % 4 !== 0) return stop(`a block of ${length} octets`)
    if (length > left) return stop('the file ends in the middle of a block')
    const trailing = view.getUint32(offset + length - 4, little)
    return trailing === length ? length : stop(`a block of ${length} octets with the length ${trailing} at its end`)
  }

  function readBlock(type: number, start: number, end: number): void {
    switch (type) {
      case block.interface:
        // One that is cut short counts as well.
        interfaces.push(end - start < 8 ? undefined : interfaceAt(start, end))
        return
      case block.enhancedPacket:
      case block.packet:
      case block.simplePacket:
        readPacket(type, start, end)
        return
      case block.statistics:
        for (const [code, value] of optionsOf(start + 12, end))
          if (code === option.ifDrop && value.length === 8)
            capture.drops += Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, little))
    }
  }

  function readPacket(type: number, start: number, end: number): void {
    const at = start - 8
    const packet = type === block.simplePacket ? simplePacket(start, end) : stampedPacket(type, start, end)
    const from = packet?.from
    if (packet === undefined) skip('cut short', at)
    else if (from === undefined) skip('no such interface is described', at)
    else if (from.linkType !== ETHERNET) skip(otherLinkType(from.linkType), at)
    else if (packet.captured > end - packet.start) skip('longer than its block', at)
    else capture.frames.push(frameOf(packet, from, end))
  }

  function frameOf({ start, captured, length, ticks }: PacketBlock, from: Interface, end: number): CapturedFrame {
    const frame: CapturedFrame = { port: from.name, bytes: bytes.slice(start, start + captured) }
    if (length > captured) frame.originalLength = length
    if (ticks !== undefined) {
      frame.time = from.nanoseconds(ticks)
      readOptions(frame, start + padded(captured), end)
    }
    return frame
  }

  function stampedPacket(type: number, start: number, end: number): PacketBlock | undefined {
    if (end - start < 20) return undefined
    return {
      from: interfaces[type === block.packet ? view.getUint16(start, little) : view.getUint32(start, little)],
      ticks: (BigInt(view.getUint32(start + 4, little)) << 32n) | BigInt(view.getUint32(start + 8, little)),
      start: start + 20,
      captured: view.getUint32(start + 12, little),
      length: view.getUint32(start + 16, little),
    }
  }

  /** Of the first interface, with neither a time nor its captured length: what is there, padding aside. */
  function simplePacket(start: number, end: number): PacketBlock | undefined {
    if (end - start < 4) return undefined
    const [from] = interfaces
    const length = view.getUint32(start, little)
    const captured = Math.min(length, from?.snapLength || length, end - start - 4)
    return { from, start: start + 4, captured, length }
  }

  function readOptions(frame: CapturedFrame, start: number, end: number): void {
    const comments: string[] = []
    for (const [code, value] of optionsOf(start, end)) {
      if (code === option.comment) comments.push(new TextDecoder().decode(value))
      if (code === option.epbFlags && value.length === 4) {
        const way = new DataView(value.buffer, value.byteOffset).getUint32(0, little) & 3
        if (way === inbound) frame.direction = 'in'
        if (way === outbound) frame.direction = 'out'
      }
    }
    if (comments.length > 0) frame.comment = comments.join('\n')
  }

  /** Up to the first that is longer than its block. */
  function optionsOf(start: number, end: number): Option[] {
    const options: Option[] = []
    for (let at = start; end - at >= 4; ) {
      const code = view.getUint16(at, little)
      const length = view.getUint16(at + 2, little)
      if (code === option.end || length > end - at - 4) break
      options.push([code, bytes.subarray(at + 4, at + 4 + length)])
      at += 4 + padded(length)
    }
    return options
  }

  function interfaceAt(start: number, end: number): Interface {
    let name = `if${interfaces.length}`
    let resolution = 6
    let offsetSeconds = 0n
    for (const [code, value] of optionsOf(start + 8, end)) {
      if (code === option.ifName) name = new TextDecoder().decode(value)
      if (code === option.tsResolution) resolution = value[0] ?? resolution
      if (code === option.tsOffset && value.length === 8)
        offsetSeconds = new DataView(value.buffer, value.byteOffset).getBigInt64(0, little)
    }
    const exponent = BigInt(resolution & 0x7f)
    const perSecond = resolution & 0x80 ? 1n << exponent : 10n ** exponent
    const linkType = view.getUint16(start, little)
    const snapLength = view.getUint32(start + 4, little)
    const nanoseconds = (ticks: bigint) => (ticks * 1_000_000_000n) / perSecond + offsetSeconds * 1_000_000_000n
    if (linkType === ETHERNET) ports.add(name)
    return { name, linkType, snapLength, nanoseconds }
  }
}
