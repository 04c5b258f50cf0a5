import { expect, test } from 'vitest'
import { decode } from './decode.ts'
import { describe, MAX_LINE } from './describe.ts'
import { encode } from './encode.ts'
import type { PacketInit } from './packet.ts'
import { looped, octets, SAMPLES } from './testing.ts'

test('a line for each kind of packet', () => {
  const lines = Object.values(SAMPLES).map((packet) => describe(looped(packet)))
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    fe80::1 → ff02::2  RS SLLA 02:de:4a:00:00:01
    fe80::1 → ff02::1  RA lifetime 1800 M=1 O=1 PIO 2001:db8::/64 LA 1800/3600 RIO 2001:db8::/56 1800 RDNSS fe80::1 2001:db8::53 600 DNSSL home.arpa example.com 600 MTU 1492 PREF64 64:ff9b::/96 600 SLLA 02:de:4a:00:00:01
    :: → ff02::1:ff00:1  NS fe80::1 nonce
    2001:db8::1 → 2001:db8:1::2  NA 2001:db8::1 R=1 S=1 O=0 TLLA 02:de:4a:00:00:01
    2001:db8::1 → 2001:db8:1::2  Redirect 2001:db8::3 via fe80::2 redirected header (8 octets)
    2001:db8::1 → 2001:db8:1::2  Echo Request id 7 seq 1
    2001:db8::1 → 2001:db8:1::2  Packet Too Big MTU 1280  for [no IP header  8 octets]
    2001:db8::1 → 2001:db8:1::2  Parameter Problem code 1 pointer 40  for [no IP header  1 octets]
    2001:db8::1 → 2001:db8:1::2  ICMPv6 type 200 code 3
    fe80::1 → ff02::16  hop-by-hop (router-alert)  MLDv2 Report to-exclude ff02::1:ff00:1 to-include ff05::1:3 {2001:db8::1}
    fe80::1 → ff02::1  hop-by-hop (router-alert)  MLD Query ::
    fe80::1 → ff02::1:2  DHCPv6 Solicit xid 1a2b3c  IA_PD(1) T1 0 T2 0, elapsed 0s, ORO dns-servers sol-max-rt, client DUID-LL 02:de:4a:00:00:01
    0.0.0.0 → 255.255.255.255  DHCPv4 Discover xid 01020304
    2001:db8::1 → 2001:db8:1::2  DNS query id 0001  AAAA example.com
    192.168.1.1 → 192.168.1.2  UDP 1 → 2  3 octets
    2001:db8::1 → 2001:db8:1::2  TCP 50000 → 443 syn seq 1 ack 0 window 65535
    192.168.1.1 → 192.168.1.2  TCP 50000 → 443 rst+ack seq 1 ack 2 window 65535
    192.168.1.1 → 192.168.1.2  ICMP Echo Request id 7 seq 1
    192.168.1.1 → 192.168.1.2  ICMP Echo Request id 0 seq 0
    ARP request for 192.168.1.2 from 192.168.1.1
    2001:db8::1 → 2001:db8:1::2  routing type 0 left 1  destination-options (30)  UDP 9 → 9  1 octets
    2001:db8::1 → 2001:db8:1::2  fragment id 0x5 offset 0 more  next header 17  8 octets
    2001:db8::1 → 2001:db8:1::2  fragment id 0x5 offset 1232  next header 58  2 octets
    2001:db8::1 → 2001:db8:1::2  fragment id 0x5 offset 0  Echo Reply id 1 seq 2
    fe80::1 → ff02::1  RA lifetime 0 M=0 O=0 DNSSL a (5 octets are no name) 600 DNSSL a (5 octets are no name) 600 DNSSL (8 octets are no name) 600
    fe80::1 → ff02::1:2  DHCPv6 Solicit xid 000001  user-class 41 overrun 000942, vendor-class 311 41 overrun 00
    0.0.0.0 → 255.255.255.255  DHCPv4 BOOTP request xid 01020304  overload of sname, host hw, domain , malformed 0c016100000000000000000000000000… (60 octets)
    VLAN 35  2001:db8::1 → 2001:db8:1::2  ICMPv6 type 201 code 0
    VLAN 100 priority 5 VLAN 35  ARP request for 192.168.1.2 from 192.168.1.1
    VLAN 0 priority 6  192.168.1.1 → 192.168.1.2  next header 47  2 octets
    PPPoE PADI session 0x0000 service "", host-uniq 01020304, max payload 1500  02:de:4a:00:00:01 → ff:ff:ff:ff:ff:ff
    VLAN 7  PPPoE PADS session 0x0011 AC "ac1", 409 05  02:de:4a:00:00:01 → 02:de:4a:00:00:02
    PPPoE session 0x0011  2001:db8::1 → 2001:db8:1::2  UDP 1 → 2  2 octets
    PPPoE session 0x0011  192.168.1.1 → 192.168.1.2  ICMP Echo Request id 0 seq 0
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  LCP configure-request id 1 MRU 1492, authentication 0xc223 05, magic 0x01020304, PFC, 19 00
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  LCP echo-request id 9 01020304
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  IPCP configure-nak id 2 address 192.0.2.1, DNS 192.0.2.53
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  IPV6CP configure-ack id 3 interface-id 0102030405060708
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  PAP authenticate-request id 4 peer "user1"
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  CHAP challenge id 5 name "ac1"
    PPPoE session 0x0011  02:de:4a:00:00:01 → 02:de:4a:00:00:02  CHAP success id 5 "OK"
    02:de:4a:00:00:01 → 02:de:4a:00:00:02  ethertype 0x88cc  2 octets
    "
  `)
})

const eth = { src: '02:de:4a:00:00:01', dst: '02:de:4a:00:00:02' }
const ip6 = { src: 'fe80::1', dst: 'fe80::2' }

test.each<[string, PacketInit, string]>([
  [
    'what an error answers',
    {
      eth,
      ip6,
      icmp6: {
        type: 'destination-unreachable',
        code: 1,
        data: encode(SAMPLES['TCP syn'] ?? {}).subarray(14, 14 + 48),
      },
    },
    'fe80::1 → fe80::2  Destination Unreachable (administratively prohibited)  for [2001:db8::1 → 2001:db8:1::2  next header 6  8 octets]',
  ],
  [
    'a hop limit that ND does not allow',
    { eth, ip6: { ...ip6, hopLimit: 64 }, icmp6: { type: 'router-solicitation' } },
    'fe80::1 → fe80::2  hop limit 64  RS',
  ],
  [
    'a wrong checksum',
    { eth, ip6, icmp6: { type: 'echo-request', id: 1, seq: 2, checksum: 1 } },
    'fe80::1 → fe80::2  Echo Request id 1 seq 2  [bad icmp6 checksum]',
  ],
  [
    'what is malformed',
    { eth, ip6, udp: { srcPort: 1, dstPort: 2, length: 99 } },
    'fe80::1 → fe80::2  UDP 1 → 2  [malformed udp at 54: length 99, 8 octets there]',
  ],
  [
    'ARP that resolves something else',
    {
      eth,
      otherArp: {
        hardware: 24,
        operation: 'request',
        senderHardware: octets('01'),
        sender: octets('c0a80101'),
        targetHardware: octets('00'),
        target: octets('c0a80102'),
      },
    },
    'ARP for hardware 24, protocol 0x0800: request c0a80101 → c0a80102',
  ],
  [
    'what is authenticated',
    {
      eth,
      ip6,
      ext: [{ type: 'authentication', spi: 0x1001, sequence: 7, icv: octets('01020304') }],
      icmp6: { type: 'echo-request', id: 1, seq: 2 },
    },
    'fe80::1 → fe80::2  authentication SPI 0x1001 sequence 7  Echo Request id 1 seq 2',
  ],
  [
    'an IPv4 fragment',
    { eth, ip4: { src: '1.1.1.1', dst: '1.1.1.2', id: 7, fragmentOffset: 8, moreFragments: true, protocol: 17 } },
    '1.1.1.1 → 1.1.1.2  fragment id 7 offset 8 more  next header 17',
  ],
])('%s', (_name, packet, line) => {
  expect(describe(looped(packet))).toBe(line)
})

test('a frame without a whole header', () => {
  expect(describe(decode(octets('0102')))).toBe(
    'no Ethernet header  2 octets  [malformed eth at 0: an Ethernet header has 14 octets]',
  )
})

test('text from the wire is escaped, and the line ends somewhere', () => {
  const dnssl = { type: 'dnssl' as const, lifetime: 1, domains: ['\u001b[31m\n\u0085'] }
  const line = describe(looped({ eth, ip6, icmp6: { type: 'router-advertisement', options: Array(40).fill(dnssl) } }))
  expect(line).toContain('DNSSL \\u{1b}[31m\\u{a}\\u{85} 1')
  expect(line).toHaveLength(MAX_LINE)
  expect(line).toMatch(/…$/)
})
