import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { claim } from '../say/claim.ts'
import { frame, world } from '../suite/testing.ts'
import { loadRecording } from './load.ts'
import { salvage } from './salvage.ts'
import { growRecording } from './save.ts'

const killed = { end: 'lab', because: claim`the recorder was killed` } as const
const advertisement = { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: { type: 'router-advertisement' } } as const
let folder = ''

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'denat-salvage-')), 'cold-boot')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

/** A recorder that was killed after two frames and a mark. */
async function leaveBehind(): Promise<void> {
  const growing = growRecording(folder, { scenario: 'cold-boot', world, startedAt: '1000' })
  growing.frame(frame(1, 'lan0', 'dut', advertisement))
  growing.mark({ at: 1.5, mark: 'online', number: 1 })
  growing.frame(frame(2, 'lan0', 'dut', advertisement))
  await vi.waitFor(() => expect(loadRecording(growing.folder).frames).toHaveLength(2), { timeout: 20_000 })
}

test('what a killed recorder had on disk lands, with how it ended', async () => {
  await leaveBehind()
  const { frames, marks } = salvage(folder, killed) ?? {}
  expect([frames?.length, marks?.length]).toEqual([2, 1])
  expect(loadRecording(folder)).toMatchObject({ scenario: 'cold-boot', outcome: killed })
})

test('a frame that was only half written is left out', async () => {
  await leaveBehind()
  truncateSync(`${folder}.growing/capture.pcapng`, 260)
  expect(salvage(folder, killed)?.frames.length).toBe(1)
})

test('what can not be read stays where it is', async () => {
  await leaveBehind()
  writeFileSync(`${folder}.growing/world.json`, '{')
  expect(salvage(folder, killed)).toBeUndefined()
})

test('nothing is made of nothing', () => {
  expect(salvage(folder, killed)).toBeUndefined()
})
