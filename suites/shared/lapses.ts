import {
  type Claim,
  carrier,
  claim,
  type Evidence,
  type Frame,
  factoryReset,
  isMarkOf,
  type LinkView,
  lineDown,
  lineUp,
  pageAnswered,
  pageAsked,
  powerCut,
  poweredOn,
  ra,
  rebooted,
  subscribed,
  the,
} from 'denat'
import { restarted } from '../scenarios/restart.ts'

/** An RA may be this late where another was sent just before it: MIN_DELAY_BETWEEN_RAS, and batches. Seconds. */
export const late = 5

/** What ends what RAs have said, or may keep one from being sent. */
const breaks = isMarkOf(
  ...[
    poweredOn,
    subscribed,
    powerCut,
    rebooted,
    restarted,
    factoryReset,
    pageAsked,
    pageAnswered,
    lineDown,
    lineUp,
    carrier,
  ],
)

/** Something that was said for so long, and that no RA had said again by then, though it went on. */
interface Lapse {
  said: Frame
  what: string
  seconds: number
  /** Where it is said again. */
  again: Frame | undefined
}

/** RAs to all: what a host that asks for nothing hears. */
const heardByAll = (link: LinkView): Frame[] => link.fromDut.all(ra({}, { ip6: { dst: 'ff02::1' } }))

/** What an RA says for a time, by name: seconds. */
export type Said = (frame: Frame) => Map<string, number>

interface Rule {
  claim: Claim
  saidBy: Said
  /** Whether there was more to say of it at this time. */
  goesOn(what: string, at: number): boolean
  /** What is said for less is not judged. Seconds. */
  least: number
  warns: boolean
}

/** Where one RA ends before another says the same, as far as nothing was in the way. */
function lapsesOf({ recording }: Evidence, link: LinkView, { saidBy, goesOn, least }: Rule) {
  const sent = heardByAll(link)
  const over = recording.frames.at(-1)?.at ?? 0
  const until = new Map<string, { said: Frame; end: number; seconds: number }>()
  const lapses: Lapse[] = []
  const isBroken = (from: number, to: number) =>
    recording.marks.some((mark) => breaks(mark) && mark.at >= from && mark.at <= to)
  const ended = (
    what: string,
    { said, end, seconds }: { said: Frame; end: number; seconds: number },
    again?: Frame,
  ) => {
    const at = again?.at ?? over
    if (at > end + late && seconds >= least && !isBroken(said.at, end + late) && goesOn(what, end + late))
      lapses.push({ said, what, seconds, again })
  }
  for (const frame of sent)
    for (const [what, seconds] of saidBy(frame)) {
      const before = until.get(what)
      if (before) ended(what, before, frame)
      if (seconds === 0) until.delete(what)
      else until.set(what, { said: frame, end: frame.at + seconds, seconds })
    }
  // What a later RA leaves out may be gone.
  for (const [what, one] of until) if (one.said === sent.at(-1)) ended(what, one)
  return { sent, lapses }
}

export function judgeLapses(evidence: Evidence, rule: Rule): void {
  const { claim: expected, warns } = rule
  const { judge, lan, notApplicable, recording } = evidence
  const all = lan.segments.map((link) => lapsesOf(evidence, link, rule))
  const first = all.flatMap(({ sent }) => sent)[0]
  if (!first) {
    notApplicable(claim`No RA is sent to all here.`, ...recording.frames.slice(0, 1))
    return
  }
  const lapse = all.flatMap(({ lapses }) => lapses)[0]
  const seen = lapse
    ? claim`${the.name(lapse.what)}, said for ${the.seconds(lapse.seconds)}, ends; the next RA to all that has it ${lapse.again ? claim`comes after ${the.seconds(lapse.again.at - lapse.said.at, 0)}` : claim`does not come`}`
    : claim``
  const looked: [Frame, ...Frame[]] = [lapse?.said ?? first, ...(lapse?.again ? [lapse.again] : [])]
  if (warns) judge.goal(lapse === undefined, expected, seen, ...looked)
  else judge.holds(lapse === undefined, expected, seen, ...looked)
}
