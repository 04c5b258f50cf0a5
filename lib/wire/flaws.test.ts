import { describe, expect, it } from 'vitest'
import { decode } from './decode.ts'
import type { Dhcpv4 } from './dhcpv4.ts'
import type { Dhcpv4Option } from './dhcpv4-options.ts'
import type { Dhcpv6Option } from './dhcpv6-option.ts'
import { encode } from './encode.ts'
import { flawsOf } from './flaws.ts'
import type { NdOption } from './nd-options.ts'
import type { PacketInit } from './packet.ts'

const mac = '02:be:00:00:00:01'
const router = 'fe80::1'
const pio: NdOption = {
  type: 'prefix-information',
  prefix: '2001:db8::/64',
  onLink: true,
  autonomous: true,
  validLifetime: 20,
  preferredLifetime: 10,
}
const ra = (options: NdOption[], change: PacketInit['icmp6'] = {}): PacketInit => ({
  ip6: { src: router, dst: 'ff02::1' },
  icmp6: { type: 'router-advertisement', routerLifetime: 1800, options, ...change } as PacketInit['icmp6'],
})
const client: Dhcpv6Option = { type: 'client-id', duid: '00030001020000000001' }
const server: Dhcpv6Option = { type: 'server-id', duid: '00030001020000000002' }
const elapsed: Dhcpv6Option = { type: 'elapsed-time', value: 0 }
const oro: Dhcpv6Option = { type: 'oro', codes: [82] }
const address = (preferredLifetime: number): Dhcpv6Option => ({
  type: 'ia-addr',
  address: '2001:db8::5',
  preferredLifetime,
  validLifetime: 20,
  options: [],
})
const ia = (options: Dhcpv6Option[], t1 = 0, t2 = 0): Dhcpv6Option => ({ type: 'ia-na', iaid: 1, t1, t2, options })
const solicit = (options: Dhcpv6Option[], ip6: PacketInit['ip6'] = {}): PacketInit => ({
  ip6: { src: 'fe80::b', dst: 'ff02::1:2', ...ip6 },
  udp: { srcPort: 546, dstPort: 547 },
  dhcp6: { type: 'solicit', transactionId: 7, options },
})
const reply = (options: Dhcpv6Option[], change: PacketInit = {}): PacketInit => ({
  ip6: { src: router, dst: 'fe80::b' },
  udp: { srcPort: 547, dstPort: 546 },
  dhcp6: { type: 'reply', transactionId: 7, options },
  ...change,
})
const ns = (ip6: PacketInit['ip6'], options: NdOption[] = []): PacketInit => ({
  ip6,
  icmp6: { type: 'neighbor-solicitation', target: 'fe80::b', options },
})
const userClass = { type: 'user-class' as const, classes: [Uint8Array.of(65), new Uint8Array(0)] }
const sla: NdOption = { type: 'source-link-layer', mac }
const report = (hopLimit: number, alert = true): PacketInit => ({
  ip6: { src: 'fe80::b', dst: 'ff02::16', hopLimit },
  ext: [{ type: 'hop-by-hop', options: [{ type: alert ? 5 : 0x1e, data: new Uint8Array(2) }] }],
  icmp6: { type: 'mld2-report', records: [{ type: 4, group: 'ff02::1:ff00:b', sources: [] }] },
})
const udp = (change: PacketInit): PacketInit => ({
  ip6: { src: '2001:db8::1', dst: '2001:db8::2' },
  udp: { srcPort: 1, dstPort: 2 },
  payload: new Uint8Array(4),
  ...change,
})

const discover = (options: Dhcpv4Option[], change: Partial<Dhcpv4> = {}): PacketInit => ({
  ip4: { src: '0.0.0.0', dst: '255.255.255.255' },
  udp: { srcPort: 68, dstPort: 67 },
  dhcp4: {
    ...{ op: 'request', htype: 1, hlen: 6, hops: 0, xid: 1, secs: 0, flags: 0 },
    ...{ ciaddr: '0.0.0.0', yiaddr: '0.0.0.0', siaddr: '0.0.0.0', giaddr: '0.0.0.0', chaddr: mac },
    options: [{ type: 'message-type', value: 'discover' }, ...options, { type: 'end' }],
    ...change,
  },
})

const flawsIn = (packet: PacketInit): string[] => {
  const isGroup = packet.ip6?.dst?.startsWith('ff')
  const eth = { src: mac, ...(!isGroup && { dst: '02:be:00:00:00:02' }), ...packet.eth }
  return flawsOf(decode(encode({ ...packet, eth }))).map(({ what }) => what)
}

describe('a well-formed frame has no flaw', () => {
  it.each<[string, PacketInit]>([
    ['RA', ra([sla, pio, { type: 200, data: new Uint8Array(6) }])],
    [
      'RA whose search list has more padding than it needs',
      ra([{ type: 'dnssl', lifetime: 9, domains: ['a'], raw: Uint8Array.of(1, 97, 0, ...new Uint8Array(13)) }]),
    ],
    ['NS of DAD', ns({ src: '::', dst: 'ff02::1:ff00:b' })],
    ['NS of NUD', ns({ src: router, dst: 'fe80::b' }, [sla])],
    ['MLD report', report(1)],
    ['Solicit', solicit([client, ia([]), { type: 4000, data: new Uint8Array(3) }, oro, elapsed])],
    ['Reply', reply([server, client, ia([address(10)], 5, 8)])],
    ['Reply with an NTP server', reply([server, { type: 'ntp-server', data: Uint8Array.of(0, 1, 0, 1, 9) }])],
    [
      'Solicit with classes',
      solicit([client, userClass, { ...userClass, type: 'vendor-class', enterprise: 1 }, oro, elapsed]),
    ],
    [
      'Mobile Prefix Advertisement',
      {
        ip6: { src: '2001:db8::1', dst: '2001:db8::2' },
        icmp6: { type: 'mobile-prefix-advertisement', id: 1, options: [pio] },
      },
    ],
    ['UDP', udp({})],
    ['Discover', discover([])],
    [
      'Redirect',
      {
        ip6: { src: router, dst: '2001:db8::2' },
        icmp6: { type: 'redirect', target: 'fe80::2', destination: '2001:db9::1', options: [] },
      },
    ],
    ['TCP', { ip6: { src: '::1', dst: '::2' }, tcp: { srcPort: 1, dstPort: 2, flags: 'syn' } }],
    [
      'ARP',
      {
        arp: {
          operation: 'request',
          senderMac: mac,
          sender: '0.0.0.0',
          targetMac: '00:00:00:00:00:00',
          target: '10.0.0.1',
        },
      },
    ],
  ])('%s', (_, packet) => {
    expect(flawsIn(packet)).toEqual([])
  })
})

describe('each flaw is named with its clause', () => {
  it.each<[string, PacketInit, RegExp]>([
    ['hop limit of ND', { ...ra([]), ip6: { src: router, dst: 'ff02::1', hopLimit: 254 } }, /hop limit 254.*4861/],
    ['source of an RA', { ...ra([]), ip6: { src: '2001:db8::1', dst: 'ff02::1' } }, /not link-local/],
    ['option that is another message’s', ra([{ type: 'target-link-layer', mac }]), /has target-link-layer/],
    ['option twice', ra([sla, sla]), /source-link-layer twice/],
    ['bits beyond a prefix', ra([{ ...pio, prefix: '2001:db8::1/64' } as NdOption]), /beyond its length/],
    ['lifetimes of a PIO', ra([{ ...pio, preferredLifetime: 30 } as NdOption]), /preferred for longer/],
    ['reserved bits', ra([{ ...pio, reserved: 1 } as NdOption]), /reserved bits/],
    [
      'padding of DNSSL',
      ra([{ type: 'dnssl', lifetime: 9, domains: ['a'], raw: Uint8Array.of(1, 97, 0, 0, 0, 0, 0, 9) }]),
      /DNSSL/,
    ],
    ['a PIO of 8 octets', ra([{ type: 3, data: new Uint8Array(6) }]), /option 3 has not its form/],
    ['small MTU', ra([{ type: 'mtu', mtu: 1279 }]), /MTU 1279/],
    ['link-layer address of nobody', ns({ src: '::', dst: 'ff02::1:ff00:b' }, [sla]), /from ::/],
    ['DAD by unicast', ns({ src: '::', dst: 'fe80::b' }), /asks for fe80::b/],
    ['checksum', ra([], { checksum: 1 }), /checksum/],
    ['MLD hop limit', report(255), /hop limit 255, not 1/],
    ['MLD without Router Alert', report(1, false), /Router Alert/],
    ['no client', solicit([elapsed]), /no client-id.*9915 section 16/],
    ['no ORO', solicit([client, elapsed]), /no oro.*21.7/],
    [
      'an ORO that asks for IA_PD',
      solicit([client, { type: 'oro', codes: [25] }, elapsed]),
      /asks for option 25.*21.7/,
    ],
    ['a server in a Solicit', solicit([client, server, oro, elapsed]), /names a server/],
    [
      'NS to a group without a link-layer address',
      ns({ src: router, dst: 'ff02::1:ff00:b' }),
      /without a source link-layer address/,
    ],
    [
      'MLD report of all nodes',
      {
        ...report(1),
        icmp6: { type: 'mld2-report', records: [{ type: 4, group: 'ff02::1', sources: [] }] },
      },
      /reports ff02::1.*section 6/,
    ],
    ['Server Identifier in a Solicit', solicit([client, server, elapsed]), /has server-id/],
    [
      'a user class of text without a length',
      solicit([client, { type: 'user-class', classes: [], overrun: Uint8Array.of(65, 66) }, elapsed]),
      /user-class whose classes do not fill it/,
    ],
    [
      'no vendor class',
      solicit([client, { type: 'vendor-class', enterprise: 311, classes: [] }, elapsed]),
      /vendor-class whose classes do not fill it/,
    ],
    ['an IA twice', solicit([client, ia([]), ia([]), elapsed]), /ia-na 1 twice/],
    ['a client’s T1', solicit([client, ia([], 5, 8), elapsed]), /of a client's/],
    ['to the server alone', solicit([client, elapsed], { dst: 'fe80::1' }), /to fe80::1/],
    ['global source', solicit([client, elapsed], { src: '2001:db8::b' }), /not link-local/],
    ['T1 above T2', reply([server, client, ia([address(10)], 9, 8)]), /T1 9 above T2 8/],
    ['lifetimes of a lease', reply([server, client, ia([address(30)], 5, 8)]), /preferred for longer/],
    [
      'a prefix in an IA_NA',
      reply([
        server,
        ia([{ type: 'ia-prefix', prefix: '2001:db8::/56', preferredLifetime: 1, validLifetime: 2, options: [] }]),
      ]),
      /ia-prefix in ia-na/,
    ],
    ['the client’s port', reply([server], { udp: { srcPort: 547, dstPort: 547 } }), /to port 547/],
    [
      'NTP servers of which none is named',
      reply([server, { type: 'ntp-server', data: new Uint8Array(0) }]),
      /ntp-server without.*5908/,
    ],
    [
      'an NTP server that is cut short',
      reply([server, { type: 'ntp-server', data: Uint8Array.of(0, 1, 0, 16, 0xfe) }]),
      /ntp-server without/,
    ],
    ['SIP servers of half an address', reply([server, { type: 22, data: new Uint8Array(8) }]), /option 22 has not/],
    ['SOL_MAX_RT', reply([server, { type: 'sol-max-rt', value: 59 }]), /sol-max-rt 59/],
    ['a multicast source', udp({ ip6: { src: 'ff0e::1', dst: '2001:db8::2' } }), /source ff0e::1/],
    ['UDP checksum', udp({ udp: { srcPort: 1, dstPort: 2, checksum: 0 } }), /UDP checksum/],
    ['multicast MAC', udp({ eth: { dst: '33:33:00:00:00:01' } }), /at 33:33/],
    [
      'padding',
      udp({ ext: [{ type: 'destination-options', options: [{ type: 1, data: Uint8Array.of(1, 0, 0, 0) }] }] }),
      /padding/,
    ],
    [
      'a Redirect to a global address of a router',
      {
        ip6: { src: router, dst: '2001:db8::2' },
        icmp6: { type: 'redirect', target: '2001:db8::1', destination: '2001:db9::1', options: [] },
      },
      /target 2001:db8::1 is neither.*8\.1/,
    ],
    ['a Discover to one server', discover([{ type: 'server-id', address: '10.0.0.1' }]), /has server-id.*2131/],
    ['a Discover that names its address', discover([], { ciaddr: '10.0.0.2' }), /ciaddr 10\.0\.0\.2/],
    ['octets behind the packet', udp({ trailer: Uint8Array.of(0, 1) }), /not zero/],
    [
      'SYN and FIN',
      { ip6: { src: '::1', dst: '::2' }, tcp: { srcPort: 1, dstPort: 2, flags: 'fin+syn' } },
      /flags fin\+syn/,
    ],
  ])('%s', (_, packet, flaw) => {
    expect(flawsIn(packet).join('; ')).toMatch(flaw)
  })
})
