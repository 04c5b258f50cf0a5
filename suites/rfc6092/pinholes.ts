import { type Claim, claim, type Evidence, type Judgement, on, requirement } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { attempted, mapOf } from '../shared/pinholes.ts'
import { filter } from '../steps/firewall/filter.ts'
import {
  pinholeAsked,
  pinholeAskedAgain,
  pinholeDeleted,
  pinholeOpenedAgain,
} from '../steps/firewall/pinhole-protocol.ts'
import { tookPlace } from '../steps/took-place.ts'

const isGranted: Judgement = ({ judge, at }) => {
  const { request, response, host, mark } = at(pinholeAsked)
  const expected = claim`The router answers a host that requests a pinhole by PCP.`
  const answer = judge.found(response, mark, expected, ...(request ? [request] : []))
  const map = mapOf(answer)
  judge.equal(map?.result, 0, claim`The result code of the response`, answer)
  judge.equal(map?.external, host, claim`The external address, that of the host`, answer)
}

const opens: Judgement = (evidence) => {
  const { syn, came, fence } = attempted(evidence, 'granted', true)
  const expected = claim`A connection attempt from the Internet to the requested port reaches the host.`
  evidence.judge.found(came[0], fence, expected, syn)
}

const opensAgain: Judgement = (evidence) => {
  const { judge, at, assume } = evidence
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  tookPlace(evidence, pinholeOpenedAgain)
  const { request, response, mark } = at(pinholeOpenedAgain)
  const expected = claim`The router answers a host that requests a pinhole again after the first one ended.`
  const answer = judge.found(response, mark, expected, ...(request ? [request] : []))
  judge.equal(mapOf(answer)?.result, 0, claim`The result code of the response`, answer)
  const { syn, came, fence } = attempted(evidence, 'again', true)
  judge.found(
    came[0],
    fence,
    claim`A connection attempt from the Internet to the requested port reaches the host again.`,
    syn,
  )
}

function staysOut(evidence: Evidence, { fence, syn, came }: ReturnType<typeof attempted>, expected: Claim): void {
  const { at, judge, notApplicable } = evidence
  const { on: isOn, mark } = at(filter)
  if (!isOn)
    notApplicable(
      claim`With factory settings, an unsolicited UDP datagram reaches the host: this clause is about a filter that discards it.`,
      mark,
    )
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
  // A deletion that was lost need not end the pinhole.
  if (deleted) evidence.given(deleted.response, 'RFC6092-REC-48')
  const expected = deleted
    ? claim`After the pinhole was deleted a connection attempt to its port does not reach the host.`
    : claim`After the lifetime of the pinhole a connection attempt to its port does not reach the host.`
  staysOut(evidence, tried, expected)
}

const isGrantedAgain: Judgement = ({ at, every, assume, judge, undecided }) => {
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  if (every(pinholeAskedAgain).length === 0)
    return undecided(claim`No client requested its pinhole again when this was recorded.`, at(pinholeAsked).mark)
  const { request, response, mark } = at(pinholeAskedAgain)
  const answer = judge.found(
    response,
    mark,
    claim`A client that requests its pinhole again receives a response.`,
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
