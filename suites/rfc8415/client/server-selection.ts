import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  isLinkLocal,
  type Judgement,
  on,
  requirement,
  the,
} from 'denat'
import { duplicateAddress, requested, secondAdvertise } from '../../scenarios/duplicate-address.ts'
import { reconfigure } from '../../scenarios/reconfigure.ts'
import { sameClient, transmissions } from '../../shared/exchange.ts'
import { elapsed } from '../../steps/elapsed.ts'

/** Less than the first timeout of a Solicit, in which the client would collect other Advertises. Seconds. */
const atOnce = 0.9

/** From the Solicit to the Request; 50 ms for the clocks of both ends. Seconds. */
const collecting = { min: 0.95, max: 2.1 }

/**
 * The Solicit that a Request follows from. A client may restart when the RA arrives, or request its address and its
 * prefix by separate exchanges.
 */
function solicitOf({ wan }: Evidence, request: Frame): Frame | undefined {
  const last = wan.fromDut.all(dhcpv6('solicit'), { before: request }).findLast((frame) => sameClient(frame, request))
  return last && transmissions(wan.fromDut, last)[0]
}

/** The Request, the first Advertise before it, and the Solicit that both follow from. */
function collected(evidence: Evidence) {
  const { at, given } = evidence
  const { solicit, first, request: sent } = at(requested)
  const request = given(sent, 'RFC7084-W-4')
  const begun = given(solicitOf(evidence, request) ?? solicit, 'RFC7084-WAA-3')
  // Where the Solicits before it were lost its first timeout is over.
  return { begun, first: given(first, 'RFC7084-WAA-3'), request, late: elapsed(begun) > collecting.min }
}

const untilFirstTimeout: Judgement = (evidence) => {
  const { judge, assume, wan } = evidence
  const { begun, first, request, late } = collected(evidence)
  if (late) {
    judge.within(
      request.at - first.at,
      { min: 0, max: collecting.max, why: claim`the first timeout of the Solicit was already over` },
      claim`The client uses the first Advertise that arrives after the first timeout.`,
      begun,
      first,
      request,
    )
    return
  }
  // A client that solicits from an address that is still tentative receives no Advertise, and solicits again.
  const { transactionId } = dhcpv6Of(begun)
  const again = wan.fromDut.first(dhcpv6('solicit', { transactionId }), { after: first, before: request })
  assume(!again?.packet.ip6 || isLinkLocal(again.packet.ip6.src), 'RFC7084-WAA-3')
  judge.within(
    request.at - begun.at,
    { ...collecting, why: claim`SOL_TIMEOUT and up to 10 % (RFC 8415 section 18.2.1), and 1 s for a slow router` },
    claim`The client collects Advertises until the first timeout of the Solicit is over.`,
    begun,
    first,
    request,
  )
}

const prefersHighest: Judgement = (evidence) => {
  const { wan, judge, given, every, notApplicable } = evidence
  const { begun, first, late } = collected(evidence)
  const [second] = every(secondAdvertise)
  if (!second && late)
    return notApplicable(
      claim`The first Solicits were lost: the client had to use the first Advertise that arrived.`,
      begun,
      first,
    )
  const better = given(second?.advertise, 'RFC8415-18.2.1-COLLECT')
  const { transactionId } = dhcpv6Of(better)
  // A client may restart even later: then only the second server answers.
  const receivedIt = (frame: Frame) => {
    const begun = solicitOf(evidence, frame)
    return begun !== undefined && (dhcpv6Of(begun).transactionId === transactionId || begun.at > better.at)
  }
  const request = given(wan.fromDut.all(dhcpv6('request'), { after: better }).find(receivedIt), 'RFC7084-W-4')
  const other = given(wan.toDut.first(dhcpv6('advertise', { transactionId })), 'RFC7084-WAA-3')
  const chosen = dhcpv6OptionsOf(request, 'server-id')[0]?.duid
  judge.holds(
    chosen === dhcpv6OptionsOf(better, 'server-id')[0]?.duid,
    claim`Of two equal offers the client requests the one with the higher preference.`,
    chosen === dhcpv6OptionsOf(other, 'server-id')[0]?.duid
      ? claim`the server without a preference`
      : claim`server ${the.name(chosen)}`,
    other,
    better,
    request,
  )
}

/** A router whose address is still tentative solicits again. Seconds. */
const longestExchange = 10

const actsAtOnce: Judgement = (evidence) => {
  const { wan, judge, given } = evidence
  const advertises = dhcpv6('advertise', { preference: { value: 255 } })
  const first = given(wan.toDut.first(advertises), 'RFC7084-WAA-3')
  const request = judge.found(
    wan.fromDut.seek(dhcpv6('request'), { after: first }),
    { after: first, seconds: longestExchange },
    claim`The client sends a Request after an Advertise with preference 255.`,
  )
  const begun = solicitOf(evidence, request)
  const { transactionId } = dhcpv6Of(begun ?? first)
  const offers = wan.toDut.all(advertises, { before: request })
  // An earlier one was lost: the address of the router was tentative, and it solicited again.
  const best = offers.findLast((frame) => dhcpv6Of(frame).transactionId === transactionId) ?? first
  judge.within(
    request.at - best.at,
    { min: 0, max: atOnce, why: claim`before SOL_TIMEOUT, 1 s, is over (RFC 8415 section 18.2.1)` },
    claim`It sends the Request at once, without collecting other Advertises.`,
    best,
    request,
  )
  judge.equal(
    dhcpv6OptionsOf(request, 'server-id')[0]?.duid,
    dhcpv6OptionsOf(best, 'server-id')[0]?.duid,
    claim`The Request names the server with preference 255`,
    request,
  )
}

export const requirements = [
  requirement('RFC8415-18.2.1-COLLECT', {
    'first timeout': on(duplicateAddress, untilFirstTimeout),
    // RFC 9915 section 18.2.9.
    'highest preference': on(duplicateAddress, prefersHighest, { level: 'SHOULD' }),
    'preference 255': on(reconfigure, actsAtOnce),
  }),
]
