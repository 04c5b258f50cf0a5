import { type Evidence, type Judgement, on, requirement } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { attempted, mapOf } from '../shared/pinholes.ts'
import {
  pinholeAsked,
  pinholeAskedAgain,
  pinholeDeleted,
  pinholeOpenedAgain,
} from '../steps/evening/pinhole-protocol.ts'
import { filter } from '../steps/evening/unasked.ts'
import { wasPlayed } from '../steps/was-played.ts'

const isGranted: Judgement = ({ judge, at }) => {
  const { request, response, host, mark } = at(pinholeAsked)
  const claim = 'A host that asks for a pinhole by PCP is answered.'
  const answer = judge.found(response, mark, claim, ...(request ? [request] : []))
  const map = mapOf(answer)
  judge.equal(map?.result, 0, 'The result code of the response', answer)
  judge.equal(map?.external, host, "The external address is the host's own,", answer)
}

const opens: Judgement = (evidence) => {
  const { syn, came, fence } = attempted(evidence, 'granted', true)
  const claim = 'A connection attempt from the Internet to the port that was asked for reaches the host.'
  evidence.judge.found(came[0], fence, claim, syn)
}

const opensAgain: Judgement = (evidence) => {
  const { judge, at, assume } = evidence
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  wasPlayed(evidence, pinholeOpenedAgain)
  const { request, response, mark } = at(pinholeOpenedAgain)
  const claim = 'A host that asks again once its pinhole is over is answered.'
  const answer = judge.found(response, mark, claim, ...(request ? [request] : []))
  judge.equal(mapOf(answer)?.result, 0, 'The result code of the response', answer)
  const { syn, came, fence } = attempted(evidence, 'again', true)
  judge.found(came[0], fence, 'A connection attempt from the Internet to its port reaches the host again.', syn)
}

function staysOut(evidence: Evidence, { fence, syn, came }: ReturnType<typeof attempted>, claim: string): void {
  const { at, judge, notApplicable } = evidence
  const { on: isOn, mark } = at(filter)
  if (!isOn) notApplicable('The filter is off after a reset: all ports are open.', mark)
  judge.absent(came, claim, { fence, since: syn })
}

const opensNothingElse: Judgement = (evidence) =>
  staysOut(
    evidence,
    attempted(evidence, 'granted', false),
    'A connection attempt to another port of the host does not reach it.',
  )

const ends: Judgement = (evidence) => {
  const tried = attempted(evidence, 'over', true)
  const [deleted] = evidence.every(pinholeDeleted)
  // What it was not seen to hear of it need not end.
  if (deleted) evidence.given(deleted.response, 'RFC6092-REC-48')
  const over = deleted ? 'been deleted' : 'come to its end'
  const claim = `When the pinhole has ${over} a connection attempt to its port does not reach the host.`
  staysOut(evidence, tried, claim)
}

const isGrantedAgain: Judgement = ({ at, every, assume, judge, cannotTell }) => {
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  if (every(pinholeAskedAgain).length === 0)
    return cannotTell('Nobody asked again when this was recorded.', at(pinholeAsked).mark)
  const { request, response, mark } = at(pinholeAskedAgain)
  const answer = judge.found(
    response,
    mark,
    'Who asks again for its pinhole is answered.',
    ...(request ? [request] : []),
  )
  judge.equal(mapOf(answer)?.result, 0, 'The result code of the response', answer)
}

export const requirements = [
  requirement('RFC6092-REC-48', {
    granted: on(longSessions, isGranted),
    'asked again': on(longSessions, isGrantedAgain),
    opens: on(longSessions, opens),
    'opens nothing else': on(longSessions, opensNothingElse),
    ends: on(longSessions, ends),
    'opens again': on(longSessions, opensAgain),
  }),
]
