import { decodePcpMap, type Evidence, type Frame, type Judgement, on, requirement } from 'denat'
import {
  asked,
  foreignDeletion,
  pinholeAsked,
  pinholeAskedAgain,
  pinholeAttempt,
  pinholeDeleted,
} from '../scenarios/evening/pinhole-protocol.ts'
import { filter } from '../scenarios/evening/unasked.ts'
import { evening } from '../scenarios/evening.ts'
import { isStillOnline } from '../steps/still-online.ts'

const mapOf = (response: Frame | undefined) => response && decodePcpMap(response.packet.payload ?? new Uint8Array())

const isGranted: Judgement = ({ judge, at }) => {
  const { request, response, host, mark } = at(pinholeAsked)
  const claim = 'A host that asks for a pinhole by PCP is answered.'
  const answer = judge.found(response, mark, claim, ...(request ? [request] : []))
  const map = mapOf(answer)
  judge.equal(map?.result, 0, 'The result code of the response', answer)
  judge.equal(map?.external, host, "The external address is the host's own,", answer)
}

/** A connection attempt from the Internet once the pinhole is granted or over, and what came of it on the LAN. */
function attempted(evidence: Evidence, when: 'granted' | 'kept' | 'over', isAsked: boolean) {
  const { at, assume, lan } = evidence
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  const fence = isStillOnline(evidence, `pinhole, ${when}`)
  const { syn } = at(pinholeAttempt, (one) => one.when === when && (one.port === asked) === isAsked)
  if (!syn) throw new TypeError('the pinhole was not tried')
  const { srcPort, dstPort } = syn.packet.tcp ?? {}
  return { fence, syn, came: lan.fromDut.all({ tcp: { srcPort, dstPort } }, { after: syn }) }
}

const opens: Judgement = (evidence) => {
  const { syn, came, fence } = attempted(evidence, 'granted', true)
  const claim = 'A connection attempt from the Internet to the port that was asked for reaches the host.'
  evidence.judge.found(came[0], fence, claim, syn)
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

const isKeptFromOthers: Judgement = (evidence) => {
  const opened = attempted(evidence, 'granted', true)
  evidence.assume(opened.came.length > 0, 'RFC6092-REC-48')
  const [foreign] = evidence.every(foreignDeletion)
  if (!foreign) return evidence.cannotTell('Nobody else deleted it when this was recorded.', opened.syn)
  const { mark } = foreign
  const { syn, came, fence } = attempted(evidence, 'kept', true)
  const claim =
    'Who does not know the nonce of a pinhole does not delete it: a connection attempt still reaches the host.'
  evidence.judge.found(came[0], fence, claim, mark, syn)
}

requirement('RFC6887-11.3-NONCE', { 'not deleted': on(evening, isKeptFromOthers) })

requirement('RFC6092-REC-48', {
  granted: on(evening, isGranted),
  'asked again': on(evening, isGrantedAgain),
  opens: on(evening, opens),
  'opens nothing else': on(evening, opensNothingElse),
  ends: on(evening, ends),
})
