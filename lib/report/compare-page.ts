import type { RunFacts } from '../recording/run-facts.ts'
import { render } from '../say/render.ts'
import { chinese } from '../say/zh.ts'
import type { Entry } from '../suite/catalogue.ts'
import { rendered } from '../suite/rendered.ts'
import type { Result } from '../suite/verdict.ts'
import type { Recordings } from './evidence.ts'
import { ladderStyle, ladderTable } from './ladder.ts'
import { csvCell } from './matrix-csv.ts'
import { markup } from './text.ts'

/** What changed from one firmware to another, by requirement and case. */
export interface ChangedRow {
  change: string
  requirement: string
  case: string
  results: readonly (Result | undefined)[]
}

export interface ComparedRun {
  name: string
  facts: RunFacts
  recordings: Recordings
}

const changeWords: Record<string, string> = {
  regressed: '退步',
  unstable: '不稳定',
  open: '一方无法判定',
  new: '新增',
  gone: '消失',
  fixed: '已修复',
  same: '相同',
}

/** With ladders beyond these rows a page grows too big to open. */
const mostWithLadders = 60

const style = `${ladderStyle}
body{max-width:110em;margin:0 auto;padding:0 1.2em 4em;font-size:14px}
h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .4em}
.runs{display:grid;grid-template-columns:repeat(auto-fit,minmax(22em,1fr));gap:1em}
.run{border:1px solid #d4dae1;border-radius:6px;padding:.6em .8em;min-width:0}
.run tr{grid-template-columns:3em 5em 3.2em 1fr 2.2em 3em 2.2em 1fr}.run .what,.run .mark .what{grid-column:3/-1}.run thead .what{display:none}
.verdict{font-weight:700}.fail{color:#a3131d}.warn{color:#7a4300}.pass{color:#11652f}.inconclusive{color:#5a3a94}
details{border-bottom:1px solid #e0e4e8;padding:.5em 0}summary{cursor:pointer}summary b{overflow-wrap:anywhere}
.quiet{color:#57606a}.counts{display:flex;flex-wrap:wrap;gap:1.4em;padding:0;list-style:none;font-size:1.1em}
`.replaceAll('\n', '')

/** One page without a network: what changed, with the ladders of the runs next to each other. */
export function comparePage(
  runs: readonly ComparedRun[],
  rows: readonly ChangedRow[],
  changes: readonly string[],
  entries: ReadonlyMap<string, Entry>,
): string {
  const of = (change: string) => rows.filter((row) => row.change === change)
  const shown = changes.filter((change) => change !== 'same').flatMap(of)
  const ladders = new Map(
    runs.flatMap((run, index) => [
      ...laddersOf(
        run,
        shown.slice(0, mostWithLadders).map((row) => row.results[index]),
      ),
    ]),
  )
  const section = (change: string): string => {
    const some = of(change)
    if (some.length === 0 || change === 'same') return ''
    const items = some.map((row) => item(row, entries.get(row.requirement), ladders))
    return `<h2 id="${change}">${titleOf(change)} (${some.length})</h2>${items.join('\n')}`
  }
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>denat: firmware against firmware</title>',
    `<style>${style}</style></head><body><h1>Firmware against firmware 固件对比</h1>`,
    `<div class="runs">${runs.map(head).join('')}</div>`,
    `<ul class="counts">${changes.map((change) => `<li><b>${of(change).length}</b> ${titleOf(change)}</li>`).join('')}</ul>`,
    ...changes.map(section),
    '</body></html>\n',
  ].join('\n')
}

const titleOf = (change: string): string => `${change} ${changeWords[change] ?? ''}`

function head({ name, facts }: ComparedRun): string {
  const { device } = facts
  const product = [device.vendor, device.model, device.firmware].filter(Boolean).join(' ')
  return `<div class="run"><b>${markup(device.name)}</b><br>${markup(product)}<br><span class="quiet">${markup(name)}, ${markup(facts.startedAt)}, seed ${markup(facts.seed)}</span></div>`
}

/** Scenario by scenario, so that one recording is in memory at a time. */
function laddersOf({ recordings }: ComparedRun, results: readonly (Result | undefined)[]): Map<Result, string> {
  const found = new Map<Result, string>()
  const decided = results.flatMap((one) => (one && one.frames.length > 0 ? [one] : []))
  for (const scenario of new Set(decided.map((one) => one.scenario))) {
    const recording = recordings.get(scenario)
    if (!recording) continue
    for (const one of decided.filter((result) => result.scenario === scenario))
      found.set(one, ladderTable(recording, one.frames, rendered(one).comments))
  }
  return found
}

function item(row: ChangedRow, entry: Entry | undefined, ladders: ReadonlyMap<Result, string>): string {
  const name = [row.requirement, row.case].filter(Boolean).join(' · ')
  const about = entry ? `<p>${markup(entry.summary)}<br>${markup(entry.zh ?? '')}</p>` : ''
  const verdicts = row.results.map(
    (one) => `<span class="verdict ${one?.verdict ?? ''}">${one?.verdict ?? 'not there'}</span>`,
  )
  const sides = row.results.map((result) => side(result, result && ladders.get(result)))
  return `<details><summary><b>${markup(name)}</b>: ${verdicts.join(' → ')}</summary>${about}<div class="runs">${sides.join('')}</div></details>`
}

function side(result: Result | undefined, ladder: string | undefined): string {
  if (!result) return '<div class="run quiet">not there 无</div>'
  const { because, verdict, scenario } = result
  return [
    `<div class="run"><span class="verdict ${verdict}">${verdict}</span> <span class="quiet">${markup(scenario)}</span>`,
    `<p>${markup(render(because))}<br>${markup(render(because, chinese))}</p>`,
    ladder ?? '',
    '</div>',
  ].join('')
}

/** For a spreadsheet. */
export function compareCsv(
  names: readonly string[],
  rows: readonly ChangedRow[],
  text: (one: Result | undefined) => string,
) {
  const lines = [
    ['change', 'requirement', 'case', ...names],
    ...rows.map((row) => [row.change, row.requirement, row.case, ...row.results.map(text)]),
  ]
  return `\ufeff${lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('')}`
}
