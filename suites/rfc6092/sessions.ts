import { type Claim, claim, forwarding, isOneHopOn, type Judgement, on, requirement, the } from 'denat'
import { connectionAfterRest, idleConnections, rests } from '../scenarios/idle-connections.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { answeredSession, restedSession, session } from '../steps/evening/resting-sessions.ts'
import { isStillOnline } from '../steps/still-online.ts'

/** A packet of a protocol that is neither TCP nor UDP. */
const other = 'protocol 253'

/** Either of two answers from the far end reaches the host after the session's rest. */
const isAnsweredAfterRest =
  (name: string, expected: Claim): Judgement =>
  (evidence) => {
    const { lan, wan, judge, at, given } = evidence
    const { sent } = at(session, (one) => one.name === name)
    const { first, second } = at(restedSession, (one) => one.name === name)
    if (!sent || !first || !second) throw new TypeError(`the session ${name} was not played`)
    given(
      wan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
      name === other ? 'RFC6092-REC-11' : 'DENAT-DEFAULT-1',
    )
    isStillOnline(evidence, `before the answer to ${name}`)
    judge.found(
      lan.fromDut.all({}, { after: first }).find((frame) => isOneHopOn(frame, first) || isOneHopOn(frame, second)),
      forwarding(second),
      expected,
      sent,
      first,
      second,
    )
  }

const isAnswered: Judgement = ({ lan, wan, judge, at }) => {
  const { sent } = at(session, ({ name }) => name === other)
  const { reply } = at(answeredSession, ({ name }) => name === other)
  if (!sent || !reply) throw new TypeError('the session was not played')
  judge.found(
    wan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
    forwarding(sent),
    claim`A packet of a protocol that is neither TCP nor UDP leaves on the WAN.`,
  )
  judge.found(
    lan.fromDut.all({}, { after: reply }).find((frame) => isOneHopOn(frame, reply)),
    forwarding(reply),
    claim`The reply of the same protocol reaches the host.`,
    sent,
  )
}

const isStillOpen =
  (kind: string, rest: number): Judgement =>
  (evidence) => {
    const { lan, judge, at, given } = evidence
    const { first, second } = at(connectionAfterRest, (one) => one.kind === kind && one.rest === rest)
    isStillOnline(evidence, `${kind}, ${rest} s`)
    given(lan.fromDut.first({ tcp: { srcPort: 5035, flags: 'syn+ack' } }), 'RFC6092-REC-31')
    if (!first || !second) throw new TypeError('the connection was not played')
    judge.found(
      lan.fromDut.all({}, { after: first }).find((frame) => isOneHopOn(frame, first) || isOneHopOn(frame, second)),
      forwarding(second),
      kind === 'half-open'
        ? claim`A SYN is answered after ${the.seconds(rest)}: the answer reaches the host.`
        : claim`What the far end sends on a connection that rested for ${the.seconds(rest)} reaches the host.`,
      first,
      second,
    )
  }

export const requirements = [
  requirement('RFC6092-REC-11', {
    reply: on(longSessions, isAnswered),
    'after 110 s': on(
      longSessions,
      isAnsweredAfterRest(other, claim`A reply of the same protocol after 110 s of rest reaches the host.`),
    ),
  }),

  requirement('RFC6092-REC-14', {
    'rests for 115 s': on(
      longSessions,
      isAnsweredAfterRest('UDP', claim`A UDP flow that rests for 115 s is still answered.`),
    ),
    'refreshed from inside': on(
      longSessions,
      isAnsweredAfterRest(
        'UDP, refreshed',
        claim`A UDP flow that a packet from inside refreshed is still answered 115 s later.`,
      ),
      { follows: ['RFC6092-REC-14 · rests for 115 s'] },
    ),
  }),

  requirement(
    'RFC6092-REC-35',
    Object.fromEntries(
      Object.entries(rests).flatMap(([kind, times]) =>
        [times].flat().map((rest) => [`${kind}, ${rest} s`, on(idleConnections, isStillOpen(kind, rest))]),
      ),
    ),
  ),
]
