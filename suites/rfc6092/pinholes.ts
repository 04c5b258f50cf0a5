import { type Claim, claim, type Evidence, type Judgement, on, requirement } from 'denat'
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
  const expected = claim`A host that asks for a pinhole by PCP is answered.`
  const answer = judge.found(response, mark, expected, ...(request ? [request] : []))
  const map = mapOf(answer)
  judge.equal(map?.result, 0, claim`The result code of the response`, answer)
  judge.equal(map?.external, host, claim`The external address is the host's own,`, answer)
}

const opens: Judgement = (evidence) => {
  const { syn, came, fence } = attempted(evidence, 'granted', true)
  const expected = claim`A connection attempt from the Internet to the port that was asked for reaches the host.`
  evidence.judge.found(came[0], fence, expected, syn)
}

const opensAgain: Judgement = (evidence) => {
  const { judge, at, assume } = evidence
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  wasPlayed(evidence, pinholeOpenedAgain)
  const { request, response, mark } = at(pinholeOpenedAgain)
  const expected = claim`A host that asks again once its pinhole is over is answered.`
  const answer = judge.found(response, mark, expected, ...(request ? [request] : []))
  judge.equal(mapOf(answer)?.result, 0, claim`The result code of the response`, answer)
  const { syn, came, fence } = attempted(evidence, 'again', true)
  judge.found(came[0], fence, claim`A connection attempt from the Internet to its port reaches the host again.`, syn)
}

function staysOut(evidence: Evidence, { fence, syn, came }: ReturnType<typeof attempted>, expected: Claim): void {
  const { at, judge, notApplicable } = evidence
  const { on: isOn, mark } = at(filter)
  if (!isOn) notApplicable(claim`The filter is off after a reset: all ports are open.`, mark)
  judge.absent(came, expected, { fence, since: syn })
}

const opensNothingElse: Judgement = (evidence) =>
  staysOut(
    evidence,
    attempted(evidence, 'granted', false),
    claim`A connection attempt to another port of the host does not reach it.`,
  )

const ends: Judgement = (evidence) => {
  const tried = attempted(evidence, 'over', true)
  const [deleted] = evidence.every(pinholeDeleted)
  // What it was not seen to hear of it need not end.
  if (deleted) evidence.given(deleted.response, 'RFC6092-REC-48')
  const over = deleted ? claim`been deleted` : claim`come to its end`
  const expected = claim`When the pinhole has ${over} a connection attempt to its port does not reach the host.`
  staysOut(evidence, tried, expected)
}

const isGrantedAgain: Judgement = ({ at, every, assume, judge, cannotTell }) => {
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  if (every(pinholeAskedAgain).length === 0)
    return cannotTell(claim`Nobody asked again when this was recorded.`, at(pinholeAsked).mark)
  const { request, response, mark } = at(pinholeAskedAgain)
  const answer = judge.found(
    response,
    mark,
    claim`Who asks again for its pinhole is answered.`,
    ...(request ? [request] : []),
  )
  judge.equal(mapOf(answer)?.result, 0, claim`The result code of the response`, answer)
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
