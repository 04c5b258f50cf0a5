import {
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  inPrefix,
  type Mark,
  pios,
  prefixContains,
  ra,
  raUpdate,
  statusOf,
} from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { reconfigure } from '../scenarios/reconfigure.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'

/** What makes the delegated prefix another one, and the requirement that brings it to the router. By `renews` it asks. */
const triggers = {
  Renew: { on: flashRenumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.4-RENEW' },
  NoBinding: { on: renumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.10-NOBINDING' },
  'link flap': { on: renumbering, renews: undefined, by: 'ROB-FLAP' },
  expiry: { on: renumbering, renews: undefined, by: 'ROB-FLAP' },
  Reconfigure: { on: reconfigure, renews: undefined, by: 'RFC8415-18.2.11-RECONF' },
  'orderly reboot': { on: restart, renews: undefined, by: 'RFC7084-W-4' },
  'power cut': { on: restart, renews: undefined, by: 'RFC7084-W-4' },
  'lifetime 0': { on: flashRenumbering, renews: 'RFC8415-18.2.4-RENEW', by: 'RFC8415-18.2.4-RENEW' },
}

export type Trigger = keyof typeof triggers

/** Cases `TRIGGER, OBSERVER` of the matrix, each on the scenario that plays the trigger. */
export const cells = (observer: string, ...of: Trigger[]) =>
  Object.fromEntries(of.map((trigger) => [`${trigger}, ${observer}`, triggers[trigger].on]))

/** One renumbering of a recording, as its marks tell of it. */
export interface Renumbered {
  trigger: Trigger
  observer: string
  old: string
  /** Undefined where the ISP gives no other. */
  fresh: string | undefined
  /** What hosts held of the old prefix: the first host's address, the DHCPv6 host's, the downstream router's prefix. */
  source: unknown
  address: unknown
  held: unknown
  begun: Mark
  /** The ISP's Reply from which the router knows. */
  told: Frame
  over: Mark
  /** The scenario's mark of this name, for this trigger. */
  mark(name: string): Mark
}

/** The renumbering that a case is about. Blocked where the router was never told. */
export function renumbered(evidence: Evidence, cell = evidence.case): Renumbered {
  const { did, marks, wan, given, notApplicable, cannotTell } = evidence
  const [name = '', observer = ''] = cell.split(', ')
  const trigger = name as Trigger
  if (trigger === 'Reconfigure') {
    const accepted = did('reconfigure-accepted')
    if (!accepted.data?.accepts)
      notApplicable('The router accepts no Reconfigure (RFC7084-WAA-4): none brings it a prefix.', accepted)
  }
  const mark = (of: string) => did(of, ({ data }) => data?.trigger === trigger)
  const begun = mark('renumbering')
  const over = mark('renumbering-over')
  const { old, fresh, source, address, held } = begun.data as Record<'old' | 'fresh', string> & Record<string, unknown>
  const course = { after: begun, before: over }
  if (trigger === 'Reconfigure') {
    const heeded = wan.fromDut.first(dhcpv6('renew'), course)
    if (!heeded) maySendReconfigure(evidence)
    given(heeded, 'RFC8415-18.2.11-RECONF')
    given(wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), course), 'RFC8415-18.2.4-RENEW')
  }
  const { by, renews } = triggers[trigger]
  if (renews) given(wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), course), renews)
  const replies = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), course)
  const told = given(fresh ? replies.find((frame) => granted(frame).includes(fresh)) : replies[0], by)
  const refused = wan.toDut
    .all(dhcpv6('reply'), { after: told, before: over })
    .find((reply) => disowns(evidence, reply))
  if (refused) cannotTell('The ISP of the bench said NoBinding of the prefix that it had granted.', told, refused)
  // A line that comes back so late leaves the LAN no time to be told.
  const heard = marks('lan-told').some(({ data }) => data?.trigger === trigger)
  if (trigger === 'link flap' && !heard) given(over.at - told.at >= raUpdate.max ? told : undefined, 'ROB-FLAP')
  return { trigger, observer, old, fresh, source, address, held, begun, told, over, mark }
}

/** RFC 8415 section 21.13. */
const noBinding = 3

/** A Reply that says NoBinding to a question for a prefix which the same server had granted last. */
function disowns({ wan }: Evidence, reply: Frame): boolean {
  if (!dhcpv6OptionsOf(reply, 'ia-pd').some((ia) => statusOf(ia) === noBinding)) return false
  const { transactionId } = dhcpv6Of(reply)
  const asked = wan.fromDut.last({ dhcp6: { transactionId } }, { before: reply })
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: reply }).map(granted)
  const last = grants.findLast((prefixes) => prefixes.length > 0) ?? []
  return asked !== undefined && iaPrefixes(asked).some(({ prefix }) => last.includes(prefix))
}

/** A client that ignored a Reconfigure had no reason to heed one where no server said that it sends any. */
export function maySendReconfigure({ wan, cannotTell }: Evidence): void {
  const advertises = wan.toDut.all(dhcpv6('advertise'))
  const says = (frame: Frame) => dhcpv6OptionsOf(frame, 'reconf-accept').length > 0
  if (advertises.length > 0 && !advertises.some(says))
    cannotTell(
      'No Advertise of the bench held Reconfigure Accept, which RFC 9915 section 18.3.9 asks of a server that reconfigures.',
      ...advertises.slice(0, 1),
    )
}

/** The RA by which the LAN knew of the new prefix; what is asked of all others on the LAN rests on it. */
export function lanTold({ given, marks, framesOf }: Evidence, { trigger }: Renumbered): Frame {
  const told = marks('lan-told').find(({ data }) => data?.trigger === trigger)
  return given(told && framesOf(told)[0], 'RFC7084-L-13')
}

export const piosIn = (frame: Frame, prefix: string) => pios(frame).filter((pio) => prefixContains(prefix, pio.prefix))

/**
 * The last LAN RA before a moment that carried a live prefix out of the old one. Without it the change before this one
 * had not reached the LAN, or the router never had a prefix there.
 */
export function lastLive(evidence: Evidence, { old }: Renumbered, before: Frame | Mark): Frame {
  const cameByChange = evidence.marks('renumbering').some(({ data, at }) => data?.fresh === old && at < before.at)
  return evidence.given(advertisedLive(evidence, old, before), cameByChange ? 'RFC7084-L-13' : 'RFC7084-L-2')
}

function advertisedLive({ lan }: Evidence, prefix: string, before: Frame | Mark): Frame | undefined {
  return lan
    .of('host')
    .fromDut.all(ra(), { before })
    .findLast((frame) => piosIn(frame, prefix).some((pio) => pio.validLifetime > 0))
}

/** Of the addresses that a host begins flows from some are out of the new prefix, and none is out of the old. */
export function moved({ judge }: Evidence, { old, fresh = '::/128', told }: Renumbered, flow: Mark, who: string): void {
  const addresses = (flow.data?.addresses ?? []) as string[]
  judge.holds(
    addresses.some((one) => inPrefix(one, fresh)) && !addresses.some((one) => inPrefix(one, old)),
    `${who} has an address out of the new ${fresh} to begin flows from, and none out of the old ${old}.`,
    addresses.join(', ') || 'none',
    told,
    flow,
  )
}
