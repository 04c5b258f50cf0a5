import { type Frame, type Judgement, ra, raOf, requirement } from 'denat'
import { quiet, quietLan, quietOver } from '../scenarios/quiet-lan.ts'

const toAll = ra({}, { ip6: { dst: 'ff02::1' } })
/** RFC 7772 section 5: about seven an hour. */
const mostInAnHour = 7

requirement('RFC7772-5-RARATE', quietLan, ({ lan, judge, given, at }) => {
  const { mark: since } = at(quiet)
  const { solicited, answer, mark: over } = at(quietOver)
  const link = lan.of('host')
  const fence = given(answer, 'RFC7084-L-1')
  const sent = link.fromDut.all(toAll, { after: since, before: solicited ?? over })
  const hours = ((solicited ?? fence).at - since.at) / 3600
  judge.holds(
    // One more may fall into any span of time.
    sent.length <= mostInAnHour * hours + 1,
    `RAs to all that nobody asked for come no more often than about ${mostInAnHour} times an hour.`,
    `${sent.length} in ${(60 * hours).toFixed(0)} min`,
    since,
    ...sent.slice(0, 8),
    fence,
  )
  judge.note(
    fence.packet.ip6?.dst === 'ff02::1' ? 'A Router Solicitation is answered to all.' : 'It is answered to who asked.',
    fence,
  )
})

/** How far a measured gap may lie beyond what the clause says. Seconds. */
const slack = 1
const minRtrAdvInterval = 3

export const judgePeriodic: Judgement = ({ lan, judge, given, at }) => {
  const { mark: since } = at(quiet)
  const { solicited, answer } = at(quietOver)
  const link = lan.of('host')
  const before = given(link.fromDut.last(toAll, { before: since }), 'RFC7084-L-1')
  const end = given(solicited, 'RFC7084-L-1')
  const sent = [before, ...link.fromDut.all(toAll, { after: since, before: end })]
  judge.holds(
    sent.length > 1,
    'An RA to all comes of its own accord within 1800 s, the longest MaxRtrAdvInterval.',
    'none came',
    since,
    ...(answer ? [answer] : []),
  )
  const gaps = sent.slice(1).map((frame, index) => frame.at - (sent[index] as Frame).at)
  judge.within(
    Math.min(...gaps),
    { min: minRtrAdvInterval - slack / 10, max: 1800 + slack, why: 'MinRtrAdvInterval is 3 s at the least' },
    'They keep their distance.',
    ...(sent as [typeof before]),
  )
  const { routerLifetime } = raOf(before)
  judge.holds(
    routerLifetime === 0 || Math.max(...gaps) <= routerLifetime + slack,
    `No gap is longer than the Router Lifetime of ${routerLifetime} s, which is MaxRtrAdvInterval at the least.`,
    `${Math.max(...gaps).toFixed(0)} s`,
    ...sent,
  )
}
