import { z } from 'zod'
import { readPlain } from '../plain-files.ts'
import { decodeOn, type Line } from '../wire/line.ts'
import { CaptureError, notRead, type TimedFrame } from './capture.ts'
import { isRead, migrated } from './migrate.ts'
import { readCapture } from './read-capture.ts'
import { fitting, Misfit, readText } from './read-json.ts'
import { type Frame, lineAt, type Mark, type Outcome, type Recording } from './recording.ts'
import { format, type WorldFile } from './save.ts'
import { mark, worldFile } from './schemas.ts'

/** A recording ends soon after its 100,000th frame. More is not read: it would take too much memory. */
const mostRead = 110_000
const mostOctets = 180e6

export class RecordingError extends Error {
  readonly file: string
  /** Counted from 1; absent where the fault is no line's. */
  readonly line?: number
  /** What the reader of the message can do about it, where that is known. */
  readonly remedy?: string

  constructor(file: string, line: number | undefined, because: string, cause?: unknown, remedy?: string) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${because}`, { cause })
    this.name = 'RecordingError'
    this.file = file
    if (line !== undefined) this.line = line
    const known = remedy ?? (cause instanceof CaptureError ? cause.remedy : undefined)
    if (known !== undefined) this.remedy = known
  }
}

/** Reads a recording from its folder, a killed recorder's as well, and decodes every frame. */
export function loadRecording(folder: string): Recording {
  const file = loadWorld(`${folder}/world.json`)
  const marks = loadMarks(`${folder}/marks.jsonl`, file.sealed)
  const frames = loadFrames(`${folder}/capture.pcapng`, file)
  const arrived = [...frames]
  // Stable: frames of one instant stay in the order of the file.
  frames.sort((a, b) => a.at - b.at)
  for (const [index, frame] of frames.entries()) frame.number = index + 1
  for (const mark of marks) {
    // Where the file was sorted already, this changes nothing.
    mark.number = arrived[mark.number - 1]?.number ?? 0
    if (mark.frames) mark.frames = mark.frames.flatMap((number) => arrived[number - 1]?.number ?? [])
    if (mark.named)
      mark.named = Object.fromEntries(
        Object.entries(mark.named).flatMap(([name, number]) => {
          const frame = arrived[number - 1]
          return frame ? [[name, frame.number]] : []
        }),
      )
  }
  const { scenario, world, outcome, drops, unsummed, clockStep, isOlder } = file
  return {
    ...{ scenario, world, frames, marks, outcome, drops, clockStep },
    ...(unsummed !== undefined && { unsummed }),
    ...(isOlder && { isOlder }),
  }
}

function loadFrames(path: string, { world, startedAt, sealed }: WorldFile): Frame[] {
  const start = BigInt(startedAt)
  const bench = new Set(Object.values(world.stations).map((station) => station.mac))
  return loadCapture(path, sealed).map((captured, index) =>
    frameOf(captured, index + 1, start, bench, lineAt(world, captured.port)),
  )
}

/** Every frame of the capture, or none: a verdict needs them all. */
function loadCapture(path: string, sealed: boolean): TimedFrame[] {
  const capture = attempt(path, () => readCapture(new Uint8Array(readPlain(path, mostOctets))))
  if (capture.frames.length > mostRead)
    throw new RecordingError(path, undefined, `has more than ${mostRead} frames, more than any recording`)
  // A recorder that was killed was in the middle of a block.
  const missing = notRead(sealed ? capture : { ...capture, stopped: undefined })
  const refused = (because: string) => {
    const remedy = 'put back the capture that the run wrote: another tool has changed or cut it'
    return new RecordingError(path, undefined, because, undefined, remedy)
  }
  if (missing.length > 0) throw refused(`not read: ${missing.join('; ')}`)
  if (capture.format === 'pcap') throw refused('expected pcapng: pcap does not store the port of a packet')
  return capture.frames.map((captured, index) => {
    const { time } = captured
    if (time === undefined) throw refused(`frame ${index + 1} has no time`)
    return { ...captured, time }
  })
}

function frameOf(captured: TimedFrame, number: number, start: bigint, bench: ReadonlySet<string>, line: Line): Frame {
  const cut = captured.originalLength !== undefined
  const packet = decodeOn(line, captured.bytes, { cut })
  const ours = bench.has(packet.eth.src)
  // A file that lost its direction flags on the way through other tools: only the bench has the bench's MACs.
  const direction = captured.direction ?? (ours ? 'out' : 'in')
  const frame: Frame = {
    number,
    port: captured.port,
    at: Number(captured.time - start) / 1e9,
    direction,
    from: direction === 'out' || ours ? 'bench' : 'dut',
    bytes: captured.bytes,
    packet,
  }
  if (cut) frame.originalLength = captured.originalLength
  if (captured.comment) frame.comment = captured.comment
  return frame
}

function loadMarks(path: string, sealed: boolean): Mark[] {
  const lines = attempt(path, () => readText(path)).split('\n')
  // What follows the last line feed is empty, or a line that a killed recorder began.
  const rest = lines.pop()
  if (sealed && rest) throw new RecordingError(path, lines.length + 1, 'the last line is cut short')
  return lines.map((line, index) => attempt(path, () => fitting(line, mark), index + 1))
}

/** How a recording ended, without its frames. */
export const loadOutcome = (folder: string): Outcome => loadWorld(`${folder}/world.json`).outcome

/** Reads this format and those before it. */
function loadWorld(path: string): WorldFile & Pick<Recording, 'isOlder'> {
  const text = attempt(path, () => readText(path))
  const { format: found } = attempt(path, () => fitting(text, z.object({ format: z.int() })))
  if (!isRead(found)) throw new RecordingError(path, undefined, `expected format 1 to ${format}, saw ${found}`)
  return migrated(attempt(path, () => fitting(text, worldFile)) as Parameters<typeof migrated>[0])
}

function attempt<T>(path: string, act: () => T, line?: number): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof RecordingError) throw error
    if (error instanceof Misfit) throw new RecordingError(path, line ?? error.line, error.message, error)
    throw new RecordingError(path, line, error instanceof Error ? error.message : String(error), error)
  }
}
