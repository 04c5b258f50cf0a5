/** `npm run bench`: figures side by side. It asserts nothing: they are this machine's as much as ours. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../lab/input-error.ts'
import { readLab } from '../lab/lab-file.ts'
import { deviceOf, openLab } from '../lab/open-lab.ts'
import { type Flood, type Latency, linkBench } from '../link/link.bench.ts'
import { decodeBench } from '../recording/decode.bench.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { type Cost, saveBench } from '../recording/save.bench.ts'
import { plan } from '../run/plan.ts'
import { readFacts, recordingFolder } from '../run/run-folder.ts'
import { playedOn } from '../run/sharing.ts'
import { loadSuites } from '../run/suites.ts'
import { onPath } from './debian.mjs'
import { reportsFolder } from './report.ts'

const golden = fileURLToPath(new URL('../wire/golden/linux-radvd.pcap', import.meta.url))

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  console.log(title ? `\n${title}\n` : '')
  for (const row of [head, widths.map((width) => '-'.repeat(width)), ...rows]) console.log(`  ${line(row).trimEnd()}`)
}

const notMeasured = (title: string, remedy: string): void => console.log(`\n${title}\n\n  not measured: ${remedy}`)
const thousands = (value: number): string => Math.round(value).toLocaleString('en')

async function link(): Promise<void> {
  const title = 'Raw Ethernet port (AF_PACKET on a veth pair and on a tap), compared with a C program in the same run'
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return notMeasured(title, 'run this as root on Linux: it makes two network namespaces')
  if (!onPath('gcc')) return notMeasured(title, 'install gcc and libc6-dev')
  const { flood, echo } = await linkBench()
  const received = (name: string, { sent, received, rate, behind }: Flood) => {
    const lost = sent - received
    return [
      ...[name, thousands(sent), `${thousands(rate)}/s`, thousands(received)],
      ...[`${thousands(lost)} (${((lost / sent) * 100).toFixed(2)} %)`, `${(behind * 1e3).toFixed(2)} ms`],
    ]
  }
  table(
    title,
    ['frames', 'sent', 'offered', 'received', 'lost', 'last one handled after'],
    [received('veth', flood.veth), received('tap', flood.tap)],
  )
  const row = (name: string, { median, p90, p99 }: Latency) => [name, ...[median, p90, p99].map((us) => us.toFixed(1))]
  table('', ['echo, round trip in us', 'median', 'p90', 'p99'], [row('C program', echo.c), row('lib/link', echo.ours)])
}

async function recording(): Promise<void> {
  const { frames, waitedFor, ours } = await saveBench()
  const row = (name: string, { median, p99, worst }: Cost) => [name, ...[median, p99, worst].map((us) => us.toFixed(1))]
  table(
    `Recording ${thousands(frames)} frames: how long each keeps its receiver waiting`,
    ['in us', 'median', 'p99', 'worst'],
    [row('a write that is waited for', waitedFor), row('lib/recording', ours)],
  )
}

function decoding(run: string | undefined): void {
  const capture = (run && largestCapture(run)) ?? golden
  const { frames, measured, ...rates } = decodeBench(capture)
  const per = (rate: number | undefined) => [
    rate === undefined ? 'not measured: install tshark' : `${thousands(rate)}/s`,
  ]
  const start =
    rates.tsharkStart === undefined ? '' : `; TShark's start, ${rates.tsharkStart.toFixed(2)} s, is left out`
  table(
    `Decoding ${capture.slice(capture.indexOf(run ? 'recordings' : 'lib/wire'))}: ${thousands(frames)} frames, repeated to ${thousands(measured)}${start}`,
    ['one core, file read included', 'frames'],
    [
      ['denat, decode', ...per(rates.decoded)],
      ['denat, decode and a line of text', ...per(rates.described)],
      ['tshark -T fields, 4 fields', ...per(rates.tsharkFields)],
      ['tshark -V', ...per(rates.tsharkWhole)],
    ],
  )
}

function largestCapture(run: string): string | undefined {
  const captures = readdirSync(join(run, 'recordings'))
    .map((scenario) => join(recordingFolder(run, scenario), 'capture.pcapng'))
    .filter((file) => existsSync(file))
  return captures.sort((a, b) => statSync(b).size - statSync(a).size)[0]
}

function times({ id, scenarios }: RunFacts): void {
  const row = (name: string, { wall, forced, browser }: { wall: number; forced: number; browser: number }) => {
    const ratio = forced > 0 ? ((wall - browser) / forced).toFixed(2) : '-'
    return [name, wall.toFixed(1), forced.toFixed(1), browser.toFixed(1), ratio]
  }
  const sum = (of: 'wall' | 'forced' | 'browser') => scenarios.reduce((total, one) => total + one[of], 0)
  table(
    `Time of ${id}, in seconds: the minimum by protocol and boot, and the measured time without the browser`,
    ['scenario', 'wall', 'forced', 'browser', 'ratio'],
    [
      ...scenarios.map((one) => row(one.scenario, one)),
      row('all', { wall: sum('wall'), forced: sum('forced'), browser: sum('browser') }),
    ],
  )
}

function memory({ id, peakMemory }: RunFacts): void {
  const title = `Peak resident memory of ${id}`
  if (!peakMemory) {
    notMeasured(title, 'its run.json does not contain it')
    return
  }
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  table(
    title,
    ['process', 'peak'],
    [
      ['recorder', megabytes(peakMemory.recorder)],
      ['parent: plans, judges', megabytes(peakMemory.parent)],
    ],
  )
}

/** The default profile on the reference router as slow as many routers are, one scenario after the other, in virtual time. */
async function slowRouter(): Promise<void> {
  const lab = readLab(fileURLToPath(new URL('../../labs/memory-slow.yaml', import.meta.url)))
  const device = await deviceOf(lab)
  const suites = await loadSuites()
  const { scenarios } = plan({ suites, lab, device, profile: 'default', only: [] })
  const opened = await openLab(lab, device, 'bench')
  const { counts, seconds } = await playedOn(opened, { lab, suites, seed: 'bench', device }, scenarios)
  opened.close()
  table(
    `The default profile on a router that boots in ${device.boot} s and resets in ${device.reset} s, in virtual time`,
    ['one lab', 'factory resets', 'boots', 'minutes'],
    [[`${scenarios.length} scenarios`, String(counts.resets), String(counts.boots), (seconds / 60).toFixed(1)]],
  )
}

/** The newest run of this version that has ended and ran a scenario: names begin with the date. */
function newestRun(): string | undefined {
  const runs = join(reportsFolder, 'runs')
  if (!existsSync(runs)) return undefined
  const folders = readdirSync(runs)
    .sort()
    .reverse()
    .map((name) => join(runs, name))
  return folders.find((folder) => {
    try {
      const { endedAt, scenarios } = readFacts(folder)
      return endedAt !== undefined && scenarios.length > 0
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}

console.log(`Node ${process.version}, Linux ${release()} ${arch()}, ${cpus().length} cores`)
await link()
await recording()
await slowRouter()
const run = newestRun()
decoding(run)
if (run) {
  const facts = readFacts(run)
  times(facts)
  memory(facts)
} else notMeasured('Time and memory of a run', '`npm run lab` makes one')
