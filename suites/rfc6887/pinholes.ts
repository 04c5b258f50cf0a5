import { type Claim, claim, type Evidence, type Frame, type Judgement, on, pcpPort, requirement, the } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { attempted, mapOf } from '../shared/pinholes.ts'
import {
  otherClientDeletion,
  pinholeAsked,
  pinholeForAnother,
  pinholeFromWan,
  wanPort,
} from '../steps/firewall/pinhole-protocol.ts'
import { tookPlace } from '../steps/took-place.ts'

const isKeptFromOthers: Judgement = (evidence) => {
  const opened = attempted(evidence, 'granted', true)
  evidence.assume(opened.came.length > 0, 'RFC6092-REC-48')
  const [otherClient] = evidence.every(otherClientDeletion)
  if (!otherClient)
    return evidence.undecided(claim`No other client tried to delete the pinhole when this was recorded.`, opened.syn)
  const { mark } = otherClient
  const { syn, came, fence } = attempted(evidence, 'kept', true)
  const expected = claim`A client that does not know the nonce of a pinhole cannot delete it: a connection attempt still reaches the host.`
  evidence.judge.found(came[0], fence, expected, mark, syn)
}

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
function flawOf(response: Frame, request: Frame | undefined): Claim | undefined {
  const [answered, asked] = [octetsOf(response), octetsOf(request)]
  if (answered.length < 24) return claim`${answered.length} octets`
  if (answered[0] !== 2) return claim`version ${answered[0] ?? the.name(undefined)}`
  if (answered[1] !== ((asked[1] ?? 0) | 0x80)) return claim`R bit and opcode 0x${the.name(answered[1]?.toString(16))}`
  if (answered[2] !== 0) return claim`${answered[2] ?? the.name(undefined)} in the reserved octet`
  // An error repeats the rest of the request.
  if (answered[3] !== 0) return undefined
  if (!isZero(answered.subarray(12, 24))) return claim`reserved bits of the header that are not 0`
  return isZero(answered.subarray(37, 40)) ? undefined : claim`reserved bits of the MAP that are not 0`
}

const hasItsHeader: Judgement = (evidence) => {
  const all = responses(evidence)
  evidence.judge.each(
    all.map(({ response }) => response),
    claim`A PCP response has version 2, the R bit, the opcode of its request, and 0 in its reserved fields.`,
    (frame) => flawOf(frame, all.find(({ response }) => response === frame)?.request),
  )
}

/** RFC 6887 section 8.5, as a client checks it. A server that has lost its state restarts Epoch Time. */
const countsSeconds: Judgement = (evidence) => {
  const all = responses(evidence).map(({ response }) => response)
  const epochOf = (frame: Frame) => mapOf(frame)?.epoch ?? 0
  evidence.judge.each(all, claim`Epoch Time increases by one each second, or restarts.`, (frame) => {
    const before = all[all.indexOf(frame) - 1]
    if (!before) return undefined
    const [passed, counted] = [frame.at - before.at, epochOf(frame) - epochOf(before)]
    const isSlow = counted + 2 < passed - passed / 16
    const isFast = passed + 2 < counted - counted / 16
    return counted >= -1 && (isSlow || isFast) ? claim`${counted} more after ${the.seconds(passed, 0)}` : undefined
  })
}

const addressMismatch = 12

const isComparedWithSource: Judgement = (evidence) => {
  const { at, judge, given } = evidence
  given(at(pinholeAsked).response, 'RFC6092-REC-48')
  tookPlace(evidence, pinholeForAnother)
  const { request, response, mark } = at(pinholeForAnother)
  const expected = claim`The router answers a request whose PCP Client's IP Address differs from the source address of its packet.`
  const answer = judge.found(response, mark, expected, ...(request ? [request] : []))
  judge.equal(mapOf(answer)?.result, addressMismatch, claim`The result code of the response`, answer)
}

const isIgnoredOnWan: Judgement = (evidence) => {
  const { at, judge, given, wan } = evidence
  given(at(pinholeAsked).response, 'RFC6092-REC-48')
  tookPlace(evidence, pinholeFromWan)
  const { more: sent, fence, mark } = at(pinholeFromWan)
  judge.absent(
    wan.fromDut.all({ udp: { srcPort: pcpPort, dstPort: wanPort } }),
    claim`The router does not answer PCP requests that arrive on the WAN.`,
    {
      since: sent[0] ?? mark,
      fence: given(fence, 'RFC7084-G-1'),
    },
  )
}

export const requirements = [
  requirement('RFC6887-11.3-NONCE', { 'not deleted': on(longSessions, isKeptFromOthers) }),

  requirement('RFC6887-7.2-RESPONSE', {
    header: on(longSessions, hasItsHeader),
    'Epoch Time': on(longSessions, countsSeconds),
    'another address': on(longSessions, isComparedWithSource),
    'from the WAN': on(longSessions, isIgnoredOnWan),
  }),
]
