import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bootId, processStart } from '../lab/namespaces/reap-lock.ts'
import { claimRun } from './run-lock.ts'

let run = ''
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'denat-claim-'))
})
afterEach(() => rmSync(run, { recursive: true }))

test('a run that is claimed names its process until it is left', () => {
  const leave = claimRun(run)
  expect(readdirSync(run)).toEqual([expect.stringMatching(`^\\.in-use-${process.pid}-`)])
  leave()
  expect(readdirSync(run)).toEqual([])
})

test('a folder with the name of a claim is none', () => {
  mkdirSync(join(run, '.in-use-1-1-x'))
  claimRun(run)()
  expect(readdirSync(run)).toEqual(['.in-use-1-1-x'])
})

test.runIf(process.platform === 'linux')(
  'a run that another process claims is refused as long as that one lives',
  async () => {
    const other = spawn('sleep', ['1000'])
    await once(other, 'spawn')
    const claim = `.in-use-${other.pid}-${processStart(other.pid ?? 0)}-${bootId()}`
    writeFileSync(join(run, claim), '')
    expect(() => claimRun(run)).toThrow(`process ${other.pid} writes to this run`)
    expect(readdirSync(run)).toEqual([claim])
    other.kill('SIGKILL')
    await once(other, 'exit')
    claimRun(run)()
    expect(readdirSync(run)).toEqual([])
  },
)

test.runIf(process.platform === 'linux').each<[string, (pid: number) => string]>([
  ['has ended', () => `${spawnSync('true').pid}-1-${bootId()}`],
  ['had the pid of one that runs', (pid) => `${pid}-1-${bootId()}`],
  ['ran before the last boot', (pid) => `${pid}-${processStart(pid)}-another`],
])('the claim of a process that %s is taken over', (_, name) => {
  writeFileSync(join(run, `.in-use-${name(process.ppid)}`), '')
  const leave = claimRun(run)
  expect(readdirSync(run)).toEqual([expect.stringMatching(`^\\.in-use-${process.pid}-`)])
  leave()
})
