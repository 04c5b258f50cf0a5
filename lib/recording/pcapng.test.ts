import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TimedFrame } from './capture.ts'
import { writeCapture } from './pcapng.ts'
import { readCapture } from './read-capture.ts'

/** An Ethernet frame with an EtherType for experiments. */
const bytes = (...payload: number[]) =>
  Uint8Array.of(0x33, 0x33, 0, 0, 0, 1, 2, 0xde, 0x4a, 0, 0, 1, 0x88, 0xb5, ...payload)
const start = 1_760_000_000_123_456_789n

const frames: TimedFrame[] = [
  { port: 'wan0', time: start, direction: 'out', bytes: bytes(1), comment: 'why: “x” → y' },
  { port: 'lan0', time: start + 1n, direction: 'in', bytes: bytes(1, 2) },
  { port: 'lan1', time: start + 4_000_000_000n, direction: 'in', bytes: bytes(1, 2, 3) },
  { port: 'wan0', time: start + 4_000_000_001n, bytes: new Uint8Array(0) },
]

test('what is written is read', () => {
  const written = writeCapture(['wan0', 'lan0'], frames, { wan0: 3, lan1: 4 })
  expect(readCapture(written)).toEqual({
    format: 'pcapng',
    ports: ['wan0', 'lan0', 'lan1'],
    frames,
    drops: 7,
    skipped: [],
  })
})

test('an empty capture has its ports', () => {
  expect(readCapture(writeCapture(['wan0'], []))).toMatchObject({ ports: ['wan0'], frames: [], drops: 0 })
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
