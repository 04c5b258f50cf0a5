import { existsSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeWhole } from '../plain-files.ts'
import { isAgain, scenarioOf } from '../recording/again.ts'
import { filesIn, readSums, sumLines, sumsFile, sumsOf, withoutSums } from '../recording/checksums.ts'
import { isOver } from '../recording/ending.ts'
import { loadOutcome, RecordingError } from '../recording/load.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { salvage } from '../recording/salvage.ts'
import { growingFolder, setAside } from '../recording/save.ts'
import { claim } from '../say/claim.ts'
import { checkedRecordings } from './damage.ts'
import { isRead, landed, readRecording, recordingFolder, setAsideIn } from './run-folder.ts'
import { hasAnswered } from './silence.ts'

/**
 * Names of the scenarios that a run keeps when it goes on: those whose recordings came to their own end. What the lab, a bug or a kill
 * ended is run again; its recording is set aside. Throws `InputError` where a recording differs from its checksums.
 */
export function kept(run: string, facts: RunFacts): string[] {
  for (const name of growing(run)) {
    const folder = recordingFolder(run, name)
    const isNew = !existsSync(folder)
    if (isNew && salvage(folder, { end: 'lab', because: claim`the recorder was killed` }, run)) continue
    if (filesIn(growingFolder(folder)).includes('capture.pcapng')) setAside(growingFolder(folder), folder)
    else rmSync(growingFolder(folder), { recursive: true })
  }
  const { sums } = readSums(join(run, sumsFile))
  const isVouched = (name: string) => sums.some(({ file }) => file.startsWith(`recordings/${name}/`))
  for (const name of landed(run)) if (!isVouched(name) && !stands(run, name)) leaveOut(run, name)
  checkedRecordings(run, { damaged: false })
  const standing = landed(run).filter((name) => facts.plan.includes(scenarioOf(name)) && stands(run, name))
  const whole = standing.filter((name) => standing.includes(scenarioOf(name)))
  const isAnyHeard = whole.some((name) => {
    const read = readRecording(run, facts, name)
    return isRead(read) && hasAnswered(read)
  })
  // A router that sent nothing is on or plugged in by now, or stops the run again.
  const keep = isAnyHeard ? whole : []
  for (const name of landed(run)) if (!keep.includes(name)) leaveOut(run, name)
  return keep.filter((name) => !isAgain(name))
}

/** `run.json` has a checksum once its run has ended: a run that goes on has none. */
export function reopen(run: string): void {
  writeWhole(
    join(run, sumsFile),
    withoutSums(run, (file) => file === 'run.json'),
  )
}

/** Names of the scenarios whose recorder was killed. */
function growing(run: string): string[] {
  const suffix = growingFolder('')
  return setAsideIn(run)
    .filter((path) => path.endsWith(suffix))
    .map((path) => basename(path, suffix))
}

function stands(run: string, name: string): boolean {
  try {
    return isOver(loadOutcome(recordingFolder(run, name)))
  } catch (error) {
    if (error instanceof RecordingError) return false
    throw error
  }
}

/** Its checksums move with it. Killed in between, it is a recording without checksums, which is set aside again. */
function leaveOut(run: string, name: string): void {
  const folder = recordingFolder(run, name)
  writeWhole(
    join(run, sumsFile),
    withoutSums(run, (file) => file.startsWith(`recordings/${name}/`)),
  )
  const aside = setAside(folder, folder)
  const sums = sumsOf(aside, `recordings/${basename(aside)}`)
  writeWhole(join(run, sumsFile), withoutSums(run, () => false) + sumLines(sums))
}
