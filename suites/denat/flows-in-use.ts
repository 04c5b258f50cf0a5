import {
  type Claim,
  claim,
  type Evidence,
  type Frame,
  isOneHopOn,
  type Judgement,
  on,
  pios,
  prefixContains,
  requirement,
  the,
} from 'denat'
import { idleConnections, longFlows, rests } from '../scenarios/idle-connections.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { mixedAnswers, withPrefix } from '../scenarios/mixed-answers.ts'
import { answered } from '../shared/answered.ts'
import { flowInUse } from '../steps/flow-in-use.ts'
import { isStillOnline } from '../steps/still-online.ts'
import { lineCut, oldFlow, youngFlow } from '../steps/transit/loss-of-default-router.ts'

/** A packet of a flow, and what came of it on the other side of the router. */
interface Datagram {
  sent: Frame
  crossed: Frame | undefined
}

type Way = 'outward' | 'inward'

/** The datagrams of a flow in order, each way. */
function datagramsOf({ at, assume, lan, wan }: Evidence, name: string): Record<Way, Datagram[]> & { inside: string } {
  const { transport, near, far, inside } = at(flowInUse, (one) => one.name === name)
  assume(inside !== undefined, 'DENAT-GUA-1')
  const crossing = (from: 'lan' | 'wan'): Datagram[] => {
    const ports = from === 'lan' ? { srcPort: near, dstPort: far } : { srcPort: far, dstPort: near }
    const [toDut, fromDut] = from === 'lan' ? [lan.toDut, wan.fromDut] : [wan.toDut, lan.fromDut]
    const crossed = fromDut.all({ [transport]: ports })
    return toDut.all({ [transport]: ports }).map((sent) => ({
      sent,
      crossed: crossed.find((frame) => frame.at >= sent.at && isOneHopOn(frame, sent)),
    }))
  }
  return { inside: String(inside), outward: crossing('lan'), inward: crossing('wan') }
}

const ways: readonly Way[] = ['outward', 'inward']

/** One datagram may be lost; this number in a row is not. */
const inRow = 3

/** The last ones of a flow cross the router as its first did. */
function goesOn({ judge }: Evidence, way: Way, all: readonly Datagram[], expected: Claim): void {
  const first = all[0]?.sent
  const last = all.findLast(({ crossed }) => crossed)
  const lost = all.slice(last ? all.indexOf(last) + 1 : 0)
  if (!first) return
  judge.holds(
    lost.length < inRow,
    expected,
    claim`${the.name(way)}: the last forwarded packet was sent ${the.seconds((last?.sent.at ?? first.at) - first.at, 1)} after the first, and none of the ${lost.length} packets after it was forwarded`,
    first,
    ...(last?.crossed ? [last.crossed] : []),
    ...lost.slice(0, inRow).map(({ sent }) => sent),
  )
}

const outlastsTimeouts: Judgement = (evidence) => {
  const { at, given, judge } = evidence
  const { gone, mark } = at(lineCut)
  const [old, young] = [datagramsOf(evidence, oldFlow), datagramsOf(evidence, youngFlow)]
  const first = given(old.outward.find(({ crossed }) => crossed)?.crossed, 'DENAT-DEFAULT-1')
  for (const way of ways) {
    const undisturbed = old[way].filter(({ sent }) => sent.at < gone)
    const age = (undisturbed.at(-1)?.sent.at ?? first.at) - first.at
    goesOn(
      evidence,
      way,
      undisturbed,
      claim`The router forwards a UDP flow as long as it is in use (here ${the.seconds(age, 0)}).`,
    )
  }
  for (const way of ways) {
    // What ends young flows as well is the line's cut.
    given(young[way].slice(-inRow).find(({ crossed }) => crossed)?.crossed, 'DENAT-FLOW-INUSE')
    const age = (old[way].at(-1)?.sent.at ?? first.at) - first.at
    goesOn(
      evidence,
      way,
      old[way],
      claim`The router forwards the flow after ${the.seconds(age, 0)} as it forwards a newer one.`,
    )
  }
  judge.note(claim`The flow was in use for ${the.seconds(mark.at - first.at, 0)}.`, mark)
}

/** A new flow works at once; so does an old one. Seconds. */
const atOnce = 5

const outlastsCut: Judgement = (evidence) => {
  const { at, given, assume, judge, wan } = evidence
  const { down, up, control, advertised } = at(lineCut)
  const young = datagramsOf(evidence, youngFlow)
  for (const way of ways)
    given(young[way].find(({ sent, crossed }) => sent.at < down && crossed)?.crossed, 'DENAT-DEFAULT-1')
  const isSame =
    advertised &&
    pios(advertised).some((pio) => pio.validLifetime > 0 && prefixContains(pio.prefix, `${young.inside}/128`))
  const isBack = wan.fromDut.all({}).some((frame) => frame.at > up)
  assume(isSame === true, isBack ? 'RFC7084-G-5' : 'ROB-FLAP')
  const works = given(control, 'ROB-FLAP')
  for (const way of ways)
    judge.due(
      young[way].find(({ sent, crossed }) => sent.at > works.at && crossed)?.crossed,
      { after: works, seconds: atOnce },
      claim`A flow that was in use when the line was cut for ${the.seconds(up - down, 0)} continues (${the.name(way)}) with the same address and ports, as the prefix is the same and a new flow works.`,
    )
}

/** The longest time in which nothing crosses: from the first datagram that is lost to the next that is not. */
function longestGap(all: readonly Datagram[]): { seconds: number; lost?: Frame } {
  let gap: { seconds: number; lost?: Frame } = { seconds: 0 }
  let lost: Frame | undefined
  for (const [index, { sent, crossed }] of all.entries()) {
    if (!crossed) lost ??= sent
    if (!lost || (!crossed && index < all.length - 1)) continue
    const seconds = sent.at - lost.at
    if (seconds > gap.seconds) gap = { seconds, lost }
    lost = undefined
  }
  return gap
}

const noGap: Judgement = (evidence) => {
  const { given, judge } = evidence
  const { reply } = answered(evidence, 'two prefixes')
  const flow = datagramsOf(evidence, withPrefix)
  given(flow.outward.find(({ crossed }) => crossed)?.crossed, 'DENAT-DEFAULT-1')
  for (const way of ways) {
    const { seconds, lost } = longestGap(flow[way].filter(({ sent }) => sent.at > reply.at))
    judge.within(
      seconds,
      { min: 0, goal: 1, max: 3, why: claim`a rule of this project` },
      claim`While a second prefix is added, a flow on the first prefix has no long gap (${the.name(way)}).`,
      reply,
      ...(lost ? [lost] : []),
    )
  }
}

/** Together with idle connections. */
const isUsedForLong =
  (name: string): Judgement =>
  (evidence) => {
    const { given, judge } = evidence
    const flow = datagramsOf(evidence, name)
    const first = given(flow.outward.find(({ crossed }) => crossed)?.crossed, 'DENAT-DEFAULT-1')
    isStillOnline(evidence, `half-open, ${rests['half-open']} s`)
    for (const way of ways)
      goesOn(evidence, way, flow[way], claim`The router forwards a flow as long as it is in use: ${the.name(name)}.`)
    judge.note(
      claim`The flow was in use for ${the.seconds((flow.outward.at(-1)?.sent.at ?? first.at) - first.at, 0)}.`,
      first,
    )
  }

export const requirements = [
  requirement('DENAT-FLOW-INUSE', {
    'longer than any idle timeout': on(longSessions, outlastsTimeouts),
    'the line is cut': on(longSessions, outlastsCut),
    'a prefix is added': on(mixedAnswers, noGap),
    ...Object.fromEntries(longFlows.map((name) => [name, on(idleConnections, isUsedForLong(name))])),
  }),
]
