import { freedoms } from '../lab/memory-freedoms.ts'
import { type Freedom, knobOf } from './freedom-matrix.ts'
import { openAlarms } from './open-alarms.ts'
import { table } from './page-table.ts'

/** The freedom matrix for people: what right routers may do otherwise, and who lets them. */
export function freedomMatrixPage(): string {
  const areas = Object.entries(freedoms)
  const counted = (of: readonly Freedom[]): string => String(new Set(of.map(knobOf)).size)
  return `# Freedom matrix

<!-- Written by \`npm run freedoms\`. -->

A freedom is what a clause leaves open and the reference router happens not to do. Each is a router that is as right as
the reference router: all scenarios are played on it, and nothing that passed may fail, warn, be inconclusive or not apply,
but for the warnings that it names here. The kill matrix shows that judgements see; this one shows that they see no ghosts.

Each of them changes frames, or their times. Two values of one decision count once.

Not judged rightly yet: of routers that draw all freedoms at random some are still told these, falsely. \`npm test\` lets
these pass, and nothing else; \`npm run freedoms\` tells them all.

${table(['falsely said', 'what is known or guessed of it'], Object.entries(openAlarms))}

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
  ['freedom', 'decision', 'who lets it', 'may warn'],
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
