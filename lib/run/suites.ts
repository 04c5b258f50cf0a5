import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../lab/input-error.ts'
import type { Explanation } from '../suite/explanation.ts'
import type { Requirement } from '../suite/requirement.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import { readCatalogue } from './catalogue.ts'

/** The suites that come with denat. */
export const ownSuites = new URL('../../suites', import.meta.url).pathname

/** Loads every scenario, and nothing that judges: what a recorder needs. */
export async function loadScenarios(folders: readonly string[] = [ownSuites]): Promise<Suites['scenarios']> {
  return named(await modulesOf(folders.map((folder) => join(folder, 'scenarios'))), scenariosOf, ({ name }) => name)
}

/** Reads the catalogues and loads every scenario and requirement that the files of these folders export. */
export async function loadSuites(folders: readonly string[] = [ownSuites]): Promise<Suites> {
  const modules = await modulesOf(folders)
  return {
    ...readCatalogue(folders),
    requirements: named(
      modules,
      ({ requirements = [] }) => requirements,
      ({ id }) => id,
    ),
    scenarios: named(modules, scenariosOf, ({ name }) => name),
    explanations: modules.flatMap(({ exports: { explanations = [] } }) => explanations),
  }
}

/** What a file of a suite may export: two lists, and scenarios by any name. */
interface Exports {
  requirements?: Requirement[]
  explanations?: Explanation[]
  [name: string]: unknown
}

interface Module {
  file: string
  exports: Exports
}

async function modulesOf(folders: readonly string[]): Promise<Module[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  )
  return Promise.all(files.map(async (file) => ({ file, exports: await import(pathToFileURL(file).href) })))
}

const scenariosOf = (exports: Exports): Scenario[] => Object.values(exports).filter(isScenario)

const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' && value !== null && 'story' in value && 'play' in value

/** Throws `InputError` where two have one name. */
function named<T>(
  modules: readonly Module[],
  of: (exports: Exports) => T[],
  nameOf: (one: T) => string,
): Map<string, T> {
  const found = new Map<string, T>()
  for (const { file, exports } of modules)
    for (const one of of(exports)) {
      const name = nameOf(one)
      if (found.has(name) && found.get(name) !== one) throw new InputError(file, `${name} is declared twice`)
      found.set(name, one)
    }
  return found
}

export interface Coverage {
  /** Judged, but in no catalogue file. */
  unknown: string[]
  /** In the catalogue, neither judged nor in scope.yaml. */
  orphaned: string[]
  /** In scope.yaml though judged, or though in no catalogue file. */
  contradicted: string[]
}

/** What the catalogue, the requirements and the scope don't agree about; all empty when all is well. */
export function coverage({ entries, scope, requirements }: Omit<Suites, 'scenarios' | 'explanations'>): Coverage {
  return {
    unknown: [...requirements.keys()].filter((id) => !entries.has(id)),
    orphaned: [...entries.keys()].filter((id) => !requirements.has(id) && !(id in scope)),
    contradicted: Object.entries(scope)
      .filter(([id, { status }]) => requirements.has(id) || entries.has(id) === (status === 'retired'))
      .map(([id]) => id),
  }
}
