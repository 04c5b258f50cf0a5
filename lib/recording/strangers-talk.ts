import { addressIn, eui64, linkLocalOf, multicastMac, solicitedNode } from '../wire/address.ts'
import type { PacketInit } from '../wire/packet.ts'

const [phone, tv, computer, bridge] = [
  'a4:83:e7:1c:02:31',
  '54:3a:d6:0b:77:9e',
  '3c:22:fb:90:ab:04',
  '00:1b:21:3c:9d:f0',
] as [string, string, string, string]
/** A prefix that it knows from another network, such as that of a VPN. */
const elsewhere = '2600:1700:3ab0:11::/64'
const text = (words: string) => new TextEncoder().encode(words)

const toGroup = (mac: string, dst: string, packet: PacketInit, hopLimit = 255): PacketInit => ({
  ...packet,
  eth: { src: mac, dst: multicastMac(dst) },
  ip6: { src: linkLocalOf(mac), dst, hopLimit, ...packet.ip6 },
})

const dhcpv6Ports = { srcPort: 546, dstPort: 547 }
const client = { type: 'client-id', duid: `0001000129d5c3b0${computer.replaceAll(':', '')}` } as const

/** What hosts and a switch that have no part in the test send on a LAN. */
export const strangersTalk: PacketInit[] = [
  toGroup(phone, 'ff02::2', {
    icmp6: { type: 'router-solicitation', options: [{ type: 'source-link-layer', mac: phone }] },
  }),
  toGroup(phone, solicitedNode(linkLocalOf(phone)), {
    ip6: { src: '::' },
    icmp6: { type: 'neighbor-solicitation', target: linkLocalOf(phone), options: [] },
  }),
  toGroup(phone, 'ff02::fb', { udp: { srcPort: 5353, dstPort: 5353 }, payload: text('\0\0\0\0\0\0\0\0\0\0\0\0') }),
  toGroup(phone, 'ff02::1', {
    icmp6: {
      type: 'neighbor-advertisement',
      router: false,
      solicited: false,
      override: true,
      target: addressIn(elsewhere, eui64(phone)),
      options: [{ type: 'target-link-layer', mac: phone }],
    },
  }),
  toGroup(tv, 'ff02::c', { udp: { srcPort: 50112, dstPort: 1900 }, payload: text('M-SEARCH * HTTP/1.1\r\n\r\n') }),
  toGroup(tv, 'ff02::1', { icmp6: { type: 'echo-request', id: 7, seq: 1, data: new Uint8Array(8) } }),
  toGroup(computer, 'ff02::1:2', {
    udp: dhcpv6Ports,
    dhcp6: {
      type: 'solicit',
      transactionId: 0x51a9c3,
      options: [client, { type: 'elapsed-time', value: 0 }, { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [] }],
    },
  }),
  toGroup(computer, 'ff02::1:2', {
    udp: dhcpv6Ports,
    dhcp6: {
      type: 'information-request',
      transactionId: 0x51a9c4,
      options: [client, { type: 'elapsed-time', value: 0 }, { type: 'oro', codes: [23, 24] }],
    },
  }),
  // A cheap device gets much wrong: hop limits, checksums, options.
  toGroup(
    tv,
    'ff02::1',
    {
      icmp6: {
        type: 'neighbor-advertisement',
        router: false,
        solicited: true,
        override: false,
        target: linkLocalOf(tv),
        options: [],
      },
    },
    64,
  ),
  toGroup(tv, 'ff02::2', { ip6: { src: '::1' }, icmp6: { type: 'router-solicitation', options: [] } }),
  toGroup(computer, 'ff02::1:2', {
    udp: dhcpv6Ports,
    dhcp6: { type: 'renew', transactionId: 0x51a9c5, options: [{ type: 'elapsed-time', value: 0 }] },
  }),
  toGroup(computer, 'ff02::1', {
    ip6: { src: addressIn(elsewhere, eui64(computer)) },
    udp: { srcPort: 521, dstPort: 521, checksum: 1 },
    payload: text('RIP'),
  }),
  // LLDP, and a bridge protocol data unit of STP.
  { eth: { src: bridge, dst: '01:80:c2:00:00:0e', type: 0x88cc }, payload: new Uint8Array(46) },
  {
    eth: { src: bridge, dst: '01:80:c2:00:00:00', type: 38 },
    payload: Uint8Array.of(0x42, 0x42, 3, ...new Uint8Array(43)),
  },
]
