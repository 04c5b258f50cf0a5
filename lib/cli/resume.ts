import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { readLab } from '../lab/lab-file.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { mustHaveJava } from '../report/allure-report.ts'
import { count } from '../report/text.ts'
import { changedInputs, inputsOf } from '../run/inputs.ts'
import { kept, reopen } from '../run/resume.ts'
import { readFacts, readResults, setAsideIn } from '../run/run-folder.ts'
import { claimRun } from '../run/run-lock.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { exitCode } from '../suite/verdict.ts'
import { carriedOut, planned, ready, type Shown } from './run.ts'
import { print } from './terminal.ts'

/** `denat run --resume RUN`: exit codes as those of a run. A run that is complete is not changed. */
export async function resumeCommand(run: string, shown: Shown): Promise<number> {
  const folder = resolve(run)
  readFacts(folder)
  const leave = claimRun(folder)
  try {
    const facts = readFacts(folder)
    const { inputs } = facts
    if (!inputs)
      throw new InputError(
        join(folder, 'run.json'),
        'does not name the lab file: a version of denat that cannot resume wrote it',
        '`denat judge` reports what was recorded; begin a new run',
      )
    const labFile = readLab(inputs.lab, inputs.device)
    const changed = changedInputs(inputs, inputsOf(labFile, inputs.device, facts.suites ?? []))
    if (changed.length > 0)
      throw new InputError(
        folder,
        `cannot be resumed, since what it was begun with is not the same: ${changed.join('; ')}`,
        'restore it, or begin a new run',
      )
    const device = await deviceOf(labFile)
    const suites = await loadSuites(suiteFolders(facts.suites))
    const scenarios = planned(facts, suites)
    await ready(labFile, device, scenarios, shown.wait)
    const keep = kept(folder, facts)
    if (keep.length === scenarios.length && facts.endedAt !== undefined && existsSync(join(folder, 'summary.md'))) {
      print(
        `${folder} is complete: no scenario is left to run\n  → \`npx denat judge ${folder}\` writes its report again`,
      )
      return exitCode(readResults(folder), facts)
    }
    if (shown.report) mustHaveJava()
    for (const path of setAsideIn(folder)) print(`not judged: ${path}, which did not come to its end`)
    print(`kept: ${keep.length} of ${count(scenarios.length, 'recording')}`)
    reopen(folder)
    const { stopped: _, outOf: __, endedAt: ___, ...rest } = facts
    const resumed = { ...rest, resumedAt: [...(facts.resumedAt ?? []), new Date().toISOString()] }
    return await carriedOut({ folder, facts: resumed, labFile, device, suites, kept: keep }, shown)
  } finally {
    leave()
  }
}
