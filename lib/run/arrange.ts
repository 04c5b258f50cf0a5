import {
  type Beginning,
  beginningOf,
  type Counts,
  costs,
  type Paces,
  type Standing,
  secondsOf,
  secondsTo,
  standingAfter,
} from '../lab/state.ts'
import type { Scenario } from '../suite/scenario.ts'

/** Seconds of a scenario that states none. */
const usual = 25

const wayTo = ({ from }: Scenario, standing: Standing, paces: Paces): number =>
  secondsTo(beginningOf(from, standing, paces), paces)

/** Seconds that a scenario takes on a lab in this state, with its way there, as far as is known. */
export function secondsFor(scenario: Scenario, standing: Standing, paces: Paces): number {
  const { boots, resets = 0 } = scenario.restarts ?? { boots: 0 }
  return wayTo(scenario, standing, paces) + secondsOf({ boots, resets }, paces) + lasts(scenario)
}

const lasts = ({ takes = usual }: Scenario): number => takes

/**
 * The scenario to run next on a lab: one that would be no cheaper after another, and makes the cheapest of the others
 * no dearer. Where several labs share the queue, what lasts long comes first as far as that costs less.
 */
export function nextOf(
  queue: readonly Scenario[],
  standing: Standing,
  paces: Paces,
  labs: number,
): Scenario | undefined {
  const regret = (scenario: Scenario, after: Standing) =>
    wayTo(scenario, after, paces) - wayTo(scenario, 'online', paces)
  const leaves = (scenario: Scenario) => {
    const others = queue.filter((one) => one !== scenario).map((one) => regret(one, standingAfter(scenario)))
    return others.length > 0 ? Math.min(...others) : 0
  }
  const rank = (scenario: Scenario) => regret(scenario, standing) + leaves(scenario) - (labs > 1 ? lasts(scenario) : 0)
  const ranked = queue.map((scenario) => ({ scenario, rank: rank(scenario) }))
  return ranked.reduce(
    (best, one) => (one.rank < best.rank ? one : best),
    ranked[0] ?? { scenario: undefined, rank: 0 },
  ).scenario
}

/** In which order one lab runs them. */
export function arranged(scenarios: readonly Scenario[], paces: Paces): Scenario[] {
  const order: Scenario[] = []
  let standing: Standing = 'unknown'
  for (;;) {
    const rest = scenarios.filter((one) => !order.includes(one))
    const next = nextOf(rest, standing, paces, 1)
    if (!next) return order
    order.push(next)
    standing = standingAfter(next)
  }
}

export interface Step extends Counts {
  scenario: Scenario
  beginning: Beginning
  seconds: number
}

/** What one lab does for each scenario, in this order. */
export function steps(scenarios: readonly Scenario[], paces: Paces): Step[] {
  let standing: Standing = 'unknown'
  return scenarios.map((scenario) => {
    const beginning = beginningOf(scenario.from, standing, paces)
    const { boots, resets = 0 } = scenario.restarts ?? { boots: 0 }
    const own = { boots: costs[beginning].boots + boots, resets: costs[beginning].resets + resets }
    const seconds = secondsFor(scenario, standing, paces)
    standing = standingAfter(scenario)
    return { scenario, beginning, ...own, seconds }
  })
}

export const sum = (all: readonly Step[]): Counts & { seconds: number } =>
  all.reduce(
    (total, one) => ({
      resets: total.resets + one.resets,
      boots: total.boots + one.boots,
      seconds: total.seconds + one.seconds,
    }),
    { resets: 0, boots: 0, seconds: 0 },
  )
