import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explanation } from '../suite/explanation.ts'
import { writeAllureResults } from './allure-results.ts'
import { junitOf } from './junit.ts'
import { reportTests } from './report-tests.ts'
import { type Strange, strangeFrames } from './strange.ts'
import { strangeTest } from './strange-test.ts'
import { entries, facts, hostile, results, writeRun } from './testing.ts'

// A rule that fits nothing: the router's frames are all without an explanation.
const explanations = [explanation('nothing', 'no clause', () => false)]

const said: Strange[] = [
  { port: 'wan0', scenario: 'cold-boot', frames: 3, first: `frame 7: ${hostile}` },
  { port: 'lan0', scenario: 'renewal', frames: 1, first: 'frame 9: mDNS' },
  { port: 'wan0', scenario: 'renewal', frames: 2, first: 'frame 2: NS' },
]

test('what nothing explains is an Allure test, port by port', () => {
  const one = strangeTest(said, facts)
  expect(one.name).toBe('Unexplained frames: 1 frame on lan0, 5 frames on wan0')
  expect(one.status).toBe('skipped')
  expect(one.statusDetails.trace).toMatch(/^Unexplained: /)
  expect(one.steps.map(({ name }) => name)).toEqual(['lan0: 1 frame', 'wan0: 5 frames'])
  expect(one.steps[1]?.statusDetails.message).toContain('renewal: 2 frames, the first: frame 2: NS')
  expect(one.descriptionHtml).toContain('<td>renewal</td><td>1</td><td>frame 9: mDNS</td>')
})

test.each([
  ['the Allure test', JSON.stringify(strangeTest(said, facts))],
  ['JUnit', junitOf([], facts, entries, said)],
])('in %s what the router says is no markup and no control character', (_, text) => {
  expect(text).toContain('frame 7: ')
  expect(text.replace(/"(message|name)":"[^"]*"/g, '')).not.toContain('<img')
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
})

test('JUnit has the list as the output of a suite that counts no tests', () => {
  const junit = junitOf([], facts, entries, said)
  expect(junit).toContain('<testsuite name="Unexplained frames"')
  expect(junit).toContain('wan0: 5 frames&#10;  cold-boot: 3 frames, the first: frame 7: ')
  expect(junit).toContain('tests="0" failures="0"')
  expect(junitOf([], facts, entries)).not.toContain('nothing explains')
})

test('the results of a run hold one such test', () => {
  const reportsFolder = mkdtempSync(join(tmpdir(), 'denat-strange-'))
  const runFolder = join(reportsFolder, 'runs', facts.id)
  const recordings = writeRun(runFolder, facts)
  const strange = strangeFrames(facts, recordings, explanations)
  const tests = reportTests(results, facts, entries)
  writeAllureResults({ runFolder, reportsFolder, facts, tests, items: [], entries, recordings, strange })
  const folder = join(runFolder, 'allure-results')
  const written = readdirSync(folder).filter((name) => name.endsWith('-result.json'))
  const names = written.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).name as string)
  expect(names.filter((name) => /^Unexplained frames: \d+ frames? on /.test(name))).toHaveLength(1)
  rmSync(reportsFolder, { recursive: true })
})
