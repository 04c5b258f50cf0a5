import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CapturedFrame } from './pcapng.ts'
import { CaptureError, readCapture, writeCapture } from './pcapng.ts'

/** An Ethernet frame with an EtherType for experiments. */
const bytes = (...payload: number[]) =>
  Uint8Array.of(0x33, 0x33, 0, 0, 0, 1, 2, 0xde, 0x4a, 0, 0, 1, 0x88, 0xb5, ...payload)
const start = 1_760_000_000_123_456_789n

const frames: CapturedFrame[] = [
  { port: 'wan0', time: start, direction: 'out', bytes: bytes(1), comment: 'why: “x” → y' },
  { port: 'lan0', time: start + 1n, direction: 'in', bytes: bytes(1, 2) },
  { port: 'lan1', time: start + 4_000_000_000n, direction: 'in', bytes: bytes(1, 2, 3) },
  { port: 'wan0', time: start + 4_000_000_001n, bytes: new Uint8Array(0) },
]

test('what is written is read', () => {
  const written = writeCapture(['wan0', 'lan0'], frames, { wan0: 3, lan1: 4 })
  expect(readCapture(written)).toEqual({ ports: ['wan0', 'lan0', 'lan1'], frames, drops: 7 })
})

test('an empty capture has its ports', () => {
  expect(readCapture(writeCapture(['wan0'], []))).toEqual({ ports: ['wan0'], frames: [], drops: 0 })
})

describe('captures of others', () => {
  const section = (big: boolean) =>
    words(big, 0x0a0d0d0a, 28, 0x1a2b3c4d, big ? 0x00010000 : 0x00000001, 0xffffffff, 0xffffffff, 28)
  const packet = (big: boolean, high: number, low: number) => words(big, 6, 36, 0, high, low, 2, 2, 0x61620000, 36)

  test.each([
    ['little-endian, microseconds by default', false, undefined, 0n, 1_500_000, 1_500_000_000n],
    ['big-endian, microseconds by default', true, undefined, 0n, 1_500_000, 1_500_000_000n],
    ['milliseconds', true, 3, 0n, 1_500, 1_500_000_000n],
    ['picoseconds', true, 12, 0n, 1_500_000, 1_500n],
    ['halves to the tenth', true, 0x8a, 0n, 1536, 1_500_000_000n],
    ['an offset in seconds', true, 6, 100n, 1, 100_000_001_000n],
  ])('%s', (_name, big, resolution, offset, low, time) => {
    const described =
      resolution === undefined
        ? words(big, 1, 20, big ? 0x00010000 : 0x00000001, 0, 20)
        : words(true, 1, 44, 0x00010000, 0, 0x00090001, resolution * 2 ** 24, 0x000e0008, 0, Number(offset), 0, 44)
    const [frame] = readCapture(joined(section(big), described, packet(big, 0, low))).frames
    expect(frame?.time).toBe(time)
    expect(frame?.port).toBe('if0')
    expect(frame?.direction).toBeUndefined()
  })

  test('interfaces count anew in each section, unknown blocks are passed over', () => {
    const unknown = words(true, 0x0bad0bad, 16, 0, 16)
    const one = joined(writeCapture(['wan0'], frames.slice(0, 1)), section(true), unknown)
    const two = joined(one, writeCapture(['lan0'], frames.slice(1, 2)), new Uint8Array(0))
    expect(readCapture(two).frames).toEqual(frames.slice(0, 2))
  })
})

describe('garbage is named with its place', () => {
  const good = writeCapture(['wan0'], frames.slice(0, 1))
  const changed = (offset: number, ...value: number[]) => {
    const copy = good.slice()
    copy.set(value, offset)
    return copy
  }
  const sectionLength = new DataView(good.buffer).getUint32(4, true)
  const interfaceLength = new DataView(good.buffer).getUint32(sectionLength + 4, true)
  const packetAt = sectionLength + interfaceLength

  test.each<[string, Uint8Array, Partial<CaptureError>]>([
    ['nothing', new Uint8Array(0), { offset: 0, seen: 'an empty file' }],
    ['a classic pcap', changed(0, 0xd4, 0xc3, 0xb2, 0xa1), { offset: 0, seen: '0xa1b2c3d4' }],
    ['another byte order magic', changed(8, 9, 9, 9, 9), { offset: 8, seen: '0x09090909' }],
    ['a block length of 5', changed(sectionLength + 4, 5), { offset: sectionLength + 4, seen: '5' }],
    ['another trailing length', changed(sectionLength - 4, 4), { offset: sectionLength - 4, seen: '4' }],
    [
      'an unknown interface',
      changed(packetAt + 8, 7),
      { offset: packetAt + 8, expected: 'an interface below 1', seen: '7' },
    ],
    ['too long a frame', changed(packetAt + 20, 0xff, 0xff), { offset: packetAt + 20, seen: '65535' }],
    ['another link type', changed(sectionLength + 8, 101), { offset: sectionLength + 8, seen: '101' }],
    ['a packet without a time', changed(packetAt, 3), { offset: packetAt, seen: 'a simple packet block' }],
  ])('%s', (_name, input, expected) => {
    expect(() => readCapture(input)).toThrow(CaptureError)
    try {
      readCapture(input)
    } catch (error) {
      expect(error).toMatchObject(expected)
    }
  })

  test('a file cut at any length after the section header keeps the frames before the cut', () => {
    const whole = writeCapture(['wan0', 'lan0'], frames)
    for (let length = sectionLength; length < whole.length; length++) {
      const read = readCapture(whole.subarray(0, length))
      expect(read.frames).toEqual(frames.slice(0, read.frames.length))
      if (read.truncatedAt !== undefined) expect(read.truncatedAt).toBeLessThanOrEqual(length)
    }
  })
})

const tshark = spawnSync('tshark', ['--version']).status === 0

describe.runIf(tshark)('tshark', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pcapng-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('reads what we write', () => {
    const file = join(folder, 'capture.pcapng')
    writeFileSync(file, writeCapture(['wan0', 'lan0'], frames.slice(0, 3), { wan0: 3 }))
    const fields = [
      'frame.interface_name',
      'frame.packet_flags_direction',
      'frame.comment',
      'frame.time_epoch',
      'frame.len',
    ]
    const run = spawnSync('tshark', ['-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
    expect(run.stderr.toString().replace(/^Running as user.*\n/, '')).toBe('')
    expect(run.stdout.toString().trimEnd().split('\n')).toEqual([
      'wan0\t0x00000002\twhy: “x” → y\t1760000000.123456789\t15',
      'lan0\t0x00000001\t\t1760000000.123456790\t16',
      'lan1\t0x00000001\t\t1760000004.123456789\t17',
    ])
    expect(execFileSync('capinfos', [file]).toString()).toMatch(/Number of interfaces in file: 3/)
  })

  test('writes what we read', () => {
    const ours = join(folder, 'ours.pcapng')
    const theirs = join(folder, 'theirs.pcapng')
    writeFileSync(ours, writeCapture(['wan0'], frames.slice(0, 3)))
    execFileSync('tshark', ['-r', ours, '-w', theirs], { stdio: 'ignore' })
    expect(readCapture(new Uint8Array(readFileSync(theirs))).frames).toEqual(frames.slice(0, 3))
  })
})

function words(big: boolean, ...values: number[]): Uint8Array {
  const out = new Uint8Array(values.length * 4)
  const view = new DataView(out.buffer)
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, !big)
  return out
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
