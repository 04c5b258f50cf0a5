import { claim, type Evidence, grace, on, requirement, rs } from 'denat'
import { silentServer } from '../scenarios/silent-server.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { interrupted } from '../shared/exchange.ts'
import { firstAdvertised } from '../steps/router-advertisement.ts'

/** RTR_SOLICITATION_INTERVAL, and 10 % less where RAND of RFC 7559 section 2 is drawn, as Linux does. Seconds. */
const leastInterval = 0.9 * 4

function judgeIntervals(evidence: Evidence) {
  const { wan, judge, given, at, notApplicable } = evidence
  const first = given(wan.fromDut.first(rs()), 'RFC4861-6.3.7-RS')
  const sent = wan.fromDut.all(rs(), { before: at(firstAdvertised).mark })
  if (sent.length <= 1)
    return notApplicable(claim`The router sends one Router Solicitation only, which the clause permits.`, first)
  for (const [index, frame] of sent.slice(1).entries()) {
    const previous = sent[index] ?? first
    if (interrupted(evidence, previous, frame)) continue
    judge.within(
      frame.at - previous.at,
      {
        min: leastInterval - 0.05,
        max: Number.POSITIVE_INFINITY,
        why: claim`RTR_SOLICITATION_INTERVAL (RFC 4861 section 10), and RAND of -0.1 (RFC 7559 section 2)`,
      },
      claim`The interval between two Router Solicitations is 4 s, or up to 10 % less.`,
      previous,
      frame,
    )
  }
}

function judgeDesists(evidence: Evidence): void {
  const { wan, judge, given, at } = evidence
  given(wan.fromDut.first(rs()), 'RFC4861-6.3.7-RS')
  const { sent, mark: received } = at(firstAdvertised)
  // A packet that it sends long after the next solicitation would be due.
  const over = given(wan.fromDut.last({ ip6: {} }, { after: received }), 'RFC7084-WAA-3')
  const more = wan.fromDut.all(rs(), { after: received })
  const unasked = more.filter((frame) => frame.at > received.at + grace && !interrupted(evidence, sent ?? over, frame))
  judge.absent(unasked, claim`The router sends no Router Solicitation after it has received an RA.`, {
    fence: over,
    since: received,
  })
}

export const requirements = [
  requirement('RFC4861-6.3.7-RS', {
    solicits: on(slaacWan, ({ wan, judge, at }) => {
      const { mark: received } = at(firstAdvertised)
      const first = wan.fromDut.seek(rs(), { before: received })
      judge.found(first, received, claim`When the line comes up, the router sends a Router Solicitation.`)
    }),
    interval: on(silentServer, judgeIntervals),
    // The clause's own words: the host MUST desist.
    'until an answer': on([silentServer, slaacWan], judgeDesists, { level: 'MUST' }),
  }),
]
