import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { reapLeftovers } from '../lab/namespaces/reap.ts'
import { reapScratch } from '../lab/scratch.ts'
import { FileError } from '../plain-files.ts'
import { removeScratch } from '../report/allure-report.ts'
import { readFacts, setAsideIn } from '../run/run-folder.ts'
import { claimRun } from '../run/run-lock.ts'
import { repairInstallation } from './debian.mjs'
import { reportsFolder } from './report.ts'
import { complain } from './terminal.ts'

/** Removes what killed commands left on this machine, and prints it. Only what the lock of an ended process names is removed. */
export function cleanUp(): void {
  for (const { runId, removed, problems } of reapLeftovers()) {
    if (removed.length > 0 || problems.length === 0)
      complain(`removed what run ${runId} left behind: ${removed.join(', ') || 'nothing but its lock'}`)
    for (const problem of problems) complain(`denat: run ${runId} left behind what cannot be removed: ${problem}`)
  }
  for (const folder of reapScratch()) complain(`removed temporary files: ${folder}`)
}

/** `denat clean [RUN...]`: the same, what a killed set-up left, and half reports in runs. */
export function cleanCommand(runs: readonly string[]): number {
  cleanUp()
  if (process.getuid?.() === 0 && repairInstallation()) complain('completed an installation that was killed')
  for (const run of runs.length > 0 ? runs.map((one) => resolve(one)) : runsHere()) cleanRun(run)
  return 0
}

function runsHere(): string[] {
  const folder = join(reportsFolder, 'runs')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((run) => existsSync(join(run, 'run.json')))
}

/** A run that a process writes to is left alone. */
function cleanRun(run: string): void {
  try {
    readFacts(run)
    const leave = claimRun(run)
    for (const name of removeScratch(run)) complain(`removed a report that was not completed: ${join(run, name)}`)
    for (const path of setAsideIn(run))
      complain(
        `${join(run, path)} did not come to its end: \`denat judge\` does not judge it; remove it if you do not need it`,
      )
    leave()
  } catch (error) {
    if (!(error instanceof InputError || error instanceof FileError)) throw error
    complain(`denat: ${error.message}`)
  }
}
