import {
  type Claim,
  carrier,
  claim,
  type Evidence,
  echoReply,
  echoRequest,
  type Frame,
  interruptionsOf,
  invariant,
  isMarkOf,
  ispAnswers,
  ispChanged,
  type Look,
  lineDown,
  lineUp,
  type Mark,
  type Pattern,
  the,
} from 'denat'
import { apart, canary } from '../steps/canaries.ts'
import { leftLan, pluggedIn, unplugged } from '../steps/stations.ts'

const canaries = ({ every }: Evidence) => every(canary)

type Canary = ReturnType<typeof canaries>[number]

/** A question of a flow, and the answer that came before the next. */
interface Round {
  question: Frame
  answer: Frame | undefined
}

function patternsOf({ kind, inside, outside, near, far }: Canary): { question: Pattern; answer: Pattern } {
  const out = { src: inside, dst: outside }
  const back = { src: outside, dst: inside }
  if (kind === 'echo')
    return { question: echoRequest({ id: near }, { ip6: out }), answer: echoReply({ id: near }, { ip6: back }) }
  const transport = kind === 'TCP' ? 'tcp' : 'udp'
  const outward = { ip6: out, [transport]: { srcPort: near, dstPort: far } }
  const inward = { ip6: back, [transport]: { srcPort: far, dstPort: near } }
  return kind === 'pinhole' ? { question: inward, answer: outward } : { question: outward, answer: inward }
}

function roundsOf({ lan, wan }: Evidence, flow: Canary): Round[] {
  const { question, answer } = patternsOf(flow)
  const on = flow.kind === 'pinhole' ? wan : lan
  const questions = on.toDut.all(question)
  const answers = on.fromDut.all(answer)
  return questions.map((asked, index) => {
    const next = questions[index + 1]?.number ?? Number.POSITIVE_INFINITY
    return { question: asked, answer: answers.find(({ number }) => number > asked.number && number < next) }
  })
}

/** A flow may lose a packet; this number of requests in a row is no such loss, while a request of a newer flow is answered each time. */
const inRow = 3

/** A line that is down for longer may cost the router its flows. Seconds. */
const longestCut = 10

/** What may end flows: the router restarts, its filter settings change, or the line is down for long. */
function endsOf({ recording, every }: Evidence): Mark[] {
  const ups = every(lineUp).map(({ mark }) => mark.at)
  const longCuts = every(lineDown)
    .map(({ mark }) => mark)
    .filter(({ at }) => (ups.find((up) => up > at) ?? Number.POSITIVE_INFINITY) - at > longestCut)
  return [...interruptionsOf(recording), ...longCuts]
}

interface LostFlow {
  last: Frame
  lost: Frame[]
  young: Frame[]
}

/** The flow is answered no more, while a younger one of its kind from its address is. */
function lostFlowOf(evidence: Evidence, flow: Canary, all: readonly Canary[]): LostFlow | undefined {
  const ends = endsOf(evidence)
  const rounds = roundsOf(evidence, flow)
  const young = all.filter(({ of }) => of === flow.flow).flatMap((one) => roundsOf(evidence, one))
  const begun = flow.mark.at
  for (const [index, { answer: last }] of rounds.entries()) {
    if (!last) continue
    const next = rounds.findIndex(({ answer }, later) => later > index && answer)
    const lost = rounds.slice(index + 1, next < 0 ? undefined : next).map(({ question }) => question)
    // Right after each question of the old flow comes one of the young.
    const younger = lost.map(({ number, at }) =>
      young.find(({ question, answer }) => answer && question.number > number && question.at < at + apart),
    )
    const at = younger.findIndex((_, nth) => younger.slice(nth, nth + inRow).filter(Boolean).length === inRow)
    const end = at < 0 ? undefined : lost[at + inRow - 1]
    if (!end || ends.some((one) => one.at > begun && one.at < end.at)) continue
    const shown = [at, at + inRow] as const
    return { last, lost: lost.slice(...shown), young: younger.slice(...shown).flatMap((one) => one?.answer ?? []) }
  }
  return undefined
}

/** Changes of the line, of the ISP and of the LAN. */
const isEvent = isMarkOf(lineDown, lineUp, carrier, ispChanged, ispAnswers, pluggedIn, unplugged, leftLan)

/** What happened last before the first question without an answer. */
function eventBefore({ recording, wan, lan }: Evidence, { last, lost }: LostFlow): { clause: Claim; look?: Look } {
  const [first] = lost
  const between = ({ at }: Look) => at > last.at && (!first || at <= first.at)
  const messages = [wan.toDut, lan.toDut]
    .flatMap((query) => [...query.all({ dhcp6: {} }), ...query.all({ icmp6: { type: 'router-advertisement' } })])
    .filter(between)
  const acts = recording.marks.filter((one) => between(one) && isEvent(one))
  const event = [...messages, ...acts].sort((a, b) => a.at - b.at).at(-1)
  if (!event) return { clause: claim`` }
  return { clause: claim`, after ${'bytes' in event ? the.packet(event.packet) : the.name(event.mark)}`, look: event }
}

export const requirements = [
  invariant('DENAT-FLOW-EVENTS', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const all = canaries(evidence)
    const old = all.filter(({ of }) => of === undefined)
    const [any] = recording.frames
    if (old.length === 0)
      return notApplicable(claim`This recording has no flow that stays in use.`, ...(any ? [any] : []))
    for (const flow of old) {
      const { kind, inside, mark } = flow
      const loss = lostFlowOf(evidence, flow, all)
      const expected = claim`A flow in use (${the.name(kind)}, ${the.address(inside)}) continues as long as its address is in use and a new flow from this address works.`
      if (!loss) {
        const last = roundsOf(evidence, flow).findLast(({ answer }) => answer)?.answer
        judge.met(expected, mark, ...(last ? [last] : []))
        continue
      }
      const { clause, look } = eventBefore(evidence, loss)
      judge.holds(
        false,
        expected,
        claim`none of ${inRow} requests is answered${clause}, while each time a request of a newer flow is answered`,
        loss.last,
        ...(look ? [look] : []),
        ...loss.lost,
        ...loss.young,
      )
    }
  }),
]
