import { decodePcpMap, type Evidence, type Frame, type Judgement, on, pcpPort, requirement } from 'denat'
import {
  asked,
  foreignDeletion,
  pinholeAsked,
  pinholeAskedAgain,
  pinholeAttempt,
  pinholeDeleted,
  pinholeForAnother,
  pinholeFromWan,
  pinholeOpenedAgain,
  wanPort,
} from '../scenarios/evening/pinhole-protocol.ts'
import { filter } from '../scenarios/evening/unasked.ts'
import { evening } from '../scenarios/evening.ts'
import { isStillOnline } from '../steps/still-online.ts'
import { wasPlayed } from '../steps/was-played.ts'

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
function attempted(evidence: Evidence, when: 'granted' | 'kept' | 'over' | 'again', isAsked: boolean) {
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
  'opens again': on(evening, opensAgain),
})

/** Responses to this host, each with the request that it answers. */
function responses({ at, given, lan }: Evidence) {
  const first = given(at(pinholeAsked).response, 'RFC6092-REC-48')
  const port = first.packet.udp?.dstPort
  const all = lan.fromDut.all({ udp: { srcPort: pcpPort, dstPort: port } })
  return all.map((response) => ({
    response,
    request: lan.toDut.last({ udp: { srcPort: port, dstPort: pcpPort } }, { before: response }),
  }))
}

const octetsOf = (frame: Frame | undefined): Uint8Array => frame?.packet.payload ?? new Uint8Array()
const isZero = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0)

/** RFC 6887 sections 7.2 and 11.1: what is wrong with the header of a response, or with what is reserved in it. */
function flawOf(response: Frame, request: Frame | undefined): string | undefined {
  const [said, asked] = [octetsOf(response), octetsOf(request)]
  if (said.length < 24) return `${said.length} octets`
  if (said[0] !== 2) return `version ${said[0]}`
  if (said[1] !== ((asked[1] ?? 0) | 0x80)) return `R bit and opcode 0x${said[1]?.toString(16)}`
  if (said[2] !== 0) return `${said[2]} in the reserved octet`
  // An error repeats the rest of the request.
  if (said[3] !== 0) return undefined
  if (!isZero(said.subarray(12, 24))) return 'reserved bits of the header that are not 0'
  return isZero(said.subarray(37, 40)) ? undefined : 'reserved bits of the MAP that are not 0'
}

const hasItsHeader: Judgement = (evidence) => {
  const all = responses(evidence)
  evidence.judge.each(
    all.map(({ response }) => response),
    'A PCP response has version 2, the R bit, the opcode of its request, and 0 in what is reserved.',
    (frame) => flawOf(frame, all.find(({ response }) => response === frame)?.request),
  )
}

/** RFC 6887 section 8.5: what clients make of it. Where it has begun anew the server has lost its state, and says so. */
const countsSeconds: Judgement = (evidence) => {
  const all = responses(evidence).map(({ response }) => response)
  const epochOf = (frame: Frame) => mapOf(frame)?.epoch ?? 0
  evidence.judge.each(all, 'Epoch Time grows by one each second, or restarts.', (frame) => {
    const before = all[all.indexOf(frame) - 1]
    if (!before) return undefined
    const [passed, counted] = [frame.at - before.at, epochOf(frame) - epochOf(before)]
    const isSlow = counted + 2 < passed - passed / 16
    const isFast = passed + 2 < counted - counted / 16
    return counted >= -1 && (isSlow || isFast) ? `${counted} more after ${passed.toFixed(0)} s` : undefined
  })
}

const addressMismatch = 12

const isComparedWithSource: Judgement = (evidence) => {
  const { at, judge, given } = evidence
  given(at(pinholeAsked).response, 'RFC6092-REC-48')
  wasPlayed(evidence, pinholeForAnother)
  const { request, response, mark } = at(pinholeForAnother)
  const claim = "A request in which the client's address is not that of its packet is answered."
  const answer = judge.found(response, mark, claim, ...(request ? [request] : []))
  judge.equal(mapOf(answer)?.result, addressMismatch, 'The result code of the response', answer)
}

const isIgnoredOnWan: Judgement = (evidence) => {
  const { at, judge, given, wan } = evidence
  given(at(pinholeAsked).response, 'RFC6092-REC-48')
  wasPlayed(evidence, pinholeFromWan)
  const { more: sent, fence, mark } = at(pinholeFromWan)
  judge.absent(
    wan.fromDut.all({ udp: { srcPort: pcpPort, dstPort: wanPort } }),
    'PCP requests by the WAN have no answer.',
    {
      since: sent[0] ?? mark,
      fence: given(fence, 'RFC7084-G-1'),
    },
  )
}

requirement('RFC6887-7.2-RESPONSE', {
  header: on(evening, hasItsHeader),
  'Epoch Time': on(evening, countsSeconds),
  'another address': on(evening, isComparedWithSource),
  'from the WAN': on(evening, isIgnoredOnWan),
})
