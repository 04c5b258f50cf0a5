import { citationsOf } from '../suite/catalogue.ts'
import { textOf } from './clauses.ts'
import { standingWords } from './page-words.ts'
import type { Item } from './review.ts'
import { plain } from './text.ts'
import { waiverText } from './waiver-text.ts'

/** A spreadsheet takes a cell that begins with one of these for a formula. */
const formula = /^[=+\-@\t\r]/

/** A cell that no spreadsheet takes for a formula. */
export function csvCell(text: string): string {
  const line = plain(text, 2000)
  const inert = formula.test(line) ? `'${line}` : line
  return `"${inert.replaceAll('"', '""')}"`
}

const heads = [
  'requirement',
  'case',
  'area',
  'level',
  'mandatory',
  'result',
  '结果',
  'clause',
  'summary',
  '要求',
  'finding',
  '判定依据',
  'scenarios',
  'known deviation',
  'waiver',
]

/** The matrix for a spreadsheet: a byte order mark, so that Chinese is read as UTF-8; lines end as RFC 4180 asks. */
export function matrixCsv(items: readonly Item[]): string {
  const rows = items.map(({ requirement, case: name, area, level, mandatory, standing, because, entry, test }) => [
    requirement,
    name,
    area.name,
    level,
    mandatory ? 'yes' : 'no',
    standing,
    standingWords[standing].name[1],
    entry ? textOf(citationsOf(entry)) : '',
    entry?.summary ?? '',
    entry?.zh ?? '',
    because[0],
    because[1],
    [...new Set(test?.results.map(({ scenario }) => scenario))].filter(Boolean).join(' '),
    test?.known ? `${test.known.fault}: ${test.known.because}` : '',
    test?.waiver ? waiverText(test.waiver)[0] : '',
  ])
  return `\ufeff${[heads, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`
}
