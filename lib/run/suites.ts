import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requirements } from '../suite/requirement.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'

/** The suites that come with denat. */
export const ownSuites = new URL('../../suites', import.meta.url).pathname

/** Loads every scenario, and nothing that judges: what a recorder needs. */
export async function loadScenarios(folder: string = ownSuites): Promise<void> {
  await load(join(folder, 'scenarios'))
}

/** Reads the catalogue and loads every scenario and requirement, which register themselves. */
export async function loadSuites(folder: string = ownSuites): Promise<Catalogue> {
  await load(folder)
  return readCatalogue(folder)
}

async function load(folder: string): Promise<void> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) await import(pathToFileURL(file).href)
}

export interface Coverage {
  /** Judged, but in no catalogue file. */
  unknown: string[]
  /** In the catalogue, neither judged nor in scope.yaml. */
  orphaned: string[]
  /** In scope.yaml though judged, or though in no catalogue file. */
  contradicted: string[]
}

/** What the catalogue, the registry and the scope don't agree about; all empty when all is well. */
export function coverage({ entries, scope }: Catalogue): Coverage {
  return {
    unknown: [...requirements.keys()].filter((id) => !entries.has(id)),
    orphaned: [...entries.keys()].filter((id) => !requirements.has(id) && !(id in scope)),
    contradicted: Object.entries(scope)
      .filter(([id, { status }]) => requirements.has(id) || entries.has(id) === (status === 'retired'))
      .map(([id]) => id),
  }
}
