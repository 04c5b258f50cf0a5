import { createHash } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LabFile } from '../lab/lab-file.ts'
import { filesIn, sha256, sumLines } from '../recording/checksums.ts'
import type { Inputs } from '../recording/run-facts.ts'

const root = new URL('../..', import.meta.url).pathname
/** A name for all source files together. */
const denat = 'denat'
/** The environment variable that gives the reference router a defect. */
const mutant = 'MUTANT'

/** What a run is begun with. `device` replaces the lab file's; `suites` are folders in addition to those of denat. */
export function inputsOf(
  lab: LabFile,
  device: string | undefined,
  suites: readonly string[],
  environment = process.env,
): Inputs {
  const folders = [...(lab.cables !== 'memory' ? [lab.device] : []), ...suites]
  const paths = [lab.file, ...folders.flatMap(pathsIn)]
  const files: Record<string, string> = {}
  for (const path of paths) {
    const sum = sumOfInput(path)
    if (sum) files[path] = sum
  }
  return {
    lab: lab.file,
    ...(device !== undefined && { device }),
    files: {
      ...files,
      [denat]: ownSources(),
      ...(environment[mutant] && { [mutant]: environment[mutant] }),
    },
  }
}

/** A person's file may be a link, unlike those of a run folder. Undefined where there is no regular file. */
export function sumOfInput(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? sha256(realpathSync(file)) : undefined
}

/** Files that differ, by name and how. */
export function changedInputs(before: Inputs, now: Inputs): string[] {
  const names = [...new Set([...Object.keys(before.files), ...Object.keys(now.files)])].sort()
  return names.flatMap((name) => {
    const [was, is] = [before.files[name], now.files[name]]
    if (was === is) return []
    if (name === denat) return ['denat itself has changed']
    return [`${name} ${is === undefined ? 'is missing' : was === undefined ? 'is new' : 'has changed'}`]
  })
}

/** Installed packages and hidden folders are not part of what people write. */
const pathsIn = (folder: string): string[] =>
  filesIn(folder)
    .filter((file) => !/(^|\/)(node_modules|\.)/.test(file))
    .map((file) => join(folder, file))

/** SHA-256 of all source files of denat together. */
export function ownSources(): string {
  const sources = ['lib', 'suites'].flatMap((folder) =>
    filesIn(join(root, folder))
      .filter((file) => /\.(ts|mjs|yaml)$/.test(file) && !file.endsWith('.test.ts'))
      .map((file) => ({ file: `${folder}/${file}`, hash: sha256(join(root, folder, file)) })),
  )
  return createHash('sha256').update(sumLines(sources)).digest('hex')
}
