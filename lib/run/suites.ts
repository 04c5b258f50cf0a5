import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import type { Scenario } from '../suite/scenario.ts'
import { isJudged, type Suites } from '../suite/suites.ts'
import { readCatalogue } from './catalogue.ts'
import { type Exports, lineOf, type Module, modulesOf, mustBeSuites } from './suite-files.ts'

/** The suites that come with denat. */
export const ownSuites = new URL('../../suites', import.meta.url).pathname

/** The folder of denat's own suites, and others in addition. */
export const suiteFolders = (others: readonly string[] = []): string[] => [
  ownSuites,
  ...others.map((folder) => resolve(folder)),
]

/** Loads every scenario, and nothing that judges: what a recorder needs. */
export async function loadScenarios(folders: readonly string[] = [ownSuites]): Promise<Suites['scenarios']> {
  const own = folders.map((folder) => join(folder, 'scenarios')).filter((folder) => existsSync(folder))
  return named(await modulesOf(own), scenariosOf, ({ name }) => name)
}

/**
 * Reads the catalogues and loads every scenario and requirement that the files of these folders export. Throws
 * `InputError` with file and line for what is wrong.
 */
export async function loadSuites(folders: readonly string[] = [ownSuites]): Promise<Suites> {
  for (const folder of folders) mustBeSuites(folder)
  const modules = await modulesOf(folders)
  const suites: Suites = {
    ...readCatalogue(folders),
    requirements: named(
      modules,
      ({ requirements = [] }) => requirements,
      ({ id }) => id,
    ),
    scenarios: named(modules, scenariosOf, ({ name }) => name),
    explanations: modules.flatMap(({ exports: { explanations = [] } }) => explanations),
  }
  for (const module of modules) mustAgree(module, suites)
  return suites
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
      if (found.has(name) && found.get(name) !== one)
        throw new InputError(`${file}:${lineOf(file, name)}`, `${name} is declared twice`, 'choose another name')
      found.set(name, one)
    }
  return found
}

/** Throws `InputError` where a requirement has no entry, or names what these suites do not have. */
function mustAgree({ file, exports: { requirements = [] } }: Module, suites: Suites): void {
  for (const { id, cases } of requirements) {
    const wrong = (what: string, remedy?: string) => new InputError(`${file}:${lineOf(file, id)}`, what, remedy)
    if (!suites.entries.has(id)) throw wrong(`${id} is judged, but no file of requirements/ has it`, 'write its entry')
    for (const { scenarios, follows = [] } of cases.values()) {
      const other = scenarios.find((scenario) => suites.scenarios.get(scenario.name) !== scenario)
      if (other) throw wrong(`${id} is judged on "${other.name}", which no file exports`)
      const unknown = follows.find((key) => !isJudged(suites, key))
      if (unknown) throw wrong(`${id} follows from ${unknown}, which nothing judges`)
    }
  }
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
