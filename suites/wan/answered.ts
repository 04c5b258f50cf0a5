import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  iaPrefixes,
  ns,
  pios,
  prefixContains,
  type Query,
  ra,
} from 'denat'
import { type AnswerName, type Grants, mixedAnswers } from '../scenarios/mixed-answers.ts'
import { clientMessages } from './client-messages.ts'

/** One answer of the scenario: the question, the Reply, and the RA that a host was given when it asked afterwards. */
export interface Answered {
  asked: Frame
  reply: Frame
  seen?: Frame
}

export function answered({ did, framesOf, marks }: Evidence, name: AnswerName): Answered {
  const [asked, reply] = framesOf(did('answered', ({ data }) => data?.name === name)) as [Frame, Frame]
  const mark = marks('seen').find(({ data }) => data?.name === name)
  const seen = mark && framesOf(mark)[1]
  return seen ? { asked, reply, seen } : { asked, reply }
}

export const grantsOf = ({ did }: Evidence): Grants => did('granted').data as unknown as Grants

/** The RA has a prefix out of this one in force. */
export const isLive = (frame: Frame, prefix: string): boolean =>
  pios(frame).some((pio) => prefixContains(prefix, pio.prefix) && pio.validLifetime > 0)

/** RAs that withdraw what was advertised out of this prefix. */
export const isWithdrawn = (frame: Frame, prefix: string): boolean =>
  pios(frame).some((pio) => prefixContains(prefix, pio.prefix) && pio.validLifetime === 0)

/** The first RA after a moment that has the prefix in force. */
export const firstLive = (sent: Query, prefix: string, after: Frame): Frame | undefined =>
  sent.all(ra(), { after }).find((frame) => isLive(frame, prefix))

/** Whatever shows that the router took an address for its own: it probes for it, or names it to the server. */
export const usesOfAddress = (evidence: Evidence, address: string, after: Frame): Frame[] => [
  ...evidence.wan.fromDut.all(ns({ target: address }, { ip6: { src: '::' } }), { after }),
  ...clientMessages(evidence, { after }).filter((frame) => iaAddresses(frame).some((one) => one.address === address)),
]

/** Whatever shows that the router took a prefix for its own: on the LAN, or in what it says to the server. */
export const usesOfPrefix = (evidence: Evidence, prefix: string, after: Frame): Frame[] => [
  ...evidence.lan.fromDut.all(ra(), { after }).filter((frame) => isLive(frame, prefix)),
  ...clientMessages(evidence, { after }).filter((frame) => iaPrefixes(frame).some((one) => one.prefix === prefix)),
]

/** Case by case the answer that it is about; all are answers to a Renew or Rebind of one recording. */
export const casesOf = <const T extends Record<string, AnswerName>>(about: T) => ({
  cases: Object.fromEntries(Object.keys(about).map((name) => [name, mixedAnswers])),
  about: (evidence: Evidence): AnswerName => about[evidence.case as keyof T] as AnswerName,
})

/**
 * A claim on the RA of the moment: the prefix is in force as before. Where it was not so before the answer, the id that
 * the answers until then are about is to blame.
 */
export function staysOnLan(evidence: Evidence, name: AnswerName, prefix: string, before: string, claim: string): void {
  const { judge, given, lan } = evidence
  const { asked, reply, seen: advertised } = answered(evidence, name)
  const last = lan.of('host').fromDut.last(ra(), { before: asked })
  const seen = given(advertised, 'RFC7084-L-1')
  // A router may be slow to advertise what it was given just before: where it is there now, nothing is amiss.
  const was = given(
    [last, seen].find((frame) => frame && isLive(frame, prefix)),
    before,
  )
  judge.holds(
    isLive(seen, prefix),
    claim,
    isWithdrawn(seen, prefix) ? 'it is withdrawn' : 'it is not in the RA',
    was,
    reply,
    seen,
  )
}

/** What is said of the IA_NA can be judged only where it was asked for, and in this message. */
export function asksForAddress(evidence: Evidence, name: AnswerName): void {
  const { wan, given, notApplicable } = evidence
  const requested = given(wan.fromDut.first(dhcpv6('request', { iaNa: {} })), 'RFC7084-WAA-6')
  const { asked } = answered(evidence, name)
  if (dhcpv6OptionsOf(requested, 'ia-pd').length === 0)
    notApplicable('The router asks for its address by an exchange of its own, which was answered as usual.', requested)
  given(dhcpv6OptionsOf(asked, 'ia-na').length > 0 ? asked : undefined, 'RFC8415-18.2.4-RENEW')
}

/** A claim on the Neighbor Solicitation for the first address after this answer of the ISP's: it is answered. */
export function stillThere(evidence: Evidence, name: AnswerName, claim: string): void {
  const { judge, given, marks, framesOf } = evidence
  const asked = given(
    marks('asked').find(({ data }) => data?.name === name),
    'RFC7084-WAA-6',
  )
  judge.found(framesOf(asked)[1], asked, claim, answered(evidence, name).reply)
}
