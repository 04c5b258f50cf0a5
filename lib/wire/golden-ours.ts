import type { Dhcpv4 } from './dhcpv4.ts'
import type { Dhcpv4Option } from './dhcpv4-options.ts'
import type { Dhcpv6, Dhcpv6MessageType } from './dhcpv6.ts'
import { encodeDhcpv6 } from './dhcpv6.ts'
import { duidLl, duidLlt, duidUuid } from './dhcpv6-duid.ts'
import type { Dhcpv6Option } from './dhcpv6-option.ts'
import { dnsAnswer, dnsQuery } from './dns.ts'
import { ipBytes } from './fragment.ts'
import type { NdOption } from './nd-options.ts'
import type { PacketInit } from './packet.ts'
import { octets } from './testing.ts'

/** Well-formed packets of every kind that we build: another decoder must find nothing wrong with them. */

const MAC = '02:de:4a:00:00:01'
const eth = { src: MAC, dst: '02:de:4a:00:00:02' }
const local = { src: 'fe80::1', dst: 'ff02::1' }
const global = { src: '2001:db8::1', dst: '2001:db8:1::2' }
const private4 = { src: '192.168.1.1', dst: '192.168.1.2' }
const alert: NonNullable<PacketInit['ext']> = [{ type: 'hop-by-hop', options: [{ type: 5, data: octets('0000') }] }]
const quoted = ipBytes({
  ip6: global,
  udp: { srcPort: 40000, dstPort: 40001 },
  payload: octets('01020304'),
})

const ND: NdOption[] = [
  { type: 'source-link-layer', mac: MAC },
  {
    type: 'prefix-information',
    prefix: '2001:db8::/64',
    onLink: true,
    autonomous: true,
    routerAddress: true,
    validLifetime: 0xffffffff,
    preferredLifetime: 1800,
  },
  { type: 'mtu', mtu: 1492 },
  { type: 'route-information', prefix: '::/0', preference: 'low', lifetime: 60 },
  { type: 'route-information', prefix: '2001:db8::/56', preference: 'high', lifetime: 1800 },
  { type: 'route-information', prefix: '2001:db8::1/128', preference: 'medium', lifetime: 0xffffffff },
  { type: 'rdnss', lifetime: 600, servers: ['fe80::1', '2001:db8::53', '::ffff:192.0.2.53'] },
  { type: 'dnssl', lifetime: 600, domains: ['home.arpa', 'example.com'] },
  { type: 'pref64', lifetime: 600, plc: 0, prefix: '64:ff9b::' },
]

const SERVER_DUID = duidUuid('00112233-4455-6677-8899-aabbccddeeff')
const DUIDS: Dhcpv6Option[] = [
  { type: 'client-id', duid: duidLl(MAC) },
  { type: 'server-id', duid: SERVER_DUID },
]
const SUCCESS: Dhcpv6Option = { type: 'status-code', status: 0, message: 'success' }

const ASSOCIATIONS: Dhcpv6Option[] = [
  {
    type: 'ia-na',
    iaid: 1,
    t1: 60,
    t2: 96,
    options: [
      { type: 'ia-addr', address: '2001:db8::10', preferredLifetime: 120, validLifetime: 180, options: [SUCCESS] },
      SUCCESS,
    ],
  },
  { type: 'ia-ta', iaid: 2, options: [SUCCESS] },
  {
    type: 'ia-pd',
    iaid: 3,
    t1: 60,
    t2: 96,
    options: [
      {
        type: 'ia-prefix',
        preferredLifetime: 120,
        validLifetime: 0xffffffff,
        prefix: '2001:db8:100::/56',
        options: [{ type: 'pd-exclude', data: octets('4001') }],
      },
    ],
  },
]

const OPTIONS: Dhcpv6Option[] = [
  { type: 'preference', value: 255 },
  { type: 'server-unicast', address: '2001:db8::1' },
  { type: 'rapid-commit' },
  { type: 'user-class', classes: [octets('4142'), octets('43')] },
  // TShark reads no second one.
  { type: 'vendor-class', enterprise: 311, classes: [octets('4142')] },
  { type: 'vendor-opts', data: octets('00000137 0001 0001 41') },
  { type: 'reconf-accept' },
  { type: 'sip-domains', domains: ['sip.example.com'] },
  { type: 'sip-servers', servers: ['2001:db8::5060'] },
  { type: 'dns-servers', servers: ['2001:db8::53', '2001:db8::54'] },
  { type: 'domain-list', domains: ['home.arpa', 'example.com'] },
  { type: 'sntp-servers', servers: ['2001:db8::7b'] },
  { type: 'information-refresh-time', value: 86400 },
  { type: 'client-fqdn', data: octets('01 04 686f7374 04 61727061 00') },
  { type: 'ntp-server', data: octets('0001 0010 20010db800000000000000000000007b') },
  { type: 'aftr-name', name: 'aftr.example.com' },
  { type: 'sol-max-rt', value: 3600 },
  { type: 'inf-max-rt', value: 3600 },
  {
    type: 'auth',
    protocol: 3,
    algorithm: 1,
    rdm: 0,
    replayDetection: octets('0000000000000001'),
    info: octets(`01${'00'.repeat(16)}`),
  },
]

function dhcp6(type: Dhcpv6MessageType, ...options: Dhcpv6Option[]): PacketInit {
  return message6({ type, transactionId: 0x1a2b3c, options: [...DUIDS, ...options] })
}

function message6(message: Dhcpv6): PacketInit {
  const fromServer = ['advertise', 'reply', 'reconfigure', 'relay-reply'].includes(String(message.type))
  const udp = fromServer ? { srcPort: 547, dstPort: 546 } : { srcPort: 546, dstPort: 547 }
  return { eth, ip6: { src: 'fe80::1', dst: 'fe80::2' }, udp, dhcp6: message }
}

function relayed(type: 'relay-forward' | 'relay-reply'): PacketInit {
  const message = encodeDhcpv6({
    type: type === 'relay-reply' ? 'reply' : 'solicit',
    transactionId: 1,
    options: [...DUIDS],
  })
  return message6({
    type,
    hopCount: 1,
    linkAddress: '2001:db8:1::1',
    peerAddress: 'fe80::3',
    options: [
      { type: 'interface-id', data: octets('70300000') },
      { type: 'relay-message', message },
    ],
  })
}

function dhcp4(op: 'request' | 'reply', ...options: Dhcpv4Option[]): PacketInit {
  const message: Dhcpv4 = {
    op,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x01020304,
    secs: 1,
    flags: 0x8000,
    ciaddr: '0.0.0.0',
    yiaddr: op === 'reply' ? '192.168.1.9' : '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: MAC,
    options: [...options, { type: 'end' }],
  }
  const udp = op === 'reply' ? { srcPort: 67, dstPort: 68 } : { srcPort: 68, dstPort: 67 }
  return { eth: { src: MAC }, ip4: { src: '192.168.1.1', dst: '255.255.255.255' }, udp, dhcp4: message }
}

function overloaded(packet: PacketInit): PacketInit {
  const fileOptions: Dhcpv4Option[] = [{ type: 'domain-name', text: 'home.arpa' }, { type: 'end' }]
  const snameOptions: Dhcpv4Option[] = [{ type: 'lease-time', seconds: 120 }, { type: 'end' }]
  return { ...packet, dhcp4: { ...packet.dhcp4, fileOptions, snameOptions } }
}

const question = dnsQuery({
  id: 7,
  name: 'www.example.com',
  type: 'AAAA',
  edns: { udpPayloadSize: 1232, dnssecOk: true },
})

const session = { type: 'session', sessionId: 0x11 } as const

/** What carries IP on a line other than plain Ethernet. */
const LINES: { [name: string]: PacketInit } = {
  'customer VLAN': {
    eth,
    tags: [{ vid: 35, priority: 3 }],
    ip6: global,
    icmp6: { type: 'echo-request', id: 7, seq: 1, data: octets('00112233') },
  },
  'service and customer VLAN': {
    eth: { ...eth, type: 0x88a8 },
    tags: [{ vid: 100, priority: 5, dropEligible: true }, { vid: 35 }],
    ip4: private4,
    udp: { srcPort: 40000, dstPort: 40001 },
  },
  PADI: {
    eth,
    pppoe: {
      type: 'padi',
      tags: [
        { type: 'service-name', data: octets('') },
        { type: 'host-uniq', data: octets('01020304') },
        { type: 'ppp-max-payload', value: 1500 },
      ],
    },
  },
  PADO: {
    eth,
    tags: [{ vid: 7 }],
    pppoe: {
      type: 'pado',
      tags: [
        { type: 'service-name', data: octets('') },
        { type: 'ac-name', data: octets('616331') },
        { type: 'ac-cookie', data: octets('0a0b0c0d') },
        { type: 'relay-session-id', data: octets('01') },
        { type: 'vendor-specific', data: octets('00000de9 01') },
      ],
    },
  },
  'PADS that refuses': {
    eth,
    pppoe: {
      type: 'pads',
      tags: [
        { type: 'service-name-error', data: octets('6e6f') },
        { type: 'ac-system-error', data: octets('6e6f') },
        { type: 'generic-error', data: octets('6e6f') },
      ],
    },
  },
  PADR: {
    eth,
    pppoe: {
      type: 'padr',
      tags: [
        { type: 'service-name', data: octets('') },
        { type: 'end-of-list', data: octets('') },
      ],
    },
  },
  PADT: { eth, pppoe: { type: 'padt', sessionId: 0x11 } },
  'PPPoE session, IPv6': {
    eth,
    pppoe: session,
    ip6: global,
    icmp6: { type: 'echo-request', id: 7, seq: 1, data: octets('00112233') },
  },
  'PPPoE session, IPv4': {
    eth,
    pppoe: session,
    ip4: private4,
    udp: { srcPort: 40000, dstPort: 40001 },
    payload: octets('01'),
  },
  'LCP Configure-Request': {
    eth,
    pppoe: session,
    lcp: {
      type: 'configure-request',
      id: 1,
      options: [
        { type: 'mru', value: 1492 },
        { type: 'authentication-protocol', protocol: 0xc223, data: octets('05') },
        { type: 'magic-number', value: 0x01020304 },
        { type: 'protocol-field-compression' },
        { type: 'address-and-control-field-compression' },
      ],
    },
  },
  'LCP Echo-Request': { eth, pppoe: session, lcp: { type: 'echo-request', id: 9, data: octets('01020304') } },
  'IPCP Configure-Nak': {
    eth,
    pppoe: session,
    ipcp: {
      type: 'configure-nak',
      id: 2,
      options: [
        { type: 'ip-address', address: '192.0.2.1' },
        { type: 'primary-dns', address: '192.0.2.53' },
        { type: 'secondary-dns', address: '192.0.2.54' },
      ],
    },
  },
  'IPV6CP Configure-Ack': {
    eth,
    pppoe: session,
    ipv6cp: {
      type: 'configure-ack',
      id: 3,
      options: [{ type: 'interface-identifier', interfaceId: octets('0102030405060708') }],
    },
  },
  'PAP Authenticate-Request': {
    eth,
    pppoe: session,
    pap: { type: 'authenticate-request', id: 4, peerId: octets('7573657231'), password: octets('736563726574') },
  },
  'PAP Authenticate-Ack': { eth, pppoe: session, pap: { type: 'authenticate-ack', id: 4, message: octets('4f4b') } },
  'CHAP Challenge': {
    eth,
    pppoe: session,
    chap: { type: 'challenge', id: 5, value: octets('0a0b0c0d0a0b0c0d0a0b0c0d0a0b0c0d'), name: octets('616331') },
  },
  'CHAP Success': { eth, pppoe: session, chap: { type: 'success', id: 5, message: octets('4f4b') } },
}

export const OURS: { readonly [name: string]: PacketInit } = {
  RS: {
    eth: { src: MAC },
    ip6: { src: 'fe80::1', dst: 'ff02::2' },
    icmp6: { type: 'router-solicitation', options: ND.slice(0, 1) },
  },
  'RA with every option': {
    eth: { src: MAC },
    ip6: local,
    icmp6: {
      type: 'router-advertisement',
      managed: true,
      other: true,
      preference: 'high',
      routerLifetime: 1800,
      reachableTime: 30000,
      retransTimer: 1000,
      options: ND,
    },
  },
  'RA without any': { eth: { src: MAC }, ip6: local, icmp6: { type: 'router-advertisement', preference: 'low' } },
  'NS for DAD': {
    eth: { src: MAC },
    ip6: { src: '::', dst: 'ff02::1:ff00:1' },
    icmp6: {
      type: 'neighbor-solicitation',
      target: 'fe80::1',
      options: [{ type: 'nonce', nonce: octets('010203040506') }],
    },
  },
  NA: {
    eth,
    ip6: global,
    icmp6: {
      type: 'neighbor-advertisement',
      router: true,
      solicited: true,
      override: true,
      target: '2001:db8::1',
      options: [{ type: 'target-link-layer', mac: MAC }],
    },
  },
  Redirect: {
    eth,
    ip6: { src: 'fe80::1', dst: '2001:db8::1' },
    icmp6: {
      type: 'redirect',
      target: 'fe80::2',
      destination: '2001:db8::3',
      options: [
        { type: 'target-link-layer', mac: MAC },
        { type: 'redirected-header', data: quoted.subarray(0, 48) },
      ],
    },
  },
  'Destination Unreachable': { eth, ip6: global, icmp6: { type: 'destination-unreachable', code: 1, data: quoted } },
  'Packet Too Big': { eth, ip6: global, icmp6: { type: 'packet-too-big', mtu: 1280, data: quoted } },
  'Time Exceeded': { eth, ip6: global, icmp6: { type: 'time-exceeded', data: quoted } },
  'Parameter Problem': { eth, ip6: global, icmp6: { type: 'parameter-problem', code: 2, pointer: 40, data: quoted } },
  'Echo Request': { eth, ip6: global, icmp6: { type: 'echo-request', id: 7, seq: 1, data: octets('00112233 44') } },
  'Echo Reply': { eth, ip6: global, icmp6: { type: 'echo-reply', id: 7, seq: 1, data: octets('00112233 44') } },
  'MLDv1 Query': {
    eth: { src: MAC },
    ip6: local,
    ext: alert,
    icmp6: { type: 'mld-query', maxResponseDelay: 10000, group: '::' },
  },
  'MLDv2 Query': {
    eth: { src: MAC },
    ip6: local,
    ext: alert,
    icmp6: {
      type: 'mld-query',
      maxResponseDelay: 1000,
      group: 'ff05::1',
      data: octets('02 7d 0001 20010db8000000000000000000000001'),
    },
  },
  'MLDv1 Report': {
    eth: { src: MAC },
    ip6: { src: 'fe80::1', dst: 'ff05::1' },
    ext: alert,
    icmp6: { type: 'mld1-report', group: 'ff05::1' },
  },
  'MLDv1 Done': {
    eth: { src: MAC },
    ip6: { src: 'fe80::1', dst: 'ff02::2' },
    ext: alert,
    icmp6: { type: 'mld1-done', group: 'ff05::1' },
  },
  'MLDv2 Report': {
    eth: { src: MAC },
    ip6: { src: 'fe80::1', dst: 'ff02::16' },
    ext: alert,
    icmp6: {
      type: 'mld2-report',
      records: [1, 2, 3, 4, 5, 6].map((type) => ({
        type,
        group: `ff05::${type}`,
        sources: type % 2 === 0 ? [] : ['2001:db8::1', '2001:db8::2'],
      })),
    },
  },
  'Mobile Prefix Advertisement': {
    eth,
    ip6: global,
    ext: [
      { type: 'routing', routingType: 2, segmentsLeft: 1, data: octets('00000000 20010db8000100000000000000000009') },
    ],
    icmp6: { type: 'mobile-prefix-advertisement', id: 7, managed: true, options: ND.slice(1, 2) },
  },
  Solicit: dhcp6(
    'solicit',
    ...([
      { type: 'elapsed-time', value: 100 },
      { type: 'oro', codes: [23, 24, 82] },
    ] as Dhcpv6Option[]),
  ),
  Advertise: dhcp6('advertise', ...ASSOCIATIONS),
  Request: dhcp6('request', { type: 'elapsed-time', value: 0 }, ...ASSOCIATIONS),
  Confirm: dhcp6('confirm', ASSOCIATIONS[0] as Dhcpv6Option),
  Renew: dhcp6('renew', ...ASSOCIATIONS),
  Rebind: dhcp6('rebind', ...ASSOCIATIONS),
  'Reply with every option': dhcp6('reply', ...ASSOCIATIONS, ...OPTIONS),
  Release: dhcp6('release', ...ASSOCIATIONS),
  Decline: dhcp6('decline', ASSOCIATIONS[0] as Dhcpv6Option),
  Reconfigure: dhcp6('reconfigure', { type: 'reconf-msg', messageType: 5 }),
  'Information-request': message6({
    type: 'information-request',
    transactionId: 1,
    options: [
      { type: 'client-id', duid: duidLlt(MAC, 86400) },
      { type: 'elapsed-time', value: 0 },
      { type: 'oro', codes: [23, 32] },
    ],
  }),
  'Relay-forward': relayed('relay-forward'),
  'Relay-reply': relayed('relay-reply'),
  'DHCPv4 Discover': dhcp4(
    'request',
    { type: 'message-type', value: 'discover' },
    { type: 'client-id', data: octets(`ff 00000001 ${duidLl(MAC)}`) },
    { type: 'host-name', text: 'golden' },
    { type: 'parameter-list', codes: [1, 3, 6, 15, 108] },
    { type: 'requested-address', address: '192.168.1.9' },
  ),
  'DHCPv4 Ack': dhcp4(
    'reply',
    { type: 'message-type', value: 'ack' },
    { type: 'server-id', address: '192.168.1.1' },
    { type: 'subnet-mask', address: '255.255.255.0' },
    { type: 'routers', addresses: ['192.168.1.1'] },
    { type: 'dns-servers', addresses: ['192.168.1.1', '192.168.1.2'] },
    { type: 'domain-name', text: 'home.arpa' },
    { type: 'ntp-servers', addresses: ['192.168.1.1'] },
    { type: 'lease-time', seconds: 120 },
    { type: 't1', seconds: 60 },
    { type: 't2', seconds: 105 },
    { type: 'v6only-preferred', seconds: 1800 },
  ),
  'DHCPv4 Offer with options in file and sname': overloaded(
    dhcp4(
      'reply',
      { type: 'message-type', value: 'offer' },
      { type: 'server-id', address: '192.168.1.1' },
      { type: 'option-overload', value: 3 },
    ),
  ),
  'DHCPv4 Nak': dhcp4(
    'reply',
    { type: 'message-type', value: 'nak' },
    { type: 'server-id', address: '192.168.1.1' },
    { type: 'message', text: 'wrong network' },
  ),
  'DNS query': { eth, ip6: global, udp: { srcPort: 40000, dstPort: 53 }, dns: question },
  'DNS answer': {
    eth,
    ip6: global,
    udp: { srcPort: 53, dstPort: 40000 },
    dns: dnsAnswer(question, [
      { name: 'www.example.com', type: 'CNAME', ttl: 60, data: 'example.com' },
      { name: 'example.com', type: 'AAAA', ttl: 60, data: '2001:db8::80' },
      { name: 'example.com', type: 'A', ttl: 60, data: '192.0.2.80' },
    ]),
  },
  'DNS no such name': {
    eth,
    ip6: global,
    udp: { srcPort: 53, dstPort: 40000 },
    dns: dnsAnswer(question, [], 'NXDOMAIN'),
  },
  'DNS UPDATE': {
    eth,
    ip6: global,
    udp: { srcPort: 40000, dstPort: 53 },
    dns: {
      id: 8,
      opcode: 'UPDATE',
      questions: [{ name: 'example.com', type: 'SOA' }],
      answers: [{ name: 'www.example.com', type: 'CNAME', class: 'NONE', ttl: 0, data: new Uint8Array(0) }],
      authorities: [
        { name: 'www.example.com', type: 'AAAA', class: 'ANY', ttl: 0, data: new Uint8Array(0) },
        { name: 'www.example.com', type: 'A', class: 'NONE', ttl: 0, data: '192.0.2.80' },
        { name: 'www.example.com', type: 'AAAA', ttl: 60, data: '2001:db8::80' },
      ],
    },
  },
  'DNS NOTIFY': {
    eth,
    ip6: global,
    udp: { srcPort: 53, dstPort: 53 },
    dns: { id: 9, opcode: 'NOTIFY', flags: 'aa', questions: [{ name: 'example.com', type: 'SOA' }] },
  },
  'UDP over IPv4': { eth, ip4: private4, udp: { srcPort: 40000, dstPort: 40001 }, payload: octets('010203') },
  'TCP SYN': {
    eth,
    ip6: global,
    tcp: {
      srcPort: 50000,
      dstPort: 4433,
      seq: 1,
      flags: 'syn',
      options: octets('020405a0 0402 080a 00000001 00000000 01 030307'),
    },
  },
  'TCP data over IPv4': {
    eth,
    ip4: { ...private4, dontFragment: true, dscp: 46, ecn: 2 },
    tcp: { srcPort: 50000, dstPort: 4433, seq: 1, ack: 2, flags: 'psh+ack' },
    payload: octets('0102'),
  },
  'TCP RST': { eth, ip6: global, tcp: { srcPort: 4433, dstPort: 50000, seq: 0, ack: 2, flags: 'rst+ack', window: 0 } },
  'ICMPv4 echo': { eth, ip4: private4, icmp4: { type: 8, rest: 0x00070001 }, payload: octets('0102') },
  'ICMPv4 unreachable': {
    eth,
    ip4: private4,
    icmp4: { type: 3, code: 4, rest: 1280 },
    payload: ipBytes({ ip4: private4, udp: { srcPort: 1000, dstPort: 2000 }, payload: octets('010203') }),
  },
  'IPv4 router alert': { eth, ip4: { ...private4, options: octets('94040000') }, icmp4: { type: 8, rest: 0x00010001 } },
  'IPv4 loose source route': {
    eth,
    ip4: { ...private4, options: octets('01 83 0b 04 c0a80109 c0a8010a') },
    udp: { srcPort: 40000, dstPort: 40001 },
    payload: octets('01'),
  },
  'IPv4 strict source route': {
    eth,
    ip4: { ...private4, options: octets('89 0b 08 c0a80109 c0a8010a 00') },
    tcp: { srcPort: 50000, dstPort: 4433, seq: 1, flags: 'syn' },
  },
  'IPv4 source route at its end': {
    eth,
    ip4: { ...private4, options: octets('83 07 08 c0a80109 00') },
    udp: { srcPort: 40000, dstPort: 40001 },
  },
  'Home Address option': {
    eth,
    ip6: global,
    ext: [
      { type: 'routing', routingType: 2, segmentsLeft: 1, data: octets('00000000 20010db8000100000000000000000009') },
      {
        type: 'destination-options',
        options: [
          { type: 1, data: octets('0000') },
          { type: 201, data: octets('20010db8000200000000000000000003') },
        ],
      },
    ],
    icmp6: { type: 'echo-request', id: 7, seq: 1, data: octets('00112233') },
  },
  'ARP request': {
    arp: { operation: 'request', senderMac: MAC, sender: '192.168.1.1', target: '192.168.1.2' },
    trailer: new Uint8Array(18),
  },
  'ARP reply': {
    arp: { operation: 'reply', senderMac: MAC, sender: '192.168.1.1', targetMac: eth.dst, target: '192.168.1.2' },
  },
  'ARP for InfiniBand': {
    eth,
    otherArp: {
      hardware: 32,
      protocol: 0x86dd,
      operation: 8,
      senderHardware: octets('000102030405060708090a0b0c0d0e0f10111213'),
      sender: octets('fe800000000000000000000000000001'),
      targetHardware: octets('00'.repeat(20)),
      target: octets('fe800000000000000000000000000002'),
    },
  },
  'every extension header': {
    eth,
    ip6: { ...global, trafficClass: 0xb8, flowLabel: 0xabcde },
    ext: [
      ...alert,
      { type: 'destination-options', options: [] },
      {
        type: 'routing',
        routingType: 4,
        segmentsLeft: 1,
        data: octets(`01 00 0000 ${'20010db8000000000000000000000009'} ${'20010db8000100000000000000000002'}`),
      },
      { type: 'fragment', offset: 0, more: false, id: 5 },
      { type: 'destination-options', options: [] },
    ],
    udp: { srcPort: 40000, dstPort: 40001 },
    payload: octets('ff'),
  },
  'AH over IPv6': {
    eth,
    ip6: global,
    ext: [
      { type: 'destination-options', options: [] },
      { type: 'authentication', spi: 0x1001, sequence: 7, icv: octets('0102030405060708090a0b0c') },
    ],
    tcp: { srcPort: 50000, dstPort: 4433, seq: 1, flags: 'syn' },
  },
  'AH over IPv4': {
    eth,
    ip4: private4,
    ext: [{ type: 'authentication', spi: 0x1002, sequence: 8, icv: octets('0102030405060708090a0b0c') }],
    udp: { srcPort: 40000, dstPort: 40001 },
    payload: octets('01'),
  },
  'first fragment': {
    eth,
    ip6: global,
    ext: [{ type: 'fragment', nextHeader: 17, offset: 0, more: true, id: 5 }],
    payload: quoted.subarray(40, 48),
  },
  'last fragment': {
    eth,
    ip6: global,
    ext: [{ type: 'fragment', nextHeader: 58, offset: 1232, more: false, id: 5 }],
    payload: octets('0001'),
  },
  ...LINES,
}
