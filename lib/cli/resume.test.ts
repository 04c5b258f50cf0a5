import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bootId, processStart } from '../lab/namespaces/reap-lock.ts'
import { resumeCommand } from './resume.ts'

const lab = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))
const shown = { report: false, lang: 'en' }
let run = ''
const put = (inputs?: object) => writeFileSync(join(run, 'run.json'), JSON.stringify({ ...facts, inputs }))
const facts = {
  id: 'r',
  startedAt: '2026-01-01T00:00:00.000Z',
  lab: 'memory',
  device: { name: 'a router', role: 'gateway', capabilities: [], lacks: [] },
  versions: {},
  seed: 's',
  profile: 'default',
  labs: 1,
  plan: ['cold-boot'],
  scenarios: [],
  leftOut: [],
}
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'denat-resume-'))
})
afterEach(() => rmSync(run, { recursive: true }))

test.each<[string, object | undefined, RegExp]>([
  ['a version wrote that cannot resume', undefined, /run.json: does not name the lab file.*\n {2}→ .*begin a new run/],
  [
    'was begun with other files',
    { lab, files: { [lab]: 'f'.repeat(64), [`${lab}.sh`]: 'f'.repeat(64) } },
    /is not the same: .*labs\/memory.yaml has changed; .*labs\/memory.yaml.sh is missing; denat itself has changed\n/,
  ],
  ['has lost its lab file', { lab: '/nowhere.yaml', files: {} }, /\/nowhere.yaml: cannot be read/],
])('a run that %s is refused, and nothing in it changes', async (_, inputs, message) => {
  put(inputs)
  await expect(resumeCommand(run, shown)).rejects.toThrow(message)
  expect(readdirSync(run)).toEqual(['run.json'])
})

test.runIf(process.platform === 'linux')('a run that another process writes is not resumed', async () => {
  put()
  const parent = process.ppid
  writeFileSync(join(run, `.in-use-${parent}-${processStart(parent)}-${bootId()}`), '')
  await expect(resumeCommand(run, shown)).rejects.toThrow(`process ${parent} writes to this run`)
})
