import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readSums, sumLines } from '../recording/checksums.ts'
import { loadOutcome, loadRecording } from '../recording/load.ts'
import type { Outcome } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { growRecording, saveRecording } from '../recording/save.ts'
import { claim } from '../say/claim.ts'
import { frame, world } from '../suite/testing.ts'
import { checkedRecordings } from './damage.ts'
import { kept } from './resume.ts'
import { recordingFolder } from './run-folder.ts'

const advertisement = { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: { type: 'router-advertisement' } } as const
const because = claim`x`
const facts = { seed: world.seed, plan: ['a', 'b', 'c', 'd'] } as RunFacts
let run = ''
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'denat-resume-'))
})
afterEach(() => rmSync(run, { recursive: true }))

const folders = () => readdirSync(join(run, 'recordings')).sort()
function saved(scenario: string, outcome: Outcome = { end: 'complete' }, sent = 1): void {
  const frames = Array.from({ length: sent }, (_, index) => frame(index + 1, 'lan0', 'dut', advertisement))
  const recording = { scenario, world, frames, marks: [], outcome, drops: 0, clockStep: 0 }
  saveRecording(recordingFolder(run, scenario), recording, { run })
}

describe('a run that goes on', () => {
  test('keeps what came to its own end, and sets aside the rest with its checksums', () => {
    saved('a')
    saved('b', { end: 'blocked', by: 'RFC7084-L-2', because })
    saved('c', { end: 'lab', because })
    saved('d', { end: 'harness', because })
    expect(kept(run, facts)).toEqual(['a', 'b'])
    expect(folders()).toEqual(['a', 'b', 'c.cut.1', 'd.cut.1'])
    expect(checkedRecordings(run, { damaged: false })).toEqual({ damaged: [], vouched: true })
    expect(readSums(join(run, 'SHA256SUMS')).sums.map(({ file }) => file)).toContain(
      'recordings/c.cut.1/capture.pcapng',
    )
    saved('c', { end: 'lab', because })
    expect(kept(run, facts)).toEqual(['a', 'b'])
    expect(folders()).toEqual(['a', 'b', 'c.cut.1', 'c.cut.2', 'd.cut.1'])
  })

  test('sets aside what grew when both processes were killed', async () => {
    saved('a')
    const growing = growRecording(recordingFolder(run, 'b'), { scenario: 'b', world, startedAt: '1000' })
    growing.frame(frame(1, 'lan0', 'dut', advertisement))
    await vi.waitFor(() => expect(loadRecording(growing.folder).frames).toHaveLength(1), { timeout: 20_000 })
    // The third was killed before its first file was whole.
    const early = `${recordingFolder(run, 'c')}.growing`
    mkdirSync(early)
    writeFileSync(join(early, 'world.json'), '{')
    expect(kept(run, facts)).toEqual(['a'])
    expect(folders()).toEqual(['a', 'b.cut.1'])
    expect(loadOutcome(`${recordingFolder(run, 'b')}.cut.1`).end).toBe('lab')
  })

  test('sets aside a recording whose checksums are removed already, as where it was killed at this step', () => {
    saved('a')
    saved('b', { end: 'lab', because })
    const sums = join(run, 'SHA256SUMS')
    writeFileSync(sums, sumLines(readSums(sums).sums.filter(({ file }) => !file.startsWith('recordings/b/'))))
    expect(kept(run, facts)).toEqual(['a'])
    expect(folders()).toEqual(['a', 'b.cut.1'])
  })

  test('keeps nothing of a router that sent nothing', () => {
    saved('a', { end: 'blocked', by: 'RFC7084-W-2', because }, 0)
    expect(kept(run, facts)).toEqual([])
    expect(folders()).toEqual(['a.cut.1'])
  })

  test('is refused where a recording is not as it was recorded', () => {
    saved('a')
    saved('b', { end: 'lab', because })
    appendFileSync(join(recordingFolder(run, 'a'), 'marks.jsonl'), '{}\n')
    expect(() => kept(run, facts)).toThrow('recordings/a/marks.jsonl differs from its checksum')
    expect(folders()).toEqual(['a', 'b'])
  })

  test('has nothing to keep where nothing was recorded', () => {
    expect(kept(run, facts)).toEqual([])
    expect(existsSync(join(run, 'recordings'))).toBe(false)
  })
})
