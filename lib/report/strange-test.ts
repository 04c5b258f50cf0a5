import { createHash } from 'node:crypto'
import { LabelName, Stage, Status, type TestResult } from 'allure-js-commons'
import type { RunFacts } from '../recording/run-facts.ts'
import { aboutStrange, byPort, type Strange } from './strange.ts'
import { count, markup, plain } from './text.ts'

const hashed = (...parts: string[]): string => createHash('md5').update(parts.join('\0')).digest('hex')

/** The list of unexplained frames as an Allure test with a category of its own. Skipped: it is no verdict. */
export function strangeTest(strange: readonly Strange[], facts: RunFacts): TestResult {
  const { title, text } = aboutStrange
  const ports = byPort(strange)
  const counts = ports.map(({ port, frames }) => `${count(frames, 'frame')} on ${plain(port)}`).join(', ')
  const start = Date.parse(facts.startedAt)
  return {
    uuid: hashed(facts.id, title),
    historyId: hashed(facts.device.name, title),
    testCaseId: hashed(title),
    fullName: title,
    name: `${title}: ${counts}`,
    status: Status.SKIPPED,
    statusDetails: { message: `${counts}. ${text}`, trace: `Unexplained: ${counts}` },
    stage: Stage.FINISHED,
    descriptionHtml: `<p>${text}</p>${tableOf(strange)}`,
    labels: [
      { name: LabelName.EPIC, value: title },
      { name: LabelName.PARENT_SUITE, value: title },
      { name: LabelName.FRAMEWORK, value: 'denat' },
    ],
    links: [],
    parameters: [{ name: 'device', value: plain(facts.device.name) }],
    steps: ports.map(({ port, frames, kinds }) => ({
      name: `${plain(port)}: ${count(frames, 'frame')}`,
      status: Status.SKIPPED,
      statusDetails: {
        message: kinds
          .map((one) => plain(`${one.scenario}: ${count(one.frames, 'frame')}, the first: ${one.first}`))
          .join('\n'),
      },
      stage: Stage.FINISHED,
      parameters: [],
      attachments: [],
      steps: [],
      start,
      stop: start,
    })),
    attachments: [],
    start,
    stop: start,
  }
}

function tableOf(strange: readonly Strange[]): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${markup(cell)}</${tag}>`).join('')}</tr>`
  const rows = byPort(strange).flatMap(({ kinds }) =>
    kinds.map(({ port, scenario, frames, first }) => row([port, scenario, String(frames), first], 'td')),
  )
  return `<table>${row(['port', 'scenario', 'frames', 'the first of them'], 'th')}${rows.join('')}</table>`
}
