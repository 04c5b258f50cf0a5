import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../lab/namespaces/reap-lock.ts'
import { interfaces } from '../link/errno.ts'
import { netnsNames } from '../link/network-namespace.ts'
import { type Claim, claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { realClock } from '../time/real-clock.ts'

const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const until = async (ask: () => boolean, what: string) => {
  for (const begun = clock.now(); !ask(); await seconds(0.05))
    if (clock.now() > begun + 240) throw new Error(`after 240 s still not: ${what}`)
}
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const started: ChildProcess[] = []
let folder = ''
let before: string[]

/** A device and a lab outside of the repository: the demo router, or what the script makes of it. */
function device(script: string): string {
  mkdirSync(join(folder, 'device'))
  writeFileSync(join(folder, 'device', 'device.yaml'), 'name: a router\nsoftware: ./it.sh\nboot: 2\n')
  writeFileSync(join(folder, 'device', 'it.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  writeFileSync(join(folder, 'lab.yaml'), 'kind: namespaces\ndevice: ./device\n')
  return join(folder, 'lab.yaml')
}
const router = `exec ${path('../../labs/devices/debian/router.sh')} "$@"`

interface Denat {
  process: ChildProcess
  said(): string
  ended: Promise<{ code: number | null; signal: string | null }>
  recorder(): number
}

/** In a session of its own, as a terminal would start it. */
function denat(lab: string, ...only: string[]): Denat {
  const args = [path('../cli/denat.mjs'), 'run', lab, '--no-report', '--out', join(folder, 'run'), '--only', ...only]
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return {
    process: child,
    said: () => said,
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal }))),
    // Not its only child: a compiler may be at work beside it.
    recorder: () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
        .split(' ')
        .filter((pid) => pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('recorder.mjs'))
        .map(Number)[0] as number,
  }
}

const id = ({ process }: Denat) => ((process.pid ?? 0) % 36 ** 4).toString(36)
const locked = (run: Denat) => existsSync(join(lockFolder, `${id(run)}.json`))
const growing = () => {
  const file = join(folder, 'run/recordings/cold-boot.growing/marks.jsonl')
  return existsSync(file) && readFileSync(file, 'utf8').includes('power-on')
}
/** Processes that bear the run's mark or its name. */
function processes(run: Denat): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const text = readFileSync(`/proc/${pid}/environ`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return text.split('\0').some((word) => word === `DENAT_RUN=${id(run)}` || word === `dn-${id(run)}-dut`)
    } catch {
      return false
    }
  })
}
/** Others may use this machine at the same time: theirs stays. */
function left(run: Denat): string[] {
  return [
    ...netnsNames().filter((name) => name.startsWith(`dn-${id(run)}-`)),
    ...interfaces().filter((name) => !before.includes(name) && name.startsWith(`d${id(run)}`)),
    ...processes(run),
    ...(locked(run) ? ['lock'] : []),
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`dn-${id(run)}-`)),
    ...['/var/lib/duts', '/run/duts'].flatMap((kept) =>
      existsSync(kept) ? readdirSync(kept).filter((name) => name.startsWith(`dn-${id(run)}-`)) : [],
    ),
  ]
}
const results = (): { scenario: string; verdict: string; cause?: string; because: Claim }[] =>
  readFileSync(join(folder, 'run/results.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-run-'))
  before = interfaces()
})
afterEach(async () => {
  // The recorder sees its parent go, and cleans up.
  for (const child of started.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('nothing is left behind', () => {
  test('by Ctrl-C in a terminal, and what was recorded until then is kept', async () => {
    const run = denat(device(router), 'cold-boot')
    await until(growing, 'power on')
    process.kill(-(run.process.pid ?? 0), 'SIGINT')
    expect(await run.ended).toEqual({ code: 130, signal: null })
    expect(left(run)).toEqual([])
    expect(results().length).toBeGreaterThan(10)
    expect(new Set(results().map(({ verdict, cause, because }) => `${verdict} ${cause} ${render(because)}`))).toEqual(
      new Set(['inconclusive lab the run was interrupted']),
    )
    expect(readFileSync(join(folder, 'run/recordings/cold-boot/marks.jsonl'), 'utf8')).toContain('power-on')
    expect(JSON.parse(readFileSync(join(folder, 'run/run.json'), 'utf8')).stopped).toEqual(
      claim`the run was interrupted`,
    )
  })

  test('by a recorder that is killed; its scenario is lost, the next one is played', async () => {
    // Both are stopped early by a router that never speaks: what counts is that both are played.
    const run = denat(device('exit 0'), 'cold-boot', 'rebinding')
    await until(growing, 'power on')
    process.kill(run.recorder(), 'SIGKILL')
    await until(() => run.said().includes('[2/2] rebinding'), 'the next scenario')
    process.kill(run.process.pid ?? 0, 'SIGTERM')
    expect(await run.ended).toEqual({ code: 130, signal: null })
    expect(left(run)).toEqual([])
    const lost = results().filter(({ scenario }) => scenario === 'cold-boot')
    expect(lost.length).toBeGreaterThan(10)
    expect(new Set(lost.map(({ cause, because }) => `${cause}: ${render(because)}`))).toEqual(
      new Set(['lab: the recorder was killed (SIGKILL)']),
    )
  })

  test('by a parent that is killed', async () => {
    const run = denat(device(router), 'cold-boot')
    await until(growing, 'power on')
    run.process.kill('SIGKILL')
    await run.ended
    await until(() => left(run).length === 0, `all gone of ${left(run)}`)
    expect(growing()).toBe(true)
  })

  test('once the next run starts, when both are killed; not even a hanging order of the device', async () => {
    const lab = device('[ "$1" = up ] && { sleep 4000 & sleep 4000; }\nexit 0')
    const run = denat(lab, 'cold-boot')
    await until(growing, 'power on')
    await until(() => processes(run).length >= 2, 'the order')
    const recorder = run.recorder()
    run.process.kill('SIGKILL')
    process.kill(recorder, 'SIGKILL')
    await run.ended
    expect(left(run).length).toBeGreaterThan(4)
    rmSync(join(folder, 'run'), { recursive: true })
    const next = denat(lab, 'cold-boot')
    await until(growing, 'power on, again')
    expect(left(run)).toEqual([])
    expect(next.said()).toContain(`removed what run ${id(run)} left behind`)
    next.process.kill('SIGINT')
    expect((await next.ended).code).toBe(130)
    expect(left(next)).toEqual([])
  })
})

test('a lab once broken stays broken: each scenario that is left says why, at once', async () => {
  const run = denat(device('[ "$1" = up ] && { echo "no such firmware"; exit 7; }\nexit 0'), 'cold-boot', 'rebinding')
  expect(await run.ended).toEqual({ code: 2, signal: null })
  expect(left(run)).toEqual([])
  const said = new Map(results().map(({ scenario, cause, because }) => [scenario, `${cause}: ${render(because)}`]))
  const because = 'power-on: `up` ended with exit code 7: no such firmware'
  expect(said).toEqual(
    new Map([
      ['cold-boot', `lab: ${because}`],
      ['rebinding', `lab: the lab is broken: ${because} (in cold-boot)`],
    ]),
  )
  const { peakMemory } = JSON.parse(readFileSync(join(folder, 'run/run.json'), 'utf8'))
  expect(peakMemory).toEqual({ recorder: expect.any(Number), parent: expect.any(Number) })
})
