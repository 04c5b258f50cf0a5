import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../lab/input-error.ts'
import type { Explanation } from '../suite/explanation.ts'
import type { Requirement } from '../suite/requirement.ts'

/** What a file of a suite may export: two lists, and scenarios by any name. */
export interface Exports {
  requirements?: Requirement[]
  explanations?: Explanation[]
  [name: string]: unknown
}

export interface Module {
  file: string
  exports: Exports
}

/** Imports every file of these folders, by name. Throws `InputError` with the file and line that is broken. */
export async function modulesOf(folders: readonly string[]): Promise<Module[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  )
  return Promise.all(files.map(async (file) => ({ file, exports: await imported(file) })))
}

async function imported(file: string): Promise<Exports> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    const { message, stack } = error as Error
    const [, place] = /((?:\/[^\s/:()]+)+\.ts:\d+)/.exec(`${message}\n${stack}`) ?? []
    throw new InputError(place ?? file, `cannot be loaded: ${message}`)
  }
}

/** Throws `InputError` unless the folder has requirements, scenarios or judgements. */
export function mustBeSuites(folder: string): void {
  const remedy = 'a folder of suites holds requirements/*.yaml, scenarios/*.ts, and files that export `requirements`'
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new InputError(folder, 'is no folder', remedy)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  if (!files.some((name) => name.endsWith('.ts') || /^requirements\/.*\.yaml$/.test(name)))
    throw new InputError(folder, 'is no folder of suites', remedy)
}

/** The first line of a file that has this text; line 1 where none has. */
export function lineOf(file: string, text: string): number {
  const lines = readFileSync(file, 'utf8').split('\n')
  return (
    Math.max(
      0,
      lines.findIndex((line) => line.includes(text)),
    ) + 1
  )
}
