import { type Claim, claim, forwarding, isOneHopOn, type Judgement, on, requirement, the } from 'denat'
import { connectionAfterRest, idleConnections, rests } from '../scenarios/idle-connections.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { answeredSession, restedSession, session } from '../steps/firewall/idle-sessions.ts'
import { isStillOnline } from '../steps/still-online.ts'

/** A packet of a protocol that is neither TCP nor UDP. */
const other = 'protocol 253'

/** One of two answers from the far end reaches the host after the session was idle. */
const isAnsweredAfterRest =
  (name: string, expected: Claim): Judgement =>
  (evidence) => {
    const { lan, wan, judge, at, given } = evidence
    const { sent } = at(session, (one) => one.name === name)
    const { first, second } = at(restedSession, (one) => one.name === name)
    if (!sent || !first || !second) throw new TypeError(`the session ${name} was not sent`)
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
  if (!sent || !reply) throw new TypeError('the session was not sent')
  judge.found(
    wan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
    forwarding(sent),
    claim`The router forwards a packet of a protocol other than TCP and UDP to the WAN.`,
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
    if (!first || !second) throw new TypeError('the segments were not sent')
    judge.found(
      lan.fromDut.all({}, { after: first }).find((frame) => isOneHopOn(frame, first) || isOneHopOn(frame, second)),
      forwarding(second),
      kind === 'half-open'
        ? claim`The answer to a SYN after ${the.seconds(rest)} reaches the host.`
        : claim`A segment from the far end of a connection that was idle for ${the.seconds(rest)} reaches the host.`,
      first,
      second,
    )
  }

export const requirements = [
  requirement('RFC6092-REC-11', {
    reply: on(longSessions, isAnswered),
    'after 110 s': on(
      longSessions,
      isAnsweredAfterRest(other, claim`A reply of the same protocol after 110 idle seconds reaches the host.`),
    ),
  }),

  requirement('RFC6092-REC-14', {
    'rests for 115 s': on(
      longSessions,
      isAnsweredAfterRest('UDP', claim`A UDP answer reaches the host after the flow was idle for 115 s.`),
    ),
    'refreshed from inside': on(
      longSessions,
      isAnsweredAfterRest(
        'UDP, refreshed',
        claim`A UDP answer reaches the host 115 s after an outbound packet refreshed the flow.`,
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
