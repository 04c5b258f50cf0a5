import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../lab/input-error.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'

/** An operator's own suites, copied out of the repository: requirements, a scenario, and judgements. */
const example = fileURLToPath(new URL('../../labs/suites/operator', import.meta.url))
const memory = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))
let folder = ''
const denat = (...args: string[]) =>
  execFileSync(process.execPath, [fileURLToPath(new URL('denat.mjs', import.meta.url)), ...args])
const put = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name.split('/')[0] as string)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-operator-'))
  cpSync(example, join(folder, 'operator'), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const verdicts = (run: string): string[] =>
  readFileSync(join(run, 'results.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ requirement }) => requirement.startsWith('OPERATOR'))
    .map(({ requirement, scenario, verdict }) => `${requirement} on ${scenario}: ${verdict}`)

describe("an operator's own suites outside the repository", () => {
  it('are played and judged beside those of denat, and the run remembers where they are', () => {
    const run = join(folder, 'run')
    const only = ['--only', 'OPERATOR-1', 'OPERATOR-2']
    denat('run', memory, '--suites', join(folder, 'operator'), ...only, '--no-report', '--out', run)
    const output = ['OPERATOR-1 on cold-boot: pass', 'OPERATOR-2 on operator-new-host: pass']
    expect(verdicts(run)).toEqual(output)
    writeFileSync(join(run, 'results.jsonl'), '')
    expect(() => denat('judge', run, '--no-report')).toThrow(/run\.json: suites: .* are code/)
    expect(() => denat('bundle', run, '--out', join(folder, 'run.zip'))).toThrow(/run\.json: suites: .* are code/)
    denat('judge', run, '--no-report', '--suites', join(folder, 'operator'))
    expect(verdicts(run)).toEqual(output)
  })
})

describe('a folder that is no suite is refused, with file and line', () => {
  const judged = (id: string, more = '') =>
    `\nexport const requirements = [\n  { id: '${id}', cases: new Map([${more}]) },\n]\n`
  const scenario = "{ name: 'one', story: 's', play() {} }"

  it.each([
    ['that does not exist', 'a.txt', '', /a\.txt: is no folder\n/],
    ['that is empty of suites', 'empty/note.txt', 'x', /empty: is no folder of suites\n +→ a folder of suites holds/],
    ['with a wrong entry', 'entry/requirements/a.yaml', '- id: A-1\n  level: MAYBE\n', /a\.yaml:\d+: 0\./],
    ['with a file that is not TypeScript', 'broken/a.ts', '\nexport const const\n', /a\.ts(:2)?: cannot be loaded: /],
    [
      'with a file that throws',
      'throws/a.ts',
      '\nthrow new TypeError("so it is")\n',
      /a\.ts:2: cannot be loaded: so it is/,
    ],
    ['that judges what no entry requires', 'judged/a.ts', judged('A-1'), /a\.ts:3: A-1 is judged, but no file/],
    ['that judges what denat judges', 'twice/a.ts', judged('RFC7084-L-2'), /a\.ts:3: RFC7084-L-2 is declared twice/],
  ])('%s', async (_, name, text, message) => {
    const load = loadSuites(suiteFolders([name.includes('/') ? put(name, text) : join(folder, name)]))
    await expect(load).rejects.toThrow(message)
    await expect(load).rejects.toThrow(InputError)
  })

  it('that judges on a scenario that it does not export', async () => {
    const entry = readFileSync(join(example, 'requirements/operator.yaml'), 'utf8')
    put('unexported/requirements/a.yaml', entry)
    const at = put('unexported/a.ts', judged('OPERATOR-1', `['', { scenarios: [${scenario}], judge() {} }]`))
    await expect(loadSuites(suiteFolders([at]))).rejects.toThrow(
      /a\.ts:3: OPERATOR-1 is judged on "one", which no file/,
    )
  })
})
