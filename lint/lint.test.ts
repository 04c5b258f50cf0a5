import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Proof that the rules bite: each line is a file of its own, linted under this repository's configuration. */
const repository = fileURLToPath(new URL('..', import.meta.url))

type Case = [file: string, source: string]
const uses = (from: string) => `import { x } from '${from}'\nx()`
const typeOf = (from: string) => `import type { X } from '${from}'\nexport const x: X = 1`

const borders: Case[] = [
  ['lib/wire/x.ts', uses('../time/clock.ts')],
  ['lib/wire/x.ts', uses('node:fs')],
  ['lib/time/x.ts', uses('../wire/packet.ts')],
  ['lib/link/x.ts', uses('../recording/recording.ts')],
  ['lib/link/x.ts', uses('playwright-core')],
  ['lib/say/x.ts', uses('../recording/recording.ts')],
  ['lib/recording/x.ts', uses('../link/link.ts')],
  ['lib/recording/x.ts', uses('../suite/judge.ts')],
  ['lib/nodes/x.ts', uses('../router/router.ts')],
  ['lib/nodes/services/x.ts', uses('../../router/router.ts')],
  ['lib/nodes/x.ts', typeOf('../router/router.ts')],
  ['lib/nodes/x.ts', `export const later = () => import('../router/router.ts')`],
  ['lib/nodes/x.ts', uses('../lab/schema.ts')],
  ['lib/nodes/x.ts', uses('node:net')],
  ['lib/router/x.ts', uses('../nodes/host.ts')],
  ['lib/router/mutants/x.ts', uses('../../nodes/services/dns.ts')],
  ['lib/router/wan/x.ts', uses('../../nodes/host.ts')],
  ['lib/router/x.ts', uses('../recording/tape.ts')],
  ['lib/web-ui/x.ts', uses('../lab/schema.ts')],
  ['lib/suite/x.ts', uses('../run/plan.ts')],
  ['lib/suite/x.ts', uses('../link/link.ts')],
  ['lib/lab/x.ts', uses('../router/router.ts')],
  ['lib/lab/x.ts', uses('../run/plan.ts')],
  ['lib/lab/x.ts', uses('../suite/judge.ts')],
  ['lib/lab/power/x.ts', uses('../../router/router.ts')],
  ['lib/lab/memory.ts', uses('../run/plan.ts')],
  ['lib/lab/power/reference.ts', uses('../../run/plan.ts')],
  ['lib/run/x.ts', uses('../report/allure.ts')],
  ['lib/run/x.ts', uses('../cli/main.ts')],
  ['lib/run/x.ts', uses('../nodes/host.ts')],
  ['lib/run/x.ts', uses('../web-ui/browser.ts')],
  ['lib/report/x.ts', uses('../lab/schema.ts')],
  ['lib/report/x.ts', uses('../run/plan.ts')],
  ['lib/cli/x.ts', uses('../nodes/host.ts')],
  ['lib/wire/x.ts', uses('../denat.ts')],
  ['lib/run/x.ts', uses('denat')],
  ['suites/wan/x.ts', uses('../../lib/suite/judge.ts')],
  ['suites/x.ts', uses('../lib/denat.ts')],
  ['suites/wan/x.ts', uses('../../labs/devices/debian/web-ui.ts')],
  ['suites/wan/x.ts', uses('node:fs')],
  ['suites/wan/x.ts', uses('vitest')],
  ['suites/wan/x.test.ts', uses('vitest')],
  ['labs/devices/acme/web-ui.ts', uses('../../../lib/web-ui/port.ts')],
  ['labs/devices/acme/web-ui.ts', uses('../../../suites/scenarios/renewal.ts')],
  ...['wire', 'recording', 'nodes', 'router', 'suite', 'run', 'report', 'web-ui', 'cli'].map(
    (home): Case => [`lib/${home}/x.ts`, uses('koffi')],
  ),
  ...['wire', 'recording', 'nodes', 'router', 'suite', 'run', 'link', 'lab', 'cli'].map(
    (home): Case => [`lib/${home}/x.ts`, uses('playwright-core')],
  ),
  ...['wire', 'time', 'link', 'nodes', 'lab', 'suite', 'run'].map((home): Case => [`lib/${home}/x.ts`, uses('vitest')]),
  ...['wire', 'suite', 'run', 'lab'].map((home): Case => [`lib/${home}/x.ts`, uses('allure-js-commons')]),
  ...['lab', 'run', 'report', 'suite'].map((home): Case => [`lib/${home}/x.ts`, uses('node:timers/promises')]),
]

const typesOnly: Case[] = [
  ['lib/suite/x.ts', uses('../nodes/host.ts')],
  ['lib/suite/x.ts', `import {\n  x,\n} from '../lab/schema.ts'\nx()`],
  ['lib/suite/x.ts', `import '../lab/schema.ts'`],
  ['lib/nodes/x.ts', uses('../suite/timing.ts')],
]

const clocks: Case[] = [
  'setTimeout(() => {}, 1)',
  'setInterval(() => {}, 1)',
  'export const soon = setImmediate',
  'globalThis.setTimeout(() => {}, 1)',
  'export const now = Date.now()',
  'export const now = new Date()',
  'export const now = performance.now()',
  'export const now = process.hrtime.bigint()',
  'export const any = Math.random()',
  'export const any = crypto.randomUUID()',
  `import { randomBytes } from 'node:crypto'\nexport const any = randomBytes(4)`,
].flatMap((source): Case[] => ['lib/nodes/x.ts', 'lib/link/x.ts', 'lib/run/x.ts'].map((file) => [file, source]))
clocks.push(['suites/scenarios/x.ts', 'export const now = Date.now()'])

const claims: Case[] = [
  ['suites/denat/x.ts', 'judge.holds(true, expected, seen, frame)'],
  ['suites/denat/x.ts', 'judge.holds(true, expected, seen)'],
  ['suites/denat/x.ts', 'evidence.judge.holds(true, expected, seen, ...frames)'],
  ['suites/denat/x.ts', 'judge.goal(true, expected, seen, frame)'],
]

const fileUses = (name: string) => `import { ${name} } from 'node:fs'\n${name}('summary.md', '')`
const files: Case[] = ['report', 'run', 'recording'].flatMap((home) =>
  ['writeFileSync', 'appendFileSync', 'readFileSync', 'openSync', 'createWriteStream'].map(
    (name): Case => [`lib/${home}/x.ts`, fileUses(name)],
  ),
)

const others: [rule: string, ...Case][] = [
  ['noFloatingPromises', 'lib/lab/x.ts', `async function go(): Promise<void> {}\nexport function start() {\n  go()\n}`],
  ['noDefaultExport', 'lib/wire/x.ts', 'export default 1'],
  ['noDefaultExport', 'suites/scenarios/x.ts', 'export default 1'],
  ['noBarrelFile', 'lib/wire/x.ts', `export { x } from './y.ts'`],
]

const legal: Case[] = [
  ['lib/wire/x.ts', uses('dns-packet')],
  ['lib/wire/x.test.ts', `import { test } from 'vitest'\nimport { x } from '../router/router.ts'\ntest('x', x)`],
  ['lib/time/x.ts', 'export const now = () => Date.now()'],
  ['lib/link/x.ts', uses('koffi')],
  ['lib/link/x.ts', uses('../wire/packet.ts')],
  ['lib/nodes/services/x.ts', uses('../../wire/packet.ts')],
  ['lib/nodes/services/x.ts', uses('../port.ts')],
  ['lib/nodes/x.ts', uses('./services/dns.ts')],
  ['lib/nodes/x.ts', typeOf('../suite/bench.ts')],
  ['lib/nodes/x.ts', `export const day = new Date(0)`],
  ['lib/router/wan/x.ts', uses('../lan/ula.ts')],
  ['lib/suite/x.ts', typeOf('../nodes/host.ts')],
  ['lib/lab/memory.ts', uses('../router/router.ts')],
  ['lib/lab/power/reference.ts', uses('../../router/router.ts')],
  ['lib/lab/power/x.ts', uses('../cables/veth.ts')],
  ['lib/lab/x.ts', uses('node:fs/promises')],
  ['lib/run/x.test.ts', fileUses('writeFileSync')],
  ['lib/lab/x.ts', typeOf('../suite/scenario.ts')],
  ['lib/run/x.ts', typeOf('../web-ui/port.ts')],
  ['lib/cli/x.ts', typeOf('../recording/recording.ts')],
  ['lib/web-ui/x.ts', uses('playwright-core')],
  ['lib/report/x.ts', uses('playwright-core')],
  ['lib/report/x.ts', uses('allure-js-commons/sdk/reporter')],
  ['lib/denat.ts', `export { x } from './suite/x.ts'`],
  ['suites/wan/x.ts', `import { y } from 'denat'\nimport { x } from '../scenarios/renewal.ts'\nx(y)`],
  ['labs/devices/acme/web-ui.ts', uses('playwright-core')],
  ['labs/devices/acme/web-ui.ts', uses('denat')],
]

const all: Case[] = [
  ...borders,
  ...typesOnly,
  ...clocks,
  ...claims,
  ...files,
  ...others.map(([, ...one]): Case => one),
  ...legal,
]

/** Two files that take types alone of each other. */
const circle: readonly Case[] = [
  ['lib/wire/one.ts', `${typeOf('./other.ts')}\nexport type Y = X`],
  ['lib/wire/other.ts', `import type { Y } from './one.ts'\nexport type X = Y | 2`],
]

/** One run of Biome for all: each case gets a name of its own in the folder that it is about. */
const nameOf = (index: number) => {
  const [file] = all[index] as Case
  return file === 'lib/denat.ts' ? file : file.replace(/(\.test)?\.ts$/, `-${index}$&`)
}
let folder = ''
const findings = new Map<string, string[]>()
const found = (file: string, source: string) => {
  const index = all.findIndex((one) => one[0] === file && one[1] === source)
  return (findings.get(nameOf(index)) ?? []).filter((line) => /plugin|noFloating|noDefault|noBarrel/.test(line))
}

const write = async (file: string, source: string) => {
  const path = join(folder, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${source}\n`)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'denat-lint-'))
  const rules = ['borders', 'claims', 'clock', 'files', 'types-only'].map((name) => `lint/${name}.grit`)
  for (const rule of ['biome.json', '.gitignore', ...rules]) {
    await cp(join(repository, rule), join(folder, rule))
  }
  for (const [index, [, source]] of all.entries()) {
    await write(nameOf(index), source)
  }
  for (const one of circle) await write(...one)
  const biome = join(repository, 'node_modules/.bin/biome')
  const options = { cwd: folder, maxBuffer: 1 << 24 }
  const output = await promisify(execFile)(
    biome,
    ['lint', '--reporter=github', '--max-diagnostics=none'],
    options,
  ).catch((error: { stdout: string }) => error)
  for (const line of output.stdout.split('\n')) {
    const [, rule, file, message] = /title=([^,]*),file=([^,]*),.*?::(.*)/.exec(line) ?? []
    if (!rule || !file) continue
    const name = relative(folder, file)
    findings.set(name, [...(findings.get(name) ?? []), `${rule}: ${message}`])
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test.each(borders)('%s may not: %s', (file, source) => {
  expect(found(file, source)).toContainEqual(expect.stringMatching(/^plugin: .*(\bimports? |lib\/denat\.ts|lib\/time)/))
})

test.each(typesOnly)('%s may take types alone: %s', (file, source) => {
  expect(found(file, source)).toEqual(['plugin: Across this border go types alone: write `import type`.'])
})

test.each(clocks)('%s may not read clocks or throw dice: %s', (file, source) => {
  expect(found(file, source)).toContainEqual(expect.stringContaining('Time and chance'))
})

test.each(claims)('%s may not claim what can never fail: %s', (file, source) => {
  expect(found(file, source)).toContainEqual(expect.stringContaining("can't fail"))
})

test.each(files)('%s may not open the files of a run folder itself: %s', (file, source) => {
  expect(found(file, source)).toContainEqual(expect.stringContaining('lib/plain-files.ts'))
})

test.each(others)('%s: %s', (rule, file, source) => {
  expect(found(file, source)).toContainEqual(expect.stringContaining(rule))
})

test.each(circle)('%s may not import what imports it, be it for types', (file) => {
  expect(findings.get(file)).toContainEqual(expect.stringContaining('noImportCycles'))
})

test.each(legal)('%s may: %s', (file, source) => {
  expect(found(file, source)).toEqual([])
})
