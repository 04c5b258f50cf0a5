import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { writeWhole } from '../plain-files.ts'
import { claim } from '../say/claim.ts'
import type { TimedFrame } from './capture.ts'
import { vouch } from './checksums.ts'
import { growingFiles } from './growing-files.ts'
import { captureWriter, writeCapture } from './pcapng.ts'
import type { Frame, Mark, Outcome, Recording, World } from './recording.ts'
import { type LogLine, logFile, logText } from './router-log.ts'

/** `world.json`: all of a recording that is neither a frame nor a mark. */
export interface WorldFile {
  /** `migrate.ts` knows what previous formats lack. An older recording keeps its own. */
  format: 1 | typeof format
  scenario: string
  /** Unix time of the recording's second 0, in nanoseconds. For people and Wireshark: nothing is judged by it. */
  startedAt: string
  /** False while it is being recorded: frames are in the order of arrival and the last may be cut short. */
  sealed: boolean
  outcome: Outcome
  drops: number
  unsummed?: number
  clockStep: number
  world: World
}

export const format = 3

export interface SaveOptions {
  startedAt?: string
  /** Drop counts by port, for the capture's statistics. */
  drops?: Record<string, number>
  /** Folder of the run: its `SHA256SUMS` vouches for the recording from when it lands. */
  run?: string | undefined
}

/** Nanoseconds since the start: what a time in a recording is in its files. */
const nanoseconds = (at: number): number => Math.round(at * 1e9)

/** Writes the three files so that the folder appears whole or not at all. Throws when it is already there. */
export function saveRecording(folder: string, recording: Recording, options: SaveOptions = {}): void {
  const growing = growingFolder(folder)
  if (existsSync(growing)) setAside(growing, folder)
  mkdirSync(growing, { recursive: true })
  land(folder, recording, options)
}

/** A recording that goes to disk as it comes, so that of a killed recorder all but the last frames are kept. */
export interface GrowingRecording {
  /** Where it grows; what else belongs to the recording (screenshots) is put here and lands with it. */
  readonly folder: string
  frame(frame: Frame): void
  mark(mark: Mark): void
  log(line: LogLine): void
  /** Puts the sorted files in place of what has grown and gives the folder its name. */
  seal(recording: Recording, drops?: Record<string, number>): void
  /** Removes it. */
  drop(): void
}

/** A router that writes without an end must not fill the disk. */
const mostLines = 20_000

/** Records into `<folder>.growing`, which `loadRecording` can read as well, until `seal` makes it `<folder>`. */
export function growRecording(
  folder: string,
  begin: { scenario: string; world: World; startedAt: string },
  run?: string,
): GrowingRecording {
  const growing = growingFolder(folder)
  if (existsSync(growing)) setAside(growing, folder)
  mkdirSync(growing, { recursive: true })
  const world: WorldFile = {
    format,
    ...begin,
    sealed: false,
    outcome: { end: 'harness', because: claim`the recorder was killed` },
    drops: 0,
    clockStep: 0,
  }
  writeWhole(`${growing}/world.json`, json(world))
  const files = growingFiles()
  const capture = files.open(`${growing}/capture.pcapng`)
  const marks = files.open(`${growing}/marks.jsonl`)
  const log: LogLine[] = []
  let appendLog: ((bytes: Uint8Array) => void) | undefined
  const start = BigInt(begin.startedAt)
  const writer = captureWriter()
  capture(writer.header(portsOf(begin.world, [])))
  return {
    folder: growing,
    frame: (frame) => capture(writer.frame(capturedFrame(frame, start))),
    mark: (mark) => marks(Buffer.from(markLine(mark))),
    log(line) {
      if (log.length >= mostLines) return
      log.push(line)
      appendLog ??= files.open(`${growing}/${logFile}`)
      appendLog(Buffer.from(logText([line])))
    },
    seal(recording, drops) {
      files.close()
      if (log.length > 0) writeWhole(`${growing}/${logFile}`, logText(log))
      land(folder, recording, { startedAt: begin.startedAt, drops, run })
    },
    drop() {
      files.close()
      rmSync(growing, { recursive: true })
    },
  }
}

/** A small capture of exactly these frames, for a report: each with its own comment and those given by number. */
export function excerpt(
  frames: readonly Frame[],
  comments: ReadonlyMap<number, string> = new Map(),
  startedAt = '0',
): Uint8Array {
  const start = BigInt(startedAt)
  const ports = [...new Set(frames.map((frame) => frame.port))].sort()
  return writeCapture(
    ports,
    frames.map((frame) => {
      const comment = [frame.comment, comments.get(frame.number)].filter(Boolean).join('\n')
      return capturedFrame({ ...frame, comment: comment || undefined }, start)
    }),
  )
}

/** Seals `<folder>.growing` with these files and gives the folder its name. */
export function land(folder: string, recording: Recording, options: SaveOptions): void {
  const growing = growingFolder(folder)
  const startedAt = options.startedAt ?? '0'
  const start = BigInt(startedAt)
  const { scenario, world, outcome, drops, unsummed, clockStep, isOlder } = recording
  const worldFile: WorldFile = {
    format: isOlder ? 1 : format,
    scenario,
    startedAt,
    sealed: true,
    outcome,
    drops,
    ...(unsummed !== undefined && { unsummed }),
    clockStep,
    world,
  }
  const capture = writeCapture(
    portsOf(world, recording.frames),
    recording.frames.map((frame) => capturedFrame(frame, start)),
    options.drops,
  )
  // world.json comes last: only then do the others count as whole.
  writeWhole(`${growing}/capture.pcapng`, capture)
  writeWhole(`${growing}/marks.jsonl`, recording.marks.map(markLine).join(''))
  writeWhole(`${growing}/world.json`, json(worldFile))
  nameSealed(folder, options.run)
}

/** A sealed recording gets its sums and its name. Killed in between, it has its sums, and a salvage gives it the name. */
export function nameSealed(folder: string, run: string | undefined): void {
  const growing = growingFolder(folder)
  if (existsSync(folder)) throw new Error(`${folder} has landed before`)
  mkdirSync(dirname(folder), { recursive: true })
  if (run !== undefined) vouch(run, growing, relative(run, folder))
  renameSync(growing, folder)
}

/** Where a recording grows until it is sealed. */
export function growingFolder(folder: string): string {
  return `${folder}.growing`
}

/** Keeps what is not whole under a name of its own, which it returns: nothing judges `<folder>.cut.1`. */
export function setAside(path: string, folder: string): string {
  let n = 1
  while (existsSync(`${folder}.cut.${n}`)) n += 1
  renameSync(path, `${folder}.cut.${n}`)
  return `${folder}.cut.${n}`
}

/** The folder's name is that of a scenario: it neither grows nor was it set aside. */
export const isWhole = (name: string): boolean => !/\.(growing|cut)(\.|$)/.test(name)

function portsOf(world: World, frames: readonly Frame[]): string[] {
  const stations = Object.values(world.stations).map((station) => station.port)
  return [...new Set([...stations, ...world.segments.flat(), ...frames.map((frame) => frame.port)])].sort()
}

function capturedFrame(frame: Frame, start: bigint): TimedFrame {
  const captured: TimedFrame = {
    port: frame.port,
    time: start + BigInt(nanoseconds(frame.at)),
    direction: frame.direction,
    bytes: frame.bytes,
  }
  if (frame.originalLength !== undefined) captured.originalLength = frame.originalLength
  if (frame.comment) captured.comment = frame.comment
  return captured
}

const markLine = (mark: Mark): string => `${JSON.stringify({ ...mark, at: nanoseconds(mark.at) / 1e9 })}\n`
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
