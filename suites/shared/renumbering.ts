import {
  type Case,
  type Claim,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  inPrefix,
  type Mark,
  type Marked,
  type MarkType,
  on,
  ra,
  raUpdate,
  statusOf,
  the,
} from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { reconfigure, reconfigureAccepted } from '../scenarios/reconfigure.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { lanAdvertised, renumberingBegins, renumberingOver, type Trigger } from '../steps/renumber.ts'
import { isLive } from './advertised.ts'

/** The scenario of a trigger, and the requirement by which the router learns the new prefix. By `renews` it sends Renew. */
const courses = {
  Renew: { on: flashRenumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.4-RENEW' },
  NoBinding: { on: renumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.10-NOBINDING' },
  'link flap': { on: renumbering, renews: undefined, by: 'ROB-FLAP' },
  expiry: { on: renumbering, renews: undefined, by: 'ROB-FLAP' },
  Reconfigure: { on: reconfigure, renews: undefined, by: 'RFC8415-18.2.11-RECONF' },
  'orderly reboot': { on: restart, renews: undefined, by: 'RFC7084-W-4' },
  'power cut': { on: restart, renews: undefined, by: 'RFC7084-W-4' },
  'lifetime 0': { on: flashRenumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.4-RENEW' },
} satisfies Record<Trigger, object>

/** One renumbering of a recording, from its marks. */
export interface Renumbered {
  trigger: Trigger
  old: string
  /** Undefined where the ISP delegates no other. */
  fresh: string | undefined
  /** What hosts held of the old prefix: the first host's address, the DHCPv6 host's, the downstream router's prefix. */
  source: string | undefined
  address: string | undefined
  held: string | undefined
  begun: Mark
  /** The Reply of the ISP by which the router learns of it. */
  learned: Frame
  over: Mark
  /** What the scenario marked of this kind, for this trigger. */
  at<D extends { trigger: Trigger }, F extends string>(type: MarkType<D, F>): Marked<D, F>
}

/** How one cell of the matrix is judged, after the router has learned of the change. */
export type OfChange = (evidence: Evidence, change: Renumbered) => void

/** Cases `TRIGGER, OBSERVER` of the matrix, each on the scenario of the trigger. */
export const cells = (observer: string, judge: OfChange, ...of: readonly Trigger[]): Record<string, Case> =>
  Object.fromEntries(
    of.map((trigger) => [
      `${trigger}, ${observer}`,
      on(courses[trigger].on, (evidence) => judge(evidence, renumbered(evidence, trigger))),
    ]),
  )

/** The same cases, each a consequence of that one of another requirement which has its name. */
export const following = (id: string, cases: Record<string, Case>): Record<string, Case> =>
  Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, { ...one, follows: [`${id} · ${name}`] }]))

/** The renumbering by a trigger. Blocked where the router never learned of it. */
export function renumbered(evidence: Evidence, trigger: Trigger): Renumbered {
  const { every, wan, given, assume, notApplicable, undecided } = evidence
  if (trigger === 'Reconfigure') {
    const { accepts, mark } = evidence.at(reconfigureAccepted)
    if (!accepts)
      notApplicable(claim`The router accepts no Reconfigure (RFC7084-WAA-4), so it learns no prefix by it.`, mark)
  }
  const at: Renumbered['at'] = (type) => evidence.at(type, (one) => one.trigger === trigger)
  const { mark: begun, old, fresh, source, address, held } = at(renumberingBegins)
  const { mark: over } = at(renumberingOver)
  const course = { after: begun, before: over }
  if (trigger === 'Reconfigure') {
    const heeded = wan.fromDut.first(dhcpv6('renew'), course)
    if (!heeded) maySendReconfigure(evidence)
    given(heeded, 'RFC8415-18.2.11-RECONF')
    given(wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), course), 'RFC8415-18.2.4-RENEW')
  }
  const { by, renews } = courses[trigger]
  if (renews) given(wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), course), renews)
  const replies = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), course)
  const learned = given(fresh ? replies.find((frame) => granted(frame).includes(fresh)) : replies[0], by)
  const refused = wan.toDut
    .all(dhcpv6('reply'), { after: learned, before: over })
    .find((reply) => disowns(evidence, reply))
  if (refused)
    undecided(claim`The ISP of the bench sent NoBinding for the prefix that it had granted.`, learned, refused)
  // A line that returns so late leaves no time for an RA.
  const advertised = every(lanAdvertised).some((one) => one.trigger === trigger)
  if (trigger === 'link flap' && !advertised) assume(over.at - learned.at >= raUpdate.max, 'ROB-FLAP')
  return { trigger, old, fresh, source, address, held, begun, learned, over, at }
}

/** The prefix that replaces the old one. Throws `TypeError` where the ISP delegates none. */
export function freshOf({ trigger, fresh }: Renumbered): string {
  if (!fresh) throw new TypeError(`the ISP gives no other prefix by "${trigger}"`)
  return fresh
}

/** RFC 8415 section 21.13. */
const noBinding = 3

/** A Reply with NoBinding for a prefix which the same server had granted last. */
function disowns({ wan }: Evidence, reply: Frame): boolean {
  if (!dhcpv6OptionsOf(reply, 'ia-pd').some((ia) => statusOf(ia) === noBinding)) return false
  const { transactionId } = dhcpv6Of(reply)
  const asked = wan.fromDut.last({ dhcp6: { transactionId } }, { before: reply })
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: reply }).map(granted)
  const last = grants.findLast((prefixes) => prefixes.length > 0) ?? []
  return asked !== undefined && iaPrefixes(asked).some(({ prefix }) => last.includes(prefix))
}

/** A client that ignored a Reconfigure had no reason to accept one where no server sent Reconfigure Accept. */
export function maySendReconfigure({ wan, undecided }: Evidence): void {
  const advertises = wan.toDut.all(dhcpv6('advertise'))
  const accepts = (frame: Frame) => dhcpv6OptionsOf(frame, 'reconf-accept').length > 0
  if (advertises.length > 0 && !advertises.some(accepts))
    undecided(
      claim`No Advertise of the bench contains Reconfigure Accept, which RFC 9915 section 18.3.9 requires of a server that sends Reconfigure.`,
      ...advertises.slice(0, 1),
    )
}

/** Why a host has no address at this moment: what prevented the prefix of an earlier change on the LAN, or `else_`. */
export function lackingFor({ every, wan }: Evidence, moment: Mark, else_: string): string {
  const advertised = every(lanAdvertised).map(({ trigger }) => trigger)
  const unheard = every(renumberingBegins).find(
    ({ mark, fresh, trigger }) => mark.at < moment.at && fresh !== undefined && !advertised.includes(trigger),
  )
  if (!unheard) return else_
  const { mark, fresh = '', trigger } = unheard
  // A prefix that is granted only afterwards may be advertised in time.
  const over = every(renumberingOver).find((one) => one.trigger === trigger && one.mark.at > mark.at)?.mark
  const course = { after: mark, before: over ?? moment }
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), course)
  if (grants.some((frame) => granted(frame).includes(fresh))) return 'RFC8415-18.2.10-ONLAN'
  const { renews, by } = courses[trigger]
  return renews && !wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), course) ? renews : by
}

/** The RA by which the LAN learned of the new prefix; what is judged of all others on the LAN depends on it. */
export const changeOnLan = ({ every, given }: Evidence, { trigger }: Renumbered): Frame =>
  given(every(lanAdvertised).find((one) => one.trigger === trigger)?.advertised, 'RFC8415-18.2.10-ONLAN')

/**
 * The last LAN RA before a moment that contains a live prefix from the old one. Without it the change before this one
 * had not reached the LAN, or the router never had a prefix there.
 */
export function lastLive(evidence: Evidence, { old }: Renumbered, before: Frame | Mark): Frame {
  const cameByChange = evidence.every(renumberingBegins).some(({ fresh, mark }) => fresh === old && mark.at < before.at)
  return evidence.given(advertisedLive(evidence, old, before), cameByChange ? 'RFC8415-18.2.10-ONLAN' : 'RFC7084-L-2')
}

function advertisedLive({ lan }: Evidence, prefix: string, before: Frame | Mark): Frame | undefined {
  return lan
    .of('host')
    .fromDut.all(ra(), { before })
    .findLast((frame) => isLive(frame, prefix))
}

/** Of the preferred addresses of a host some are from the new prefix, and none is from the old. */
export function moved(
  { judge }: Evidence,
  change: Renumbered,
  flow: Marked<{ addresses: string[] }, never>,
  node: Claim,
) {
  const { old, learned } = change
  const fresh = freshOf(change)
  judge.holds(
    flow.addresses.some((one) => inPrefix(one, fresh)) && !flow.addresses.some((one) => inPrefix(one, old)),
    claim`${node} has a preferred address from the new ${the.prefix(fresh)}, and none from the old ${the.prefix(old)}.`,
    claim`${the.list(
      flow.addresses.map((item) => the.address(item)),
      claim`none`,
    )}`,
    learned,
    flow.mark,
  )
}
