import { isUla } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

/** A frame that matches is sent this number of times. */
const times = (count: number, fits: (packet: Packet, port: string) => boolean): Partial<Behavior> => ({
  tap: (frame, port) => (fits(decode(frame), port) ? Array.from({ length: count }, () => frame) : frame),
})

const twice = (fits: Parameters<typeof times>[1]) => times(2, fits)
const isLan = (port: string): boolean => !port.startsWith('wan')

const shownIn = 'cold-boot'

/** What fits leaves not at all. */
const never = (fits: Parameters<typeof times>[1]) => times(0, fits)

/** Once is enough: storms, what leaves twice, and what never does. */
export const ownTraffic: Mutant[] = [
  {
    name: 'solicitation-storm',
    story: 'Each Router Solicitation is sent two hundred times.',
    violates: ['DENAT-STORM', 'RFC4861-6.3.7-RS · interval'],
    shownIn,
    behavior: times(200, ({ icmp6 }) => icmp6?.type === 'router-solicitation'),
  },
  {
    name: 'advertisement-storm',
    story: 'Each multicast Router Advertisement is sent twenty times.',
    violates: [
      'DENAT-STORM',
      'RFC4861-6.2.4-INTERVAL · periodic',
      'RFC4861-6.2.5-SHUTDOWN',
      'RFC4861-6.2.6-RSRATE · multicast RAs apart',
      'RFC7772-5-RARATE',
    ],
    shownIn,
    warns: ['DENAT-STORM'],
    behavior: times(20, ({ icmp6, ip6 }) => icmp6?.type === 'router-advertisement' && ip6?.dst === 'ff02::1'),
  },
  {
    name: 'neighbor-solicitation-storm',
    story: 'Each Neighbor Solicitation of DAD is sent a hundred and fifty times.',
    violates: ['DENAT-STORM'],
    shownIn,
    behavior: times(150, ({ icmp6, ip6 }) => icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::'),
  },
  {
    name: 'new-address-storm',
    story: 'Each unsolicited NA of a new address is sent ten times.',
    violates: ['DENAT-STORM', 'RFC9131-6.1.2 · three at most', 'RFC9131-6.1.2 · 1 s apart'],
    shownIn,
    warns: ['DENAT-STORM'],
    behavior: times(10, ({ icmp6 }) => icmp6?.type === 'neighbor-advertisement' && !icmp6.solicited),
  },
  {
    name: 'listener-report-storm',
    story: 'Each MLD report is sent fifty times.',
    violates: ['DENAT-STORM'],
    shownIn,
    warns: ['DENAT-STORM'],
    behavior: times(50, ({ icmp6 }) => icmp6?.type === 'mld2-report'),
  },
  {
    name: 'forwards-twice',
    story: 'Some datagrams are forwarded twice.',
    violates: ['DENAT-DUPLICATES'],
    warns: ['DENAT-DUPLICATES'],
    shownIn: 'transit',
    behavior: twice(
      ({ udp, ip6 }, port) => isLan(port) && udp?.dstPort !== 546 && ip6?.hopLimit !== 64 && ip6?.hopLimit !== 255,
    ),
  },
  {
    name: 'two-servers',
    story: 'A second DHCPv6 server runs in the router: each Solicit has two Advertises.',
    violates: ['DENAT-DUPLICATES'],
    shownIn,
    warns: ['DENAT-DUPLICATES'],
    behavior: twice(({ dhcp6 }) => dhcp6?.type === 'advertise'),
  },
  {
    name: 'echo-answered-twice',
    story: 'The router answers each echo request twice.',
    violates: ['DENAT-DUPLICATES'],
    warns: ['DENAT-DUPLICATES'],
    shownIn: 'lan-services',
    behavior: twice(({ icmp6, ip6 }) => icmp6?.type === 'echo-reply' && ip6?.hopLimit === 64),
  },
  {
    name: 'solicitation-answered-twice',
    story: 'Each Neighbor Solicitation is answered twice.',
    violates: ['DENAT-DUPLICATES'],
    shownIn,
    warns: ['DENAT-DUPLICATES'],
    behavior: twice(({ icmp6 }) => icmp6?.type === 'neighbor-advertisement' && icmp6.solicited),
  },
  {
    name: 'name-answered-twice',
    story: 'Each DNS query gets two responses.',
    violates: ['DENAT-DUPLICATES'],
    warns: ['DENAT-DUPLICATES'],
    shownIn: 'firewall',
    behavior: twice(({ udp }, port) => isLan(port) && udp?.srcPort === 53),
  },
  {
    name: 'one-client-unanswered',
    story: 'The table of the DHCPv6 server is full, and it does not answer another client.',
    violates: ['DENAT-FATE-DHCPV6'],
    sometimes: ['DENAT-FATE-DHCPV6'],
    shownIn: 'full-house',
    behavior: never(({ udp, eth }) => udp?.dstPort === 546 && eth.dst.endsWith('b3:f7')),
  },
  {
    name: 'one-soliciting-host-unanswered',
    story: 'One host gets no unicast Router Advertisement, and multicast ones are rare.',
    violates: ['DENAT-FATE-RS'],
    sometimes: ['DENAT-FATE-RS'],
    shownIn: 'full-house',
    behavior: never(({ icmp6, eth }) => icmp6?.type === 'router-advertisement' && eth.dst.endsWith('e9:97')),
  },
  {
    name: 'ula-unanswered-for-one-host',
    story: 'The Neighbor Solicitations of one host for the ULA address of the router are not answered.',
    violates: ['DENAT-FATE-NS'],
    sometimes: ['DENAT-FATE-NS'],
    shownIn,
    behavior: never(
      ({ icmp6, eth }) => icmp6?.type === 'neighbor-advertisement' && isUla(icmp6.target) && eth.dst.endsWith('b3:42'),
    ),
  },
]
