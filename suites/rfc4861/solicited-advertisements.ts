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
import { longSessions } from '../scenarios/long-sessions.ts'
import { quiet, quietLan, quietOver } from '../scenarios/quiet-lan.ts'
import { toAll } from '../shared/multicast-advertisements.ts'
import {
  attempts,
  fromUnspecified,
  initial,
  initialAdvertised,
  invalidSolicitation,
  invalidSolicitations,
  tenSolicitations,
  validSolicitation,
} from '../steps/lan-services/solicitations.ts'

/** Tolerance of a measured interval. Seconds. */
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
    claim`The router sends an unsolicited multicast RA within 1800 s, the largest MaxRtrAdvInterval.`,
    claim`no RA`,
    since,
    ...(answer ? [answer] : []),
  )
  const gaps = sent.slice(1).map((frame, index) => frame.at - (sent[index] as Frame).at)
  judge.within(
    Math.min(...gaps),
    { min: minRtrAdvInterval - slack / 10, max: 1800 + slack, why: claim`MinRtrAdvInterval is at least 3 s` },
    claim`The shortest interval between two multicast RAs`,
    ...(sent as [typeof before]),
  )
  const { routerLifetime } = raOf(before)
  judge.holds(
    routerLifetime === 0 || Math.max(...gaps) <= routerLifetime + slack,
    claim`No interval between two multicast RAs is longer than the Router Lifetime of ${the.seconds(routerLifetime)}, which is at least MaxRtrAdvInterval.`,
    claim`${the.seconds(Math.max(...gaps), 0)}`,
    ...sent,
  )
}

const { maxRaDelay, minDelayBetweenRas, processing } = raAnswer

/** Of the bench. Seconds. */
const jitter = 0.1

/** Until when a multicast RA may answer a solicitation: it is MIN_DELAY_BETWEEN_RAS later than the previous RA. */
function answerDue(link: LinkView, question: Frame): number {
  const before = link.fromDut.last(toAll, { before: question })
  const apart = before ? before.at + minDelayBetweenRas : 0
  return Math.max(question.at, apart) + maxRaDelay + processing / 2
}

/** An unsolicited multicast RA that follows another within this time is frequent. Seconds. */
const often = 10

/** More than the initial ones (RFC 4861 section 6.2.4). */
const many = 6

/** Whether its unsolicited RAs, with MaxRtrAdvInterval of at least 4 s, look like answers. */
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
    const fence = given(at(validSolicitation).answer, 'RFC7084-L-1')
    const answers = questions.map((question) => {
      const asker = question.packet.ip6?.src
      const alone =
        asker === '::'
          ? undefined
          : link.fromDut.first(ra({}, { ip6: { dst: asker } }), { after: question, before: fence })
      const shared = link.fromDut.first(toAll, { after: question })
      return { alone, shared: shared && shared.at <= answerDue(link, question) ? shared : undefined }
    })
    const expected = claim`The router does not answer a Router Solicitation with ${the.name(name)}.`
    const own = answers.flatMap(({ alone }) => alone ?? [])
    const [first] = questions as [Frame, ...Frame[]]
    judge.absent(own, expected, { fence, since: first })
    const doubtful = answers.flatMap(({ shared }) => shared ?? [])
    if (doubtful.length >= attempts && advertisesOften(link))
      return notApplicable(
        claim`The router sends an unsolicited multicast RA every few seconds: an answer cannot be distinguished from it.`,
        ...doubtful,
      )
    judge.holds(
      doubtful.length < attempts,
      claim`A multicast RA may follow such a solicitation by chance, but not each of ${attempts} solicitations.`,
      claim`a multicast RA after each of ${questions.length} such solicitations`,
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
    claim`The router answers at least one of ${at(tenSolicitations).more.length} Router Solicitations within a second.`,
  )
}

const areApart: Judgement = (evidence) => {
  const { lan, judge, given, at } = evidence
  const link = lan.of('host')
  const asked = firstOfMany(evidence)
  given(link.fromDut.first(ra(), { after: asked }), 'RFC7084-L-1')
  // A daemon that restarts with each change sends a final RA and an initial one; nothing changes in this time.
  const over = at(tenSolicitations).mark
  const before = link.fromDut.last(toAll, { before: at(validSolicitation).mark })
  const sent = [...(before ? [before] : []), ...link.fromDut.all(toAll, { after: before ?? asked, before: over })]
  const answers = link.fromDut.all(ra(), { after: asked }).filter((frame) => frame.at < asked.at + 5)
  judge.note(claim`The router sends ${answers.length} RAs in the 5 s after the first Router Solicitation.`, asked)
  const [close, next] = closest(sent)
  if (!close || !next) return judge.met(claim`The router sends fewer than two multicast RAs.`, asked)
  judge.within(
    next.at - close.at,
    {
      min: minDelayBetweenRas - jitter,
      max: Number.POSITIVE_INFINITY,
      why: claim`MIN_DELAY_BETWEEN_RAS (RFC 4861 section 6.2.6)`,
    },
    claim`The shortest interval between two multicast RAs`,
    close,
    next,
  )
}

/** The two frames with the shortest interval. */
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
  // An RA is lost while a port that was up has no carrier: it is counted as sent.
  const ups = every(carrier).filter((one) => one.up && one.port === link.ports[0] && one.mark.at < over.at)
  const lost = Math.max(0, ups.length - 1)
  for (let n = 1, last = first; n < initial.advertisements - lost; n++) {
    const next = sent[n]
    judge.holds(
      next !== undefined && next.at - last.at <= initial.interval + processing,
      claim`The router sends multicast RA ${n + 1} within 16 s of the previous one (MAX_INITIAL_RTR_ADVERT_INTERVAL).`,
      next ? claim`${the.seconds(next.at - last.at, 1)}` : claim`no RA`,
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
    Object.fromEntries(
      invalidSolicitations.map((name) => [
        name,
        on(name === fromUnspecified ? longSessions : lanServicesAsked, isNotAnswered(name)),
      ]),
    ),
  ),

  requirement('RFC4861-6.2.6-RSRATE', {
    'answered in time': on(longSessions, isAnsweredInTime),
    'multicast RAs apart': on(longSessions, areApart),
  }),

  requirement('RFC4861-6.2.4-INTERVAL', {
    initial: on(longSessions, judgeInitial, { level: 'SHOULD' }),
    periodic: on(quietLan, judgePeriodic),
  }),
]
