import { ending } from '../recording/ending.ts'
import type { DeviceFacts } from '../recording/recording.ts'
import { isExpired, knownHere, type RunFacts, type ScenarioFacts, waiversFor } from '../recording/run-facts.ts'
import { causesOf, causeText } from '../report/causes.ts'
import type { Text } from '../report/standing.ts'
import { count } from '../report/text.ts'
import type { Compared as ComparedUnder } from '../report/under-criteria.ts'
import { againstBaseline } from '../run/baseline.ts'
import type { Progress } from '../run/run.ts'
import { type Claim, claim } from '../say/claim.ts'
import type { Language } from '../say/language.ts'
import { render } from '../say/render.ts'
import type { Criteria } from '../suite/criteria.ts'
import type { Suites } from '../suite/suites.ts'
import { keyOf, type Result, type Verdict, worstBy } from '../suite/verdict.ts'
import { colored, complain, print } from './terminal.ts'

const verdicts: readonly Verdict[] = ['pass', 'warn', 'fail', 'inconclusive', 'not-applicable', 'left-out']
const colors: Partial<Record<Verdict, number>> = { pass: 32, warn: 33, fail: 31, inconclusive: 35 }

const paint = (text: string, verdict: Verdict): string => {
  const color = colors[verdict]
  return color ? colored(text, color) : text
}

/** On one line. */
const plain = (text: string): string => text.replace(/[\n\t]+/g, ' ')

function counts(results: readonly Result[]): string {
  return verdicts
    .map((verdict) => [verdict, results.filter((result) => result.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => paint(`${count} ${verdict}`, verdict))
    .join(', ')
}

function lineOf(result: Result, language?: Language): string {
  const name = [result.requirement, result.case].filter(Boolean).join(' · ')
  const { expected, seen, because } = result
  const why = expected && seen ? [claim`expected: ${expected}`, claim`seen: ${seen}`] : [because]
  return `    ${paint(result.verdict, result.verdict)} ${name}\n${why.map((one) => `      ${plain(render(one, language))}`).join('\n')}${result.frames.length ? `\n      frames ${result.frames.slice(0, 8).join(', ')} of ${result.scenario}` : ''}`
}

const isSame = (one: Claim, other: Claim): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Not caused by the router, and not already printed for the whole scenario. */
const ours = ({ cause, because }: Result, { outcome }: ScenarioFacts): boolean =>
  (cause === 'lab' || cause === 'harness') && !('because' in outcome && isSame(outcome.because, because))

/** Verdicts as they come, on standard output. */
export function progress(
  device: DeviceFacts,
  run: { seed: string; folder: string; scenarios: number },
  language?: Language,
): Progress {
  print(`${device.name}: ${count(run.scenarios, 'scenario')}, seed ${run.seed}\n${run.folder}\n`)
  return {
    begun(scenario, index, total) {
      print(`[${index + 1}/${total}] ${scenario.name}: ${scenario.story}`)
    },
    repeated(scenario) {
      print(`  the router hung: it is reset, and ${scenario.name} is repeated once`)
    },
    landed(facts, results) {
      const ended =
        facts.outcome.end === 'complete' ? '' : `  (${plain(render(ending(facts.outcome), language)).slice(0, 300)})`
      print(`  ${facts.scenario}, ${facts.wall.toFixed(1)} s: ${counts(results)}${ended}`)
      if (facts.masked)
        print(`  the password of the router's page was masked in ${count(facts.masked, 'place')} of this recording`)
      for (const result of results)
        if (result.verdict === 'fail' || result.verdict === 'warn' || ours(result, facts))
          print(lineOf(result, language))
    },
    trouble(text) {
      complain(`  the recorder failed: ${plain(text)}`)
    },
  }
}

/** The parts of the router that are probably wrong, what blocks most first; empty where all is met. */
export function causes(results: readonly Result[], { entries }: Pick<Suites, 'entries'>, language?: Language): string {
  const all = causesOf(results, entries)
  const shown = all.slice(0, mostCauses).flatMap((cause, index) => {
    const { head, lead, others, next } = causeText(cause, language)
    const rest = others.length > mostOthers ? `, ${others.length - mostOthers} more` : ''
    const also = others.length > 0 ? [`   also: ${others.slice(0, mostOthers).join(', ')}${rest}`] : []
    return [`${index + 1}. ${head}`, ...lead.map((line) => `   ${line}`), ...also, ...(next ? [`   ${next}`] : [])]
  })
  if (all.length === 0) return ''
  const more = all.length - mostCauses
  return [
    '\nWhat is probably wrong, the most important first:',
    ...shown,
    ...(more > 0 ? [`and ${more} more in summary.md`] : []),
  ].join('\n')
}

const mostCauses = 5
const mostOthers = 6

/** Requirements by verdict, each with the worst of its cases and scenarios. */
export function summary(results: readonly Result[]): string {
  const byRequirement = worstBy(results, ({ requirement }) => requirement)
  const byCase = worstBy(results)
  return `\n${count(byRequirement.size, 'requirement')}: ${counts([...byRequirement.values()])}\n${count(byCase.size, 'case')}: ${counts([...byCase.values()])}`
}

/** The time forced by the protocol and the measured time, without the browser. */
export function figures(facts: RunFacts): string {
  const total = (pick: (scenario: RunFacts['scenarios'][number]) => number) =>
    facts.scenarios.reduce((sum, one) => sum + pick(one), 0)
  const wall = total((one) => one.wall - one.browser)
  const forced = total((one) => one.forced)
  const ratio = forced > 0 ? (wall / forced).toFixed(2) : '-'
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  const { recorder, parent } = facts.peakMemory ?? {}
  const memory = recorder && parent ? `; recorder ${megabytes(recorder)}, parent ${megabytes(parent)} at most` : ''
  const elapsed = (Date.parse(facts.endedAt ?? facts.startedAt) - Date.parse(facts.startedAt)) / 1000
  const shared = `${elapsed.toFixed(0)} s on ${count(facts.labs, 'lab')}: `
  return `${shared}${wall.toFixed(1)} s on the wire, ${forced.toFixed(1)} s of it required by the protocol and the boot (${ratio}x), ${total((one) => one.browser).toFixed(1)} s in the browser${memory}`
}

/** Factory resets and boots of a run, and the longest that each took, as measured. */
export function restarts({ scenarios }: RunFacts): string {
  const spent = scenarios.flatMap((one) => one.spent ?? [])
  const sum = (what: 'resets' | 'boots') => spent.reduce((all, one) => all + one[what], 0)
  const atMost = (what: 'reset' | 'commission' | 'boot' | 'apply', text: string) => {
    const seconds = spent.flatMap((one) => one[what] ?? [])
    return seconds.length > 0 ? `${text}${Math.max(...seconds).toFixed(1)} s` : ''
  }
  const resets = `${count(sum('resets'), 'factory reset')}${atMost('reset', ' of at most ')}${atMost('commission', ', commissioning ')}`
  const boots = `${count(sum('boots'), 'boot')}${atMost('boot', ' of at most ')}`
  return `${resets}; ${boots}${atMost('apply', '; a setting on the page took effect in at most ')}`
}

/** In the language of the claims. */
export const titleOf = ({ title }: Criteria, language?: Language): string =>
  plain(language?.tag === 'zh' ? title.zh : title.en)

/** The verdict under each of several criteria, and what does not count the same under all. */
export function criteriaText({ verdicts, differences }: ComparedUnder, language?: Language): string {
  const verdictOf = ([en, zh]: Text) => (language?.tag === 'zh' ? zh : en)
  const keys = new Map<string, string[]>()
  for (const { key, counted } of differences) {
    const how = [...new Set(counted)].map((one) => {
      const names = verdicts.filter((_, index) => counted[index] === one).map(({ criteria }) => criteria.name)
      return `${one} under ${names.join(', ')}`
    })
    keys.set(how.join('; '), [...(keys.get(how.join('; ')) ?? []), key])
  }
  return [
    '',
    ...verdicts.map(
      ({ criteria, verdict }) => `${titleOf(criteria, language)} (${criteria.name}):\n  ${verdictOf(verdict)}`,
    ),
    '',
    differences.length > 0
      ? 'Violations and warnings that do not count the same under all:'
      : 'Violations and warnings count the same under all.',
    ...[...keys].flatMap(([how, some]) => [`  ${how}:`, ...some.map((key) => `    ${plain(key)}`)]),
  ].join('\n')
}

/** What is waived, and by which waivers that have expired it is not. A waived verdict stays what it is. */
export function waiverText(results: readonly Result[], facts: RunFacts): string {
  const deviating = [...worstBy(results).values()].filter(
    ({ verdict }) => verdict === 'fail' || verdict === 'warn' || verdict === 'inconclusive',
  )
  const lines = deviating.flatMap((result) => {
    const [waiver] = waiversFor(result, facts)
    if (!waiver) return []
    const { reason, approver, until } = waiver
    const state = isExpired(waiver, facts) ? 'waiver expired' : 'waived'
    return [
      `${state}: ${paint(result.verdict, result.verdict)} ${keyOf(result)}, until ${until}, by ${plain(approver)}: ${plain(reason)}`,
    ]
  })
  return lines.length > 0 ? ['', ...lines].join('\n') : '\nno waiver is used'
}

/** Which deviations are known of the product, which are new, and which were not seen again. */
export function baselineText(results: readonly Result[], facts: RunFacts): string {
  const { known: seen, fresh, gone } = againstBaseline(results, knownHere(facts))
  const name = (one: { requirement: string; case: string }) => [one.requirement, one.case].filter(Boolean).join(' · ')
  const faults = new Map<string, number>()
  for (const { fault } of seen) faults.set(fault, (faults.get(fault) ?? 0) + 1)
  return [
    `\nknown of this product: ${seen.length}${seen.length ? ` (${[...faults].map(([fault, n]) => `${n} ${fault}`).join(', ')})` : ''}`,
    ...fresh.map((result) => `new: ${paint(result.verdict, result.verdict)} ${name(result)}`),
    ...gone.map((one) => `known as ${one.verdict}, passed now: ${name(one)}`),
  ].join('\n')
}
