import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-reference-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** By requirement and case, what fails or warns in this scenario. */
async function notPassed(mutant: string, scenario: string): Promise<string[]> {
  const args = [
    'run',
    path('../../../labs/reference.yaml'),
    '--no-report',
    '--out',
    join(folder, 'run'),
    '--only',
    scenario,
  ]
  // It exits with 1 where something fails.
  await promisify(execFile)(process.execPath, [path('../../cli/denat.mjs'), ...args], {
    env: { ...process.env, MUTANT: mutant },
  }).catch(() => {})
  return readFileSync(join(folder, 'run', 'results.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): { requirement: string; case: string; verdict: string } => JSON.parse(line))
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ requirement, case: name }) => `${requirement} · ${name}`)
}

test('a mutant fails in real time what it fails in virtual time, and nothing else', async () => {
  expect(await notPassed('pd-exclude-not-requested', 'first-answers')).toEqual(['RFC7084-WPD-8 · requested'])
})
