/** How fast frames are decoded, compared with TShark, which reads the same file. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../time/real-clock.ts'
import { decode } from '../wire/decode.ts'
import { describe } from '../wire/describe.ts'
import type { TimedFrame } from './capture.ts'
import { writeCapture } from './pcapng.ts'
import { readCapture } from './read-capture.ts'

export interface DecodeFigures {
  /** Frames of the capture, and of the file that it was repeated into. */
  frames: number
  measured: number
  /** Frames per second, by the program that reads; undefined where TShark is missing. */
  decoded: number
  described: number
  tsharkFields: number | undefined
  tsharkWhole: number | undefined
  /** Seconds that TShark takes to start, which are not counted. */
  tsharkStart: number | undefined
}

/** A capture of some hundred frames would measure how programs start. */
const atLeast = 20_000
const passes = 3

const clock = realClock()

function timed(act: () => void): number {
  const begun = clock.now()
  act()
  return clock.now() - begun
}

/** The fastest: everything else that the machine does only adds. */
const best = (act: () => void): number => Math.min(...Array.from({ length: passes }, () => timed(act)))

export function decodeBench(capture: string): DecodeFigures {
  const frames = framesOf(capture)
  const repeated = Array.from({ length: Math.ceil(atLeast / frames.length) }, () => frames).flat()
  const folder = mkdtempSync(join(tmpdir(), 'denat-bench-'))
  const file = join(folder, 'repeated.pcapng')
  const empty = join(folder, 'empty.pcapng')
  try {
    writeFileSync(file, writeCapture([], repeated))
    writeFileSync(empty, writeCapture(['wan0'], []))
    const read = (use: (frame: Uint8Array) => void) =>
      best(() => {
        for (const { bytes } of readCapture(new Uint8Array(readFileSync(file))).frames) use(bytes)
      })
    const rate = (seconds: number) => repeated.length / seconds
    // The first start reads TShark from the disk.
    tshark(empty, '-V')
    const start = tshark(empty, '-V')
    const beside = (...options: string[]) => {
      const seconds = start === undefined ? undefined : tshark(file, ...options)
      return seconds === undefined || start === undefined ? undefined : rate(seconds - start)
    }
    return {
      frames: frames.length,
      measured: repeated.length,
      decoded: rate(read(decode)),
      described: rate(read((bytes) => describe(decode(bytes)))),
      tsharkFields: beside(
        '-T',
        'fields',
        '-e',
        'frame.number',
        '-e',
        'ipv6.src',
        '-e',
        'ipv6.dst',
        '-e',
        'icmpv6.type',
      ),
      tsharkWhole: beside('-V'),
      tsharkStart: start,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Seconds; undefined where there is no TShark. `-n`: no names are looked up. */
function tshark(file: string, ...options: string[]): number | undefined {
  let ended = true
  const seconds = timed(() => {
    ended = spawnSync('tshark', ['-n', '-r', file, ...options], { stdio: 'ignore' }).status === 0
  })
  return ended ? seconds : undefined
}

function framesOf(file: string): TimedFrame[] {
  const { frames } = readCapture(new Uint8Array(readFileSync(file)))
  return frames.map((frame) => ({ ...frame, time: frame.time ?? 0n }))
}
