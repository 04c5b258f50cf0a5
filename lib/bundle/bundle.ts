import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { InputError } from '../lab/input-error.ts'
import { readPlain, writeWhole } from '../plain-files.ts'
import { filesIn, readSums, sha256, sumsFile } from '../recording/checksums.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { checkedRecordings } from '../run/damage.ts'
import { ownSources, sumOfInput } from '../run/inputs.ts'
import { rejudge } from '../run/run.ts'
import { landed, line, readFacts, readResults, setAsideIn } from '../run/run-folder.ts'
import type { Suites } from '../suite/suites.ts'
import { ArchiveError, type Files, packed, unpacked } from './archive.ts'

/** `bundle.json`: what judged the results. */
interface Maker {
  format: 1
  denat: string
  /** SHA-256 of denat's source files together. */
  sources: string
}

/** Files of a run that are not of a recording. */
const wanted = [
  'run.json',
  'results.jsonl',
  'SHA256SUMS',
  'SHA256SUMS.derived',
  'summary.md',
  'results.junit.xml',
  'matrix.csv',
  'index.html',
  'allure-report.html',
]
const makerFile = 'bundle.json'

/** The archive of a run: recordings, results, report, lab and device without secrets. Throws `InputError`. */
export function bundleOf(run: string, suites: Suites, version: string): Uint8Array {
  const facts = readFacts(run)
  if (!checkedRecordings(run, { damaged: false }).vouched)
    throw new InputError(run, `has no ${sumsFile}: nothing vouches for its recordings`)
  const before = readPlain(join(run, 'results.jsonl')).toString()
  if (rejudge(run, facts, suites).map(line).join('') !== before)
    throw new InputError(join(run, 'results.jsonl'), 'has verdicts of another version of denat', `denat judge ${run}`)
  const maker: Maker = { format: 1, denat: version, sources: ownSources() }
  // What a kill cut short was set aside: its checksums are there, too.
  const folders = [...landed(run).map((name) => `recordings/${name}`), ...setAsideIn(run)]
  const recordings = folders.flatMap((folder) => filesIn(join(run, folder)).map((file) => `${folder}/${file}`))
  const present = wanted.filter((file) => existsSync(join(run, file)))
  const files: Files = { [makerFile]: json(maker), ...descriptions(facts) }
  const photographs = (facts.photographs ?? []).map(({ file }) => file).filter((file) => existsSync(join(run, file)))
  for (const file of [...present, ...photographs, ...recordings]) files[file] = readPlain(join(run, file))
  return packed(files)
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

/** The lab file and the device's description, where they are still those of the run. */
function descriptions({ inputs }: RunFacts): Files {
  const files: Files = {}
  for (const [path, hash] of Object.entries(inputs?.files ?? {})) {
    const name = path === inputs?.lab ? 'lab.yaml' : path.endsWith('/device.yaml') ? 'device.yaml' : undefined
    if (name && sumOfInput(path) === hash) files[name] = withoutSecrets(readFileSync(path, 'utf8'))
  }
  return files
}

const leftOut = 'left out of the bundle'

/**
 * A YAML file without credentials: those of the page, values of HTTP headers, and what a URL has before its host. Comments
 * are left out too: they may hold what is not expected there.
 */
function withoutSecrets(text: string): Uint8Array {
  const clean = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((one) => clean(one))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, key === 'headers' ? leftOut : clean(one, name)]),
      )
    if (key === 'user' || key === 'password') return leftOut
    return typeof value === 'string' ? value.replace(/(:\/\/)[^/@\s]*@/g, '$1') : value
  }
  return Buffer.from(stringify(clean(parse(text))))
}

/** What was found in a bundle. */
export interface Verified {
  facts: RunFacts
  maker: Maker
  /** What judged it is not what judges it here. */
  otherVersion: boolean
  /** Results that this version of denat does not give, and those that it gives in their place: lines of `results.jsonl`. */
  differing: { was: string[]; is: string[] }
  results: number
}

/**
 * Unpacks a bundle into an empty folder, and judges it again. Throws `ArchiveError` or `InputError` where something in it
 * is not as it was.
 */
export function verifiedBundle(archive: Uint8Array, folder: string, suites: Suites): Verified {
  const files = unpacked(archive)
  for (const [name, content] of Object.entries(files)) {
    if (!isOfBundle(name)) throw new ArchiveError(`has a file that no bundle has: ${JSON.stringify(name)}`)
    write(folder, name, content)
  }
  for (const name of ['run.json', 'results.jsonl', sumsFile]) if (!files[name]) throw new ArchiveError(`lacks ${name}`)
  const facts = readFacts(folder)
  checkedRecordings(folder, { damaged: false })
  readResults(folder)
  for (const { file, hash } of readSums(join(folder, 'SHA256SUMS.derived')).sums)
    if (wanted.includes(file) && (!files[file] || sha256(join(folder, file)) !== hash))
      throw new InputError(file, 'differs from its checksum')
  const maker = makerOf(files[makerFile])
  const was = Buffer.from(files['results.jsonl'] ?? [])
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
  const is = rejudge(folder, facts, suites).map((one) => line(one).trimEnd())
  const [before, now] = [new Set(was), new Set(is)]
  return {
    facts,
    maker,
    otherVersion: maker.sources !== ownSources(),
    differing: { was: was.filter((one) => !now.has(one)), is: is.filter((one) => !before.has(one)) },
    results: was.length,
  }
}

const isOfBundle = (name: string): boolean =>
  [...wanted, makerFile, 'lab.yaml', 'device.yaml'].includes(name) || /^recordings\/[^/]+\/./.test(name)

function write(folder: string, name: string, content: Uint8Array): void {
  try {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeWhole(join(folder, name), content)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ArchiveError(
      `has a file that cannot be unpacked (${code ?? 'a folder has its name'}): ${JSON.stringify(name)}`,
    )
  }
}

function makerOf(content: Uint8Array | undefined): Maker {
  try {
    const { format, denat, sources } = JSON.parse(Buffer.from(content ?? []).toString('utf8'))
    if (format === 1 && typeof denat === 'string' && typeof sources === 'string') return { format, denat, sources }
  } catch {}
  throw new InputError(makerFile, 'is missing, or is of another format')
}
