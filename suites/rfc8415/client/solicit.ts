import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  gapJitter,
  grace,
  type Judgement,
  on,
  ra,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import { capped, patience } from '../../scenarios/patience.ts'
import { probes, silentServer } from '../../scenarios/silent-server.ts'
import { granted, silenceOver, solMaxRt } from '../../scenarios/sol-max-rt.ts'
import { emptyAdvertise, type Form, forms, offered, unansweredRequest } from '../../scenarios/unanswered-request.ts'
import {
  benchDelay,
  cappedAt,
  judgeFirst,
  judgeNext,
  nextSolicit,
  restarts,
  sameClient,
  type Timeout,
  timeouts,
  transmissions,
} from '../../shared/exchange.ts'
import { elapsed, justBegun } from '../../steps/elapsed.ts'

export const { solicit: solicitTimes, request: requestTimes } = retransmissionTimes

/** Solicits by exchange: a client may restart when an RA arrives. */
function solicitExchanges({ wan, given }: Evidence): [Frame[], ...Frame[][]] {
  const first = given(wan.fromDut.first(dhcpv6('solicit')), 'RFC7084-WAA-3')
  const solicits = wan.fromDut.all(dhcpv6('solicit'), { after: first })
  const exchanges = [first, ...solicits].map((solicit) => transmissions(wan.fromDut, solicit))
  const begun = exchanges.filter((sent, i) => exchanges.findIndex(([one]) => one === sent[0]) === i)
  return begun as [Frame[], ...Frame[][]]
}

const longest = (exchanges: readonly Frame[][]): Frame[] =>
  exchanges.reduce((most, one) => (one.length > most.length ? one : most), [])

/** A Solicit with a new transaction-id that should have been a retransmission: nothing restarted the exchange. */
function notRepeated(evidence: Evidence): Frame | undefined {
  const { wan } = evidence
  const solicits = wan.fromDut.all(dhcpv6('solicit'))
  return solicits.find((frame, i) => {
    const before = solicits.slice(0, i).findLast((one) => sameClient(one, frame))
    return before && transmissions(wan.fromDut, frame)[0] === frame && !restarts(evidence, before, frame)
  })
}

/** The number of Solicits that `silentServer` waits for: four without an answer, and the one that is answered. */
const solicitsSeen = 5

export const solicit = 'RFC8415-18.2.1-SOLICIT'

const goesOn: Judgement = (evidence) => {
  const { wan, judge, at } = evidence
  const { mark } = at(probes)
  solicitExchanges(evidence)
  const all = wan.fromDut.all(dhcpv6('solicit'))
  const fifth = all[solicitsSeen - 1]
  judge.found(
    fifth,
    fifth ?? nextSolicit(all),
    claim`The client retransmits Solicit while no server answers: it sends at least ${solicitsSeen}.`,
    mark,
  )
}

const oneTransaction: Judgement = (evidence) => {
  const { wan, judge, given, at } = evidence
  at(probes)
  const solicits = wan.fromDut.all(dhcpv6('solicit'))
  given(solicits[0], 'RFC7084-WAA-3')
  given(solicits[1], solicit)
  const other = notRepeated(evidence)
  judge.holds(
    other === undefined,
    claim`Every retransmission has the transaction-id of the first.`,
    claim`another one in frame ${other?.number ?? the.name(undefined)}, although no event restarted the exchange`,
    ...solicits,
  )
}

/** The exchanges, where each is repeated under its transaction-id, and the longest of them. */
function repeatedSolicits(evidence: Evidence) {
  evidence.at(probes)
  const exchanges = solicitExchanges(evidence)
  const sent = longest(exchanges)
  evidence.assume(notRepeated(evidence) === undefined && sent.length > 1, solicit)
  return { exchanges, sent }
}

const firstSolicitTimeout: Judgement = (evidence) => {
  const { exchanges, sent } = repeatedSolicits(evidence)
  const whole = longest(exchanges.filter(([begun]) => begun && elapsed(begun) < justBegun))
  const [begun] = whole
  if (!begun)
    return evidence.notApplicable(
      claim`The bench did not receive the first Solicit of any exchange.`,
      ...sent.slice(0, 1),
    )
  judgeFirst(evidence, timeouts(whole), solicitTimes, begun)
}

/** The timeouts between the Solicits that the scenario waits for, of one exchange. */
function solicitTimeouts(evidence: Evidence): Timeout[] {
  const { exchanges, sent } = repeatedSolicits(evidence)
  const gaps = timeouts(sent).slice(0, solicitsSeen - 1)
  if (gaps.length < 3 && exchanges.length > 1)
    evidence.undecided(
      claim`An RA restarted the exchange, and the server answered the new one too soon for a judgement.`,
      ...sent,
    )
  evidence.given(gaps[2]?.frame, solicit)
  return gaps
}

const areRandomized: Judgement = (evidence) => {
  const gaps = solicitTimeouts(evidence)
  // The first is randomized by a rule of its own.
  const factors = gaps.slice(1).map(({ seconds }, i) => seconds / (gaps[i] as Timeout).seconds)
  const spread = Math.max(...factors) - Math.min(...factors)
  evidence.judge.holds(
    // Three ratios drawn from 1.9 to 2.1 lie so near to each other once in 13,000 times.
    spread > 0.001,
    claim`The timeouts are randomized: their ratios differ.`,
    claim`ratios ${the.list(factors.map((factor) => the.name(factor.toFixed(3))))}`,
    ...gaps.slice(0, 1).map(({ previous }) => previous),
    ...gaps.map(({ frame }) => frame),
  )
}

/** How far a timeout may be off that is judged for its growth alone: RAND itself is RFC8415-18.2.1-SOLICIT's. */
const growth = { min: 1.5, max: 2.5 }

/** The exchange continues after an Advertise without a lease, as if it had not arrived. */
const isNoOffer =
  (form: Form): Judgement =>
  (evidence) => {
    const { wan, judge, given, at, every, notApplicable } = evidence
    const empty = at(emptyAdvertise, (one) => one.form === form)
    const asked = given(empty.solicit, 'RFC7084-W-4')
    const advertise = given(empty.advertise, 'RFC7084-W-4')
    const following = [...every(emptyAdvertise), ...every(offered)].find(({ mark }) => mark.at > empty.mark.at)
    const next = following?.solicit
    const wrong = wan.fromDut
      .all(dhcpv6('request'), { after: advertise, ...(next && { before: next }) })
      .find((one) => sameClient(one, asked))
    judge.holds(
      wrong === undefined,
      claim`The client sends no Request after an Advertise without a lease (${the.name(form)}).`,
      claim`a Request`,
      advertise,
      ...(wrong ? [wrong] : []),
    )
    const again = judge.found(
      next,
      (following ?? at(offered)).mark,
      claim`The client sends another Solicit.`,
      advertise,
    )
    const sent = transmissions(wan.fromDut, asked)
    if (!sent.includes(again) && elapsed(again) < justBegun) {
      // An RA may restart the exchange, and a router may handle RAs in batches.
      const advertised = wan.toDut.last(ra(), { before: again })
      if (advertised && advertised.at > advertise.at - grace)
        return notApplicable(claim`An RA restarted the exchange before the next Solicit was due.`, advertised, again)
    }
    judge.holds(
      sent.includes(again),
      claim`The exchange continues: the next Solicit has the same transaction-id.`,
      claim`another transaction-id`,
      asked,
      again,
    )
    const before = previousTimeout(sent, asked)
    const why = claim`its timer was not restarted; ${benchDelay(wan)}`
    judge.within(
      again.at - asked.at,
      before === undefined
        ? {
            min: 0.9 * solicitTimes.irt - gapJitter,
            max: growth.min * solicitTimes.irt,
            why: claim`SOL_TIMEOUT: ${why}`,
          }
        : {
            min: growth.min * before.seconds,
            max: growth.max * (before.seconds + before.coarse),
            why: claim`about twice the previous ${the.seconds(before.seconds, 3)}: ${why}`,
          },
      claim`The client sends the next Solicit at the same time as without the Advertise.`,
      asked,
      again,
    )
  }

/** The timeout before a Solicit, and by how much it may be more; undefined before the first of an exchange. Seconds. */
function previousTimeout(sent: readonly Frame[], asked: Frame): { seconds: number; coarse: number } | undefined {
  const before = sent[sent.indexOf(asked) - 1]
  if (before) return { seconds: asked.at - before.at, coarse: 0 }
  // Where earlier ones were lost, Elapsed Time shows how long the client has tried: 1 + 2 + ... s, of which half and more is the
  // last; in whole seconds, it may be.
  const tried = elapsed(asked)
  return tried > justBegun ? { seconds: (tried + solicitTimes.irt) / 2, coarse: 0.5 } : undefined
}

/** The last timeout before the last Solicit is SOL_MAX_RT. */
const isCapped: Judgement = ({ wan, judge, given, at }) => {
  const { solMaxRt: cap, last: seen } = at(capped)
  given(wan.fromDut.first(dhcpv6('solicit', { iaPd: {} })), 'RFC7084-W-4')
  const last = given(seen, solicit)
  const sent = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }), { before: last })
  const previous = given(sent.at(-1), solicit)
  judge.within(
    last.at - previous.at,
    { ...cappedAt(cap), why: claim`SOL_MAX_RT ${the.seconds(cap)} +-10 %; ${benchDelay(wan)}` },
    claim`The timeout grows up to the SOL_MAX_RT of an Advertise without a lease, and not beyond.`,
    previous,
    last,
  )
}

const solMaxRtId = 'RFC8415-21.24-SOLMAXRT'

/** The least value that SOL_MAX_RT may have, RFC 8415 section 21.24. Seconds. */
const leastCap = 60

/** The last two Solicits of the silence after a Reply with this SOL_MAX_RT. */
function lastSolicits({ wan, given, at, every }: Evidence, value: number): { previous: Frame; last: Frame } {
  const { previous, last } = at(silenceOver, (one) => one.value === value)
  const lease = every(granted).find((one) => one.value === value)
  const reply = given(lease?.reply, 'RFC7084-W-4')
  given(wan.fromDut.first(dhcpv6('solicit'), { after: reply }), 'RFC8415-18.2.5-EXPIRE')
  return { previous: given(previous, solicit), last: given(last, solicit) }
}

const isApplied: Judgement = (evidence) => {
  const { previous, last } = lastSolicits(evidence, leastCap)
  evidence.judge.within(
    last.at - previous.at,
    { ...cappedAt(leastCap), why: claim`SOL_MAX_RT ${the.seconds(leastCap)} +-10 %; ${benchDelay(evidence.wan)}` },
    claim`The timeout grows up to SOL_MAX_RT, and not beyond.`,
    previous,
    last,
  )
}

/** A value out of range; a client that accepted `before`, which arrived earlier, keeps that. */
const isIgnored =
  (value: number, before?: number): Judgement =>
  (evidence) => {
    const { previous, last } = lastSolicits(evidence, value)
    const limit = cappedAt(leastCap).max
    if (before !== undefined) {
      const earlier = lastSolicits(evidence, before)
      evidence.assume(earlier.last.at - earlier.previous.at > limit, solMaxRtId)
    }
    evidence.judge.within(
      last.at - previous.at,
      {
        min: limit,
        max: Number.POSITIVE_INFINITY,
        why: claim`twice the previous one, as SOL_MAX_RT is still 3600 s; ${benchDelay(evidence.wan)}`,
      },
      claim`The client ignores a SOL_MAX_RT of ${value}: it is not within 60 to 86400 s.`,
      previous,
      last,
    )
  }

export const requirements = [
  requirement(solicit, {
    'goes on': on(silentServer, goesOn),
    'one transaction': on(silentServer, oneTransaction),
    'first timeout': on(silentServer, firstSolicitTimeout),
    doubling: on(silentServer, (evidence) => judgeNext(evidence, solicitTimeouts(evidence), solicitTimes)),
    randomized: on(silentServer, areRandomized),
  }),

  requirement('RFC8415-18.2.9-EMPTYADV', {
    ...Object.fromEntries(forms.map((form) => [form, on(unansweredRequest, isNoOffer(form))])),
    'SOL_MAX_RT applied': on(patience, isCapped),
  }),

  requirement(solMaxRtId, {
    '60': on(solMaxRt, isApplied),
    '59': on(solMaxRt, isIgnored(59)),
    '86401': on(solMaxRt, isIgnored(86_401, 59)),
  }),
]
