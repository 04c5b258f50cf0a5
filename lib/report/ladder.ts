import type { Frame, Mark, Recording, World } from '../recording/recording.ts'
import { describe } from '../wire/describe.ts'
import { count, markup, plain } from './text.ts'

/** Shown before and after each deciding frame. */
const neighbours = 2
const mostDeciding = 40
const mostMarks = 30

type Row =
  | { kind: 'frame'; frame: Frame; deciding: boolean }
  | { kind: 'mark'; mark: Mark }
  | { kind: 'gap'; frames: number }

export interface Way {
  wan: string
  lan: string
  /** Which of the two cells beside the DUT has an arrow, and which way it points. */
  wanArrow: string
  lanArrow: string
}

const isWan = (port: string) => port.startsWith('wan')

/** The station's role where the world knows its address, else the port that the frame was seen on. */
function stationOf(mac: string, port: string, world: World): string {
  const known = Object.entries(world.stations).find(([, station]) => station.mac === mac)
  return known?.[0] ?? port
}

/** Who sent it to whom, drawn with the WAN on the left and the LAN on the right of the DUT. */
export function wayOf(frame: Frame, world: World): Way {
  const outward = frame.direction === 'in'
  const { src, dst } = frame.packet.eth
  // A frame of the bench's that comes out of the DUT was bridged by it.
  const bridged = outward && frame.from === 'bench'
  const who = bridged
    ? `${frame.port} (bridged from ${stationOf(src, 'bench', world)})`
    : stationOf(outward ? dst : src, frame.port, world)
  const arrow = (toTheLeft: boolean) => (toTheLeft ? '◀──' : '──▶')
  return isWan(frame.port)
    ? { wan: who, wanArrow: arrow(outward), lanArrow: '', lan: '' }
    : { wan: '', wanArrow: '', lanArrow: arrow(!outward), lan: who }
}

/** The deciding frames with their neighbours, what the bench did meanwhile, and how much lies between. */
export function rowsOf(recording: Recording, deciding: readonly number[]): Row[] {
  const shown = new Map<number, boolean>()
  for (const number of deciding.slice(0, mostDeciding)) {
    for (let near = number - neighbours; near <= number + neighbours; near++) shown.set(near, shown.get(near) ?? false)
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

const style = `
body{font:13px/1.45 system-ui,"Segoe UI",Helvetica,Arial,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:12px;color:#222;background:#fff}
p{margin:0 0 8px}table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;border-bottom:2px solid #888;padding:3px 8px;white-space:nowrap}
td{padding:3px 8px;vertical-align:top;border-bottom:1px solid #eee}
.n,.t{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.w{text-align:right;white-space:nowrap}.l{white-space:nowrap}.a{white-space:nowrap;color:#1a6fb5;font-family:monospace;padding:3px 0}
.d{background:#eef2f7;text-align:center;font-weight:600}.what{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;overflow-wrap:anywhere}
.deciding td{background:#fff6d6}.deciding .d{background:#f3e3a4}.deciding .n{font-weight:700;border-left:4px solid #d99b00}
.near{color:#888}.near .a{color:#a9c3d8}.gap td,.mark td{text-align:center;color:#777;font-style:italic;background:#fafafa}
.mark td{color:#5b3f8c;background:#f5f1fb;text-align:left}.c{display:block;color:#7a4b00;font-family:system-ui,sans-serif}
`.replaceAll('\n', '')

/** A page that stands alone: the frames that decided, as a ladder between the bench and the DUT. */
export function ladder(
  recording: Recording,
  deciding: readonly number[],
  comments: Readonly<Record<number, string>> = {},
): string {
  const rows = rowsOf(recording, deciding).map((row) => {
    if (row.kind === 'gap') return `<tr class="gap"><td colspan="9">${count(row.frames, 'frame')} not shown</td></tr>`
    return row.kind === 'mark'
      ? markRow(row.mark)
      : frameRow(row.frame, row.deciding, comments[row.frame.number], recording.world)
  })
  const cut = deciding.length - mostDeciding
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Packet ladder</title>',
    `<style>${style}</style></head><body>`,
    `<p>Scenario <b>${markup(recording.scenario)}</b>. The frames that decided are marked; the pale ones are their neighbours. `,
    'Numbers are those of the scenario’s capture as Wireshark counts; times are seconds since the recording began.</p>',
    cut > 0 ? `<p>${count(cut, 'more deciding frame')} not drawn: see the capture.</p>` : '',
    '<table><thead><tr><th>Frame</th><th>Time</th><th>Port</th><th class="w">WAN side</th><th></th><th class="d">DUT</th><th></th>',
    '<th>LAN side</th><th>Packet</th></tr></thead><tbody>',
    ...rows,
    '</tbody></table></body></html>',
  ].join('\n')
}

function frameRow(frame: Frame, deciding: boolean, comment: string | undefined, world: World): string {
  const way = wayOf(frame, world)
  const said = [deciding ? comment : undefined, frame.comment].filter((text) => text !== undefined)
  return [
    `<tr class="${deciding ? 'deciding' : 'near'}"><td class="n">${frame.number}</td><td class="t">${frame.at.toFixed(3)}</td>`,
    `<td>${markup(frame.port)}</td><td class="w">${markup(way.wan)}</td><td class="a">${way.wanArrow}</td><td class="d">DUT</td>`,
    `<td class="a">${way.lanArrow}</td><td class="l">${markup(way.lan)}</td><td class="what">${markup(describe(frame.packet))}`,
    ...said.map((text) => `<span class="c">${markup(text)}</span>`),
    '</td></tr>',
  ].join('')
}

function markRow({ at, mark, data }: Mark): string {
  const details = data && Object.keys(data).length > 0 ? ` ${plain(JSON.stringify(data), 300)}` : ''
  return `<tr class="mark"><td></td><td class="t">${at.toFixed(3)}</td><td colspan="7">bench: ${markup(mark + details)}</td></tr>`
}
