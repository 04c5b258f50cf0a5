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

/** Reads `requirements/*.yaml` of a suites folder. Throws `InputError` with file and line for what is wrong. */
export function readCatalogue(suites: string): Catalogue {
  const folder = join(suites, 'requirements')
  const entries = new Map<string, Entry>()
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.yaml') || name === 'scope.yaml') continue
    const file = join(folder, name)
    for (const entry of readYaml(file, z.array(entrySchema))) {
      if (entries.has(entry.id)) throw new InputError(file, `${entry.id} is there twice`, 'ids are never reused')
      entries.set(entry.id, entry)
    }
  }
  return { entries, scope: readYaml(join(folder, 'scope.yaml'), scopeSchema) }
}
