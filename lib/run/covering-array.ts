import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { Recording } from '../recording/recording.ts'
import { conditions } from '../suite/conditions.ts'
import { events } from '../suite/events.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import { play } from './record.ts'

/** A condition and an event that happens under it. */
export const pairOf = (condition: string, event: string): string => `${condition} · ${event}`

/** Pairs that no router can show, each with the reason. */
export const impossible: Readonly<Record<string, string>> = {
  [pairOf('/64', 'sub-delegation')]:
    'The only /64 is assigned to the LAN (RFC 7084 L-2): no prefix is left to delegate.',
}

export const allPairs = (): string[] =>
  Object.keys(conditions).flatMap((condition) => Object.keys(events).map((event) => pairOf(condition, event)))

/** What happens in a recording, and under which conditions. */
export interface Covered {
  conditions: string[]
  events: string[]
  pairs: string[]
}

/** Read from its frames and marks. */
export function coveredBy(recording: Recording): Covered {
  const held = Object.entries(conditions).map(([name, spans]) => ({ name, spans: spans(recording) }))
  const happened = Object.entries(events).map(([name, moments]) => ({ name, moments: moments(recording) }))
  return {
    conditions: held.filter(({ spans }) => spans.length > 0).map(({ name }) => name),
    events: happened.filter(({ moments }) => moments.length > 0).map(({ name }) => name),
    pairs: held.flatMap(({ name: condition, spans }) =>
      happened
        .filter(({ moments }) => moments.some((at) => spans.some(({ from, to }) => at >= from && at <= to)))
        .map(({ name }) => pairOf(condition, name)),
    ),
  }
}

/** Each condition, event and pair, with the scenarios in which it is seen. */
export type Coverage = Map<string, Scenario[]>

/** What a lab or a product is, whatever the scenario. */
const homes = [{}, { bridged: true, behavior: { ula: false } }]

/** What the recordings of the reference router show: each scenario in the first lab, the default profile in all. */
export async function coverage(
  { scenarios }: Pick<Suites, 'scenarios'>,
  lab: Parameters<typeof openMemoryLab>[0],
  seed = 'reference',
): Promise<Coverage> {
  const seen: Coverage = new Map()
  const add = (what: string, scenario: Scenario) => {
    const known = seen.get(what) ?? []
    if (!known.includes(scenario)) seen.set(what, [...known, scenario])
  }
  for (const home of homes)
    for (const scenario of scenarios.values()) {
      if (home !== homes[0] && scenario.profile === 'full') continue
      const opened = openMemoryLab(lab, { seed, ...home })
      const { recording } = await play({
        lab: opened,
        labFile: lab,
        device: referenceDevice,
        seed,
        profile: 'default',
        scenario,
      })
      opened.close()
      const { conditions, events, pairs } = coveredBy(recording)
      for (const what of [...conditions, ...events, ...pairs]) add(what, scenario)
    }
  return seen
}

/** Pairs that no recording has, though they are possible. */
export const missing = (seen: Coverage): string[] =>
  allPairs().filter((pair) => !(pair in impossible) && !seen.has(pair))
