import type { Catalogue } from './catalogue.ts'
import type { Explanation } from './explanation.ts'
import type { Requirement } from './requirement.ts'
import type { Scenario } from './scenario.ts'

/** A specification as it was loaded: what is required, which scenarios run, how it is judged, why a router sends a frame. */
export interface Suites extends Catalogue {
  requirements: ReadonlyMap<string, Requirement>
  scenarios: ReadonlyMap<string, Scenario>
  explanations: readonly Explanation[]
}

/** Whether something is judged under `ID` or `ID · case`. */
export function isJudged({ requirements }: Pick<Suites, 'requirements'>, key: string): boolean {
  const [id = '', name] = key.split(' · ')
  return name === undefined ? requirements.has(id) : requirements.get(id)?.cases.has(name) === true
}
