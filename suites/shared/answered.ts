import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  grace,
  iaAddresses,
  iaPrefixes,
  lastAbout,
  ns,
  pios,
  prefixContains,
  type Query,
  ra,
  the,
} from 'denat'
import {
  type AnswerName,
  answered as answeredMark,
  type Grants,
  granted,
  neighborAsked,
  seen as seenMark,
} from '../scenarios/mixed-answers.ts'
import { isLive } from './advertised.ts'
import { clientMessages } from './client-messages.ts'

/** One answer of the scenario: the question, the Reply, and the RA that a host was given when it asked afterwards. */
export interface Answered {
  asked: Frame
  reply: Frame
  seen?: Frame
}

export function answered({ at, every, given }: Evidence, name: AnswerName): Answered {
  const isOf = (one: { name: AnswerName }) => one.name === name
  const { asked, reply } = at(answeredMark, isOf)
  const seen = every(seenMark).find(isOf)?.advertised
  return {
    asked: given(asked, 'RFC8415-18.2.4-RENEW'),
    reply: given(reply, 'RFC8415-18.2.4-RENEW'),
    ...(seen && { seen }),
  }
}

export const grantsOf = ({ at }: Evidence): Grants => at(granted)

/** RAs that withdraw what was advertised from this prefix. */
export const isWithdrawn = (frame: Frame, prefix: string): boolean =>
  pios(frame).some((pio) => prefixContains(prefix, pio.prefix) && pio.validLifetime === 0)

/** The first RA after a moment that advertises the prefix with a lifetime above 0. */
export const firstLive = (sent: Query, prefix: string, after: Frame): Frame | undefined =>
  sent.all(ra(), { after }).find((frame) => isLive(frame, prefix))

const names = (frame: Frame, lease: string): boolean =>
  iaAddresses(frame).some(({ address }) => address === lease) ||
  iaPrefixes(frame).some(({ prefix }) => prefix === lease)

/** The first Reply that grants an address or a prefix, and the next one that contains it. */
export function repliesNaming({ wan }: Pick<Evidence, 'wan'>, lease: string): Frame[] {
  return wan.toDut.all(dhcpv6('reply')).filter((frame) => names(frame, lease))
}

/** A use after a Reply follows from this Reply until another one contains the lease. */
function untilNext(evidence: Evidence, lease: string, after: Frame) {
  const next = repliesNaming(evidence, lease).find(({ number }) => number > after.number)
  return { after, ...(next && { before: next }) }
}

/** What shows that the router considers an address its own: it performs DAD for it, or sends it to the server. */
export function usesOfAddress(evidence: Evidence, address: string, after: Frame): Frame[] {
  const where = untilNext(evidence, address, after)
  return [
    ...evidence.wan.fromDut.all(ns({ target: address }, { ip6: { src: '::' } }), where),
    ...clientMessages(evidence, where).filter((frame) => names(frame, address)),
  ]
}

/** What shows that the router considers a prefix its own: it advertises it on the LAN, or sends it to the server. */
export function usesOfPrefix(evidence: Evidence, prefix: string, after: Frame): Frame[] {
  const where = untilNext(evidence, prefix, after)
  return [
    ...evidence.lan.fromDut.all(ra(), where).filter((frame) => isLive(frame, prefix)),
    ...clientMessages(evidence, where).filter((frame) => names(frame, prefix)),
  ]
}

/** The requirements about answers that may cost a router its prefix; it may lose it only some answers later. */
const mayEndLeases = ['RFC8415-18.2.10-LEAVEOUT', 'RFC8415-18.2.10-UNSPEC', 'RFC8415-21.21-T1GTT2', 'ROB-FUZZ-DHCP6']

/**
 * A claim on the RA of the moment, and on those until the next answer, as a router may be slow to withdraw: the prefix is
 * in force as before. Where it was not in force before the answer, the requirement about the earlier answers is to blame.
 * Where the clause lets a client end the exchange, it `mayStartAgain`: what it does after its Solicit follows from no answer.
 */
export function staysOnLan(
  evidence: Evidence,
  name: AnswerName,
  prefix: string,
  before: string,
  expected: Claim,
  { mayStartAgain = false } = {},
): void {
  const { judge, given, lan, every, followsFrom, undecided } = evidence
  const { asked, reply, seen: advertised } = answered(evidence, name)
  const last = lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { before: asked }))
  const seen = given(advertised, 'RFC7084-L-1')
  // A router may be slow to advertise a prefix that it just received: where it advertises it now, nothing is wrong.
  const known = [last, seen].find((frame) => frame && isLive(frame, prefix))
  const granting = repliesNaming(evidence, prefix).findLast(({ number }) => number < reply.number)
  const lease = granting && iaPrefixes(granting).find((one) => one.prefix === prefix)
  if (!known && granting && lease && granting.at + lease.preferredLifetime < seen.at)
    undecided(
      claim`The preferred lifetime of the lease, ${the.seconds(lease.preferredLifetime)}, had ended before: no answer extended it.`,
      granting,
      asked,
    )
  const blameEarlier = () => {
    for (const id of [before, ...mayEndLeases]) followsFrom(id)
  }
  const later = granting && firstLive(lan.of('host').fromDut, prefix, granting)
  if (!known && later && later.number > seen.number) {
    blameEarlier()
    undecided(
      claim`The prefix was granted again before this answer, and the router advertises it on the LAN only after it.`,
      granting,
      later,
    )
  }
  const notThere = (): never => {
    blameEarlier()
    return undecided(
      claim`The router no longer advertised the prefix on the LAN when this answer was sent.`,
      asked,
      ...(last ? [last] : []),
    )
  }
  const was = known ?? notThere()
  judge.holds(
    isLive(seen, prefix),
    expected,
    isWithdrawn(seen, prefix) ? claim`the RA withdraws it` : claim`the RA does not contain it`,
    was,
    reply,
    seen,
  )
  const isLater = (frame?: Frame) => frame !== undefined && frame.number > seen.number
  const next = [
    every(answeredMark)
      .map((one) => one.asked)
      .find(isLater),
    repliesNaming(evidence, prefix).find(isLater),
    mayStartAgain ? evidence.wan.fromDut.first(dhcpv6('solicit'), { after: seen }) : undefined,
  ]
    .filter((frame) => frame !== undefined)
    .sort((a, b) => a.number - b.number)[0]
  const named = repliesNaming(evidence, prefix).findLast(({ number }) => number <= reply.number)
  const extended = named && iaPrefixes(named).find((one) => one.prefix === prefix)
  // Some routers soon withdraw what is no longer preferred.
  const ends = named && extended ? named.at + extended.preferredLifetime - grace : Number.POSITIVE_INFINITY
  const withdrawals = lan
    .of('host')
    .fromDut.all(ra(), { after: seen, ...(next && { before: next }) })
    .filter((frame) => isWithdrawn(frame, prefix) && !isLive(frame, prefix) && frame.at < ends)
  judge.absent(withdrawals, expected, { since: reply, fence: next ?? seen })
}

/** The client accepted the Reply: it sends nothing until its Renew, neither the same message again nor a Rebind. */
export function wasTaken(evidence: Evidence, name: AnswerName): boolean {
  const { asked, reply } = answered(evidence, name)
  const next = clientMessages(evidence, { after: reply }).find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0)
  if (!next) return true
  const { type, transactionId } = dhcpv6Of(next)
  return type === 'renew' && transactionId !== dhcpv6Of(asked).transactionId
}

/** What a Reply contains about the IA_NA can be judged only where this message requested it. */
export function asksForAddress(evidence: Evidence, name: AnswerName): void {
  const { wan, given, notApplicable } = evidence
  const requested = given(wan.fromDut.first(dhcpv6('request', { iaNa: {} })), 'RFC7084-WAA-6')
  const { asked } = answered(evidence, name)
  if (dhcpv6OptionsOf(requested, 'ia-pd').length === 0)
    notApplicable(
      claim`The router requests its address in a separate exchange, which was answered as usual.`,
      requested,
    )
  given(dhcpv6OptionsOf(asked, 'ia-na').length > 0 ? asked : undefined, 'RFC8415-18.2.4-RENEW')
}

/** A claim about the Neighbor Solicitation for the first address after this answer of the ISP: the router answers it. */
export function stillThere(evidence: Evidence, name: AnswerName, expected: Claim): void {
  const { judge, given, every } = evidence
  const asked = every(neighborAsked).find((one) => one.name === name)
  judge.found(asked?.answer, given(asked?.mark, 'RFC7084-WAA-6'), expected, answered(evidence, name).reply)
}
