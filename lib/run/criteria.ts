import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { readYaml } from '../lab/read-yaml.ts'
import type { Waiver } from '../recording/run-facts.ts'
import { citationsOf } from '../suite/catalogue.ts'
import { type Criteria, type CriteriaFile, criteriaOf, criteriaSchema } from '../suite/criteria.ts'
import type { Suites } from '../suite/suites.ts'
import { lineOf } from './suite-files.ts'
import { ownSuites } from './suites.ts'

const folder = join(ownSuites, 'criteria')

/** Names of the criteria that come with denat. */
export const criteriaNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort()

/**
 * Criteria by name, or by the path of a file of one's own. Throws `InputError` with file and line for what is wrong, such as
 * an id that no catalogue has.
 */
export function readCriteria(nameOrFile: string, { entries }: Pick<Suites, 'entries'>): Criteria {
  const isFile = /\.ya?ml$/.test(nameOrFile)
  const file = isFile ? resolve(nameOrFile) : join(folder, `${nameOrFile}.yaml`)
  if (!isFile && !existsSync(file))
    throw new InputError(
      '--criteria',
      `there are no criteria "${nameOrFile}"`,
      `one of ${criteriaNames().join(', ')}, or a file: ./NAME.yaml`,
    )
  const read = readYaml(file, criteriaSchema, 'suites/criteria/README.md explains the keys')
  mustBeKnown(file, read, entries)
  return criteriaOf(basename(file).replace(/\.ya?ml$/, ''), read, entries)
}

/** A waiver for what no catalogue has would waive nothing. Throws `InputError` with file and line. */
export function mustBeWaivable(file: string, waivers: readonly Waiver[], suites: Suites): void {
  for (const { requirement, case: name } of waivers) {
    const wrong = (what: string) => new InputError(`${file}:${lineOf(file, name ?? requirement)}`, what)
    if (!suites.entries.has(requirement)) throw wrong(`${requirement}: no catalogue has it`)
    if (name !== undefined && !suites.requirements.get(requirement)?.cases.has(name))
      throw wrong(`${requirement} has no case "${name}"`)
  }
}

/** A misspelt id, document or area would make a product pass what was meant to be mandatory. */
function mustBeKnown(file: string, read: CriteriaFile, entries: Suites['entries']): void {
  const { documents, areas, mandatory, optional, raised, lowered } = read
  const wrong = (what: string) => new InputError(`${file}:${lineOf(file, what)}`, `${what}: no catalogue has it`)
  const all = [...entries.values()]
  const ids = [...mandatory, ...Object.keys(optional), ...Object.keys(raised), ...Object.keys(lowered)]
  const unknown =
    ids.find((id) => !entries.has(id)) ??
    areas.find((area) => !all.some((entry) => entry.area === area)) ??
    documents.find((name) => !all.some((entry) => citationsOf(entry).some(({ document }) => document === name)))
  if (unknown !== undefined) throw wrong(unknown)
  const twice = Object.keys(raised).find((id) => id in lowered || id in optional)
  if (twice !== undefined)
    throw new InputError(`${file}:${lineOf(file, twice)}`, `${twice}: raised, and lowered or optional as well`)
}
