import { claim, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { attempted, attemptFence, webUiFirewall } from '../../scenarios/web-ui.ts'
import { lastAttempt } from '../../shared/attempts.ts'

/** What an unasked connection from the Internet came to after a reset. */
function afterReset(evidence: Evidence) {
  const { at, given, judge } = evidence
  given(at(attemptFence, ({ when }) => when === 'default').reply, 'DENAT-DEFAULT-1')
  const fresh = lastAttempt(evidence, 'default', 'other-port')
  const isOpen = fresh.outcome === 'connected'
  judge.note(
    claim`After a reset the firewall ${isOpen ? claim`lets in what nobody asked for` : claim`is on`}.`,
    fresh.mark,
  )
  return fresh
}

const canBeTransparent: Judgement = (evidence) => {
  afterReset(evidence)
  const { outcome, mark } = lastAttempt(evidence, 'firewall-off', 'other-port')
  const expected = claim`There is a mode in which a connection from the Internet reaches a host.`
  evidence.judge.holds(outcome === 'connected', expected, claim`${the.name(outcome)}`, mark)
}

const canBeSecure: Judgement = (evidence) => {
  const { judge, assume, every } = evidence
  const fresh = afterReset(evidence)
  const whileOn = lastAttempt(evidence, 'firewall-on', 'other-port')
  // Who lets in nothing in any mode keeps nothing out by one.
  assume(
    every(attempted).some(({ outcome }) => outcome === 'connected'),
    'RFC7084-S-1',
  )
  judge.holds(
    [fresh, whileOn].some(({ outcome }) => outcome !== 'connected'),
    claim`There is a mode in which a connection from the Internet that nobody asked for does not reach a host.`,
    claim`it does in each mode`,
    fresh.mark,
    whileOn.mark,
  )
}

export const requirements = [
  requirement('RFC7084-S-1', {
    'simple security': on(webUiFirewall, canBeSecure),
    'transparent mode': on(webUiFirewall, canBeTransparent),
  }),
]
