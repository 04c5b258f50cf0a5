import { createHash } from 'node:crypto'
import { constants, copyFileSync, existsSync, linkSync, readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { readPlain, writeWhole } from '../plain-files.ts'
import type { Recording } from '../recording/recording.ts'
import { logFile, readLog } from '../recording/router-log.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { WorldFile } from '../recording/save.ts'
import { excerpt } from '../recording/save.ts'
import { safe } from '../say/render.ts'
import type { Rendered } from '../suite/rendered.ts'
import { ladder } from './ladder.ts'
import type { ReportTest } from './report-tests.ts'
import { plain } from './text.ts'

/** A file in the folder of the Allure results. */
export interface Attached {
  name: string
  type: string
  source: string
}

/** What can be shown for one result, besides its words. */
export interface Evidence {
  attachments: Attached[]
  /** Screenshots of the router's page, and the browser's trace. */
  pages: Attached[]
  /** The scenario's capture, one file for all results that were judged on it. */
  capture?: Attached
  /** Unix milliseconds of the first and the last frame that was looked at. */
  start: number
  stop: number
}

/** A map, or a loader that reads a recording from its folder when it is asked. */
export interface Recordings {
  get(scenario: string): Recording | undefined
}

/** Passed invariants are judged on every recording; from here on only what did not pass brings its frames along. */
const mostPasses = 6

export const capturePath = (scenario: string): string => `recordings/${scenario}/capture.pcapng`

const hashed = (...parts: string[]): string => createHash('md5').update(parts.join('\0')).digest('hex')

/** Writes the attachments of all results, scenario by scenario, so that one recording is in memory at a time. */
export function writeEvidence(run: {
  runFolder: string
  resultsFolder: string
  facts: RunFacts
  tests: readonly ReportTest[]
  recordings: Recordings
}): Map<Rendered, Evidence> {
  const { runFolder, resultsFolder, facts, recordings } = run
  const wanted = new Map<string, Rendered[]>()
  const began = startsOf(facts)
  const evidence = new Map<Rendered, Evidence>()
  for (const test of run.tests) {
    for (const result of test.results) {
      const start = began.get(result.scenario) ?? Date.parse(facts.startedAt)
      evidence.set(result, { attachments: [], pages: [], start, stop: start })
    }
    for (const result of withFrames(test)) {
      const group = wanted.get(result.scenario)
      if (group) group.push(result)
      else wanted.set(result.scenario, [result])
    }
  }
  for (const [scenario, results] of wanted) {
    const recording = recordings.get(scenario)
    if (!recording) continue
    const folder = join(runFolder, 'recordings', scenario)
    const startedAt =
      recordedAt(folder, facts) ?? BigInt(began.get(scenario) ?? Date.parse(facts.startedAt)) * 1_000_000n
    const shared = {
      capture: shareCapture(folder, resultsFolder, scenario),
      pages: [...sharePages(folder, resultsFolder, scenario), ...shareLog(folder, resultsFolder, scenario)],
    }
    for (const result of results) {
      const looked = result.frames.flatMap((number) => recording.frames[number - 1] ?? [])
      const at = (seconds: number) => Number(startedAt / 1_000_000n) + Math.round(seconds * 1000)
      evidence.set(result, {
        attachments: writeFrames(resultsFolder, recording, result, String(startedAt)),
        ...shared,
        start: at(looked[0]?.at ?? 0),
        stop: at(looked.at(-1)?.at ?? 0),
      })
    }
  }
  return evidence
}

function withFrames(test: ReportTest): Rendered[] {
  const onTape = test.results.filter((result) => result.scenario !== '')
  const passes = onTape.filter((result) => result.verdict === 'pass').slice(0, mostPasses)
  return onTape.filter((result) => result.verdict !== 'pass' || result === test.verdict || passes.includes(result))
}

/** When each scenario began, as far as the run's figures contain it; for recordings without this time. */
function startsOf(facts: RunFacts): Map<string, number> {
  let at = Date.parse(facts.startedAt)
  return new Map(
    facts.scenarios.map(({ scenario, wall }) => {
      const start = at
      at += Math.round(wall * 1000)
      return [scenario, start]
    }),
  )
}

/** Nanoseconds since 1970. Virtual time is no time of day: a time before the start of the run is left out. */
function recordedAt(folder: string, facts: RunFacts): bigint | undefined {
  const path = join(folder, 'world.json')
  if (!existsSync(path)) return undefined
  const { startedAt } = JSON.parse(readPlain(path).toString()) as WorldFile
  return BigInt(startedAt) >= BigInt(Date.parse(facts.startedAt)) * 1_000_000n ? BigInt(startedAt) : undefined
}

function writeFrames(resultsFolder: string, recording: Recording, result: Rendered, startedAt: string): Attached[] {
  const id = hashed(result.requirement, result.case, result.scenario)
  const put = (name: string, type: string, source: string, content: string | Uint8Array): Attached => {
    writeWhole(join(resultsFolder, source), content)
    return { name, type, source }
  }
  const page = ladder(recording, result.frames, result.comments)
  const attached = [put('Packet ladder', 'text/html', `${id}-ladder-attachment.html`, page)]
  const frames = result.frames.flatMap((number) => recording.frames[number - 1] ?? [])
  if (frames.length === 0) return attached
  const comments = new Map(Object.entries(result.comments ?? {}).map(([number, text]) => [Number(number), plain(text)]))
  for (const { number } of frames)
    comments.set(number, [`frame ${number} of ${result.scenario}`, comments.get(number)].filter(Boolean).join(': '))
  const bytes = excerpt(frames, comments, startedAt)
  return [...attached, put('Deciding frames, for Wireshark', 'application/x-pcapng', `${id}-attachment.pcapng`, bytes)]
}

function shareCapture(folder: string, resultsFolder: string, scenario: string): Attached | undefined {
  const path = join(folder, 'capture.pcapng')
  if (!existsSync(path)) return undefined
  const source = `${hashed(scenario)}-capture-attachment.pcapng`
  linkOrCopy(path, join(resultsFolder, source))
  return { name: `Complete capture of ${plain(scenario)}, for Wireshark`, type: 'application/x-pcapng', source }
}

export const traceType = 'application/zip'

const pageTypes: Record<string, string> = {
  '.png': 'image/png',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.zip': traceType,
}

/** Screenshots and the browser's trace, in the order of their names. */
function sharePages(folder: string, resultsFolder: string, scenario: string): Attached[] {
  const pages = join(folder, 'web-ui')
  if (!existsSync(pages)) return []
  return readdirSync(pages)
    .sort()
    .flatMap((file) => {
      const type = pageTypes[extname(file)]
      if (!type) return []
      const source = `${hashed(scenario, file)}-attachment${extname(file)}`
      linkOrCopy(join(pages, file), join(resultsFolder, source))
      return [{ name: plain(basename(file, extname(file))), type, source }]
    })
}

/** What the router wrote to its console, with times of the ladder. */
function shareLog(folder: string, resultsFolder: string, scenario: string): Attached[] {
  const lines = readLog(folder)
  if (lines.length === 0) return []
  const source = `${hashed(scenario, logFile)}-attachment.txt`
  const text = lines.map(({ at, text }) => `${at.toFixed(6).padStart(12)} s  ${safe(text)}\n`).join('')
  writeWhole(join(resultsFolder, source), text)
  return [{ name: `Console of the router, ${plain(scenario)}`, type: 'text/plain', source }]
}

/** A capture may be large, and the run folder may lie on a file system without hard links. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  }
}
