import { encode } from '../../wire/encode.ts'
import type { PacketInit } from '../../wire/packet.ts'
import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

/** Sends this on the WAN repeatedly. */
const onWan = (packet: PacketInit): Partial<Behavior> => ({
  says: (port, mac) => (port.startsWith('wan') ? encode({ ...packet, eth: { src: mac, ...packet.eth } }) : undefined),
})
const announcement = new Uint8Array(12)

/** What has no business on the line. */
export const onTheWan: Mutant[] = [
  {
    name: 'mdns-on-wan',
    story: 'The name of the home is announced on the WAN as well.',
    violates: ['DENAT-WAN-DISCOVERY'],
    warns: ['DENAT-WAN-DISCOVERY'],
    shownIn: 'no-prefix',
    behavior: onWan({
      ip6: { src: 'fe80::1', dst: 'ff02::fb', hopLimit: 255 },
      udp: { srcPort: 5353, dstPort: 5353 },
      payload: announcement,
    }),
  },
  {
    name: 'spanning-tree-on-wan',
    story: 'The WAN port takes part in the spanning tree of the LAN.',
    violates: ['DENAT-WAN-DISCOVERY'],
    warns: ['DENAT-WAN-DISCOVERY'],
    shownIn: 'no-prefix',
    behavior: onWan({ eth: { dst: '01:80:c2:00:00:00', type: 0x0026 }, payload: new Uint8Array(46) }),
  },
  {
    name: 'private-source-on-wan',
    story: 'Some IPv4 packets are sent on the WAN with their source of the LAN.',
    violates: ['DENAT-WAN-PRIVATE4'],
    warns: ['DENAT-WAN-PRIVATE4'],
    shownIn: 'no-prefix',
    behavior: onWan({
      eth: { dst: '02:00:00:00:00:09' },
      ip4: { src: '192.168.1.23', dst: '100.64.0.1' },
      udp: { srcPort: 4000, dstPort: 4000 },
      payload: announcement,
    }),
  },
  {
    name: 'ports-bridged-at-boot',
    story: 'The switch chip bridges WAN and LAN until the software of the router sets it up.',
    violates: ['DENAT-WAN-BRIDGED'],
    shownIn: 'cold-boot',
    behavior: { portsBridgedAtBoot: true },
  },
  {
    name: 'server-on-wan',
    story: 'The DHCPv6 server of the LAN answers on the WAN.',
    violates: ['DENAT-WAN-SERVER', 'RFC9915-16-CLIENTFORM'],
    shownIn: 'no-prefix',
    behavior: onWan({
      eth: { dst: '02:00:00:00:00:09' },
      ip6: { src: 'fe80::1', dst: 'fe80::9' },
      udp: { srcPort: 547, dstPort: 546 },
      dhcp6: { type: 'reply', transactionId: 5, options: [] },
    }),
  },
  {
    name: 'pppoe-unstated',
    story: 'The router sends PPPoE discovery although it is stated to have no PPPoE.',
    violates: ['DENAT-STATEMENT'],
    shownIn: 'no-prefix',
    behavior: onWan({ eth: { dst: 'ff:ff:ff:ff:ff:ff', type: 0x8863 }, payload: new Uint8Array(46) }),
  },
  {
    name: 'tunnel-unstated',
    story: 'The router sends IPv4 in IPv6 although it is stated to have no IPv4 as a service.',
    violates: ['DENAT-STATEMENT'],
    shownIn: 'no-prefix',
    behavior: onWan({
      eth: { dst: '02:00:00:00:00:09' },
      ip6: { src: '2d00:100::9', dst: '2d00:300::9', nextHeader: 4 },
      payload: announcement,
    }),
  },
]
