import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readCapture } from '../recording/read-capture.ts'
import { withoutOutsideTags } from './allure-report.ts'
import { asked, facts, results, writeRun } from './testing.ts'
import { writeReport } from './write-report.ts'

let reportsFolder: string

beforeEach(() => {
  reportsFolder = mkdtempSync(join(tmpdir(), 'denat-report-'))
  // Without Java all is written but Allure's own report.
  vi.stubEnv('PATH', '')
  vi.stubEnv('JAVA_HOME', '')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(reportsFolder, { recursive: true })
})

async function report(run = facts): Promise<string> {
  const runFolder = join(reportsFolder, 'runs', run.id)
  const recordings = writeRun(runFolder, run)
  const written = writeReport({
    runFolder,
    facts: run,
    results,
    asked,
    judgedBy: 'denat 0.1.0',
    recordings,
    reportsFolder,
    allure: true,
  })
  await expect(written).rejects.toMatchObject({
    name: 'ReportError',
    remedy: expect.stringContaining('apt-get install'),
  })
  return runFolder
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const text = (path: string) => readFileSync(path, 'utf8')

test('without Java the results stay, and the error says what to do', async () => {
  const runFolder = await report()
  expect(readdirSync(runFolder).sort()).toEqual([
    'SHA256SUMS.derived',
    'allure-results',
    'index.html',
    'matrix.csv',
    'recordings',
    'results.jsonl',
    'results.junit.xml',
    'run.json',
    'summary.md',
  ])
})

test('one result file for each requirement and case', async () => {
  const folder = join(await report(), 'allure-results')
  const files = readdirSync(folder).filter((name) => name.endsWith('-result.json'))
  expect(files.length).toBe(9)
  const renewals = files.map((name) => json(join(folder, name))).find(({ fullName }) => fullName === 'RFC7084-WPD-1')
  const [step] = renewals.steps
  expect(step.attachments.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual([
    ['Packet ladder', 'text/html'],
    ['Deciding frames, for Wireshark', 'application/x-pcapng'],
    ['Complete capture of renewal, for Wireshark', 'application/x-pcapng'],
  ])
  for (const { source } of step.attachments) expect(existsSync(join(folder, source))).toBe(true)
  const excerpt = readCapture(new Uint8Array(readFileSync(join(folder, step.attachments[1].source))))
  expect(excerpt.frames.map((frame) => frame.comment?.split('\n').at(-1))).toEqual([
    'frame 4 of renewal: the lease begins here',
    expect.stringMatching(/^frame 19 of renewal: T1 was 60 s <img .*\\u\{1b\}/),
    'frame 20 of renewal',
  ])
  // Wall time, so that the excerpt and the whole capture agree.
  expect(excerpt.frames[0]?.time).toBe(BigInt(Date.parse('2025-06-02T10:00:01.210Z')) * 1_000_000n)
  expect(renewals.start).toBe(Date.parse('2025-06-02T10:00:01.210Z'))
})

test('a scenario has one capture, linked and not copied', async () => {
  const runFolder = await report()
  const folder = join(runFolder, 'allure-results')
  const captures = readdirSync(folder).filter((name) => name.endsWith('-capture-attachment.pcapng'))
  expect(captures.length).toBe(3)
  const inodes = captures.map((name) => statSync(join(folder, name)).ino).sort()
  const recorded = ['cold-boot', 'renewal', 'web-ui-ipv6'].map(
    (scenario) => statSync(join(runFolder, 'recordings', scenario, 'capture.pcapng')).ino,
  )
  expect(inodes).toEqual(recorded.sort())
})

test('screenshots are shown with what was judged on their scenario', async () => {
  const folder = join(await report(), 'allure-results')
  const all = readdirSync(folder).filter((name) => name.endsWith('-result.json'))
  const page = all.map((name) => json(join(folder, name))).find(({ fullName }) => fullName === 'UI-1')
  expect(page.steps[0].steps[0].attachments).toMatchObject([{ name: '01-ipv6-page', type: 'image/png' }])
})

test('history and build number come from the newest earlier run of the same device', async () => {
  const device = { ...facts.device, name: 'other' }
  const runs = [
    { ...facts, id: 'a', startedAt: '2025-05-01T00:00:00Z' },
    { ...facts, id: 'b', startedAt: '2025-05-02T00:00:00Z' },
    { ...facts, id: 'c', startedAt: '2025-05-03T00:00:00Z', device },
    { ...facts, id: 'd', startedAt: '2025-07-01T00:00:00Z' },
  ]
  for (const [index, run] of runs.entries()) {
    const folder = join(reportsFolder, 'runs', run.id)
    mkdirSync(join(folder, 'allure-report', 'history'), { recursive: true })
    mkdirSync(join(folder, 'allure-results'))
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
    writeFileSync(join(folder, 'allure-report', 'history', 'history.json'), run.id)
    writeFileSync(join(folder, 'allure-results', 'executor.json'), JSON.stringify({ buildOrder: index + 4 }))
  }
  mkdirSync(join(reportsFolder, 'runs', 'broken', 'allure-report', 'history'), { recursive: true })
  writeFileSync(join(reportsFolder, 'runs', 'broken', 'run.json'), '{')
  const folder = join(await report(), 'allure-results')
  expect(text(join(folder, 'history', 'history.json'))).toBe('b')
  expect(json(join(folder, 'executor.json'))).toMatchObject({ buildOrder: 6, buildName: facts.id })
})

test('the environment names the device, the lab and what was left out', async () => {
  const environment = text(join(await report(), 'allure-results', 'environment.properties'))
  expect(environment).toContain('Device=acme-x1')
  expect(environment).toContain('Firmware=1.2.3')
  expect(environment).toContain('Left\\ out=1 requirement; see the categories')
  expect(environment).toMatch(/^Verdict=Does not conform: of 10 mandatory items 2 are met, 1 not met, 6 not tested/m)
  expect(environment).toContain(
    '11: 1 fail, 1 warning, 1 blocked, 1 lab, 1 defect of denat, 1 left out, 1 not asked for',
  )
})

test('the same run gives the same results', async () => {
  const runFolder = await report()
  const first = join(reportsFolder, 'first')
  cpSync(join(runFolder, 'allure-results'), first, { recursive: true })
  rmSync(runFolder, { recursive: true })
  await report()
  const second = join(runFolder, 'allure-results')
  expect(readdirSync(second)).toEqual(readdirSync(first))
  for (const name of readdirSync(second))
    expect(readFileSync(join(second, name))).toEqual(readFileSync(join(first, name)))
})

test('what is derived has checksums of its own', async () => {
  const sums = text(join(await report(), 'SHA256SUMS.derived'))
  const files = ['results.jsonl', 'results.junit.xml', 'summary.md', 'matrix.csv']
  expect(sums).toMatch(new RegExp(`^${files.map((file) => `[0-9a-f]{64} {2}${file}\\n`).join('')}$`))
})

test('the summary has totals, what was left out, requirements and scenarios', async () => {
  const summary = text(join(await report(), 'summary.md'))
  expect(summary).toContain('| fail | 1 | 0 | 0 | 0 | 1 |')
  expect(summary).toContain('- RFC7084-L-2: The lab has one LAN port; this needs two.')
  expect(summary).toContain('| RFC7084-WPD-5 | udp | MUST | pass |')
  expect(summary).toContain(
    '| web-ui-ipv6 | complete | 70.0 | 62.5 | 1.04 | 5.0 | The story of web-ui-ipv6 \\| part 1 |',
  )
  expect(summary).toContain('Acme \\<b\\>')
})

test('JUnit counts and names every test', async () => {
  const junit = text(join(await report(), 'results.junit.xml'))
  expect(junit).toContain('tests="9" failures="1" errors="3" skipped="2"')
  expect(junit).toContain('<failure type="MUST" message="RFC7084-WPD-1&#10;Expected: A Renew is sent')
  expect(junit).not.toContain('<img')
  expect(junit.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
})

test.each([
  ['<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>', ''],
  ["<script>\n  window.dataLayer = [];\n gtag('js')</script>", ''],
  ['<link rel="stylesheet" href="//fonts.example/x.css">', ''],
  ['<script src="assets/app.js"></script>', '<script src="assets/app.js"></script>'],
  ['<script>window.own = 1</script>', '<script>window.own = 1</script>'],
])('foreign tags: %s', (page, expected) => expect(withoutOutsideTags(page)).toBe(expected))

test('without Allure nothing needs Java', async () => {
  const runFolder = join(reportsFolder, 'runs', facts.id)
  const recordings = writeRun(runFolder, facts)
  await writeReport({
    runFolder,
    facts,
    results,
    asked,
    judgedBy: 'denat 0.1.0',
    recordings,
    reportsFolder,
    allure: false,
  })
  expect(readdirSync(runFolder)).toEqual(
    expect.arrayContaining(['SHA256SUMS.derived', 'results.junit.xml', 'summary.md']),
  )
  expect(existsSync(join(runFolder, 'allure-results'))).toBe(false)
})
