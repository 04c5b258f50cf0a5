import type { Frame, Mark, Recording, World } from '../recording/recording.ts'
import { describe } from '../wire/describe.ts'
import { count, markup, plain } from './text.ts'

/** Shown before and after each deciding frame. */
const neighbors = 2
const mostDeciding = 40
const mostMarks = 30

type Row =
  | { kind: 'frame'; frame: Frame; deciding: boolean }
  | { kind: 'mark'; mark: Mark }
  | { kind: 'gap'; frames: number }

export interface Way {
  wan: string
  lan: string
  /** Which of the two cells next to the DUT has an arrow, and its direction. */
  wanArrow: string
  lanArrow: string
}

const isWan = (port: string) => port.startsWith('wan')

const isMulticast = (mac: string) => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1

/** The station's role where the world knows its address. */
function stationOf(mac: string, world: World): string {
  const known = Object.entries(world.stations).find(([, station]) => station.mac === mac)
  return known?.[0] ?? (isMulticast(mac) ? 'all' : mac)
}

/** Sender and receiver, with the WAN on the left and the LAN on the right of the DUT. */
export function wayOf(frame: Frame, world: World): Way {
  const outward = frame.direction === 'in'
  const { src, dst } = frame.packet.eth
  // A frame of the bench's that comes out of the DUT was bridged by it.
  const bridged = outward && frame.from === 'bench'
  const station = bridged ? `bridged from ${stationOf(src, world)}` : stationOf(outward ? dst : src, world)
  const arrow = (toTheLeft: boolean) => (toTheLeft ? '◀──' : '──▶')
  return isWan(frame.port)
    ? { wan: station, wanArrow: arrow(outward), lanArrow: '', lan: '' }
    : { wan: '', wanArrow: '', lanArrow: arrow(!outward), lan: station }
}

/** The deciding frames with their neighbors, what the bench did meanwhile, and how much lies between. */
export function rowsOf(recording: Recording, deciding: readonly number[]): Row[] {
  const shown = new Map<number, boolean>()
  for (const number of deciding.slice(0, mostDeciding)) {
    for (let near = number - neighbors; near <= number + neighbors; near++) shown.set(near, shown.get(near) ?? false)
    shown.set(number, true)
  }
  const numbers = [...shown.keys()].filter((number) => recording.frames[number - 1]).sort((a, b) => a - b)
  const [first = 0] = numbers
  const last = numbers.at(-1) ?? 0
  const marks = recording.marks.filter((mark) => mark.number >= first && mark.number <= last)
  // Judged by what the bench read off the wire, such as a web page.
  if (numbers.length === 0) return recording.marks.slice(0, mostMarks).map((mark) => ({ kind: 'mark', mark }))
  const rows: Row[] = []
  let before = 0
  let marksShown = 0
  const marksUpTo = (number: number) => {
    for (const mark of marks.slice(marksShown)) {
      if (mark.number >= number) return
      if (marksShown++ < mostMarks) rows.push({ kind: 'mark', mark })
    }
  }
  for (const number of numbers) {
    const frame = recording.frames[number - 1] as Frame
    marksUpTo(number)
    if (number > before + 1) rows.push({ kind: 'gap', frames: number - before - 1 })
    rows.push({ kind: 'frame', frame, deciding: shown.get(number) === true })
    before = number
  }
  marksUpTo(last + 1)
  const after = recording.frames.length - before
  if (after > 0) rows.push({ kind: 'gap', frames: after })
  return rows
}

/** Rows are grids, so that in a narrow frame the packet goes under its arrow. */
export const ladderStyle = `
body{font:13px/1.4 system-ui,"Segoe UI",Helvetica,Arial,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:8px;color:#222;background:#fff}
p{margin:0 0 8px}table,thead,tbody{display:block}
tr{display:grid;grid-template-columns:3em 5em 3.2em 7em 2.2em 3em 2.2em 7em minmax(16em,1fr);column-gap:6px;padding:3px 6px;border-bottom:1px solid #e6e6e6;border-left:4px solid transparent}
td,th{padding:0;text-align:left;font-weight:400;overflow-wrap:anywhere}thead tr{font-size:12px;color:#666;border-bottom:2px solid #999}
.n,.t,.w{text-align:right}.n,.t{font-variant-numeric:tabular-nums}.a,.d{text-align:center}.a{color:#1a6fb5;white-space:nowrap}
tbody .d{background:#e4eaf1;font-weight:600}.what{font:12px/1.45 ui-monospace,Menlo,Consolas,monospace}
.deciding{background:#fff6d6;border-left-color:#d99b00}.deciding .d{background:#f3e3a4}.deciding .n{font-weight:700}
.near td{opacity:.55}.gap td{grid-column:1/-1;text-align:center;color:#777;font-style:italic}
.mark{color:#5b3f8c;background:#f5f1fb}.mark .what{grid-column:3/-1}
.c{display:block;color:#7a4b00;font:12px/1.45 system-ui,sans-serif}
@media (max-width:900px){tr{grid-template-columns:3em 5em 3.2em 1fr 2.2em 3em 2.2em 1fr}.what{grid-column:3/-1}.mark .what,thead .what{grid-column:3/-1}thead .what{display:none}}
`.replaceAll('\n', '')

const withFrames =
  'The frames that decide the verdict are highlighted, the pale ones precede or follow them; frame numbers are those of Wireshark.'
const withoutFrames = 'No frame decides the verdict: these are the actions and observations of the bench.'

/** A page that stands alone: the frames that decided, as a ladder between the bench and the DUT. */
export const ladder = (...shown: Parameters<typeof ladderTable>): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Packet ladder</title>',
    `<style>${ladderStyle}</style></head><body>`,
    ladderTable(...shown),
    '</body></html>',
  ].join('\n')

/** The ladder alone, for a page that has the style. */
export function ladderTable(
  recording: Recording,
  deciding: readonly number[],
  comments: Readonly<Record<number, string>> = {},
): string {
  const rows = rowsOf(recording, deciding).map((row) => {
    if (row.kind === 'gap') return `<tr class="gap"><td>${count(row.frames, 'frame')} not shown</td></tr>`
    return row.kind === 'mark'
      ? markRow(row.mark)
      : frameRow(row.frame, row.deciding, comments[row.frame.number], recording.world)
  })
  const cut = deciding.length - mostDeciding
  return [
    `<p>Scenario <b>${markup(recording.scenario)}</b>. ${deciding.length > 0 ? withFrames : withoutFrames} `,
    'Times are seconds since the start of the recording.</p>',
    cut > 0 ? `<p>${count(cut, 'more deciding frame')} not shown: see the capture.</p>` : '',
    '<table><thead><tr><th class="n">frame</th><th class="t">time</th><th>port</th><th class="w">WAN side</th><th></th>',
    '<th class="d">DUT</th><th></th><th>LAN side</th><th class="what">packet</th></tr></thead><tbody>',
    ...rows,
    '</tbody></table>',
  ].join('\n')
}

function frameRow(frame: Frame, deciding: boolean, comment: string | undefined, world: World): string {
  const way = wayOf(frame, world)
  const comments = [deciding ? comment : undefined, frame.comment].filter((text) => text !== undefined)
  return [
    `<tr class="${deciding ? 'deciding' : 'near'}"><td class="n">${frame.number}</td><td class="t">${frame.at.toFixed(3)}</td>`,
    `<td>${markup(frame.port)}</td><td class="w">${markup(way.wan)}</td><td class="a">${way.wanArrow}</td><td class="d">DUT</td>`,
    `<td class="a">${way.lanArrow}</td><td class="l">${markup(way.lan)}</td><td class="what">${markup(describe(frame.packet))}`,
    ...comments.map((text) => `<span class="c">${markup(text)}</span>`),
    '</td></tr>',
  ].join('')
}

function markRow({ at, mark, data }: Mark): string {
  const details = data && Object.keys(data).length > 0 ? ` ${plain(JSON.stringify(data), 300)}` : ''
  return `<tr class="mark"><td></td><td class="t">${at.toFixed(3)}</td><td class="what">bench: ${markup(mark + details)}</td></tr>`
}
