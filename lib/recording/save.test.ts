import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { claim, quoted } from '../say/claim.ts'
import { decode } from '../wire/decode.ts'
import { loadRecording, RecordingError } from './load.ts'
import { readCapture } from './read-capture.ts'
import type { Frame, Recording, World } from './recording.ts'
import { excerpt, growRecording, saveRecording } from './save.ts'
import { blocksOf, pcapOf, together } from './testing.ts'

const dutMac = '00:11:22:33:44:55'
const ispMac = '02:de:4a:00:00:01'
const startedAt = '1760000000123456789'

const world: World = {
  name: 'short-lease',
  seed: '7',
  stations: { isp: { port: 'wan0', mac: ispMac, linkLocal: 'fe80::de:4aff:fe00:1' } },
  segments: [['lan0']],
  isp: {
    wanPrefix: '2a0e:b107:1::/64',
    internetPrefix: '2a0e:b107:2::/64',
    ra: {
      interval: 0,
      managed: true,
      other: true,
      routerLifetime: 1800,
      onLink: true,
      preferredLifetime: 1,
      validLifetime: 2,
    },
    dhcpv6: {
      answers: true,
      ignoreSolicits: 0,
      iaNa: true,
      prefixes: ['2a0e:b107:100::/56'],
      t1: 1,
      t2: 2,
      preferredLifetime: 3,
      validLifetime: 4,
      dns: true,
      domains: [],
    },
    ipv4: true,
  },
  device: { name: 'dut', role: 'gateway', capabilities: [], lacks: [] },
  profile: 'default',
}

function frame(
  number: number,
  at: number,
  port: string,
  direction: 'in' | 'out',
  src: string,
  comment?: string,
): Frame {
  const mac = src.split(':').map((octet) => Number.parseInt(octet, 16))
  const bytes = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1, ...mac, 0x88, 0xb5, number)
  const from = src === dutMac ? 'dut' : 'bench'
  return { number, port, at, direction, from, bytes, packet: decode(bytes), ...(comment && { comment }) }
}

const recording: Recording = {
  scenario: 'renewal',
  world,
  frames: [
    frame(1, 0.000000001, 'wan0', 'out', ispMac, 'answers the Solicit'),
    frame(2, 1.25, 'lan0', 'in', dutMac),
    // A switch chip that bridges while it boots: the bench's own frame on another port.
    frame(3, 86400.999999999, 'lan0', 'in', ispMac),
  ],
  marks: [
    { at: 0, mark: 'power-on', number: 0 },
    { at: 2.5, mark: 'renewed', number: 2, frames: [1, 2], data: { because: 'line\nfeed' } },
  ],
  outcome: { end: 'blocked', by: 'RFC7084-WPD-1', because: claim`no Renew` },
  drops: 2,
  unsummed: 3,
  clockStep: 0.5,
}

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'recording-'))
})
afterEach(() => rmSync(base, { recursive: true }))

test('what is saved is loaded', () => {
  const folder = join(base, 'recordings', 'renewal')
  saveRecording(folder, recording, { startedAt, drops: { wan0: 2 } })
  expect(loadRecording(folder)).toEqual(recording)
  expect(readdirSync(join(base, 'recordings'))).toEqual(['renewal'])
  const capture = readCapture(new Uint8Array(readFileSync(join(folder, 'capture.pcapng'))))
  expect(capture.frames[0]?.time).toBe(BigInt(startedAt) + 1n)
  expect(capture.drops).toBe(2)
})

test('saved twice, byte for byte the same', () => {
  saveRecording(join(base, 'a'), recording)
  saveRecording(join(base, 'b'), loadRecording(join(base, 'a')))
  for (const file of ['capture.pcapng', 'marks.jsonl', 'world.json'])
    expect(readFileSync(join(base, 'a', file))).toEqual(readFileSync(join(base, 'b', file)))
})

test('a recording that has landed is not written over', () => {
  saveRecording(join(base, 'a'), recording)
  expect(() => saveRecording(join(base, 'a'), { ...recording, drops: 9 })).toThrow()
  expect(loadRecording(join(base, 'a')).drops).toBe(2)
})

test('a growing recording lands with all that was put into its folder', () => {
  const folder = join(base, 'renewal')
  const growing = growRecording(folder, { scenario: 'renewal', world, startedAt })
  writeFileSync(join(growing.folder, 'page.png'), 'x')
  for (const one of recording.frames) growing.frame(one)
  for (const one of recording.marks) growing.mark(one)
  expect(existsSync(folder)).toBe(false)
  growing.seal(recording)
  expect(readdirSync(base)).toEqual(['renewal'])
  expect(readdirSync(folder).sort()).toEqual(['capture.pcapng', 'marks.jsonl', 'page.png', 'world.json'])
  expect(loadRecording(folder)).toEqual(recording)
})

test('what a killed recorder left is read, sorted, and set aside by the next', async () => {
  const folder = join(base, 'renewal')
  const begin = { scenario: 'renewal', world, startedAt }
  const killed = growRecording(folder, begin)
  const late = frame(1, 3, 'wan0', 'in', dutMac)
  const early = frame(2, 2, 'lan0', 'in', dutMac)
  const cut = frame(3, 4, 'lan0', 'in', dutMac)
  for (const one of [late, early, cut]) killed.frame(one)
  killed.mark({ at: 3.5, mark: 'seen', number: 2, frames: [1] })
  await vi.waitFor(() => expect(loadRecording(killed.folder).marks).toHaveLength(1), { timeout: 20_000 })
  const capture = join(killed.folder, 'capture.pcapng')
  truncateSync(capture, readFileSync(capture).length - 5)
  writeFileSync(join(killed.folder, 'marks.jsonl'), '{"at":4', { flag: 'a' })

  const read = loadRecording(killed.folder)
  expect(read.frames.map(({ number, at, port }) => [number, at, port])).toEqual([
    [1, 2, 'lan0'],
    [2, 3, 'wan0'],
  ])
  expect(read.marks).toEqual([{ at: 3.5, mark: 'seen', number: 1, frames: [2] }])
  expect(read.outcome.end).toBe('harness')

  growRecording(folder, begin).seal(recording)
  expect(readdirSync(base).sort()).toEqual(['renewal', 'renewal.cut.1'])
  expect(loadRecording(join(base, 'renewal.cut.1')).frames).toHaveLength(2)
})

test('faults are named with file and line', () => {
  const folder = join(base, 'a')
  const fault = () => {
    try {
      loadRecording(folder)
    } catch (error) {
      if (error instanceof RecordingError) return [error.file.slice(folder.length + 1), error.line, error.message]
    }
    throw new Error('nothing was thrown')
  }
  expect(fault()).toEqual(['world.json', undefined, expect.stringContaining('ENOENT')])
  saveRecording(folder, recording)
  writeFileSync(join(folder, 'marks.jsonl'), '{"at":0,"mark":"a","number":0}\n{"at":')
  expect(fault()).toEqual(['marks.jsonl', 2, expect.stringContaining('cut short')])
  writeFileSync(join(folder, 'marks.jsonl'), '{"at":0,"mark":"a","number":0}\n\n{}\n')
  expect(fault()).toEqual(['marks.jsonl', 2, expect.stringContaining('JSON')])
  writeFileSync(join(folder, 'marks.jsonl'), '{"at":0}\n')
  expect(fault()).toEqual(['marks.jsonl', 1, expect.stringContaining('mark: is missing')])
  writeFileSync(join(folder, 'marks.jsonl'), '')
  const capture = readFileSync(join(folder, 'capture.pcapng'))
  writeFileSync(join(folder, 'capture.pcapng'), capture.subarray(0, -3))
  expect(fault()).toEqual(['capture.pcapng', undefined, expect.stringContaining('in the middle of a block')])
  writeFileSync(join(folder, 'capture.pcapng'), 'nonsense')
  expect(fault()).toEqual(['capture.pcapng', undefined, expect.stringContaining('at offset 0: expected a capture')])
  writeFileSync(join(folder, 'world.json'), '{"format":4}')
  expect(fault()).toEqual(['world.json', undefined, expect.stringContaining('format 1')])
})

test.each([
  [1, { isOlder: true }],
  [2, {}],
])('a recording of format %i is read; its reason was a text', (number, older) => {
  const folder = join(base, `format-${number}`)
  saveRecording(folder, recording)
  const file = join(folder, 'world.json')
  const outcome = { end: 'blocked', by: 'RFC7084-WPD-1', because: 'no Renew' }
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), format: number, outcome }))
  expect(loadRecording(folder)).toEqual({
    ...recording,
    ...older,
    outcome: { ...outcome, because: quoted('no Renew') },
  })
})

const { section, described, enhanced, simple } = blocksOf('little')

test.each<[name: string, capture: Uint8Array, because: string, remedy: string]>([
  ['no capture', new TextEncoder().encode('snoop'), 'at offset 0: expected a capture', 'editcap'],
  ['a compressed one', Uint8Array.of(0x1f, 0x8b), 'saw gzip', 'gunzip'],
  ['the older format', pcapOf([new Uint8Array(60)]), 'does not store the port', 'put back'],
  [
    'packets of another link type',
    together(section(), described(101), enhanced(new Uint8Array(60)), enhanced(new Uint8Array(60))),
    'not read: 2 packets: link type 101 (raw IP) is not Ethernet (first at offset 48)',
    'put back',
  ],
  [
    'a packet without a time',
    together(section(), described(), simple(new Uint8Array(60))),
    'frame 1 has no time',
    'put',
  ],
])('a recording whose capture is %s is refused, and why, and what to do', (_name, capture, because, remedy) => {
  const folder = join(base, 'a')
  saveRecording(folder, recording)
  writeFileSync(join(folder, 'capture.pcapng'), capture)
  expect(() => loadRecording(folder)).toThrow(
    expect.objectContaining({
      name: 'RecordingError',
      message: expect.stringMatching(/^\/.*\/a\/capture.pcapng: /),
      remedy: expect.stringContaining(remedy),
    }),
  )
  expect(() => loadRecording(folder)).toThrow(because)
})

test('an excerpt has exactly its frames, with their comments', () => {
  const [first, , third] = recording.frames as [Frame, Frame, Frame]
  const bytes = excerpt(
    [first, third],
    new Map([
      [1, 'T1 is over here'],
      [3, 'leaked'],
    ]),
    startedAt,
  )
  expect(readCapture(bytes)).toMatchObject({
    ports: ['lan0', 'wan0'],
    frames: [
      { port: 'wan0', bytes: first.bytes, comment: 'answers the Solicit\nT1 is over here', direction: 'out' },
      { port: 'lan0', bytes: third.bytes, comment: 'leaked', direction: 'in' },
    ],
  })
})
