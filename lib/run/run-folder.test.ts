import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { loadRecording } from '../recording/load.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { checkedRecordings } from './damage.ts'
import { record } from './record.ts'
import { rejudge } from './run.ts'
import { readFacts, readResults, recordingFolder, writeLastFacts, writeResults } from './run-folder.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
let folder = ''
const results = () => readFileSync(join(folder, 'results.jsonl'), 'utf8')
const facts: RunFacts = {
  id: 'r',
  startedAt: '2026-01-01T00:00:00.000Z',
  lab: 'memory',
  device: referenceDevice.facts,
  versions: {},
  seed: 's',
  profile: 'default',
  labs: 1,
  plan: ['cold-boot', 'rebinding'],
  scenarios: [],
  stopped: claim`the lab is broken: the plug is gone`,
  leftOut: [{ requirement: 'RFC7084-L-2', case: '', because: claim`the lab has one LAN port only` }],
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'denat-run-'))
  const suites = await loadSuites()
  const scenario = suites.scenarios.get('cold-boot')
  if (!scenario) throw new Error('no cold-boot')
  const at = recordingFolder(folder, 'cold-boot')
  const lab = openMemoryLab(labFile, { seed: 's' })
  await record({
    lab,
    labFile,
    device: referenceDevice,
    seed: 's',
    profile: 'default',
    scenario,
    folder: at,
    run: folder,
  })
  writeLastFacts(folder, facts)
  writeResults(folder, rejudge(folder, readFacts(folder), suites))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('results.jsonl', () => {
  const lines = () =>
    results()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('is the same byte for byte when the folder is judged again', async () => {
    const first = results()
    writeResults(folder, rejudge(folder, readFacts(folder), await loadSuites()))
    expect(results()).toBe(first)
  })

  it('has the keys of a result, sorted by requirement, case and scenario', () => {
    const keys = lines().map((one) => `${one.requirement}\0${one.case}\0${one.scenario}`)
    expect(keys).toEqual([...keys].sort())
    expect(new Set(keys).size).toBe(keys.length)
    for (const one of lines())
      expect(one).toMatchObject({
        level: expect.stringMatching(/^(MUST|SHOULD|MAY|policy)$/),
        verdict: expect.any(String),
        because: { template: expect.any(String), values: expect.any(Array) },
        frames: expect.any(Array),
      })
  })

  it('says of each judgement that needed it why a scenario was not recorded', () => {
    const rebinding = lines().filter(({ scenario }) => scenario === 'rebinding')
    expect(rebinding.length).toBeGreaterThan(3)
    expect(new Set(rebinding.map(({ verdict, cause, because }) => `${verdict} ${cause} ${render(because)}`))).toEqual(
      new Set(['inconclusive lab the lab is broken: the plug is gone']),
    )
  })

  it('shows what was left out', () => {
    expect(lines().filter(({ verdict }) => verdict === 'left-out')).toMatchObject([
      { requirement: 'RFC7084-L-2', scenario: '', because: claim`the lab has one LAN port only` },
    ])
  })
})

describe('a recording that is not as it landed', () => {
  let copy = ''
  const inCopy = (file: string) => join(copy, 'recordings', 'cold-boot', file)
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(file, bytes)
  }
  const refused = () => {
    try {
      checkedRecordings(copy, { damaged: false })
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  const judged = async () =>
    rejudge(copy, readFacts(copy), await loadSuites(), checkedRecordings(copy, { damaged: true }).damaged)
  const onColdBoot = async () => (await judged()).filter(({ scenario }) => scenario === 'cold-boot')
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'denat-damage-'))
    cpSync(folder, copy, { recursive: true })
  })
  afterEach(() => rmSync(copy, { recursive: true }))

  it('is none when nothing was changed, for `sha256sum` as well', () => {
    expect(checkedRecordings(copy, { damaged: false })).toEqual({ damaged: [], vouched: true })
    const said = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: copy, encoding: 'utf8' })
    expect(said.match(/OK$/gm)).toHaveLength(4)
  })

  it.each(['capture.pcapng', 'marks.jsonl', 'world.json'])('is refused by name: %s', (file) => {
    flip(inCopy(file), 300)
    expect(refused()).toContain(`\n  recordings/cold-boot/${file} differs from its checksum\n`)
  })

  it.each([
    ['run.json', 'differs', () => flip(join(copy, 'run.json'), 40)],
    ['recordings/cold-boot/marks.jsonl', 'is missing', () => rmSync(inCopy('marks.jsonl'))],
    [
      'recordings/renewal/capture.pcapng',
      'has no checksum',
      () => cpSync(inCopy(''), join(copy, 'recordings/renewal'), { recursive: true }),
    ],
    ['SHA256SUMS:5', 'is no line of checksums', () => appendFileSync(join(copy, 'SHA256SUMS'), 'x\n')],
  ])('is refused by name: %s %s', (file, because, change) => {
    change()
    expect(refused()).toContain(`  ${file} ${because}`)
  })

  it('is judged when that is wanted, and every verdict on it says so; the checksums stay', async () => {
    flip(inCopy('capture.pcapng'), 2000)
    const results = await judged()
    const [on, off] = [true, false].map((on) => results.filter(({ scenario }) => (scenario === 'cold-boot') === on))
    expect(on?.length).toBeGreaterThan(20)
    expect(on?.every(({ damaged }) => damaged)).toBe(true)
    expect(off?.some(({ damaged }) => damaged)).toBe(false)
    expect(render(on?.[0]?.notes?.at(-1) ?? claim``)).toBe(
      'this is not as it was recorded: recordings/cold-boot/capture.pcapng',
    )
    writeResults(copy, results)
    expect(refused()).toContain('capture.pcapng differs')
  })

  it.each([
    [
      'cut short',
      () => truncateSync(inCopy('capture.pcapng'), 1000),
      /cannot be read: .*cold-boot\/capture.pcapng: not read/,
    ],
    ['without marks', () => rmSync(inCopy('marks.jsonl')), /cannot be read: .*marks.jsonl: ENOENT/],
    [
      'of another run',
      () => writeFileSync(join(copy, 'run.json'), JSON.stringify({ ...facts, seed: 't' })),
      /of another run/,
    ],
  ])('%s, cannot be judged', async (_, change, because) => {
    change()
    const results = await onColdBoot()
    expect(results.length).toBeGreaterThan(20)
    expect(new Set(results.map(({ verdict, cause }) => `${verdict} ${cause}`))).toEqual(new Set(['inconclusive lab']))
    expect(render(results[0]?.because ?? claim``)).toMatch(because)
  })

  it('under another name, harms no other recording', async () => {
    renameSync(inCopy(''), join(copy, 'recordings', 'renewal'))
    const results = await judged()
    const renewals = results.filter(({ scenario }) => scenario === 'renewal')
    expect(new Set(renewals.map(({ because }) => render(because)))).toEqual(
      new Set(['the recording is of another scenario: cold-boot']),
    )
  })
})

describe('a folder that is no run', () => {
  it.each([
    ['', /no run folder: it contains no run.json\n {2}→ name a folder in reports\/runs/],
    ['{', /run.json:1: is not JSON/],
    ['null', /run.json:1: the file: expected object/],
    ['{"plan":[],"scenarios":[]}', /run.json:1: id: is missing/],
  ])('is told apart: %j', (text, message) => {
    const other = mkdtempSync(join(tmpdir(), 'denat-run-'))
    if (text) writeFileSync(join(other, 'run.json'), text)
    expect(() => readFacts(other)).toThrow(message)
    rmSync(other, { recursive: true })
  })

  it('contains files and folders only', () => {
    const copy = mkdtempSync(join(tmpdir(), 'denat-run-'))
    cpSync(folder, copy, { recursive: true })
    symlinkSync('/etc/hostname', join(copy, 'summary.md'))
    expect(() => readFacts(copy)).toThrow(/summary\.md: is neither a file nor a folder/)
    rmSync(copy, { recursive: true })
  })
})

describe('a file that does not fit', () => {
  const world = () => JSON.parse(readFileSync(join(recordingFolder(folder, 'cold-boot'), 'world.json'), 'utf8'))
  const other = () => mkdtempSync(join(tmpdir(), 'denat-run-'))

  it.each([
    ['run.json', { ...facts, plan: 'cold-boot' }, /run.json:\d+: plan: expected array, received string/],
    [
      'run.json',
      { ...facts, stopped: { template: '{1}', values: [] } },
      /run.json:\d+: stopped: the template has a place/,
    ],
    [
      'run.json',
      { ...facts, stopped: { template: '{1}{1}', values: [{ template: 'x', values: [] }] } },
      /run.json:\d+: stopped: the template has a value in two places/,
    ],
    ['run.json', { ...facts, startedAt: 'today' }, /run.json:3: startedAt: expected a time/],
  ])('is refused with its line: %s', (file, content, message) => {
    const run = other()
    writeFileSync(join(run, file), JSON.stringify(content, null, 2))
    expect(() => readFacts(run)).toThrow(message)
    rmSync(run, { recursive: true })
  })

  it('is refused with its line: results.jsonl', () => {
    const run = other()
    const [first = ''] = results().split('\n')
    writeFileSync(join(run, 'results.jsonl'), `${first}\n${first.replace('"verdict":"', '"verdict":"un')}\n`)
    expect(() => readResults(run)).toThrow(/results.jsonl:2: verdict: Invalid option: expected one of "pass"/)
    rmSync(run, { recursive: true })
  })

  it.each([
    [{ outcome: { end: 'well' } }, /world.json:7: outcome.end: /],
    [{ world: {} }, /world.json:\d+: world.name: is missing/],
    [{ startedAt: 'now' }, /world.json:4: startedAt: expected nanoseconds/],
    [{ format: 9 }, /expected format 1 to 3, saw 9/],
  ])('is refused with its line: world.json %#', (change, message) => {
    const run = other()
    const at = join(run, 'cold-boot')
    cpSync(recordingFolder(folder, 'cold-boot'), at, { recursive: true })
    writeFileSync(join(at, 'world.json'), JSON.stringify({ ...world(), ...change }, null, 2))
    expect(() => loadRecording(at)).toThrow(message)
    rmSync(run, { recursive: true })
  })

  it('is refused with its line where a station is null', () => {
    const run = other()
    const at = join(run, 'cold-boot')
    cpSync(recordingFolder(folder, 'cold-boot'), at, { recursive: true })
    const file = world()
    file.world.stations.isp = null
    writeFileSync(join(at, 'world.json'), JSON.stringify(file, null, 2))
    expect(() => loadRecording(at)).toThrow(/world.json:\d+: world.stations.isp: expected object, received null/)
    writeFileSync(join(at, 'world.json'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(() => loadRecording(at)).toThrow('world.json')
    rmSync(run, { recursive: true })
  })
})
