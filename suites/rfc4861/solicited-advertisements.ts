import {
  carrier,
  claim,
  type Evidence,
  type Frame,
  type Judgement,
  type LinkView,
  on,
  ra,
  raAnswer,
  raOf,
  requirement,
  rs,
  the,
} from 'denat'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import { quiet, quietLan, quietOver } from '../scenarios/quiet-lan.ts'
import { toAll } from '../shared/multicast-advertisements.ts'
import { initial, initialAdvertised } from '../steps/evening/lan-services.ts'
import {
  attempts,
  invalidSolicitation,
  invalidSolicitations,
  soundSolicitation,
  tenSolicitations,
} from '../steps/evening/solicitations.ts'

/** How far a measured gap may lie beyond what the clause says. Seconds. */
const slack = 1

const minRtrAdvInterval = 3

const judgePeriodic: Judgement = ({ lan, judge, given, at }) => {
  const { mark: since } = at(quiet)
  const { solicited, answer } = at(quietOver)
  const link = lan.of('host')
  const before = given(link.fromDut.last(toAll, { before: since }), 'RFC7084-L-1')
  const end = given(solicited, 'RFC7084-L-1')
  const sent = [before, ...link.fromDut.all(toAll, { after: since, before: end })]
  judge.holds(
    sent.length > 1,
    claim`An RA to all comes of its own accord within 1800 s, the longest MaxRtrAdvInterval.`,
    claim`none came`,
    since,
    ...(answer ? [answer] : []),
  )
  const gaps = sent.slice(1).map((frame, index) => frame.at - (sent[index] as Frame).at)
  judge.within(
    Math.min(...gaps),
    { min: minRtrAdvInterval - slack / 10, max: 1800 + slack, why: claim`MinRtrAdvInterval is 3 s at the least` },
    claim`They keep their distance.`,
    ...(sent as [typeof before]),
  )
  const { routerLifetime } = raOf(before)
  judge.holds(
    routerLifetime === 0 || Math.max(...gaps) <= routerLifetime + slack,
    claim`No gap is longer than the Router Lifetime of ${the.seconds(routerLifetime)}, which is MaxRtrAdvInterval at the least.`,
    claim`${the.seconds(Math.max(...gaps), 0)}`,
    ...sent,
  )
}

const { maxRaDelay, minDelayBetweenRas, processing } = raAnswer

/** Of the bench. Seconds. */
const jitter = 0.1

/** Until when a multicast RA may be the answer to what was asked then: it keeps its distance from the one before. */
function answerDue(link: LinkView, question: Frame): number {
  const before = link.fromDut.last(toAll, { before: question })
  const apart = before ? before.at + minDelayBetweenRas : 0
  return Math.max(question.at, apart) + maxRaDelay + processing / 2
}

/** RAs to all that come so soon after another, though nobody has asked for so long. Seconds. */
const often = 10

/** More than the initial ones (RFC 4861 section 6.2.4). */
const many = 6

/** Whether its own schedule, of MaxRtrAdvInterval 4 s at the least, looks like answers. */
function advertisesOften(link: LinkView): boolean {
  const sent = link.fromDut.all(toAll)
  const unasked = sent.filter((frame, index) => {
    const before = sent[index - 1]
    const question = link.toDut.last(rs(), { before: frame })
    return before && frame.at - before.at <= often && (!question || frame.at > answerDue(link, question))
  })
  return unasked.length >= many
}

const isNotAnswered =
  (name: string): Judgement =>
  ({ lan, judge, given, at, every, notApplicable }) => {
    const link = lan.of('host')
    at(invalidSolicitation, (one) => one.name === name)
    const questions = every(invalidSolicitation).flatMap((one) => (one.name === name ? (one.question ?? []) : []))
    const fence = given(at(soundSolicitation).answer, 'RFC7084-L-1')
    const answers = questions.map((question) => {
      const asker = question.packet.ip6?.src
      const alone =
        asker === '::'
          ? undefined
          : link.fromDut.first(ra({}, { ip6: { dst: asker } }), { after: question, before: fence })
      const shared = link.fromDut.first(toAll, { after: question })
      return { alone, shared: shared && shared.at <= answerDue(link, question) ? shared : undefined }
    })
    const expected = claim`A Router Solicitation with ${the.name(name)} is not answered.`
    const own = answers.flatMap(({ alone }) => alone ?? [])
    const [first] = questions as [Frame, ...Frame[]]
    judge.absent(own, expected, { fence, since: first })
    const doubtful = answers.flatMap(({ shared }) => shared ?? [])
    if (doubtful.length >= attempts && advertisesOften(link))
      return notApplicable(claim`By itself it tells all every few seconds: an answer is not told apart.`, ...doubtful)
    judge.holds(
      doubtful.length < attempts,
      claim`An RA to all may come by chance soon after such a solicitation, but not after each of ${attempts}.`,
      claim`an RA to all after each of ${questions.length} such solicitations`,
      ...questions,
      ...doubtful,
    )
  }

/** The first of ten Router Solicitations. */
const firstOfMany = ({ at, given }: Evidence): Frame => given(at(tenSolicitations).more[0], 'RFC7084-L-1')

const isAnsweredInTime: Judgement = (evidence) => {
  const { lan, judge, at } = evidence
  const link = lan.of('host')
  const asked = firstOfMany(evidence)
  const recent = link.fromDut.last(toAll, { before: asked })
  const held = recent && asked.at - recent.at < minDelayBetweenRas
  const limit = maxRaDelay + (held ? minDelayBetweenRas : 0)
  judge.due(
    link.fromDut.seek(ra(), { after: asked }),
    { after: asked, seconds: limit + processing },
    claim`Of ${at(tenSolicitations).more.length} Router Solicitations within a second one at least is answered.`,
  )
}

const areApart: Judgement = (evidence) => {
  const { lan, judge, given, at } = evidence
  const link = lan.of('host')
  const asked = firstOfMany(evidence)
  given(link.fromDut.first(ra(), { after: asked }), 'RFC7084-L-1')
  // A daemon that restarts with each change sends a final RA and an initial one; meanwhile nothing changes.
  const over = at(tenSolicitations).mark
  const before = link.fromDut.last(toAll, { before: at(soundSolicitation).mark })
  const sent = [...(before ? [before] : []), ...link.fromDut.all(toAll, { after: before ?? asked, before: over })]
  const answers = link.fromDut.all(ra(), { after: asked }).filter((frame) => frame.at < asked.at + 5)
  judge.note(claim`${answers.length} RAs in the 5 s after it.`, asked)
  const [close, next] = closest(sent)
  if (!close || !next) return judge.holds(true, claim`No two RAs were sent to all.`, claim``, asked)
  judge.within(
    next.at - close.at,
    {
      min: minDelayBetweenRas - jitter,
      max: Number.POSITIVE_INFINITY,
      why: claim`MIN_DELAY_BETWEEN_RAS (RFC 4861 section 6.2.6)`,
    },
    claim`RAs to all keep their distance.`,
    close,
    next,
  )
}

/** The two that follow closest upon each other. */
function closest(frames: readonly Frame[]): readonly Frame[] {
  let pair: readonly Frame[] = []
  for (const [index, frame] of frames.entries()) {
    const next = frames[index + 1]
    if (!next) break
    const [a, b] = pair
    if (!a || !b || next.at - frame.at < b.at - a.at) pair = [frame, next]
  }
  return pair
}

function judgeInitial({ lan, judge, at, given, every }: Evidence): void {
  const link = lan.of('host')
  const over = at(initialAdvertised).mark
  const sent = link.fromDut.all(toAll, { before: over })
  const first = given(sent[0], 'RFC7084-L-1')
  // While a port that was up has no carrier an RA is lost, which counts for the router.
  const ups = every(carrier).filter((one) => one.up && one.port === link.ports[0] && one.mark.at < over.at)
  const lost = Math.max(0, ups.length - 1)
  for (let n = 1, last = first; n < initial.advertisements - lost; n++) {
    const next = sent[n]
    judge.holds(
      next !== undefined && next.at - last.at <= initial.interval + processing,
      claim`RA ${n + 1} to all comes within 16 s of the one before (MAX_INITIAL_RTR_ADVERT_INTERVAL).`,
      next ? claim`${the.seconds(next.at - last.at, 1)}` : claim`none came`,
      last,
      ...(next ? [next] : []),
    )
    if (!next) return
    last = next
  }
}

export const requirements = [
  requirement(
    'RFC4861-6.1.1-RSVALID',
    Object.fromEntries(invalidSolicitations.map((name) => [name, on(lanServicesAsked, isNotAnswered(name))])),
  ),

  requirement('RFC4861-6.2.6-RSRATE', {
    'answered in time': on(lanServicesAsked, isAnsweredInTime),
    'multicast RAs apart': on(lanServicesAsked, areApart),
  }),

  requirement('RFC4861-6.2.4-INTERVAL', {
    initial: on(lanServicesAsked, judgeInitial, { level: 'SHOULD' }),
    periodic: on(quietLan, judgePeriodic),
  }),
]
