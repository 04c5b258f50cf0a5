import { decode } from './decode.ts'
import { encode } from './encode.ts'
import type { Packet, PacketInit } from './packet.ts'

/** For the tests of this folder: octets from hex, spaces as one likes. */
export function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

const ROUTER = { src: '02:de:4a:00:00:01' }
const UNICAST = { ...ROUTER, dst: '02:de:4a:00:00:02' }
const TO_ALL_NODES = { src: 'fe80::1', dst: 'ff02::1' }
const GLOBAL = { src: '2001:db8::1', dst: '2001:db8:1::2' }
const PRIVATE = { src: '192.168.1.1', dst: '192.168.1.2' }

const EMPTY_DHCPV4 = {
  op: 'request',
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 0x01020304,
  secs: 0,
  flags: 0x8000,
  ciaddr: '0.0.0.0',
  yiaddr: '0.0.0.0',
  siaddr: '0.0.0.0',
  giaddr: '0.0.0.0',
  chaddr: ROUTER.src,
} as const

/** RFC 2711, for MLD. */
const ROUTER_ALERT: NonNullable<PacketInit['ext']>[number] = {
  type: 'hop-by-hop',
  options: [
    { type: 5, data: octets('0000') },
    { type: 1, data: octets('') },
  ],
}

const SESSION = { type: 'session', sessionId: 0x11 } as const

const PPPOE_SAMPLES: { [name: string]: PacketInit } = {
  PADI: {
    eth: ROUTER,
    pppoe: {
      type: 'padi',
      tags: [
        { type: 'service-name', data: octets('') },
        { type: 'host-uniq', data: octets('01020304') },
        { type: 'ppp-max-payload', value: 1500 },
      ],
    },
    trailer: new Uint8Array(18),
  },
  PADS: {
    eth: UNICAST,
    tags: [{ vid: 7 }],
    pppoe: {
      type: 'pads',
      sessionId: 0x11,
      tags: [
        { type: 'ac-name', data: octets('616331') },
        { type: 0x0199, data: octets('05') },
      ],
    },
  },
  'PPPoE session, IPv6': {
    eth: UNICAST,
    pppoe: SESSION,
    ip6: GLOBAL,
    udp: { srcPort: 1, dstPort: 2 },
    payload: octets('0102'),
  },
  'PPPoE session, IPv4 with a compressed protocol, padded': {
    eth: UNICAST,
    pppoe: SESSION,
    ppp: { protocol: 0x21, compressed: true },
    ip4: PRIVATE,
    icmp4: { type: 8, rest: 0 },
    trailer: new Uint8Array(9),
  },
  LCP: {
    eth: UNICAST,
    pppoe: SESSION,
    lcp: {
      type: 'configure-request',
      id: 1,
      options: [
        { type: 'mru', value: 1492 },
        { type: 'authentication-protocol', protocol: 0xc223, data: octets('05') },
        { type: 'magic-number', value: 0x01020304 },
        { type: 'protocol-field-compression' },
        { type: 19, data: octets('00') },
      ],
    },
  },
  'LCP echo': { eth: UNICAST, pppoe: SESSION, lcp: { type: 'echo-request', id: 9, data: octets('01020304') } },
  IPCP: {
    eth: UNICAST,
    pppoe: SESSION,
    ipcp: {
      type: 'configure-nak',
      id: 2,
      options: [
        { type: 'ip-address', address: '192.0.2.1' },
        { type: 'primary-dns', address: '192.0.2.53' },
      ],
    },
  },
  IPV6CP: {
    eth: UNICAST,
    pppoe: SESSION,
    ipv6cp: {
      type: 'configure-ack',
      id: 3,
      options: [{ type: 'interface-identifier', interfaceId: octets('0102030405060708') }],
    },
    trailer: new Uint8Array(3),
  },
  PAP: {
    eth: UNICAST,
    pppoe: SESSION,
    pap: { type: 'authenticate-request', id: 4, peerId: octets('7573657231'), password: octets('736563726574') },
  },
  CHAP: {
    eth: UNICAST,
    pppoe: SESSION,
    chap: { type: 'challenge', id: 5, value: octets('0a0b0c0d'), name: octets('616331') },
  },
  'CHAP success': { eth: UNICAST, pppoe: SESSION, chap: { type: 'success', id: 5, message: octets('4f4b') } },
}

/** One well-formed packet of each kind that is decoded, for round trips, cuts and mutations. */
export const SAMPLES: { [name: string]: PacketInit } = {
  'router solicitation': {
    eth: ROUTER,
    ip6: { src: 'fe80::1', dst: 'ff02::2' },
    icmp6: { type: 'router-solicitation', options: [{ type: 'source-link-layer', mac: ROUTER.src }] },
  },
  'router advertisement': {
    eth: ROUTER,
    ip6: TO_ALL_NODES,
    icmp6: {
      type: 'router-advertisement',
      managed: true,
      other: true,
      routerLifetime: 1800,
      options: [
        {
          type: 'prefix-information',
          prefix: '2001:db8::/64',
          onLink: true,
          autonomous: true,
          validLifetime: 3600,
          preferredLifetime: 1800,
        },
        {
          type: 'route-information',
          prefix: '2001:db8::/56',
          preference: 'medium',
          lifetime: 1800,
        },
        { type: 'rdnss', lifetime: 600, servers: ['fe80::1', '2001:db8::53'] },
        { type: 'dnssl', lifetime: 600, domains: ['home.arpa', 'example.com'] },
        { type: 'mtu', mtu: 1492 },
        { type: 'pref64', lifetime: 600, plc: 0, prefix: '64:ff9b::' },
        { type: 'source-link-layer', mac: ROUTER.src },
      ],
    },
  },
  'neighbor solicitation': {
    eth: ROUTER,
    ip6: { src: '::', dst: 'ff02::1:ff00:1' },
    icmp6: {
      type: 'neighbor-solicitation',
      target: 'fe80::1',
      options: [{ type: 'nonce', nonce: octets('010203040506') }],
    },
  },
  'neighbor advertisement': {
    eth: UNICAST,
    ip6: GLOBAL,
    icmp6: {
      type: 'neighbor-advertisement',
      router: true,
      solicited: true,
      target: '2001:db8::1',
      options: [{ type: 'target-link-layer', mac: ROUTER.src }],
    },
  },
  redirect: {
    eth: UNICAST,
    ip6: GLOBAL,
    icmp6: {
      type: 'redirect',
      target: 'fe80::2',
      destination: '2001:db8::3',
      options: [{ type: 'redirected-header', data: octets('6000000000003a40') }],
    },
  },
  'echo request': {
    eth: UNICAST,
    ip6: GLOBAL,
    icmp6: { type: 'echo-request', id: 7, seq: 1, data: octets('00112233 44') },
  },
  'packet too big': {
    eth: UNICAST,
    ip6: GLOBAL,
    icmp6: { type: 'packet-too-big', mtu: 1280, data: octets('6000000000003a40') },
  },
  'parameter problem': {
    eth: UNICAST,
    ip6: GLOBAL,
    icmp6: { type: 'parameter-problem', code: 1, pointer: 40, data: octets('60') },
  },
  'unknown ICMPv6': { eth: UNICAST, ip6: GLOBAL, icmp6: { type: 200, code: 3, body: octets('0102') } },
  'MLDv2 report': {
    eth: ROUTER,
    ip6: { src: 'fe80::1', dst: 'ff02::16' },
    ext: [ROUTER_ALERT],
    icmp6: {
      type: 'mld2-report',
      records: [
        { type: 4, group: 'ff02::1:ff00:1', sources: [] },
        { type: 3, group: 'ff05::1:3', sources: ['2001:db8::1'], auxiliary: octets('00000001') },
      ],
    },
  },
  'MLDv2 query': {
    eth: ROUTER,
    ip6: TO_ALL_NODES,
    ext: [ROUTER_ALERT],
    icmp6: { type: 'mld-query', maxResponseDelay: 10000, group: '::', data: octets('027d0000') },
  },
  'DHCPv6 solicit': {
    eth: ROUTER,
    ip6: { src: 'fe80::1', dst: 'ff02::1:2' },
    udp: { srcPort: 546, dstPort: 547 },
    dhcp6: {
      type: 'solicit',
      transactionId: 0x1a2b3c,
      options: [
        { type: 'client-id', duid: '0003000102de4a000001' },
        { type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] },
        { type: 'elapsed-time', value: 0 },
        { type: 'oro', codes: [23, 82] },
      ],
    },
  },
  'DHCPv4 discover': {
    eth: ROUTER,
    ip4: { src: '0.0.0.0', dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      ...EMPTY_DHCPV4,
      options: [{ type: 'message-type', value: 'discover' }, { type: 'end' }],
    },
  },
  'DNS query': {
    eth: UNICAST,
    ip6: GLOBAL,
    udp: { srcPort: 40000, dstPort: 53 },
    payload: octets('0001 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 001c 0001'),
  },
  'UDP over IPv4': { eth: UNICAST, ip4: PRIVATE, udp: { srcPort: 1, dstPort: 2 }, payload: octets('010203') },
  'TCP syn': {
    eth: UNICAST,
    ip6: GLOBAL,
    tcp: { srcPort: 50000, dstPort: 443, seq: 1, flags: 'syn', options: octets('020405a0') },
  },
  'TCP over IPv4, padded frame': {
    eth: UNICAST,
    ip4: { ...PRIVATE, dontFragment: true },
    tcp: { srcPort: 50000, dstPort: 443, seq: 1, ack: 2, flags: 'rst+ack' },
    trailer: new Uint8Array(6),
  },
  'ICMPv4 echo': { eth: UNICAST, ip4: PRIVATE, icmp4: { type: 8, rest: 0x00070001 }, payload: octets('0102') },
  'IPv4 options': {
    eth: UNICAST,
    ip4: { ...PRIVATE, options: octets('94040000') },
    icmp4: { type: 8, rest: 0 },
  },
  ARP: {
    arp: { operation: 'request', senderMac: ROUTER.src, sender: '192.168.1.1', target: '192.168.1.2' },
    trailer: new Uint8Array(18),
  },
  'routing header': {
    eth: UNICAST,
    ip6: GLOBAL,
    ext: [
      {
        type: 'routing',
        routingType: 0,
        segmentsLeft: 1,
        data: octets('00000000 20010db8000000000000000000000009'),
      },
      { type: 'destination-options', options: [{ type: 0x1e, data: octets('01020304') }] },
    ],
    udp: { srcPort: 9, dstPort: 9 },
    payload: octets('ff'),
  },
  'first fragment': {
    eth: UNICAST,
    ip6: { ...GLOBAL },
    ext: [{ type: 'fragment', nextHeader: 17, offset: 0, more: true, id: 5 }],
    payload: octets('0001000200100000'),
  },
  'last fragment': {
    eth: UNICAST,
    ip6: { ...GLOBAL },
    ext: [{ type: 'fragment', nextHeader: 58, offset: 1232, more: false, id: 5 }],
    payload: octets('0001'),
  },
  'atomic fragment': {
    eth: UNICAST,
    ip6: { ...GLOBAL },
    ext: [{ type: 'fragment', offset: 0, more: false, id: 5 }],
    icmp6: { type: 'echo-reply', id: 1, seq: 2, data: new Uint8Array(0) },
  },
  'search lists that overrun': {
    eth: ROUTER,
    ip6: TO_ALL_NODES,
    icmp6: {
      type: 'router-advertisement',
      // The names before that are names.
      options: [
        { type: 'dnssl', lifetime: 600, domains: ['a'], raw: octets('0161 0006 6261 6463') },
        { type: 'dnssl', lifetime: 600, domains: ['a'], raw: octets('0161 0000 0000 00ff') },
        { type: 'dnssl', lifetime: 600, domains: [], raw: octets('0161 c000 0000 0000') },
      ],
    },
  },
  'classes that overrun': {
    eth: ROUTER,
    ip6: { src: 'fe80::1', dst: 'ff02::1:2' },
    udp: { srcPort: 546, dstPort: 547 },
    dhcp6: {
      type: 'solicit',
      transactionId: 1,
      options: [
        { type: 'user-class', classes: [octets('41')], overrun: octets('000942') },
        { type: 'vendor-class', enterprise: 311, classes: [octets('41')], overrun: octets('00') },
      ],
    },
  },
  'DHCPv4 texts that end with nulls, and options behind the end of sname': {
    eth: ROUTER,
    ip4: { src: '0.0.0.0', dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      ...EMPTY_DHCPV4,
      options: [
        { type: 'option-overload', value: 2 },
        { type: 'host-name', text: 'hw', raw: octets('687700') },
        { type: 'end' },
      ],
      snameOptions: [
        { type: 'domain-name', text: '', raw: octets('00') },
        { type: 'end' },
        { type: 'malformed', data: octets(`0c0161${'00'.repeat(57)}`) },
      ],
    },
  },
  'customer VLAN': {
    eth: UNICAST,
    tags: [{ vid: 35 }],
    ip6: GLOBAL,
    icmp6: { type: 201, code: 0, body: octets('01') },
  },
  'service and customer VLAN, padded': {
    eth: { ...ROUTER, type: 0x88a8 },
    tags: [{ vid: 100, priority: 5, dropEligible: true }, { vid: 35 }],
    arp: { operation: 'request', senderMac: ROUTER.src, sender: '192.168.1.1', target: '192.168.1.2' },
    trailer: new Uint8Array(10),
  },
  'priority tag': {
    eth: UNICAST,
    tags: [{ vid: 0, priority: 6 }],
    ip4: { ...PRIVATE, protocol: 47 },
    payload: octets('0000'),
  },
  ...PPPOE_SAMPLES,
  LLDP: { eth: { ...UNICAST, type: 0x88cc }, payload: octets('0207') },
}

/** Milliseconds of processor time: a machine with much else to do takes no more of it. */
export function effort(act: () => void): number {
  const start = process.cpuUsage()
  act()
  return process.cpuUsage(start).user / 1000
}

/** What comes back when a packet is sent and received. */
export function looped(packet: PacketInit): Packet {
  return decode(encode(packet))
}
