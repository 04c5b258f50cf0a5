import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import type { Frame, Recording } from '../../recording/recording.ts'
import { play } from '../../run/record.ts'
import { readLab } from '../lab-file.ts'
import { openMemoryLab, referenceDevice } from '../memory-lab.ts'
import { visit } from './visit.ts'
import { visitChecks } from './visit-checks.ts'

const ports = ['wan0', 'lan0', 'lan1']
const times = { stated: { boot: 10, reset: 10 }, measured: { boot: 4, reset: 0 } }
const labFile = readLab(fileURLToPath(new URL('../../../labs/memory.yaml', import.meta.url)))

async function visited(behavior = {}): Promise<Recording> {
  const lab = openMemoryLab(labFile, { seed: 'doctor', behavior })
  try {
    const scenario = visit(true)
    const options = { lab, labFile, device: referenceDevice, seed: 'doctor', profile: 'default', scenario } as const
    return (await play(options)).recording
  } finally {
    lab.close()
  }
}
const checks = (recording: Recording) =>
  visitChecks(recording, { ...{ ports, canCut: true, withPage: true }, ...times })
/** Names of what is not as it should be, with what was seen. */
const troubles = (recording: Recording) =>
  checks(recording).flatMap(({ name, state, seen }) => (state === 'ok' ? [] : [`${state} ${name}: ${seen}`]))

let recording: Recording
beforeAll(async () => {
  recording = await visited()
})

const changed = (change: (frame: Frame) => Frame[]): Recording => ({
  ...recording,
  frames: recording.frames.flatMap(change),
})

test('a lab as it should be passes each check', () => {
  expect(troubles(recording)).toEqual([])
  expect(checks(recording).map(({ name }) => name)).toEqual([
    'power off',
    ...ports,
    'cables',
    'times',
    'frames',
    'online',
    'page',
  ])
})

test('a router that sends while its power is off is not off', () => {
  const power = recording.marks.find(({ mark }) => mark === 'power-on')?.at as number
  const early = changed((frame) =>
    frame.direction === 'in' && frame.port === 'lan0' ? [{ ...frame, at: power - 1 }, frame] : [frame],
  )
  expect(troubles(early)[0]).toMatch(/^failed power off: \d+ frames while the router was off: .* on lan0/)
})

test('exchanged cables are seen', () => {
  const other: Record<string, string> = { wan0: 'lan0', lan0: 'wan0' }
  const exchanged = changed((frame) => [{ ...frame, port: other[frame.port] ?? frame.port }])
  expect(troubles(exchanged)).toContain('failed cables: the router advertises on wan0 and solicits on lan0')
})

test('a port without a frame is named', () => {
  const mute = changed((frame) => (frame.port === 'lan1' && frame.direction === 'in' ? [] : [frame]))
  expect(troubles(mute)).toEqual(['failed lan1: carrier, but no frame'])
})

test('frames that were lost, or that have no checksum, are seen', () => {
  expect(troubles({ ...recording, drops: 3 })).toEqual(['failed frames: 3 frames were lost by the capture'])
  expect(troubles({ ...recording, unsummed: 2 })).toEqual(['failed frames: 2 frames came without their checksums'])
})

test('a router whose IPv6 is off by default does not get online, and its page is not tried', async () => {
  const off = troubles(await visited({ ipv6ByDefault: false }))
  expect(off.at(-1)).toMatch(/^failed online: /)
})

test('a router that is slower than its device folder states is told from a silent one', () => {
  const slow = { ...times, measured: { boot: 31, reset: 4 } }
  const [times_] = visitChecks(recording, { ports, canCut: true, withPage: true, ...slow }).filter(
    ({ state }) => state !== 'ok',
  )
  expect(times_).toMatchObject({ name: 'times', state: 'failed', remedy: 'state boot: 47 and reset: 6 in device.yaml' })
})
