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

/** An RA may be this late where another was sent shortly before it: MIN_DELAY_BETWEEN_RAS, and batches. Seconds. */
export const late = 5

/** What ends the information in RAs, or may prevent an RA. */
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

/** Information with a lifetime that ended before an RA contained it again, although it continued. */
interface Lapse {
  sent: Frame
  what: string
  seconds: number
  /** The next RA that contains it. */
  again: Frame | undefined
}

/** Multicast RAs: what a host receives that sends no Router Solicitation. */
const sentToAll = (link: LinkView): Frame[] => link.fromDut.all(ra({}, { ip6: { dst: 'ff02::1' } }))

/** The information in an RA that has a lifetime, by name: seconds. */
export type Lifetimes = (frame: Frame) => Map<string, number>

interface Rule {
  claim: Claim
  lifetimesIn: Lifetimes
  /** Whether the router still had this information at this time. */
  goesOn(what: string, at: number): boolean
  /** A shorter lifetime is not judged. Seconds. */
  least: number
  warns: boolean
}

/** Where the lifetime in one RA ends before another RA contains the same, if no event explains it. */
function lapsesOf({ recording }: Evidence, link: LinkView, { lifetimesIn, goesOn, least }: Rule) {
  const sent = sentToAll(link)
  const over = recording.frames.at(-1)?.at ?? 0
  const until = new Map<string, { sent: Frame; end: number; seconds: number }>()
  const lapses: Lapse[] = []
  const isBroken = (from: number, to: number) =>
    recording.marks.some((mark) => breaks(mark) && mark.at >= from && mark.at <= to)
  const ended = (
    what: string,
    { sent, end, seconds }: { sent: Frame; end: number; seconds: number },
    again?: Frame,
  ) => {
    const at = again?.at ?? over
    if (at > end + late && seconds >= least && !isBroken(sent.at, end + late) && goesOn(what, end + late))
      lapses.push({ sent, what, seconds, again })
  }
  for (const frame of sent)
    for (const [what, seconds] of lifetimesIn(frame)) {
      const before = until.get(what)
      if (before) ended(what, before, frame)
      if (seconds === 0) until.delete(what)
      else until.set(what, { sent: frame, end: frame.at + seconds, seconds })
    }
  // What a later RA does not contain may have been removed.
  for (const [what, one] of until) if (one.sent === sent.at(-1)) ended(what, one)
  return { sent, lapses }
}

export function judgeLapses(evidence: Evidence, rule: Rule): void {
  const { claim: expected, warns } = rule
  const { judge, lan, notApplicable, recording } = evidence
  const all = lan.segments.map((link) => lapsesOf(evidence, link, rule))
  const first = all.flatMap(({ sent }) => sent)[0]
  if (!first) {
    notApplicable(claim`The router sends no multicast RA in this recording.`, ...recording.frames.slice(0, 1))
    return
  }
  const lapse = all.flatMap(({ lapses }) => lapses)[0]
  const seen = lapse
    ? lapse.again
      ? claim`${the.name(lapse.what)} has a lifetime of ${the.seconds(lapse.seconds)}; the next multicast RA that contains it is sent after ${the.seconds(lapse.again.at - lapse.sent.at, 0)}`
      : claim`${the.name(lapse.what)} has a lifetime of ${the.seconds(lapse.seconds)}; no later multicast RA contains it`
    : claim``
  const looked: [Frame, ...Frame[]] = [lapse?.sent ?? first, ...(lapse?.again ? [lapse.again] : [])]
  if (warns) judge.goal(lapse === undefined, expected, seen, ...looked)
  else judge.holds(lapse === undefined, expected, seen, ...looked)
}
