import { BROADCAST_MAC, isLinkLocal } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mutant } from './mutant.ts'

/** Only Duplicate Address Detection in broadcast frames. */
const broadcastDad = (frame: Uint8Array, port: string): Uint8Array => {
  const packet = decode(frame)
  const { ip6, icmp6 } = packet
  if (!port.startsWith('wan') || icmp6?.type !== 'neighbor-solicitation' || ip6?.src !== '::') return frame
  return encode({ ...packet, eth: { ...packet.eth, dst: BROADCAST_MAC } })
}

/** MLD reports under the EtherType of IPv4, as of a snooping helper that knows no other. */
const reportsAsIpv4 = (frame: Uint8Array, port: string): Uint8Array => {
  const packet = decode(frame)
  if (!port.startsWith('wan') || packet.icmp6?.type !== 'mld2-report') return frame
  return encode({ ...packet, eth: { ...packet.eth, type: 0x0800 } })
}

const pcpFromElsewhere = (frame: Uint8Array): Uint8Array => {
  const { ip6, udp, ...packet } = decode(frame)
  if (udp?.dstPort !== 5351) return frame
  return encode({ ...packet, ip6: { ...ip6, src: '2d00:200:ffff::1' }, udp: { ...udp, checksum: undefined } })
}

/** What an RA on the WAN does to the router as a host. */
export const wanRa: Mutant[] = [
  {
    name: 'ipv6-under-ethertype-0800',
    story: 'On the WAN MLD reports have the EtherType of IPv4.',
    violates: ['RFC7084-WLL-1 · EtherType', 'RFC7084-G-1 · MLD'],
    behavior: { tap: reportsAsIpv4 },
  },
  {
    name: 'multicast-to-broadcast-mac',
    story: 'On the WAN Neighbor Solicitations of DAD are sent to the broadcast MAC.',
    violates: ['RFC7084-WLL-1 · multicast MAC', 'RFC4861-4-FORM'],
    behavior: { tap: broadcastDad },
  },
  {
    name: 'wan-mtu-1492',
    story: 'The MTU of the Ethernet WAN is set to that of a PPPoE line.',
    violates: [
      'RFC7084-WLL-1 · MTU 1500',
      'IPV6P-MTU-1 · 1500 octets with 208 octets of headers, outbound',
      'IPV6P-MTU-1 · 1500 octets with four segments, outbound',
      'RFC8200-4.5-FRAGPASS · large, outbound',
      'RFC8200-4.5-FRAGPASS · ordered, outbound',
      'RFC8200-4.5-FRAGPASS · reversed, outbound',
    ],
    behavior: { defaultWanMtu: 1492 },
  },
  {
    name: 'wan-mtu-not-applied',
    story: 'The MTU that an RA on the WAN announces is not applied.',
    violates: ['RFC4861-6.3.4-MTU · 1400'],
    behavior: { wanMtuApplied: false },
  },
  {
    name: 'wan-mtu-only-lowered',
    story: 'A smaller MTU in an RA is applied, a larger one after it is not.',
    violates: ['RFC4861-6.3.4-MTU · 1500 again'],
    behavior: { wanMtuGrows: false },
  },
  {
    name: 'wan-mtu-below-1280',
    story: 'An MTU below 1280 is applied, and packets of 1280 octets are not forwarded.',
    violates: ['RFC4861-6.3.4-MTU · 1000'],
    behavior: { leastWanMtu: 0 },
  },
  {
    name: 'wan-mtu-above-1500',
    story: 'An MTU above that of Ethernet replaces the one announced before.',
    violates: ['RFC4861-6.3.4-MTU · 9000'],
    behavior: { greatestWanMtu: 65535 },
  },
  {
    name: 'strong-host',
    story: 'Without a WAN address the router sends to the Internet from its link-local address.',
    violates: ['RFC7084-WAA-9'],
    behavior: { weakHost: false },
  },
  {
    name: 'on-link-without-l',
    story: 'Every prefix of an RA is treated as on-link, whatever its L flag.',
    violates: ['RFC7084-WAA-2 · L=0', 'RFC7084-WAA-2 · IA_NA'],
    behavior: { prefixOnLink: () => true },
  },
  {
    name: 'l-flag-ignored',
    story: 'Packets to neighbors in a prefix with L=1 are sent to the default router.',
    violates: ['RFC7084-WAA-2 · L=1'],
    behavior: { prefixOnLink: () => false },
  },
  {
    name: 'assigned-address-on-link',
    story: 'The /64 of an address that DHCPv6 assigned is treated as on-link.',
    violates: ['RFC7084-WAA-2 · IA_NA'],
    behavior: { assignedPrefixOnLink: true },
  },
  {
    name: 'new-address-untold',
    story: 'No unsolicited NA is sent for a new WAN address.',
    violates: ['RFC9131-6.1.2 · sent'],
    silences: ['RFC9131-6.1.2 · 1 s apart', 'RFC9131-6.1.2 · O flag', 'RFC9131-6.1.2 · three at most'],
    behavior: { newAddressAdvertisements: 0 },
  },
  {
    name: 'new-address-told-to-all-nodes',
    story: 'The unsolicited NA for a new WAN address goes to all nodes, not to all routers.',
    violates: ['RFC9131-6.1.2 · sent'],
    silences: ['RFC9131-6.1.2 · 1 s apart', 'RFC9131-6.1.2 · O flag', 'RFC9131-6.1.2 · three at most'],
    behavior: { newAddressAdvertisedTo: 'ff02::1' },
  },
  {
    name: 'new-address-overrides',
    story: 'The unsolicited Neighbor Advertisements of a new address have the Override flag.',
    violates: ['RFC9131-6.1.2 · O flag'],
    behavior: { newAddressOverrides: true },
  },
  {
    name: 'new-address-told-for-ever',
    story: 'More than three unsolicited NAs are sent for a new WAN address.',
    violates: ['RFC9131-6.1.2 · three at most'],
    behavior: { newAddressAdvertisements: 5 },
  },
  {
    name: 'new-address-told-in-a-burst',
    story: 'The three Neighbor Advertisements of a new address are sent within a second.',
    violates: ['RFC9131-6.1.2 · 1 s apart'],
    behavior: { newAddressInterval: 0.2 },
  },
  {
    name: 'preferred-lifetime-0-ignored',
    story: 'An RA that deprecates a WAN address is ignored: new flows still use it.',
    violates: ['RFC4862-5.5.3-TWOHOUR'],
    behavior: { zeroPreferredLifetimeHeeded: false },
  },
  {
    name: 'no-pcp-client',
    story: 'The router has no PCP client, although the capability statement names one.',
    violates: ['RFC7084-W-6 · default router'],
    silences: ['RFC7084-W-6 · WAN only'],
    behavior: { pcpServer: 'none' },
  },
  {
    name: 'pcp-to-all-routers',
    story: 'PCP requests are sent to all routers of the link.',
    violates: ['RFC7084-W-6 · default router'],
    behavior: { pcpServer: 'all routers' },
  },
  {
    name: 'pcp-from-lan-address',
    story: 'PCP requests come from an address that is not of the WAN.',
    violates: ['RFC7084-W-6 · WAN only'],
    behavior: { tap: pcpFromElsewhere },
  },
  ...[
    { what: 'WAN address', on: (port: string) => port.startsWith('wan'), linkLocal: false },
    { what: 'LAN address', on: (port: string) => !port.startsWith('wan'), linkLocal: false },
    { what: 'WAN link-local address', on: (port: string) => port.startsWith('wan'), linkLocal: true },
    { what: 'LAN link-local address', on: (port: string) => !port.startsWith('wan'), linkLocal: true },
  ].map(({ what, on, linkLocal }) => ({
    name: `duplicate-${what.toLowerCase().replaceAll(' ', '-')}-used`,
    story: `A ${what} that another node has is still used.`,
    violates: [`RFC4862-5.4-DAD · ${what}`],
    behavior: {
      usesDuplicate: (address: string, port: string) => on(port) && isLinkLocal(address) === linkLocal,
    },
  })),
]
