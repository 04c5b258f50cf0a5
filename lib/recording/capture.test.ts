import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { effort } from '../wire/testing.ts'
import { type Capture, CaptureError, notRead } from './capture.ts'
import { writeCapture } from './pcapng.ts'
import { framesIn, readCapture } from './read-capture.ts'
import { blocksOf, foreignCaptures, pcapOf, together } from './testing.ts'

/** Ethernet frames with an EtherType for experiments, of lengths that need padding and that need none. */
const frames = [1, 2, 3, 50].map((length) =>
  Uint8Array.of(0x33, 0x33, 0, 0, 0, 1, 2, 0xde, 0x4a, 0, 0, 1, 0x88, 0xb5, ...new Uint8Array(length)),
)
const [frame = new Uint8Array(0), , , longest = new Uint8Array(0)] = frames
const bytesOf = ({ frames: read }: Capture) => read.map(({ bytes }) => bytes)

describe.each(['little', 'big'] as const)('pcapng of others, %s-endian', (order) => {
  const { section, described, enhanced, old, simple, block, words, halves } = blocksOf(order)

  test.each<[string, Uint8Array, number, bigint]>([
    ['microseconds by default', described(), 1_500_000, 1_500_000_000n],
    ['milliseconds', option(9, Uint8Array.of(3)), 1_500, 1_500_000_000n],
    ['picoseconds', option(9, Uint8Array.of(12)), 1_500_000, 1_500n],
    ['halves to the tenth', option(9, Uint8Array.of(0x8a)), 1536, 1_500_000_000n],
    ['an offset in seconds', option(14, order === 'big' ? words(0, 100) : words(100, 0)), 1, 100_000_001_000n],
  ])('%s', (_name, descriptor, low, time) => {
    const [read] = readCapture(together(section(), descriptor, enhanced(frame, { low }))).frames
    expect(read).toEqual({ port: 'if0', time, bytes: frame })
  })

  function option(code: number, value: Uint8Array): Uint8Array {
    return block(1, halves(1, 0), words(0), halves(code, value.length), value, new Uint8Array(-value.length & 3))
  }

  test('old packet blocks are read, and what is no packet is passed over', () => {
    const unknown = [block(0x0bad, new Uint8Array(3)), block(4, words(0)), block(0x80000bad)]
    const capture = readCapture(together(section(), ...unknown, described(), ...frames.map(old), ...unknown))
    expect(bytesOf(capture)).toEqual(frames)
    expect(notRead(capture)).toEqual([])
  })

  test('Simple Packet Blocks are of the first interface, and have no time', () => {
    const capture = readCapture(together(section(), described(), described(113), ...frames.map((one) => simple(one))))
    expect(capture.frames).toEqual(frames.map((bytes) => ({ port: 'if0', bytes })))
    const cut = readCapture(together(section(), described(1, 18), simple(longest.subarray(0, 18), 64)))
    expect(cut.frames).toEqual([{ port: 'if0', bytes: longest.subarray(0, 18), originalLength: 64 }])
  })

  test('packets of other link types are counted, the rest is read', () => {
    const first = together(section(), described(113), described(), described(147))
    const capture = readCapture(
      together(first, ...frames.flatMap((one) => [0, 1, 2, 0].map((id) => enhanced(one, { id })))),
    )
    expect(bytesOf(capture)).toEqual(frames)
    expect(capture.ports).toEqual(['if1'])
    expect(notRead(capture)).toEqual([
      `8 packets: link type 113 (Linux cooked capture) is not Ethernet (first at offset ${first.length})`,
      expect.stringMatching(/^4 packets: link type 147 is not Ethernet/),
    ])
  })

  test('packets without a place are counted, the rest is read', () => {
    const capture = readCapture(
      together(
        ...[section(), enhanced(frame), described(), enhanced(frame, { id: 1 }), block(6, words(0, 0, 0))],
        ...[block(6, words(0, 0, 0, 9, 9)), simple(frame), section(), simple(frame), enhanced(frame)],
        ...[block(1), described(), enhanced(frame), enhanced(frame, { id: 1 })],
      ),
    )
    expect(capture.frames.map(({ port }) => port)).toEqual(['if0', 'if1'])
    expect(notRead(capture)).toEqual([
      '5 packets: no such interface is described (first at offset 28)',
      expect.stringMatching(/^1 packet: cut short/),
      expect.stringMatching(/^1 packet: longer than its block/),
    ])
  })

  test('an option that is longer than its block ends the options', () => {
    const packet = block(6, words(0, 0, 0, 4, 4), frame.subarray(0, 4), halves(1, 4), words(0x79796868), halves(1, 99))
    const capture = readCapture(together(section(), described(), packet))
    expect(capture.frames).toMatchObject([{ comment: expect.stringMatching(/^(hhyy|yyhh)$/) }])
  })

  test('interfaces count anew in each section, whatever its byte order', () => {
    const other = blocksOf(order === 'big' ? 'little' : 'big')
    const capture = readCapture(
      together(section(), described(), enhanced(frame), other.section(), other.described(), other.enhanced(frame)),
    )
    expect(bytesOf(capture)).toEqual([frame, frame])
  })

  test.each<[string, Uint8Array, string]>([
    ['a block of 8 octets', words(6, 8, 8), 'a block of 8 octets'],
    ['a block of 13 octets', words(6, 13, 0, 13), 'a block of 13 octets'],
    ['another length at the end', words(6, 16, 0, 20), 'a block of 16 octets with the length 20 at its end'],
    ['a section of no byte order', block(0x0a0d0d0a, words(1, 2, 3, 4)), 'a section of no byte order'],
    ['half a block', words(6, 36, 0), 'the file ends in the middle of a block'],
    ['half a block header', words(6, 36), 'the file ends in the middle of a block'],
  ])('%s: nobody knows where the next one is, what came before is read', (_name, damage, because) => {
    const good = together(section(), described(), enhanced(frame))
    const capture = readCapture(together(good, damage, enhanced(frame)).subarray(0, good.length + damage.length))
    expect(bytesOf(capture)).toEqual([frame])
    expect(capture.stopped).toEqual({ offset: good.length, because })
    expect(notRead(capture)).toEqual([`all from offset ${good.length}: ${because}`])
  })
})

describe.each(['little', 'big'] as const)('pcap, %s-endian', (order) => {
  test.each<[string, number, bigint]>([
    ['microseconds', 0xa1b2c3d4, 1_767_225_600_000_005_000n],
    ['nanoseconds', 0xa1b23c4d, 1_767_225_600_000_000_005n],
  ])('%s', (_name, magic, time) => {
    const capture = readCapture(pcapOf(frames, { order, magic, fraction: 5 }))
    expect(capture).toMatchObject({ format: 'pcap', ports: ['if0'], skipped: [] })
    expect(capture.frames[0]).toEqual({ port: 'if0', time, bytes: frame })
    expect(bytesOf(capture)).toEqual(frames)
  })

  test('frames of which the end was not kept, and of an interface that kept the check sequence', () => {
    const file = pcapOf([frame], { order, linkType: 0x14000001 })
    new DataView(file.buffer).setUint32(24 + 12, 99, order === 'little')
    expect(readCapture(file).frames).toMatchObject([{ bytes: frame, originalLength: 99 }])
  })

  test('another link type: all are counted', () => {
    const capture = readCapture(pcapOf(frames, { order, linkType: 101 }))
    expect(capture.frames).toEqual([])
    expect(notRead(capture)).toEqual(['4 packets: link type 101 (raw IP) is not Ethernet (first at offset 24)'])
  })

  test('a file cut at any length keeps the frames before the cut', () => {
    const whole = pcapOf(frames, { order })
    const ends = [24]
    for (const one of frames) ends.push((ends.at(-1) ?? 0) + 16 + one.length)
    for (let length = 4; length < whole.length; length++) {
      const capture = readCapture(whole.subarray(0, length))
      expect(bytesOf(capture)).toEqual(frames.slice(0, Math.max(0, ends.filter((end) => end <= length).length - 1)))
      expect(capture.stopped === undefined, `${length}`).toBe(ends.includes(length))
    }
  })
})

test('frames are copies, whatever holds the file', () => {
  for (const file of foreignCaptures(frames)) {
    const held = Buffer.from(file)
    for (const bytes of framesIn(held)) bytes.fill(0xee)
    expect(held.equals(file)).toBe(true)
  }
})

test('many interfaces and many reasons are read at once, and told briefly', () => {
  const { section, described, enhanced } = blocksOf('little')
  const kinds = Array.from({ length: 20_000 }, (_, i) => described(i + 2))
  const ethernet = Array.from({ length: 20_000 }, () => described())
  const packets = kinds.map((_, id) => enhanced(frame, { id }))
  const file = together(section(), ...kinds, ...ethernet, ...packets)
  const capture = readCapture(file)
  expect([capture.ports.length, capture.skipped.length]).toEqual([20_000, 20_000])
  expect(notRead(capture)).toHaveLength(5)
  expect(notRead(capture)[4]).toMatch(/^19996 packets: 19996 other reasons \(first at offset \d+\)$/)
  expect(effort(() => readCapture(file))).toBeLessThan(1000)
})

test('a pcapng cut at any length keeps the frames before the cut', () => {
  const timed = frames.map((bytes, i) => ({ port: `lan${i % 2}`, time: BigInt(i), bytes }))
  const whole = writeCapture(['lan0'], timed)
  for (let length = 4; length < whole.length; length++) {
    const read = readCapture(whole.subarray(0, length))
    expect(read.frames).toEqual(timed.slice(0, read.frames.length))
    if (read.stopped) expect(read.stopped.offset).toBeLessThanOrEqual(length)
  }
})

test.each<[string, Uint8Array, Partial<CaptureError>]>([
  ['nothing', new Uint8Array(0), { seen: 'an empty file', remedy: expect.stringContaining('capture again') as string }],
  ['three octets', Uint8Array.of(0xd4, 0xc3, 0xb2), { seen: 'the octets d4 c3 b2' }],
  ['text', new TextEncoder().encode('snoop'), { seen: 'the octets 73 6e 6f 6f' }],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), { seen: 'gzip', remedy: 'gunzip it first' }],
])('%s is no capture, and it says what to do', (_name, file, expected) => {
  const remedy = expect.stringMatching(/.../) as string
  expect(() => readCapture(file)).toThrow(
    expect.objectContaining({ name: 'CaptureError', offset: 0, remedy, ...expected }),
  )
  expect(() => readCapture(file)).toThrow(CaptureError)
})

const tshark = spawnSync('tshark', ['--version']).status === 0

/** One file of every kind of block, and one of the other format. */
test.runIf(tshark).each([3, 5])('TShark counts the same packets in capture %i', (which) => {
  const bytes = foreignCaptures(frames)[which] ?? new Uint8Array(0)
  const folder = mkdtempSync(join(tmpdir(), 'denat-captures-'))
  try {
    const file = join(folder, 'capture')
    writeFileSync(file, bytes)
    const fields = ['frame.encap_type', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field])
    const { stdout } = spawnSync('tshark', ['-n', '-r', file, '-T', 'fields', ...fields], { encoding: 'utf8' })
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t').map(Number))
    const capture = readCapture(bytes)
    const ethernet = rows.filter(([encapsulation]) => encapsulation === 1)
    expect(ethernet).toEqual(
      capture.frames.map(({ bytes: { length }, originalLength }) => [1, length, originalLength ?? length]),
    )
    // A block that it does not know it shows as a packet of no encapsulation.
    const others = rows.filter(([encapsulation]) => encapsulation && encapsulation !== 1)
    expect(others.length).toBe(capture.skipped.reduce((sum, { packets }) => sum + packets, 0))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
