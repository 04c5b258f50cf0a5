import { conditions } from '../suite/conditions.ts'
import { events } from '../suite/events.ts'
import type { Scenario } from '../suite/scenario.ts'
import { type Coverage, impossible, pairOf } from './covering-array.ts'
import { table } from './page-table.ts'

/** Names in a cell, before the others are only counted. */
const shown = 3

function cell(all: readonly Scenario[]): string {
  const inFull = (one: Scenario) => (one.profile === 'full' ? 1 : 0)
  const names = [...all].sort((a, b) => inFull(a) - inFull(b)).map((one) => `${one.name}${inFull(one) ? '*' : ''}`)
  const rest = names.length - shown
  return `${names.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** The covering array for people: under which conditions each event is tried, and where. */
export function coveringArrayPage(seen: Coverage): string {
  const kinds = Object.keys(events)
  return `# Covering array

<!-- Written by \`npm run covering\`. -->

A router that does each thing rightly may do two of them wrongly together. This table says under which conditions each event
happens to it, and in which scenarios. It is read from the recordings of the reference router (frames, marks and
\`world.json\`), not from what scenarios mean to do; a test holds that no possible pair is missing. Scenarios with \`*\`
belong to the full profile. What is no matter of a scenario, the number of LANs and whether the router has a ULA, is read
from two houses: two LAN segments with a ULA, and one without.

${table(
  ['', ...kinds],
  Object.keys(conditions).map((condition) => [
    `**${condition}**`,
    ...kinds.map((event) => {
      const pair = pairOf(condition, event)
      return pair in impossible ? 'impossible' : cell(seen.get(pair) ?? [])
    }),
  ]),
)}

Impossible:

${Object.entries(impossible)
  .map(([pair, reason]) => `- ${pair}: ${reason}`)
  .join('\n')}
`
}
