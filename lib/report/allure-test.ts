import { createHash } from 'node:crypto'
import type { Label, Parameter, StepResult, TestResult } from 'allure-js-commons'
import { LabelName, LinkType, Severity, Stage, Status } from 'allure-js-commons'
import type { RunFacts } from '../recording/run-facts.ts'
import { citationsOf, type Entry } from '../suite/catalogue.ts'
import type { Rendered } from '../suite/rendered.ts'
import type { Verdict } from '../suite/verdict.ts'
import { clausesOf, nameOf, urlOf } from './clauses.ts'
import { descriptionOf } from './description.ts'
import type { Attached, Evidence } from './evidence.ts'
import { traceType } from './evidence.ts'
import type { ReportTest } from './report-tests.ts'
import { plain, title } from './text.ts'
import { waiverText } from './waiver-text.ts'
import { idOf, messageOf, traceOf } from './words.ts'

const statuses: Record<Verdict, Status> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  warn: Status.FAILED,
  inconclusive: Status.BROKEN,
  'not-applicable': Status.SKIPPED,
  'left-out': Status.SKIPPED,
}

const hashed = (...parts: string[]): string => createHash('md5').update(parts.join('\0')).digest('hex')

/** What may differ between the report in a folder and the one in a single file. */
export interface Shown {
  /** Whole captures and browser traces are too big for a report in one file. */
  bigFiles: boolean
}

export function nameOfTest(test: ReportTest): string {
  const claim = test.entry ? ` · ${title(test.entry.summary, 120)}` : ''
  return idOf(test) + claim
}

/** One Allure test: a requirement and case, with a step for each scenario that it was judged on. */
export function allureTest(
  test: ReportTest,
  facts: RunFacts,
  entries: ReadonlyMap<string, Entry>,
  evidence: ReadonlyMap<Rendered, Evidence>,
  shown: Shown,
): TestResult {
  const { requirement, case: name, verdict, entry } = test
  const decisive = evidence.get(verdict)
  const start = decisive?.start ?? Date.parse(facts.startedAt)
  return {
    // Written twice, the results of one run are the same files.
    uuid: hashed(facts.id, requirement, name),
    // The product and not its firmware: a trend follows the product over its versions.
    historyId: hashed(facts.device.name, requirement, name),
    testCaseId: hashed(requirement, name),
    fullName: idOf(test),
    name: nameOfTest(test),
    status: statuses[verdict.verdict],
    statusDetails: {
      message: [
        messageOf(verdict, test.area, entries),
        ...(test.waiver ? [plain(`Waiver: ${waiverText(test.waiver)[0]}`)] : []),
      ].join('\n'),
      trace: traceOf(verdict),
    },
    stage: Stage.FINISHED,
    descriptionHtml: descriptionOf(test),
    labels: labelsOf(test, facts),
    links: entry
      ? clausesOf(citationsOf(entry)).map((clause) => ({
          type: LinkType.DEFAULT,
          name: nameOf(clause),
          url: urlOf(clause),
        }))
      : [],
    parameters: parametersOf(test, facts),
    steps: [verdict, ...test.results.filter((result) => result !== verdict)]
      .filter((result) => result.scenario !== '')
      .map((result) => stepOf(result, test, entries, evidence.get(result), shown)),
    attachments: [],
    start,
    stop: decisive?.stop ?? start,
  }
}

function severityOf({ verdict, level }: Rendered): Severity {
  if (verdict === 'fail') return Severity.CRITICAL
  if (verdict === 'warn') return Severity.MINOR
  if (level === 'MAY') return Severity.TRIVIAL
  return level === 'SHOULD' ? Severity.MINOR : Severity.CRITICAL
}

function labelsOf({ requirement, verdict, entry, area }: ReportTest, facts: RunFacts): Label[] {
  const document = entry?.source.document ?? 'not in the catalogue'
  const scenario = verdict.scenario || 'not run'
  return [
    { name: LabelName.EPIC, value: area.group },
    { name: LabelName.FEATURE, value: area.name },
    { name: LabelName.STORY, value: document },
    { name: LabelName.PARENT_SUITE, value: document },
    { name: LabelName.SUITE, value: entry ? `Section ${entry.source.section}` : requirement },
    { name: LabelName.SEVERITY, value: severityOf(verdict) },
    { name: LabelName.TAG, value: verdict.level },
    { name: LabelName.TAG, value: requirement },
    { name: LabelName.HOST, value: facts.lab },
    { name: LabelName.THREAD, value: scenario },
    // Allure's tree of packages serves as the tree of scenarios; a dot would begin a level of its own.
    { name: LabelName.PACKAGE, value: scenario.replaceAll('.', '_') },
    { name: LabelName.FRAMEWORK, value: 'denat' },
  ].map(({ name, value }) => ({ name, value: plain(value) }))
}

/** Allure follows a test by its case id and by the parameters that are not excluded, so only product and case count. */
export function parametersOf({ verdict, case: name }: ReportTest, { device, lab }: RunFacts): Parameter[] {
  const shown = (name: string, value: string | undefined, excluded: boolean): Parameter[] =>
    value ? [{ name, value: plain(value), excluded }] : []
  return [
    ...shown('case', name, false),
    ...shown('level', verdict.level, true),
    ...shown('device', device.name, false),
    ...shown('firmware', device.firmware, true),
    ...shown('lab', lab, true),
  ]
}

function stepOf(
  result: Rendered,
  test: ReportTest,
  entries: ReadonlyMap<string, Entry>,
  evidence: Evidence | undefined,
  shown: Shown,
): StepResult {
  const capture = shown.bigFiles ? evidence?.capture : undefined
  const base = { stage: Stage.FINISHED, parameters: [], start: evidence?.start, stop: evidence?.stop }
  const attachments: Attached[] = [...(evidence?.attachments ?? []), ...(capture ? [capture] : [])]
  const shots = (evidence?.pages ?? []).filter((page) => shown.bigFiles || page.type !== traceType)
  const pages: StepResult = {
    ...base,
    name: "The router's web page",
    status: statuses[result.verdict],
    statusDetails: {},
    steps: [],
    attachments: shots,
  }
  return {
    ...base,
    name: `Scenario ${plain(result.scenario)}: ${result.verdict}`,
    status: statuses[result.verdict],
    statusDetails: { message: messageOf(result, test.area, entries), trace: traceOf(result) },
    attachments,
    steps: shots.length > 0 ? [pages] : [],
  }
}
