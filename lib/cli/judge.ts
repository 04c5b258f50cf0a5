import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readWaivers } from '../lab/waivers.ts'
import { comparedUnder } from '../report/under-criteria.ts'
import { isAllKnown } from '../run/baseline.ts'
import { mustBeWaivable, readCriteria } from '../run/criteria.ts'
import { checkedRecordings } from '../run/damage.ts'
import { rejudge } from '../run/run.ts'
import { readFacts, setAsideIn, writeResults } from '../run/run-folder.ts'
import { claimRun } from '../run/run-lock.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { languages } from '../say/languages.ts'
import { underCriteria } from '../suite/criteria.ts'
import { exitCode } from '../suite/verdict.ts'
import { mustNameSuites } from './must-name-suites.ts'
import { baselineText, causes, criteriaText, summary, titleOf, waiverText } from './print.ts'
import { reportOn } from './report.ts'
import { complain, print } from './terminal.ts'

interface JudgeCommand {
  report: boolean
  lang: string
  suites?: string[]
  damaged: boolean
  /** Known deviations are no reason for another exit code than 0. */
  knownOk?: boolean
  /** Names, or files; the report is of the first. */
  criteria: string[]
  /** A file, in place of the waivers that the device folder had. */
  waivers?: string
}

/** `denat judge RUN`: the same verdicts from the folder alone. */
export async function judgeCommand(run: string, options: JudgeCommand): Promise<number> {
  const folder = resolve(run)
  mustNameSuites(join(folder, 'run.json'), readFacts(folder), options.suites)
  const leave = claimRun(folder)
  try {
    return await judged(folder, options)
  } finally {
    leave()
  }
}

async function judged(folder: string, options: JudgeCommand): Promise<number> {
  const recorded = readFacts(folder)
  const { damaged, vouched } = checkedRecordings(folder, options)
  if (!vouched) print(`${folder} has no SHA256SUMS: nothing vouches for its recordings`)
  const suites = await loadSuites(suiteFolders(options.suites))
  const waivers = options.waivers === undefined ? recorded.waivers : readWaivers(options.waivers)
  const facts = { ...recorded, ...(waivers && { waivers }) }
  if (options.waivers !== undefined) mustBeWaivable(options.waivers, facts.waivers ?? [], suites)
  const criteria = options.criteria.map((name) => readCriteria(name, suites))
  const [first] = criteria
  const judged = rejudge(folder, facts, suites, damaged)
  writeResults(folder, judged)
  const results = first ? underCriteria(judged, first) : judged
  const language = languages[options.lang]
  const verdict = await reportOn(folder, facts, results, suites, { allure: options.report, language, criteria: first })
  for (const path of setAsideIn(folder)) print(`not judged: ${path}, which did not come to its end`)
  print(causes(results, suites, languages[options.lang]))
  print(summary(results))
  if (criteria.length > 1) print(criteriaText(comparedUnder(criteria, judged, facts, suites), language))
  else print(`\n${first ? `${titleOf(first, language)}: ` : ''}${verdict[language?.tag === 'zh' ? 1 : 0]}`)
  if (damaged.length > 0) complain(`denat: judged on files that differ from their checksums: ${damaged.join(', ')}`)
  if (facts.known) print(baselineText(results, facts))
  if (facts.waivers) print(waiverText(results, facts))
  const stale = join(folder, 'allure-report.html')
  if (!options.report && existsSync(stale))
    print(`\n${stale} has the previous verdicts: without --no-report it is written again`)
  return options.knownOk && !facts.stopped && isAllKnown(results, facts) ? 0 : exitCode(results, facts)
}
