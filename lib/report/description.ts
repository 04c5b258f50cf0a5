import { citationsOf } from '../suite/catalogue.ts'
import { textOf as clauseText } from './clauses.ts'
import { capturePath } from './evidence.ts'
import type { ReportTest } from './report-tests.ts'
import { markup } from './text.ts'
import { waiverText } from './waiver-text.ts'

const roles = {
  gateway: 'home gateway',
  'wireless-router': 'wireless router',
  both: 'home gateway and wireless router',
}

/** The catalogue's names for the nodes (`suites/requirements/README.md`), for those that a text uses. */
const cast: [RegExp, string][] = [
  [/\bDUT\b/, 'DUT: the router under test'],
  [/\bISP-R\b/, "ISP-R: the ISP's router"],
  [/\bISP-RA\b/, 'ISP-RA: the Router Advertisement of ISP-R'],
  [/\bINET[12]?\b/, 'INET: hosts beyond the ISP'],
  [/\bH[12]\b/, 'H1, H2: hosts on the LAN'],
  [/\bDR2?\b/, 'DR, DR2: downstream routers behind the router under test'],
  [/\bH[34]\b/, 'H3, H4: hosts behind DR and DR2'],
  [/\bBASE\b/, 'BASE: the usual line, with leases of hours'],
  [/\bSHORT\b/, 'SHORT: a line with leases of minutes'],
]

/** The complete requirement, for a reader without the catalogue. */
export function descriptionOf({
  requirement,
  entry,
  verdict,
  results,
  known,
  waiver,
}: Omit<ReportTest, 'area'>): string {
  if (!entry) return `<p>The catalogue has no entry ${markup(requirement)}.</p>`
  const played = [...new Set(results.map((result) => result.scenario).filter(Boolean))]
  const text = [entry.summary, entry.stimulus, entry.observe, entry.fails_when].join(' ')
  const rows: [string, string][] = [
    ['Known for this product', known ? `${known.fault}: ${known.because} Confirmed by: ${known.confirmed}` : ''],
    ['Waiver', waiver ? waiverText(waiver)[0] : ''],
    ['Requirement', entry.summary],
    ['要求', entry.zh === entry.summary ? '' : (entry.zh ?? '')],
    ['Clause', clauseText(citationsOf(entry))],
    ['In its words', entry.quote ?? ''],
    [
      'Level',
      `${verdict.level}; for: ${roles[entry.role]}${entry['applies-when'] ? `; applies when: ${entry['applies-when']}` : ''}`,
    ],
    ['What is done', entry.stimulus],
    ['Observed', entry.observe],
    ['Example of a defect', entry.fails_when],
    ['Nodes and lines', cast.flatMap(([name, nodes]) => (name.test(text) ? nodes : [])).join('; ')],
    ['In the run folder', played.map((scenario) => capturePath(scenario)).join(', ')],
  ]
  const cells = rows
    .filter(([, text]) => text !== '')
    .map(([head, text]) => `<tr><td>${head}</td><td>${markup(text, 1500)}</td></tr>`)
  const unsure = entry.unverified
    ? `<p>This entry was not checked against the text of its source (${markup(entry.unverified)}): check it before quoting it.</p>`
    : ''
  return `<table>${cells.join('')}</table>${unsure}`
}
