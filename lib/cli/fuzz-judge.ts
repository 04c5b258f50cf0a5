import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { judgeRecording } from '../run/judge.ts'
import { play } from '../run/record.ts'
import { loadSuites } from '../run/suites.ts'
import { render } from '../say/render.ts'
import type { Seeded } from '../time/seed.ts'
import type { Corpus } from '../wire/fuzz/corpus.ts'
import { mutateBytes } from '../wire/fuzz/mutate-bytes.ts'
import { mutatePacket } from '../wire/fuzz/mutate-packet.ts'
import { decodeOn } from '../wire/line.ts'

/** Judges recordings of a router that sends hostile data. */
export interface HostileJudge {
  /** How many judgements were made, and which of them broke, by requirement. */
  once(dice: Seeded, corpus: Corpus): { judged: number; faults: string[] }
}

/** Every scenario is run once, in memory; an error on the unchanged recording is not caused by the hostile frame. */
export async function hostileJudge(
  labPath: string,
  seed: string,
  seconds: number,
  now: () => number,
): Promise<HostileJudge> {
  const labFile = readLab(labPath)
  const suites = await loadSuites()
  const honest: { recording: Recording; broken: Set<string> }[] = []
  const begun = now()
  const judge = (recording: Recording) =>
    judgeRecording(recording, suites).map((result) => ({
      ...result,
      key: `${result.requirement} ${result.case}`,
      broken: result.cause === 'harness',
    }))
  for (const scenario of suites.scenarios.values()) {
    const lab = openMemoryLab(labFile, { seed })
    const { recording } = await play({ lab, labFile, device: referenceDevice, seed, profile: 'default', scenario })
    const broken = new Set(judge(recording).flatMap((one) => (one.broken ? [one.key] : [])))
    honest.push({ recording, broken })
    lab.close()
    if (now() - begun > seconds) break
  }
  return {
    once(dice, corpus) {
      const { recording, broken } = dice.pick(honest)
      // What a mark names, the bench looked at when it came: it was what it was taken for.
      const named = new Set(recording.marks.flatMap((mark) => mark.frames ?? []))
      const frames = recording.frames.map((frame) => (named.has(frame.number) ? frame : hostile(frame, dice, corpus)))
      const results = judge({ ...recording, frames })
      const faults = results.flatMap((one) =>
        one.broken && !broken.has(one.key) ? [`${recording.scenario}: ${one.key}: ${render(one.because)}`] : [],
      )
      return { judged: results.length, faults }
    },
  }
}

/** One in eight of the router's frames is another one, at the same place: mostly what it might be taken for. */
function hostile(frame: Frame, dice: Seeded, corpus: Corpus): Frame {
  if (frame.from !== 'dut' || dice.int(8) > 0) return frame
  const mutant =
    (dice.int(2) === 0 ? mutatePacket(frame.bytes, dice, corpus.frames) : undefined) ?? mutateBytes(frame.bytes, dice)
  const bytes = dice.int(8) === 0 ? corpus.next(dice) : mutant
  return { ...frame, bytes, packet: decodeOn({}, bytes) }
}
