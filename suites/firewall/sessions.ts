import { type Evidence, type Frame, forwarding, isOneHopOn, requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { idleConnections, rests } from '../scenarios/idle-connections.ts'

/** Either of two answers from the far end reaches the host after the session's rest. */
function isAnsweredAfterRest({ lan, wan, judge, did, given, framesOf }: Evidence, name: string, claim: string): void {
  const opened = did('session', (mark) => mark.data?.name === name)
  const rested = did('session-after-rest', (mark) => mark.data?.name === name)
  const [sent] = framesOf(opened)
  const answers = framesOf(rested)
  if (!sent || answers.length === 0) throw new TypeError(`the session ${name} was not played`)
  given(
    wan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
    name === 'protocol 253' ? 'RFC6092-REC-11' : 'DENAT-DEFAULT-1',
  )
  const reachable = did('still-online', (mark) => mark.data?.when === `before the answer to ${name}`)
  given(framesOf(reachable)[0], 'DENAT-DEFAULT-1')
  judge.found(
    lan.fromDut.all({}, { after: answers[0] }).find((frame) => answers.some((answer) => isOneHopOn(frame, answer))),
    forwarding(answers.at(-1) as Frame),
    claim,
    sent,
    ...answers,
  )
}

requirement('RFC6092-REC-11', { cases: { reply: evening, 'after 110 s': evening } }, (evidence) => {
  const { case: what, lan, wan, judge, did, framesOf } = evidence
  const name = 'protocol 253'
  const [sent] = framesOf(did('session', (mark) => mark.data?.name === name))
  const [reply] = framesOf(did('session-answered', (mark) => mark.data?.name === name))
  if (!sent || !reply) throw new TypeError('the session was not played')
  if (what !== 'reply')
    return isAnsweredAfterRest(evidence, name, 'A reply of the same protocol after 110 s of rest reaches the host.')
  judge.found(
    wan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
    forwarding(sent),
    'A packet of a protocol that is neither TCP nor UDP leaves on the WAN.',
  )
  judge.found(
    lan.fromDut.all({}, { after: reply }).find((frame) => isOneHopOn(frame, reply)),
    forwarding(reply),
    'The reply of the same protocol reaches the host.',
    sent,
  )
})

requirement(
  'RFC6092-REC-14',
  { cases: { 'rests for 115 s': evening, 'refreshed from inside': evening } },
  (evidence) =>
    evidence.case === 'rests for 115 s'
      ? isAnsweredAfterRest(evidence, 'UDP', 'A UDP flow that rests for 115 s is still answered.')
      : isAnsweredAfterRest(
          evidence,
          'UDP, refreshed',
          'A UDP flow that a packet from inside refreshed after 10 s is still answered 115 s later.',
        ),
)

requirement(
  'RFC6092-REC-35',
  {
    cases: Object.fromEntries(
      Object.entries(rests).flatMap(([kind, times]) =>
        [times].flat().map((rest) => [`${kind}, ${rest} s`, idleConnections]),
      ),
    ),
  },
  ({ case: what, lan, judge, did, given, framesOf }) => {
    const rested = did('connection-after-rest', (mark) => `${mark.data?.kind}, ${mark.data?.rest} s` === what)
    const sent = framesOf(rested)
    given(framesOf(did('still-online', (mark) => mark.data?.when === what))[0], 'DENAT-DEFAULT-1')
    given(lan.fromDut.first({ tcp: { srcPort: 5035, flags: 'syn+ack' } }), 'RFC6092-REC-31')
    const [first] = sent
    if (!first) throw new TypeError('the connection was not played')
    judge.found(
      lan.fromDut.all({}, { after: first }).find((frame) => sent.some((one) => isOneHopOn(frame, one))),
      forwarding(sent.at(-1) as Frame),
      what.startsWith('half-open')
        ? 'A SYN is answered after 235 s: the answer reaches the host.'
        : `What the far end sends on a connection that rested for ${rested.data?.rest} s reaches the host.`,
      ...sent,
    )
  },
)
