import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { lockFolder } from '../lab/namespaces/reap-lock.ts'
import { netnsNames } from '../link/network-namespace.ts'
import { sumLines, sumsOf } from '../recording/checksums.ts'
import { readFacts, recordingFolder } from '../run/run-folder.ts'
import { realClock } from '../time/real-clock.ts'
import { freshSeed, seeded } from '../time/seed.ts'
import { shortId } from './short-id.ts'

/**
 * `npm run kills -- [--count 200] [--seed S] [--lab LAB] [--labs 1] [SCENARIO...]`: ends set-up, runs, resumed runs,
 * judgements, reports, and the packing and verifying of a bundle at random moments, and resumes each run until it is complete.
 * Exit code 1 where a run or its bundle then differs from one that was not disturbed, or where something is left.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string' },
    lab: { type: 'string', default: fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)) },
    labs: { type: 'string', default: '1' },
  },
})
const count = Number(values.count)
const { seed = freshSeed() } = values
const dice = seeded(seed)
const usual = ['cold-boot', 'rebinding', 'reconfigure', 'release', 'silent-server', 'sub-lease', 'web-ui-ipv6-switch']
const only = positionals.length > 0 ? positionals : usual
const isInMemory = readFileSync(values.lab, 'utf8').includes('kind: memory')
const clock = realClock()
const base = mkdtempSync(join(tmpdir(), 'denat-kills-'))
const temporary = join(base, 'tmp')
mkdirSync(temporary)

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const denat = (...args: string[]) => [program('denat.mjs'), ...args]
const silent = '--no-report'
const begin = (folder: string) =>
  denat('run', resolve(values.lab), silent, '--seed', seed, '--labs', values.labs, '--out', folder, '--only', ...only)
const judge = (folder: string) => denat('judge', folder, silent)
const setUp = [program('setup.mjs'), 'demo']
const archiveOf = (folder: string) => `${folder}.denat.zip`

/** What is done with a run that is complete. Each must also end well when it is repeated. */
const afterwards = {
  judge,
  report: (folder: string) => denat('judge', folder),
  bundle: (folder: string) => denat('bundle', folder, '--out', archiveOf(folder)),
  verify: (folder: string) => denat('verify', archiveOf(folder)),
}

const ways = ['the parent', 'the recorders', 'both', 'SIGINT', 'SIGTERM'] as const
type Way = (typeof ways)[number]

/** A number of seconds after the process has printed this number of lines. */
interface Moment {
  lines: number
  seconds: number
  way: Way
}

interface Ended {
  code: number | null
  /** What was killed; undefined where it ended before the moment came. */
  killed: Way | undefined
  text: string
  seconds: number
}

const ids: string[] = []

/** Runs Node with these arguments. Its whole output comes to `text`. */
function attempt(args: string[], moment?: Moment): Promise<Ended> {
  return new Promise((done, failed) => {
    const begun = clock.now()
    const child = spawn(process.execPath, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary },
    })
    const pid = child.pid ?? 0
    ids.push(shortId(pid))
    let [text, killed]: [string, Way | undefined] = ['', undefined]
    let isDue = moment !== undefined
    const look = () => {
      if (!isDue || !moment || text.split('\n').length <= moment.lines) return
      isDue = false
      clock.after(moment.seconds, () => {
        if (child.exitCode === null && child.signalCode === null) killed = kill(pid, moment.way)
      })
    }
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        look()
      })
    child.on('error', failed)
    child.on('exit', (code) => done({ code, killed, text, seconds: clock.now() - begun }))
    look()
  })
}

/** Without a recorder the parent is killed. */
function kill(pid: number, way: Way): Way {
  const recorders = recordersOf(pid)
  const isParents = way === 'the parent' || (way === 'the recorders' && recorders.length === 0)
  if (way === 'SIGINT' || way === 'SIGTERM') process.kill(pid, way)
  else for (const one of isParents ? [pid] : way === 'both' ? [pid, ...recorders] : recorders) end(one)
  return isParents ? 'the parent' : way
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function recordersOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return children.filter((one) => commandOf(one).includes('recorder.mjs')).map(Number)
}

/** What a scenario takes, in seconds. */
const lasts = isInMemory ? 0.7 : 25

/** In the first `lines` lines of the output. */
const drawn = (lines: number): Moment => ({
  lines: dice.int(lines),
  seconds: dice.uniform(0, lasts),
  way: dice.pick(ways),
})

/** A run prints three lines at its beginning, two for each scenario that is left, and some at its end. */
function linesLeft(folder: string): number {
  const isLeft = (name: string) => !existsSync(recordingFolder(folder, name))
  return 4 + 2 * only.filter(isLeft).length
}

/** What is the same in every run with this seed: the verdicts, and in memory the recordings. */
function outcome(folder: string): string[] {
  const results = readFileSync(join(folder, 'results.jsonl'), 'utf8').split('\n')
  if (isInMemory) {
    const sums = readFacts(folder).plan.flatMap((name) => sumsOf(recordingFolder(folder, name), name))
    return [...results, ...sumLines(sums).split('\n')]
  }
  const verdicts = results.filter(Boolean).map((line) => JSON.parse(line))
  // In real time a router sends more or less that an invariant looks at: whether it passes or does not apply is chance.
  const plain = (verdict: string) => (verdict === 'not-applicable' ? 'pass' : verdict)
  return verdicts.map(({ requirement, case: name, scenario, verdict, cause }) =>
    [requirement, name, scenario, plain(verdict), cause].join(' '),
  )
}

const archived = (folder: string): Buffer | undefined =>
  existsSync(archiveOf(folder)) ? readFileSync(archiveOf(folder)) : undefined

/** What a complete run has that one without kills does not have, and what is left on the machine. */
function leftBy(folder: string): string[] {
  const { plan } = readFacts(folder)
  const complete = new Set(readdirSync(whole))
  const isOurs = (name: string) => ids.some((id) => name.startsWith(`dn-${id}-`) || name === `${id}.json`)
  return [
    ...readdirSync(folder).filter((name) => !complete.has(name)),
    ...readdirSync(join(folder, 'recordings')).filter((name) => !plan.includes(name.replace(/\.cut\.\d+$/, ''))),
    ...plan.flatMap((name) => readdirSync(recordingFolder(folder, name)).filter((file) => file.endsWith('.new'))),
    ...readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder)),
    ...readdirSync(temporary),
    ...netnsNames().filter(isOurs),
    ...(existsSync(lockFolder) ? readdirSync(lockFolder).filter(isOurs) : []),
  ]
}

const whole = join(base, 'whole')
const undisturbed = await attempt(begin(whole))
if (undisturbed.code === null || undisturbed.code > 2) {
  console.error(undisturbed.text)
  process.exit(3)
}
const expected = outcome(whole)
console.log(`seed ${seed}, ${base}: ${undisturbed.seconds.toFixed(1)} s without a kill`)

const usually = new Map<string, Ended>()
for (const [what, args] of Object.entries(afterwards)) usually.set(what, await attempt(args(whole)))
for (const [what, { code, text }] of usually) if (code === null || code > 2) console.error(`${what}: ${text}`)

const kills = new Map<string, number>()
let [runs, faults, killed] = [0, 0, 0]
const fault = (text: string) => {
  faults++
  console.log(text)
}
const noted = (what: string, { killed: way }: Ended) => {
  if (way === undefined) return
  killed++
  kills.set(`${what}: ${way}`, (kills.get(`${what}: ${way}`) ?? 0) + 1)
}

while (killed < count) {
  const folder = join(base, String(++runs))
  for (;;) {
    const isBegun = existsSync(join(folder, 'run.json'))
    if (dice.int(10) === 0) noted('set-up', await attempt(setUp, drawn(1)))
    if (isBegun && dice.int(5) === 0) noted('judge', await attempt(judge(folder), drawn(2)))
    const args = isBegun ? denat('run', silent, '--resume', folder) : begin(folder)
    const ended = await attempt(args, killed < count ? drawn(linesLeft(folder)) : undefined)
    noted(isBegun ? 'resume' : 'run', ended)
    if (ended.killed !== undefined) continue
    if (ended.code !== undisturbed.code) fault(`${folder}: exit code ${ended.code}\n${ended.text}`)
    break
  }
  for (const [what, args] of Object.entries(afterwards)) {
    const usualEnd = usually.get(what)
    if (!usualEnd) continue
    const moment: Moment = { lines: 0, seconds: dice.uniform(0, usualEnd.seconds), way: dice.pick(ways) }
    if (killed < count) noted(what, await attempt(args(folder), moment))
    const before = archived(folder)
    if (what === 'bundle') rmSync(archiveOf(folder), { force: true })
    const { code, text } = await attempt(args(folder))
    if (code !== usualEnd.code) fault(`${folder}: ${what}: exit code ${code}\n${text}`)
    if (before && !archived(folder)?.equals(before)) fault(`${folder}: ${what}: the bundle differs`)
  }
  const found = outcome(folder)
  for (const line of expected) if (!found.includes(line)) fault(`${folder}: lost or different: ${line.slice(0, 200)}`)
  for (const line of found) if (!expected.includes(line)) fault(`${folder}: new: ${line.slice(0, 200)}`)
  for (const name of leftBy(folder)) fault(`${folder}: left: ${name}`)
  console.log(`${folder}: complete after ${killed} kills in total`)
}
for (const [what, number] of [...kills].sort()) console.log(`  ${number} ${what}`)
console.log(`${killed} kills in ${runs} runs: ${faults} lost, different or left`)
if (faults === 0) rmSync(base, { recursive: true })
process.exitCode = faults === 0 ? 0 : 1
