import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  grace,
  iaPrefixes,
  type Judgement,
  lifetimeSlack,
  on,
  requirement,
  the,
} from 'denat'
import { extended, subLease, unassignedRequested } from '../../scenarios/sub-lease.ts'
import { globals } from '../../shared/askers.ts'
import { blame, delegated, leftOf } from '../../shared/delegated-leases.ts'

/** Seconds are whole, and a Reply is on its way. */
const rounding = 1

/**
 * A lease that was extended ends later than before, as long as the ISP's own does not end by then: RFC 9915 section
 * 18.3.4 has the server send new lifetimes.
 */
function isLonger({ wan, lan, judge }: Evidence, reply: Frame, prefix: string): void {
  const validIn = (frame: Frame) => iaPrefixes(frame).find((one) => one.prefix === prefix)?.validLifetime ?? 0
  const former = lan.fromDut.all(dhcpv6('reply'), { before: reply }).findLast((frame) => validIn(frame) > 0)
  if (!former) return
  const endOf = (frame: Frame) => frame.at + validIn(frame)
  const grants = wan.toDut
    .all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { before: reply })
    .map((grant) => ({ at: grant.at, left: leftOf([grant], prefix, reply)?.valid }))
    .filter(({ left }) => left !== undefined)
  // What was granted a moment ago need not be in force yet.
  const settled = grants.findLastIndex(({ at }) => at <= reply.at - grace)
  const ofIsp = reply.at + Math.min(...grants.slice(Math.max(0, settled)).map(({ left = 0 }) => left))
  judge.holds(
    endOf(reply) > endOf(former) + rounding ||
      endOf(reply) > ofIsp - lifetimeSlack ||
      reply.at - former.at < 2 * rounding,
    claim`The Reply extends the lease.`,
    claim`${the.prefix(prefix)} ends ${the.seconds(validIn(reply))} later, when it ended ${the.seconds(endOf(former) - reply.at, 0)} later before`,
    former,
    reply,
  )
}

const isExtended =
  (how: 'Renew' | 'Rebind'): Judgement =>
  (evidence) => {
    const { judge, at, assume, every } = evidence
    delegated(evidence)
    at(extended)
    for (const { before, reply: answer, mark } of every(extended).filter((one) => one.how === how)) {
      if (!before) return assume(false, blame(evidence, mark, 'RFC8415-18.3.4-PDRENEW'))
      const reply = judge.found(answer, mark, claim`The server answers a ${the.name(how)} of a lease on the LAN.`)
      judge.holds(
        globals(reply).includes(before),
        claim`The router keeps its prefix.`,
        claim`${the.list(
          globals(reply).map((item) => the.prefix(item)),
          claim`no prefix`,
        )}`,
        reply,
      )
      isLonger(evidence, reply, before)
    }
  }

const unassignedIsNotExtended: Judgement = (evidence) => {
  const { judge, at, given, every } = evidence
  delegated(evidence)
  at(extended)
  const { prefix, asked, answer, mark } = at(unassignedRequested)
  const renewed = every(extended).filter((one) => one.mark.at > mark.at && one.how === 'Renew')
  const fence = given(renewed.find(({ reply }) => reply)?.reply, 'RFC8415-18.3.4-PDRENEW')
  const named = answer ? iaPrefixes(answer).filter((one) => one.prefix === prefix) : []
  judge.holds(
    named.every(({ validLifetime }) => validLifetime === 0),
    claim`The server does not extend a prefix that it never delegated, although a Rebind contains it.`,
    claim`${the.list(named.map(({ validLifetime }) => claim`${the.prefix(prefix)} for ${the.seconds(validLifetime)}`))}`,
    asked ?? mark,
    answer ?? fence,
    fence,
  )
  judge.note(
    named.length > 0
      ? claim`The Reply contains it with lifetimes 0.`
      : claim`The Reply does not contain it, or there is no Reply.`,
    fence,
  )
}

export const requirements = [
  requirement('RFC8415-18.3.4-PDRENEW', {
    Renew: on(subLease, isExtended('Renew')),
    // RFC 9915 section 18.3.5: the server SHOULD send the IA back with new lifetimes.
    Rebind: on(subLease, isExtended('Rebind'), { level: 'SHOULD' }),
    'a foreign prefix': on(subLease, unassignedIsNotExtended),
  }),
]
