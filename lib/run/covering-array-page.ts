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

A router with correct functions may fail where two of them meet. This table shows under which conditions each event
happens, and in which scenarios. It is read from the recordings of the reference router (frames, marks and
\`world.json\`), not from the intention of scenarios; a test fails where a possible pair is missing. Scenarios with \`*\`
belong to the full profile. The number of LANs and whether the router has a ULA do not depend on a scenario: they are
read from two labs, two LAN segments with a ULA, and one without.

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
