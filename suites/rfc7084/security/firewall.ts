import { claim, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { attempted, attemptFence, webUiFirewall } from '../../scenarios/web-ui.ts'
import { lastAttempt } from '../../shared/attempts.ts'

/** The outcome of an unsolicited inbound connection after a factory reset. */
function afterReset(evidence: Evidence) {
  const { at, given, judge } = evidence
  given(at(attemptFence, ({ when }) => when === 'default').reply, 'DENAT-DEFAULT-1')
  const fresh = lastAttempt(evidence, 'default', 'other-port')
  const isOpen = fresh.outcome === 'connected'
  judge.note(
    isOpen
      ? claim`After a factory reset the router forwards unsolicited inbound packets.`
      : claim`After a factory reset the firewall is on.`,
    fresh.mark,
  )
  return fresh
}

const canBeTransparent: Judgement = (evidence) => {
  afterReset(evidence)
  const { outcome, mark } = lastAttempt(evidence, 'firewall-off', 'other-port')
  const expected = claim`In one mode of the firewall a connection from the Internet reaches a host.`
  evidence.judge.holds(outcome === 'connected', expected, claim`${the.name(outcome)}`, mark)
}

const canBeSecure: Judgement = (evidence) => {
  const { judge, assume, every } = evidence
  const fresh = afterReset(evidence)
  const whileOn = lastAttempt(evidence, 'firewall-on', 'other-port')
  // A router that forwards no inbound packet in any mode has no mode that filters.
  assume(
    every(attempted).some(({ outcome }) => outcome === 'connected'),
    'RFC7084-S-1',
  )
  judge.holds(
    [fresh, whileOn].some(({ outcome }) => outcome !== 'connected'),
    claim`In one mode of the firewall an unsolicited connection from the Internet does not reach a host.`,
    claim`it reaches a host in each mode`,
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
