import type { Device } from '../lab/device.ts'
import type { LabFile } from '../lab/lab-file.ts'
import { abilitiesOf, driversOf } from '../lab/power/driver.ts'
import { delegatedLength } from '../lab/world.ts'
import type { LeftOut } from '../recording/run-facts.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { scenariosJudged } from '../suite/requirement.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import { type Seeded, seeded } from '../time/seed.ts'
import { arranged } from './arrange.ts'

export interface Plan {
  scenarios: Scenario[]
  /** Each requirement and case that no planned scenario can show, with the reason. */
  leftOut: LeftOut[]
}

export interface PlanOptions {
  suites: Suites
  lab: LabFile
  device: Pick<Device, 'webUi' | 'facts' | 'boot' | 'reset' | 'power' | 'resetBy'>
  profile: 'default' | 'full'
  /** Names of scenarios or ids of requirements; empty for all. */
  only: readonly string[]
  /** Draws the order of the scenarios; without it resets and boots are few. */
  order?: string | undefined
}

/** Which scenarios are run, and in which order. */
export function plan({ suites, lab, device, profile, only, order }: PlanOptions): Plan {
  const reasons = new Map<Scenario, Claim>()
  for (const scenario of suites.scenarios.values()) {
    const reason = obstacle(scenario, lab, device, profile)
    if (reason) reasons.set(scenario, reason)
  }
  const wanted = only.length > 0 ? scenariosOf(only, suites) : new Set(suites.scenarios.values())
  const playable = [...wanted].filter((scenario) => !reasons.has(scenario)).sort((a, b) => (a.name < b.name ? -1 : 1))
  const played = order === undefined ? arranged(playable, device) : shuffled(playable, seeded(`${order}\0order`))
  const leftOut: LeftOut[] = []
  for (const requirement of suites.requirements.values())
    for (const [name, { scenarios: on }] of requirement.cases) {
      const [first] = on.filter((scenario) => wanted.has(scenario))
      if (!first || on.some((scenario) => played.includes(scenario))) continue
      leftOut.push({
        requirement: requirement.id,
        case: name,
        because: reasons.get(first) ?? claim`its scenario is not part of this run`,
      })
    }
  return { scenarios: played, leftOut }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Seeded): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const drawn = random.int(last + 1)
    ;[result[last], result[drawn]] = [result[drawn] as T, result[last] as T]
  }
  return result
}

function obstacle(scenario: Scenario, lab: LabFile, device: PlanOptions['device'], profile: string): Claim | undefined {
  const { role, lacks } = device.facts
  if (lab.line.pppoe && lacks.includes('pppoe'))
    return claim`the line of this lab is PPPoE, which device.yaml names as lacking`
  if (scenario.role && scenario.role !== role)
    return claim`is about a ${the.name(scenario.role)}; this product is a ${the.name(role)}`
  if (scenario.profile === 'full' && profile !== 'full') return claim`takes long: use --profile full`
  if (scenario.webUi && lab.browser === 'none') return claim`the lab has no browser`
  if (scenario.webUi && !device.webUi && lab.browser === 'chromium')
    return claim`the device folder has no web-ui.ts, or its device.yaml no web-ui key: the router's page cannot be operated`
  const length = delegatedLength(scenario.world, lab.upstream)
  const own = scenario.world.delegatedLength === 'none' || scenario.world.isp?.dhcpv6?.prefixes !== undefined
  if (length === undefined && !own) return claim`needs a delegated prefix, which this lab's upstream does not delegate`
  if (scenario.needs?.includes('subnets') && (length ?? 64) > 63)
    return claim`needs a delegated prefix shorter than the /64 of this lab's upstream`
  if (scenario.needs?.includes('two-lan-ports') && lab.lan.length < 2) return claim`the lab has only one LAN port`
  if (scenario.needs?.includes('link-of-many') && lab.line.pppoe)
    return claim`other nodes are to join the WAN, and a PPPoE session has two ends`
  if (scenario.needs?.includes('power-cut') && lab.cables === 'cards' && !abilitiesOf(driversOf(lab, device).power).cut)
    return claim`nothing in this lab can take the router's power away`
  return undefined
}

/** Scenarios by their own names, and those that a requirement is judged on. */
function scenariosOf(names: readonly string[], { scenarios, requirements }: Suites): Set<Scenario> {
  const found = new Set<Scenario>()
  for (const name of names) {
    const scenario = scenarios.get(name)
    const requirement = requirements.get(name)
    if (!scenario && !requirement) throw new UnknownName(name, [...scenarios.keys(), ...requirements.keys()])
    if (scenario) found.add(scenario)
    const on = requirement?.invariant ? [...scenarios.values()] : requirement ? scenariosJudged(requirement) : []
    for (const one of on) found.add(one)
  }
  return found
}

/** Neither a scenario nor a judged requirement. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName'
  constructor(name: string, known: readonly string[]) {
    const near = known.filter((one) => one.toLowerCase().includes(name.toLowerCase())).slice(0, 5)
    super(
      `"${name}" is neither a scenario nor a judged requirement${near.length ? `; similar: ${near.join(', ')}` : ''}. \`denat list\` shows all`,
    )
  }
}
