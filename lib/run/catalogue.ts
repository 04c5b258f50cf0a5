import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../lab/input-error.ts'
import { readYaml } from '../lab/read-yaml.ts'
import { type Entry, entrySchema, type Scope, scopeSchema } from '../suite/catalogue.ts'

export interface Catalogue {
  entries: Map<string, Entry>
  scope: Scope
}

/** The catalogue's files, each with its entries. Throws `InputError` with file and line for what is wrong. */
export function requirementFiles(suites: string): { file: string; entries: Entry[] }[] {
  const folder = join(suites, 'requirements')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'scope.yaml')
    .sort()
    .map((name) => ({ file: join(folder, name), entries: readYaml(join(folder, name), z.array(entrySchema)) }))
}

/** Reads `requirements/*.yaml` of a suites folder. Throws `InputError` with file and line for what is wrong. */
export function readCatalogue(suites: string): Catalogue {
  const entries = new Map<string, Entry>()
  for (const { file, entries: some } of requirementFiles(suites))
    for (const entry of some) {
      if (entries.has(entry.id)) throw new InputError(file, `${entry.id} is there twice`, 'ids are never reused')
      entries.set(entry.id, entry)
    }
  return { entries, scope: readYaml(join(suites, 'requirements', 'scope.yaml'), scopeSchema) }
}
