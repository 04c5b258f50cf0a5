import { render } from '../say/render.ts'
import type { Entry } from '../suite/catalogue.ts'
import type { Rendered } from '../suite/rendered.ts'
import type { Cause } from '../suite/verdict.ts'
import type { Area } from './areas.ts'
import { partTexts } from './parts.ts'
import { plain, title } from './text.ts'

const mostFrames = 12

/** `frames 3, 7 of scenario renumbering`. */
export function framesOf({ frames, scenario }: Rendered): string {
  if (frames.length === 0) return scenario ? `scenario ${plain(scenario)}` : ''
  const shown = frames.slice(0, mostFrames).join(', ')
  const rest = frames.length > mostFrames ? ` and ${frames.length - mostFrames} more` : ''
  return `${frames.length === 1 ? 'frame' : 'frames'} ${shown}${rest} of scenario ${plain(scenario)}`
}

export const idOf = ({ requirement, case: name }: Pick<Rendered, 'requirement' | 'case'>): string =>
  name ? `${requirement} [${plain(name, 60)}]` : requirement

const places: Record<Exclude<Cause, 'blocked'>, string> = {
  lab: 'the lab and its cables, not the router; repair it and run the scenario again',
  harness: 'denat itself: this is a defect of the test, not of the router; please report it with the run folder',
}

/** What a reviewer reads first, in three parts: what was expected, what was seen, where to look. */
export function messageOf(result: Rendered, area: Area, entries: ReadonlyMap<string, Entry>): string {
  const lines = (parts: [string, string][]) =>
    [...parts, ['Recording', result.damaged ? 'damaged: it differs from its checksums' : '']]
      .filter(([, text]) => text !== '')
      .map(([head, text]) => `${head}: ${text}`)
      .join('\n')
  const because = plain(result.because)
  const look = (place: string) => [place, framesOf(result)].filter(Boolean).join('; ')
  switch (result.verdict) {
    case 'fail':
    case 'warn':
      // Allure's tree of categories shows the message in place of the name.
      return `${idOf(result)}\n${lines([
        ['Expected', plain(result.expected ?? 'what the clause requires')],
        ['Seen', plain(result.seen ?? result.because)],
        ['Where to look', look(result.part ? render(partTexts[result.part].name) : area.component)],
      ])}`
    case 'inconclusive': {
      if (result.cause !== 'blocked')
        return lines([
          ['Not judged', because],
          ['Where to look', look(places[result.cause ?? 'harness'])],
        ])
      const by = entries.get(result.blockedBy ?? '')
      return lines([
        ['Not judged', because],
        [
          'Blocked by',
          `${plain(result.blockedBy ?? 'a requirement that is not named')}${by ? ` · ${title(by.summary, 120)}` : ''}`,
        ],
        // No frames: in that tree, what has one cause is one group.
        ['Where to look', 'the requirement that blocks this one; it must hold first'],
      ])
    }
    case 'not-applicable':
      return lines([['Not applicable', because]])
    case 'left-out':
      return lines([['Left out of this run', because]])
    case 'pass':
      return lines([
        ['Found', because],
        ['Measured', plain(result.seen ?? '')],
        ['Looked at', framesOf(result)],
      ])
  }
}

/** Begins with the verdict in one fixed form, which is what the report's categories go by. */
export function traceOf(result: Rendered): string {
  const cause = result.cause ? ` (${result.cause})` : ''
  const shown =
    result.expected === undefined || result.seen === undefined
      ? []
      : [`Expected: ${result.expected} Seen: ${result.seen}`]
  return [
    `Verdict: ${result.verdict}${cause}, level ${result.level}`,
    ...(shown.includes(result.because) ? [] : [`Because: ${plain(result.because)}`]),
    ...(result.notes ?? []).map((note) => `Note: ${plain(note)}`),
  ].join('\n')
}
