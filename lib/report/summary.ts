import { isAgain, scenarioOf } from '../recording/again.ts'
import { ending } from '../recording/ending.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Language } from '../say/language.ts'
import { render } from '../say/render.ts'
import type { Verdict } from '../suite/verdict.ts'
import { type Cause, causeText } from './causes.ts'
import { standingWords } from './page-words.ts'
import { renumberingOf } from './renumbering.ts'
import { damagedIn, type ReportTest } from './report-tests.ts'
import { conformance, countsOf, type Item } from './review.ts'
import { standings } from './standing.ts'
import { aboutStrange, type Strange } from './strange.ts'
import { count, markdown, title } from './text.ts'
import { waiverText } from './waiver-text.ts'

const order: Verdict[] = ['fail', 'warn', 'inconclusive', 'pass', 'not-applicable', 'left-out']

/** `summary.md`: the run on one page, for a terminal, a pull request or a mail. */
export function summaryOf(
  tests: readonly ReportTest[],
  items: readonly Item[],
  facts: RunFacts,
  strange: readonly Strange[] = [],
  {
    language,
    causes = [],
    criteria,
  }: { language?: Language | undefined; causes?: readonly Cause[]; criteria?: string | undefined } = {},
): string {
  const { device } = facts
  const product = [device.vendor, device.model, device.firmware].filter((part) => part !== undefined).join(' ')
  return [
    `# ${markdown(device.name)}: IPv6 conformance, run ${markdown(facts.id)}`,
    '',
    `${markdown(product || device.name)}, ${device.role}. Lab ${markdown(facts.lab)}, profile ${facts.profile}, seed ${markdown(facts.seed)}. `,
    `Started ${[facts.startedAt, ...(facts.resumedAt ?? [])].join(', resumed ')}${facts.endedAt ? `, ended ${facts.endedAt}` : ''}.`,
    '',
    ...(facts.stopped ? [`**The run was stopped: ${markdown(render(facts.stopped, language))}**`, ''] : []),
    ...damaged(tests),
    ...masked(facts),
    ...repeated(facts),
    '## Verdict',
    '',
    ...(criteria ? [`Criteria: ${markdown(criteria)}`, ''] : []),
    `**${conformance(items)[0]}.** ${conformance(items)[1]}。`,
    '',
    ...probablyWrong(causes, language),
    '## Totals',
    '',
    ...totals(items),
    '',
    ...waived(tests),
    ...leftOut(tests, facts),
    ...notJudged(items),
    ...renumbering(items),
    '## Requirements',
    '',
    ...requirements(tests),
    '',
    '## Scenarios',
    '',
    ...scenarios(facts, language),
    '',
    ...unexplained(strange),
  ].join('\n')
}

/** The parts of the router, with what is not met there and not the consequence of another one. */
function probablyWrong(causes: readonly Cause[], language?: Language): string[] {
  if (causes.length === 0) return []
  return [
    '## What is probably wrong',
    '',
    'Part by part of the router, what blocks most first. What is blocked by a requirement can be judged when that one holds.',
    '',
    ...causes.flatMap((cause, index) => {
      const { head, lead, others, next } = causeText(cause, language)
      return [
        `${index + 1}. **${markdown(head)}**`,
        ...[...lead, ...(next ? [next] : [])].map((line) => `   - ${markdown(line)}`),
        ...(others.length > 0 ? [`   - also: ${markdown(others.join(', '), 2000)}`] : []),
      ]
    }),
    '',
  ]
}

/** Verdicts on files that are not as they were recorded are no proof. */
function damaged(tests: readonly ReportTest[]): string[] {
  const scenarios = damagedIn(tests)
  if (scenarios.length === 0) return []
  return [`**Damaged recordings, which differ from their checksums: ${markdown(scenarios.join(', '))}**`, '']
}

/** A page object may show the password: its author is the one to correct that. */
function masked({ scenarios }: RunFacts): string[] {
  const shown = scenarios.filter(({ masked }) => masked)
  if (shown.length === 0) return []
  const places = shown.map(({ scenario, masked }) => `${markdown(scenario)} (${count(masked ?? 0, 'place')})`)
  return [`The password of the router's page was masked in ${places.join(', ')}.`, '']
}

/** Two recordings of one scenario are no two scenarios. */
function repeated({ scenarios }: RunFacts): string[] {
  const names = scenarios.map(({ scenario }) => scenario).filter(isAgain)
  if (names.length === 0) return []
  const which = names.map((name) => `${markdown(scenarioOf(name))} (repeated: ${markdown(name)})`)
  return [
    `**The router hung in ${which.join(', ')}.** It was reset, and the scenario repeated once. The verdicts of the first recording stand; the second one gives only those that the first one blocked.`,
    '',
  ]
}

/** Not a verdict: a reader may know why the router sends this. */
function unexplained(strange: readonly Strange[]): string[] {
  if (strange.length === 0) return []
  return [
    `## ${aboutStrange.title}`,
    '',
    aboutStrange.text,
    '',
    row('port', 'scenario', 'frames', 'the first of them'),
    row('---', '---', '---:', '---'),
    ...strange.map(({ port, scenario, frames, first }) =>
      row(markdown(port), markdown(scenario), frames, markdown(first, 120)),
    ),
    '',
  ]
}

const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`

function totals(items: readonly Item[]): string[] {
  const levels = ['MUST', 'policy', 'SHOULD', 'MAY'] as const
  const groups = [...levels.map((level) => items.filter((item) => item.level === level)), items]
  const counts = groups.map(countsOf)
  return [
    'Each item of the catalogue is counted once: a requirement, or one case of it.',
    '',
    row('result', ...levels, 'all'),
    row('---', ...levels.map(() => '---:'), '---:'),
    ...standings.map((one) => row(standingWords[one].name[0], ...counts.map((each) => each[one]))),
    row('**all**', ...groups.map((group) => group.length)),
  ]
}

/** What no version of this run could judge, with the reason. */
function notJudged(items: readonly Item[]): string[] {
  const some = items.filter(({ standing }) => standing === 'not-judged')
  if (some.length === 0) return []
  const lines = some.map(({ requirement, because }) => `- ${markdown(requirement)}: ${markdown(because[0])}`)
  return [`Not judged by this version: ${count(some.length, 'requirement')}.`, '', ...lines, '']
}

/** A waived verdict is counted as what it is. */
function waived(tests: readonly ReportTest[]): string[] {
  const own = tests.filter(({ waiver }) => waiver)
  if (own.length === 0) return []
  return [
    'Waivers; a verdict that is waived stays what it is, and one that has expired waives nothing:',
    '',
    ...own.map(
      ({ requirement, case: name, verdict: { verdict }, waiver }) =>
        `- ${markdown(name ? `${requirement} · ${name}` : requirement)}, ${verdict}: ${markdown(waiver ? waiverText(waiver)[0] : '')}`,
    ),
    '',
  ]
}

/** With the totals, so that cases that were not judged are not counted as judged. */
function leftOut(tests: readonly ReportTest[], { only }: RunFacts): string[] {
  const left = tests.filter((test) => test.verdict.verdict === 'left-out')
  const part = only ? [`Only a part was selected: ${markdown(only.join(', '))}.`, ''] : []
  if (left.length === 0) return only ? part : ['Nothing was left out of this run.', '']
  const lines = left.map((test) => `- ${test.requirement}: ${markdown(test.verdict.because)}`)
  return [
    ...part,
    `Left out of this run, neither passed nor failed: ${count(left.length, 'case')}.`,
    '',
    ...[...new Set(lines)].map((line) => {
      const cases = lines.filter((other) => other === line).length
      return cases === 1 ? line : `${line} (${count(cases, 'case')})`
    }),
    '',
  ]
}

function renumbering(items: readonly Item[]): string[] {
  const { causes, observers, at } = renumberingOf(items)
  if (causes.length === 0) return []
  const cell = (cause: string, observer: string): string => {
    const standing = at(cause, observer)
    return standing ? standingWords[standing].name[0] : ''
  }
  return [
    '## Renumbering',
    '',
    'A row is the cause of the new prefix, a column the node that observes the old one; a cell is the worst result, empty where no case is judged.',
    '',
    row('another prefix by', ...observers.map((one) => markdown(one))),
    row('---', ...observers.map(() => '---')),
    ...causes.map((cause) => row(markdown(cause), ...observers.map((observer) => cell(cause, observer)))),
    '',
  ]
}

function requirements(tests: readonly ReportTest[]): string[] {
  const judged = tests.filter((test) => test.verdict.verdict !== 'left-out')
  const ranked = order.flatMap((verdict) => judged.filter((test) => test.verdict.verdict === verdict))
  return [
    row('requirement', 'case', 'level', 'verdict', 'claim', 'why', 'scenarios'),
    row('---', '---', '---', '---', '---', '---', '---'),
    ...ranked.map((test) =>
      row(
        markdown(test.requirement),
        markdown(test.case),
        test.verdict.level,
        test.verdict.verdict +
          (test.verdict.cause ? ` (${test.verdict.cause})` : '') +
          (test.waiver?.expired === false ? ', waived' : '') +
          (test.verdict.damaged ? ', damaged' : ''),
        markdown(title(test.entry?.summary ?? '', 100)),
        markdown(test.verdict.because, 200),
        markdown([...new Set(test.results.map((result) => result.scenario))].filter(Boolean).join(', '), 120),
      ),
    ),
  ]
}

function scenarios({ scenarios: played }: RunFacts, language?: Language): string[] {
  const sum = (of: 'wall' | 'forced' | 'browser') => played.reduce((total, scenario) => total + scenario[of], 0)
  const figures = (wall: number, forced: number, browser: number) => [
    wall.toFixed(1),
    forced.toFixed(1),
    // The browser's seconds are the page's, not the protocol's.
    forced > 0 ? ((wall - browser) / forced).toFixed(2) : '',
    browser.toFixed(1),
  ]
  return [
    'Seconds; *forced* is the time that the protocol and the boot of the device require, *ratio* is wall without browser divided by forced.',
    '',
    row('scenario', 'outcome', 'wall', 'forced', 'ratio', 'browser', 'story'),
    row('---', '---', '---:', '---:', '---:', '---:', '---'),
    ...played.map(({ scenario, outcome, wall, forced, browser, story }) =>
      row(
        markdown(scenario),
        markdown(render(ending(outcome), language), 120),
        ...figures(wall, forced, browser),
        markdown(story, 200),
      ),
    ),
    row('**all**', count(played.length, 'scenario'), ...figures(sum('wall'), sum('forced'), sum('browser')), ''),
  ]
}
