import type { Mutant } from './mutant.ts'

/** What becomes of LAN ports that lose their cable and have it again. */
export const lanPorts: Mutant[] = [
  {
    name: 'lan-port-return-without-ras',
    story: 'A LAN port whose cable was unplugged sends no RAs any more, unsolicited or solicited.',
    violates: ['ROB-LANPORT · RA on the port'],
    behavior: { lanPortLoss: 'ends its RAs' },
  },
  {
    name: 'lan-port-return-dead',
    story: 'A LAN port whose cable was unplugged forwards no packet any more.',
    violates: ['ROB-LANPORT · RA on the port'],
    behavior: { lanPortOpensAfter: Number.POSITIVE_INFINITY },
  },
  {
    name: 'lan-port-return-without-neighbor-discovery',
    story: 'A LAN port whose cable was unplugged answers no Neighbor Solicitations any more.',
    violates: ['ROB-LANPORT · neighbor on the port'],
    behavior: { lanPortLoss: 'ends neighbor discovery' },
  },
  {
    name: 'lan-port-return-without-dhcpv6',
    story: 'A LAN port whose cable was unplugged has no DHCPv6 server any more.',
    violates: ['DENAT-BACK · LAN port without a cable'],
    behavior: { lanPortLoss: 'ends its DHCPv6 server' },
  },
  {
    name: 'lan-port-return-renumbers',
    story: 'When a cable is plugged into a LAN port, all LANs get other /64s of the delegated prefix.',
    violates: ['ROB-LANPORT · prefix of the port', 'RFC9818-LPD-4 · a prefix of its own'],
    behavior: { lanPortReturn: 'another prefix' },
  },
  {
    name: 'lan-port-loss-ends-other-ras',
    story: 'When a cable is unplugged from one LAN port, final RAs are sent on all others.',
    violates: ['ROB-LANPORT · other ports'],
    behavior: { lanPortLoss: 'ends the RAs of the other LANs' },
  },
  {
    name: 'lan-port-loss-silences-others',
    story: 'When a cable is unplugged from one LAN port, Router Solicitations on all others are not answered.',
    violates: ['ROB-LANPORT · other ports'],
    behavior: { lanPortLoss: 'silences the other LANs' },
  },
  {
    name: 'lan-port-loss-restarts-client',
    story: 'When a cable is unplugged from a LAN port, the lease of the line is released.',
    violates: ['lease of the line', 'prefix of the port', 'Internet from the port', 'other ports'].map(
      (name) => `ROB-LANPORT · ${name}`,
    ),
    behavior: { lanPortLoss: 'restarts the client' },
  },
]
