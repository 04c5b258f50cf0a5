import { freedoms } from '../lab/memory-freedoms.ts'
import { type Freedom, knobOf } from './freedom-matrix.ts'
import { openAlarms } from './open-alarms.ts'
import { table } from './page-table.ts'

/** The freedom matrix for people: what conforming routers may do differently, and which clause permits it. */
export function freedomMatrixPage(): string {
  const areas = Object.entries(freedoms)
  const counted = (of: readonly Freedom[]): string => String(new Set(of.map(knobOf)).size)
  return `# Freedom matrix

<!-- Written by \`npm run freedoms\`. -->

A freedom is a behavior that a clause permits and the reference router does not have. A router with a freedom conforms as
well: all scenarios are run on it, and no case that passed may fail, warn, be inconclusive or not applicable, except for
the warnings that it names here. The kill matrix shows that judgements find defects; this one shows that they raise no
false alarms.

Each freedom changes frames, or their times. Two values of one decision count once.

Not judged correctly yet: some routers with random freedoms still get these false alarms. \`npm test\` accepts these and no
others; \`npm run freedoms\` prints them all.

${table(['false alarm', 'its cause, as far as known'], Object.entries(openAlarms))}

${table(
  ['area', 'freedoms', 'values'],
  [
    ...areas.map(([area, all]) => [area, counted(all), String(all.length)]),
    ['all', counted(areas.flatMap(([, all]) => all)), String(areas.flatMap(([, all]) => all).length)],
  ],
)}

${areas
  .map(
    ([area, all]) => `## ${area}

${table(
  ['freedom', 'decision', 'permitted by', 'may warn'],
  all.map((one) => [
    one.name,
    knobOf(one),
    one.clause,
    Object.entries(one.warns ?? {})
      .map(([key, reason]) => `${key}: ${reason}`)
      .join('; '),
  ]),
)}
`,
  )
  .join('\n')}`
}
