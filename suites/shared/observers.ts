import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  iaPrefixes,
  isRelay,
  type Mark,
  statusOf,
} from 'denat'
import type { Renumbered } from './renumbering.ts'

/** Replies of the router's own server to one station of the bench, while the change was watched. */
export function repliesTo({ lan, world }: Evidence, station: string, { learned, over }: Renumbered): Frame[] {
  const duid = world.stations[station]?.duid
  return lan.of(station).fromDut.all(dhcpv6('reply', { clientId: { duid } }), { after: learned, before: over })
}

/** RFC 8415 section 21.13: the status codes that a Reply may contain inside an IA. */
const notOnLink = 4

/**
 * A client that receives NotOnLink restarts, or requests without the lease (RFC 8415 section 18.2.10.1). Where the bench's
 * own client did neither, its lease shows nothing about the router.
 */
export function isHeedful({ lan, world, undecided }: Evidence, station: string, until: Mark): void {
  const duid = world.stations[station]?.duid
  const link = lan.of(station)
  const isOurs = (frame: Frame) =>
    frame.packet.dhcp6 !== undefined &&
    !isRelay(frame.packet.dhcp6) &&
    dhcpv6OptionsOf(frame, 'client-id').some((client) => client.duid === duid)
  const leases = (frame: Frame) => iaAddresses(frame).length + iaPrefixes(frame).length
  for (const reply of link.fromDut.all(dhcpv6('reply'), { before: until }).filter(isOurs)) {
    const ias = [...dhcpv6OptionsOf(reply, 'ia-na'), ...dhcpv6OptionsOf(reply, 'ia-pd')]
    if (!ias.some((ia) => statusOf(ia) === notOnLink)) continue
    const asked = link.toDut.all({ dhcp6: {} }, { after: reply, before: until }).filter(isOurs)
    if (!asked.some((frame) => leases(frame) === 0))
      undecided(claim`The client of the bench ignored NotOnLink inside an IA, and retained its lease.`, reply)
  }
}

/** Not expiry: no client holds a lease that has expired, so no client need be informed, and no route leads to it. */
export const whileItRuns = ['Renew', 'NoBinding', 'link flap', 'Reconfigure', 'lifetime 0'] as const

export const restarts = ['orderly reboot', 'power cut'] as const

/** The DHCPv6-only host has no lease: whether it should have one is judged by other requirements. */
export function withoutAddress({ lan, notApplicable }: Evidence, begun: Mark): never {
  const leased = lan.fromDut.all(dhcpv6('reply'), { before: begun }).find((frame) => iaAddresses(frame).length > 0)
  if (leased) notApplicable(claim`The DHCPv6-only host has no address when this begins.`, begun, leased)
  return notApplicable(claim`The router assigns no addresses by DHCPv6.`, begun)
}
