import {
  carrier,
  claim,
  type Evidence,
  type Frame,
  interruptionsOf,
  invariant,
  isUla,
  type LinkView,
  lineDown,
  lineUp,
  pios,
  prefixContains,
  ra,
  raUpdate,
  the,
} from 'denat'
import { type Grant, grantsIn } from '../shared/grants.ts'

/** A router processes a Reply at once or some seconds later, and its RAs are at least 3 s apart. Seconds. */
const inTime = 8

/** What hosts know of a prefix of the line by one RA. */
interface Advertised {
  frame: Frame
  prefix: string
  until: number
}

/** No other host receives a packet that is sent to one host. */
const advertisedOn = ({ fromDut }: LinkView): Advertised[] =>
  fromDut
    .all(ra({}, { ip6: { dst: 'ff02::1' } }))
    .flatMap((frame) =>
      pios(frame).flatMap(({ prefix, preferredLifetime }) =>
        preferredLifetime > 0 && !isUla(prefix.split('/')[0] ?? '')
          ? [{ frame, prefix, until: frame.at + preferredLifetime }]
          : [],
      ),
    )

/** Events after which a router need not advertise as before: it is off, has other settings, or has no line. */
const interruptions = ({ recording, every }: Evidence): number[] =>
  [
    ...interruptionsOf(recording),
    ...every(lineDown).map(({ mark }) => mark),
    ...every(lineUp).map(({ mark }) => mark),
    ...every(carrier).map(({ mark }) => mark),
  ].map(({ at }) => at)

/** A Reply that extends this prefix early enough, where none has ended it until hosts believe that it ends. */
function extension(grants: readonly Grant[], { frame, prefix, until }: Advertised): Grant | undefined {
  const isExtended = (one: Grant) => prefixContains(one.prefix, prefix) && one.preferredUntil > until + raUpdate.goal
  const last = grants.findLast(({ reply }) => reply.at <= until)?.reply
  if (!grants.some((one) => one.reply === last && isExtended(one))) return undefined
  return grants.find((one) => one.reply.at > frame.at && one.reply.at + inTime <= until && isExtended(one))
}

export const requirements = [
  invariant('DENAT-RA-REFRESH', (evidence) => {
    const { judge, lan, recording, notApplicable } = evidence
    const grants = grantsIn(evidence)
    const ends = recording.frames.at(-1)?.at ?? 0
    const interrupted = interruptions(evidence)
    const isUndisturbed = ({ frame, until }: Advertised) =>
      until < ends && !interrupted.some((at) => at > frame.at && at < until)
    let looked = false
    for (const link of lan.segments) {
      const all = advertisedOn(link)
      for (const prefixOnLan of all.filter(isUndisturbed)) {
        const { frame, prefix, until } = prefixOnLan
        const extended = extension(grants, prefixOnLan)
        if (!extended) continue
        looked = true
        const next = all.find((one) => one.prefix === prefix && one.frame.at > frame.at && one.frame.at <= until)
        judge.goal(
          next !== undefined,
          claim`While ${the.prefix(extended.prefix)} is preferred, its assigned prefix on ${the.name(link.name)} is preferred too: an RA refreshes it before the preferred lifetime of the last RA ends.`,
          claim`the preferred lifetime of ${the.prefix(prefix)} ends on hosts ${the.seconds(until - frame.at, 0)} after this RA and ${the.seconds(until - extended.reply.at, 1)} after the Reply that extends it, with no RA in between`,
          frame,
          extended.reply,
          ...(next ? [next.frame] : []),
        )
      }
    }
    if (!looked)
      notApplicable(
        claim`In this recording no preferred lifetime of a prefix that is extended ends.`,
        ...recording.frames.slice(0, 1),
      )
  }),
]
