import { dhcpv6, type Evidence, type Frame, granted, isUla, pios } from 'denat'

/** What happened between the DUT and one emulated router. */
export interface Asker {
  /** Its first Solicit with an IA_PD. */
  solicit: Frame
  /** The last Reply that granted it something, up to a moment. */
  reply?: Frame
  /** Global prefixes that this Reply grants. */
  prefixes: string[]
}

/** A router of the bench's by its role, as its exchange with the DUT shows it. */
export function asker({ lan, world, given }: Evidence, role: string): Asker {
  const link = lan.of(role)
  const clientId = { duid: world.stations[role]?.duid }
  const solicit = given(link.toDut.first(dhcpv6('solicit', { iaPd: {}, clientId })), 'RFC9818-LPD-1')
  const reply = link.fromDut
    .all(dhcpv6('reply', { clientId }), { after: solicit })
    .find((frame) => globals(frame).length > 0)
  return { solicit, ...(reply && { reply }), prefixes: reply ? globals(reply) : [] }
}

/** Global prefixes that a Reply grants; a ULA beside them is the server's to give or not (RFC 9818 LPD-8). */
export const globals = (reply: Frame): string[] => granted(reply).filter((prefix) => !isUla(prefix.split('/')[0] ?? ''))

/** Prefixes that the LAN's links were given, by their RAs: those of all segments, withdrawn ones left out. */
export const linkPrefixes = ({ lan }: Evidence): string[] => [
  ...new Set(
    lan.fromDut
      .all({ icmp6: { type: 'router-advertisement' } })
      .flatMap(pios)
      .filter(({ validLifetime, prefix }) => validLifetime > 0 && !isUla(prefix.split('/')[0] ?? ''))
      .map(({ prefix }) => prefix),
  ),
]

/** What the ISP has delegated so far. */
export const delegatedPrefixes = ({ wan }: Evidence): string[] =>
  wan.toDut.all(dhcpv6('reply', { iaPd: {} })).flatMap(granted)
