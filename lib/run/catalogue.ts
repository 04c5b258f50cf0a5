import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../lab/input-error.ts'
import { readYaml } from '../lab/read-yaml.ts'
import { type Catalogue, type Entry, entrySchema, type Scope, scopeSchema } from '../suite/catalogue.ts'

/** The catalogue's files, each with its entries. Throws `InputError` with file and line for what is wrong. */
export function requirementFiles(suites: string): { file: string; entries: Entry[] }[] {
  const folder = join(suites, 'requirements')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'scope.yaml')
    .sort()
    .map((name) => ({ file: join(folder, name), entries: readYaml(join(folder, name), z.array(entrySchema)) }))
}

/** Reads `requirements/*.yaml` of suites folders. Throws `InputError` with file and line for what is wrong. */
export function readCatalogue(folders: readonly string[]): Catalogue {
  const entries = new Map<string, Entry>()
  for (const { file, entries: some } of folders.flatMap(requirementFiles))
    for (const entry of some) {
      if (entries.has(entry.id)) throw new InputError(file, `${entry.id} is there twice`, 'ids are never reused')
      entries.set(entry.id, entry)
    }
  return { entries, scope: Object.assign({}, ...folders.map(scopeOf)) }
}

/** A suite that judges all that it asks for needs no scope.yaml. */
function scopeOf(folder: string): Scope {
  const file = join(folder, 'requirements', 'scope.yaml')
  return existsSync(file) ? readYaml(file, scopeSchema) : {}
}
