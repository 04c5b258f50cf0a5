/**
 * `npm run fuzz -- [--seconds 30] [--seed S]`: hostile frames for the decoder, hostile files for the reader of captures,
 * hostile recordings for the suite. Every find is printed as a row for `lib/wire/fuzz/fuzz.test.ts`; exit code 1.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { captureFault, mutateCapture, sampleCaptures } from '../recording/fuzz/mutate-capture.ts'
import { loadRecording, RecordingError } from '../recording/load.ts'
import { framesIn } from '../recording/read-capture.ts'
import { format } from '../recording/save.ts'
import { freshSeed, seeded } from '../time/seed.ts'
import { encode } from '../wire/encode.ts'
import { fault } from '../wire/fuzz/check.ts'
import { type Corpus, corpusOf } from '../wire/fuzz/corpus.ts'
import { minimal } from '../wire/fuzz/minimal.ts'
import { tooSlow } from '../wire/fuzz/too-slow.ts'
import { OURS } from '../wire/golden-ours.ts'
import { hex, SAMPLES } from '../wire/testing.ts'
import { hostileJudge } from './fuzz-judge.ts'

/** Seconds after which a frame is measured again, next to ordinary ones: it may have been the machine. */
const SUSPECT = 0.03

/** A frame may take as much processor time as this many ordinary ones. */
const LIMIT = 200

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const golden = path('../wire/golden')
const now = () => performance.now() / 1000

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds)
const seed = values.seed ?? freshSeed()
const dice = seeded(seed)
const finds = new Map<string, string>()

function find(kind: string, message: string, evidence: string): void {
  const key = `${kind}: ${message.split('\n').slice(0, 2).join(' ').replace(/\d+/g, '#')}`
  if (finds.has(key)) return
  finds.set(key, evidence)
  console.log(
    `\nFIND ${kind}: ${message}\n${evidence.length > 4000 ? `${evidence.slice(0, 4000)}... (${evidence.length})` : evidence}`,
  )
}

function fuzzFrames(corpus: Corpus, until: number): number {
  const ordinary = corpus.frames.slice(0, LIMIT)
  const readOrdinary = () => ordinary.forEach(fault)
  let count = 0
  for (; now() < until; count++) {
    const frame = corpus.next(dice)
    const begun = now()
    const wrong = fault(frame)
    const isSuspect = now() - begun > SUSPECT
    if (wrong) find('frame', wrong, hex(minimal(frame, (one) => fault(one)?.split('\n')[0] === wrong.split('\n')[0])))
    else if (isSuspect && tooSlow(() => fault(frame), readOrdinary))
      find('frame', `takes more than ${LIMIT} ordinary frames`, hex(frame))
    else corpus.keep(frame)
  }
  return count
}

function fuzzCaptures(corpus: Corpus, until: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'denat-fuzz-'))
  let count = 0
  try {
    const world = { format, scenario: 's', startedAt: '0', sealed: true, outcome: { end: 'complete' }, drops: 0 }
    writeFileSync(join(folder, 'marks.jsonl'), '')
    writeFileSync(join(folder, 'world.json'), JSON.stringify({ ...world, clockStep: 0, world: { stations: {} } }))
    const captures = sampleCaptures(Array.from({ length: 12 }, () => dice.pick(corpus.frames)))
    for (; now() < until; count++) {
      const file = mutateCapture(dice.pick(captures), dice)
      const wrong = captureFault(file) ?? (count % 20 === 0 ? loadFault(folder, file) : undefined)
      if (wrong) find('capture', wrong, hex(file))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return count
}

function loadFault(folder: string, file: Uint8Array): string | undefined {
  try {
    writeFileSync(join(folder, 'capture.pcapng'), file)
    loadRecording(folder)
    return undefined
  } catch (error) {
    return error instanceof RecordingError ? undefined : `threw ${error instanceof Error ? error.stack : error}`
  }
}

async function fuzzJudgements(corpus: Corpus, until: number): Promise<{ recordings: number; judgements: number }> {
  const judge = await hostileJudge(path('../../labs/memory.yaml'), seed, (until - now()) / 2, now)
  let recordings = 0
  let judgements = 0
  do {
    const { judged, faults } = judge.once(dice, corpus)
    recordings++
    judgements += judged
    for (const one of faults) find('judgement', one, `seed ${seed}, recording ${recordings}`)
  } while (now() < until)
  return { recordings, judgements }
}

const captured = readdirSync(golden)
  .filter((file) => file.endsWith('.pcap'))
  .flatMap((file) => framesIn(readFileSync(join(golden, file))))
const corpus = corpusOf([...captured, ...Object.values({ ...SAMPLES, ...OURS }).map(encode)])
const [before, kinds, begun] = [corpus.frames.length, corpus.shapes, now()]
console.log(`fuzz: seed ${seed}, ${seconds} s, ${before} frames to begin with`)
const frames = fuzzFrames(corpus, begun + seconds * 0.6)
const perSecond = Math.round(frames / (now() - begun))
console.log(`frames: ${frames} (${perSecond}/s), shapes ${kinds} to ${corpus.shapes}`)
console.log(`captures: ${fuzzCaptures(corpus, begun + seconds * 0.75)}`)
const { recordings, judgements } = await fuzzJudgements(corpus, begun + seconds)
console.log(`recordings: ${recordings} with ${judgements} judgements`)
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, finds: ${finds.size}, seed ${seed}`)
process.exitCode = finds.size > 0 ? 1 : 0
