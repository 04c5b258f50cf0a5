import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  inPrefix,
  type Judgement,
  lifetimeSlack,
  on,
  prefixContains,
  requirement,
  statusOf,
  the,
} from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { answersTo, type LeaseStep, stepOf } from '../../shared/dhcpv6-messages.ts'
import type { Step } from '../../steps/lan-services/dhcpv6-service.ts'
import { fenceOf, offerOf } from './validity.ts'

const status = { success: 0, noBinding: 3, notOnLink: 4 }

const isAnswered = ({ judge }: Evidence, { question, answer, over }: LeaseStep, expected: Claim): Frame =>
  judge.found(answer, over, expected, question)

/** The address that the client was leased; without one there is nothing to confirm, renew or decline. */
function leased(evidence: Evidence): string {
  const { given, assume } = evidence
  offerOf(evidence)
  const reply = given(stepOf(evidence, 'request').answer, 'RFC8415-18.3.4-RENEW')
  const [lease] = iaAddresses(reply)
  assume(lease !== undefined, 'RFC8415-18.3.4-RENEW')
  return lease?.address as string
}

/** The reply to this step, of a client that has a lease. */
function replyTo(evidence: Evidence, step: Step, expected: Claim): { address: string; question: Frame; reply: Frame } {
  const address = leased(evidence)
  const asking = stepOf(evidence, step)
  return { address, question: asking.question, reply: isAnswered(evidence, asking, expected) }
}

const confirms =
  (step: Step, code: number, expected: Claim): Judgement =>
  (evidence) => {
    const { question, reply } = replyTo(evidence, step, claim`The server answers a Confirm by a Reply.`)
    evidence.judge.equal(dhcpv6Of(reply).type, 'reply', claim`Type of the answer`, question, reply)
    evidence.judge.equal(statusOf(dhcpv6Of(reply)), code, expected, question, reply)
  }

const ignoresEmptyConfirm: Judgement = (evidence) => {
  const { judge, given, lan } = evidence
  leased(evidence)
  const { question } = stepOf(evidence, 'confirm nothing')
  given(stepOf(evidence, 'confirm on-link').answer, 'RFC8415-18.3.3-CONFIRM')
  judge.absent(
    answersTo(lan.of('dhcpv6-client'), question),
    claim`The server does not answer a Confirm in which no IA has an address.`,
    { fence: fenceOf(evidence), since: question },
  )
}

const valuesOf = (reply: Frame): Claim =>
  claim`${the.list(
    iaAddresses(reply).map((one) => claim`${the.address(one.address)} ${one.preferredLifetime}/${one.validLifetime}`),
    claim`no address`,
  )}`

const extendsLease: Judgement = (evidence) => {
  const { judge } = evidence
  offerOf(evidence)
  const request = stepOf(evidence, 'request')
  const expected = claim`The server answers a Request for the offered address by a Reply`
  const first = isAnswered(evidence, request, claim`${expected}.`)
  const [lease] = iaAddresses(first)
  judge.holds(lease !== undefined, claim`${expected} with an address.`, valuesOf(first), request.question, first)
  const renew = stepOf(evidence, 'renew')
  const reply = isAnswered(evidence, renew, claim`The server answers a Renew by a Reply.`)
  const isExtended = iaAddresses(reply).some((one) => one.address === lease?.address && one.validLifetime > 0)
  judge.holds(
    isExtended,
    claim`The Reply extends the lease of ${the.address(lease?.address)}.`,
    valuesOf(reply),
    renew.question,
    reply,
  )
}

const extendsByRebind: Judgement = (evidence) => {
  const { judge, given, assume } = evidence
  const address = leased(evidence)
  const isIn = (reply: Frame) => iaAddresses(reply).some((one) => one.address === address && one.validLifetime > 0)
  assume(isIn(given(stepOf(evidence, 'renew').answer, 'RFC8415-18.3.4-RENEW')), 'RFC8415-18.3.4-RENEW')
  const rebind = stepOf(evidence, 'rebind')
  const reply = isAnswered(evidence, rebind, claim`The server answers a Rebind by a Reply.`)
  judge.holds(
    isIn(reply),
    claim`The Reply extends the lease of ${the.address(address)}.`,
    valuesOf(reply),
    rebind.question,
    reply,
  )
}

const renewed = (evidence: Evidence): Frame => {
  leased(evidence)
  return evidence.given(stepOf(evidence, 'renew').answer, 'RFC8415-18.3.4-RENEW')
}

/** No lease lasts longer than its delegated prefix. */
const withinWanLease: Judgement = (evidence) => {
  const { wan, judge, given, notApplicable } = evidence
  const reply = renewed(evidence)
  const lease = given(
    wan.toDut.all(dhcpv6('reply'), { before: reply }).findLast((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  const age = reply.at - lease.at
  const leases = [
    ...iaAddresses(reply).map((one) => ({ ...one, value: one.address })),
    ...iaPrefixes(reply).map((one) => ({ ...one, value: one.prefix })),
  ]
  // What it leases of a ULA prefix is its own.
  const outOfIt = iaPrefixes(lease).flatMap(({ prefix, validLifetime: longest }) =>
    leases
      .filter(({ value }) => (value.includes('/') ? prefixContains(prefix, value) : inPrefix(value, prefix)))
      .map((one) => ({ ...one, prefix, left: longest - age })),
  )
  if (outOfIt.length === 0) return notApplicable(claim`The server leases nothing from the delegated prefix.`, reply)
  for (const { value, validLifetime, prefix, left } of outOfIt)
    judge.holds(
      validLifetime <= left + lifetimeSlack,
      claim`The lease ${the.name(value)} lasts no longer than the delegated prefix ${the.prefix(prefix)}, whose remaining lifetime is ${the.seconds(Math.floor(left))}.`,
      claim`${the.seconds(validLifetime)}`,
      lease,
      reply,
    )
}

const sameTimes: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  const reply = renewed(evidence)
  const ias = [...dhcpv6OptionsOf(reply, 'ia-na'), ...dhcpv6OptionsOf(reply, 'ia-pd')].filter(
    (ia) => statusOf(ia) === status.success && ia.options.length > 0,
  )
  const [first, ...others] = ias
  if (!first || others.length === 0)
    return notApplicable(claim`The Reply contains only one IA: there is no other to compare it with.`, reply)
  judge.holds(
    others.every(({ t1, t2 }) => t1 === first.t1 && t2 === first.t2),
    claim`T1 and T2 are the same in all IAs of a Reply.`,
    claim`${the.list(ias.map(({ type, t1, t2 }) => claim`${the.name(type)} ${t1}/${t2}`))}`,
    stepOf(evidence, 'renew').question,
    reply,
  )
}

const answersUnknown: Judgement = (evidence) => {
  const { judge } = evidence
  const { question, reply } = replyTo(
    evidence,
    'renew unknown',
    claim`The server answers a Renew of an IA that is not bound.`,
  )
  const [ia] = dhcpv6OptionsOf(reply, 'ia-na')
  const held = iaAddresses(reply).filter(({ validLifetime }) => validLifetime > 0)
  judge.holds(
    held.length > 0 || (ia !== undefined && statusOf(ia) !== status.success),
    claim`The IA gets an address, or an error status.`,
    ia ? claim`an empty IA with status ${statusOf(ia)}` : claim`no IA_NA`,
    question,
    reply,
  )
  judge.note(
    held[0]
      ? claim`The IA gets ${the.address(held[0].address)}.`
      : claim`Its status is ${(ia && statusOf(ia)) ?? the.name(undefined)}.`,
    reply,
  )
}

/** The message is answered by Success, whatever the status of its IA. */
const succeeds =
  (what: 'Decline' | 'Release', step: Step): Judgement =>
  (evidence) => {
    const { question, reply } = replyTo(evidence, step, claim`The server answers a ${the.name(what)} by a Reply.`)
    evidence.judge.equal(statusOf(dhcpv6Of(reply)), status.success, claim`Its status is Success`, question, reply)
  }

const releases: Judgement = (evidence) => {
  leased(evidence)
  const { question, answer: next } = stepOf(evidence, 'solicit again')
  if (!next || iaAddresses(next).length === 0)
    return evidence.notApplicable(claim`There was no second address that could be released.`, next ?? question)
  return succeeds('Release', 'release')(evidence)
}

const hasNoBinding =
  (what: Claim, step: Step): Judgement =>
  (evidence) => {
    const { question, reply } = replyTo(evidence, step, claim`The server answers a ${what} by a Reply.`)
    const [ia] = dhcpv6OptionsOf(reply, 'ia-na')
    evidence.judge.equal(
      ia && statusOf(ia),
      status.noBinding,
      claim`The status of that IA is NoBinding`,
      question,
      reply,
    )
  }

const isNotOfferedAgain: Judgement = (evidence) => {
  const { judge, given } = evidence
  const address = leased(evidence)
  given(stepOf(evidence, 'decline').answer, 'RFC8415-18.3.8-DECLINE')
  const { question, answer } = stepOf(evidence, 'solicit again')
  // A server that is silent from then on shows nothing.
  const offer = answer ?? fenceOf(evidence)
  judge.holds(
    !answer || !iaAddresses(answer).some((one) => one.address === address),
    claim`The server does not offer the address ${the.address(address)}, which another node has, again at once.`,
    claim`it is offered`,
    question,
    offer,
  )
  if (!answer) judge.note(claim`The server offers no address.`, question)
}

export const requirements = [
  requirement('RFC8415-18.3.3-CONFIRM', {
    'on-link': on(
      lanServicesAsked,
      confirms('confirm on-link', status.success, claim`The status for an address that is on-link is Success`),
    ),
    'foreign prefix': on(
      lanServicesAsked,
      confirms('confirm foreign', status.notOnLink, claim`The status for an address that is not on-link is NotOnLink`),
    ),
    'no address': on(lanServicesAsked, ignoresEmptyConfirm),
  }),

  requirement('RFC8415-18.3.4-RENEW', {
    known: on(lanServicesAsked, extendsLease),
    // RFC 9915 section 18.3.5.
    'known, by Rebind': on(lanServicesAsked, extendsByRebind, { level: 'SHOULD' }),
    'lifetimes within the WAN lease': on(lanServicesAsked, withinWanLease),
    'T1 and T2': on(lanServicesAsked, sameTimes),
    unknown: on(lanServicesAsked, answersUnknown),
  }),

  requirement('RFC8415-18.3.8-DECLINE', {
    Decline: on(lanServicesAsked, succeeds('Decline', 'decline')),
    // RFC 9915 section 18.3.8: the server SHOULD mark it.
    'declined address': on(lanServicesAsked, isNotOfferedAgain, { level: 'SHOULD' }),
    'Decline of what is not bound': on(
      lanServicesAsked,
      hasNoBinding(claim`Decline of an IA that is not bound`, 'decline unknown'),
    ),
    Release: on(lanServicesAsked, releases),
    'Release of what is not bound': on(
      lanServicesAsked,
      hasNoBinding(claim`Release of an IA that is not bound`, 'release unknown'),
    ),
  }),
]
