import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  dhcpv6Status,
  type Evidence,
  type Frame,
  granted,
  isUla,
  type Marked,
  type Moment,
  pios,
  prefixContains,
  prefixLength,
  ra,
  statusOf,
} from 'denat'
import { sixteen } from '../steps/home-network/prefix-exhaustion.ts'

/** What happened between the DUT and one emulated router. */
export interface Asker {
  /** Its first Solicit with an IA_PD. */
  solicit: Frame
  /** The first Reply that granted it something. */
  reply?: Frame
  /** Global prefixes that this Reply grants. */
  prefixes: string[]
}

/** A router of the bench's by its role, as its exchange with the DUT shows it. */
export function asker({ lan, world, given, assume }: Evidence, role: string, after?: Moment): Asker {
  // A router that hints at the prefix of another is not there where no router has a prefix.
  assume(role in world.stations, 'RFC9818-LPD-1')
  const link = lan.of(role)
  const clientId = { duid: world.stations[role]?.duid }
  const where = after ? { after } : {}
  const solicit = given(link.toDut.first(dhcpv6('solicit', { iaPd: {}, clientId }), where), 'RFC9818-LPD-1')
  const replies = link.fromDut.all(dhcpv6('reply', { clientId }), { after: solicit })
  const reply = replies.find((frame) => globals(frame).length > 0)
  return { solicit, ...(reply && { reply }), prefixes: reply ? globals(reply) : [] }
}

export const isUlaPrefix = (prefix: string): boolean => isUla(prefix.split('/')[0] ?? '')

/** Global prefixes that a Reply grants; the server may grant a ULA in addition (RFC 9818 LPD-8). */
export const globals = (reply: Frame): string[] => granted(reply).filter((prefix) => !isUlaPrefix(prefix))

/** Routers of the scenario `full-house` that send no hint. */
const modest = ['no-hint', 'three', 'eight']

/** Advertises with NoPrefixAvail to a router of the bench. */
const refusalsOf = ({ lan, world }: Evidence, role: string): Frame[] =>
  role in world.stations
    ? lan
        .of(role)
        .fromDut.all(dhcpv6('advertise', { clientId: { duid: world.stations[role]?.duid } }))
        .filter(isRefusal)
    : []

/** The same for those that send no hint, and have nothing that could be refused. */
export const modestRefusals = (evidence: Evidence): Frame[] => modest.flatMap((role) => refusalsOf(evidence, role))

/**
 * What keeps a router of the bench from its prefix: one that receives NoPrefixAvail, as others that send no hint,
 * meets an exhausted pool; that the pool holds all that is not on links is judged by RFC9818-LPD-4.
 */
export function whyUnserved(evidence: Evidence, role: string): 'RFC9818-LPD-1' | 'RFC9818-LPD-4' {
  const { lan } = evidence
  const others = lan.fromDut.all(dhcpv6('reply', { iaPd: {} })).some((reply) => globals(reply).length > 0)
  const usedUp = others && modestRefusals(evidence).length > 0
  return usedUp && refusalsOf(evidence, role).length > 0 ? 'RFC9818-LPD-4' : 'RFC9818-LPD-1'
}

/** The status of its first IA_PD is NoPrefixAvail. */
export const isRefusal = (advertise: Frame): boolean => {
  const [ia] = dhcpv6OptionsOf(advertise, 'ia-pd')
  return ia !== undefined && statusOf(ia) === dhcpv6Status.noPrefixAvail
}

/** The number of /64 in a prefix. */
export const sixtyFours = (prefix: string): number => 2 ** (64 - prefixLength(prefix))

/** Global prefixes that RAs advertise on the links of the LAN, without withdrawn ones. */
export function linkPrefixes({ lan }: Pick<Evidence, 'lan'>): string[] {
  const advertised = lan.fromDut.all(ra()).flatMap(pios)
  const live = advertised.filter(({ validLifetime, prefix }) => validLifetime > 0 && !isUlaPrefix(prefix))
  return [...new Set(live.map(({ prefix }) => prefix))]
}

/** What the ISP has delegated so far. */
export const delegatedPrefixes = ({ wan }: Pick<Evidence, 'wan'>): string[] =>
  wan.toDut.all(dhcpv6('reply', { iaPd: {} })).flatMap(granted)

/** Ends the judgement where the line delegates a single /64. */
export function subnets({ isp, begun, notApplicable }: Evidence): void {
  if (isp.dhcpv6.prefixes.every((prefix) => prefixLength(prefix) > 63))
    notApplicable(claim`This line delegates a single /64: no prefix is left for another router.`, begun())
}

export const overlap = (a: string, b: string): boolean => prefixContains(a, b) || prefixContains(b, a)

/** When sixteen routers had solicited, and had received a prefix or not. Older recordings have this in another scenario. */
export function sixteenAsked({ at, begun, every, recording, undecided }: Evidence): Marked<Sixteen, never> {
  if (recording.outcome.end === 'complete' && every(sixteen).length === 0)
    undecided(claim`In this recording, routers do not solicit until no prefix is left.`, begun())
  return at(sixteen)
}

interface Sixteen {
  holders: number
  refused: number
}
