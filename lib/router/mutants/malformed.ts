import { isLinkLocal, isMulticast } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { encode } from '../../wire/encode.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { pcpPort } from '../../wire/pcp.ts'
import type { Mutant } from './mutant.ts'

/** Sends something else in place of a packet; lengths and checksums are right again. */
const rewritten =
  (rewrite: (packet: Packet, port: string) => PacketInit | undefined) =>
  (frame: Uint8Array, port: string): Uint8Array => {
    const packet = decode(frame)
    const { length: _length, checksum: _udp, ...udp } = packet.udp ?? {}
    const { payloadLength: _payload, nextHeader: _next, ...ip6 } = packet.ip6 ?? {}
    const { checksum: _icmp, ...icmp6 } = packet.icmp6 ?? {}
    const other = rewrite(packet, port)
    if (!other) return frame
    return encode({
      ...packet,
      ip6,
      ...(packet.udp && { udp }),
      ...(packet.icmp6 && { icmp6 }),
      ...other,
    } as PacketInit)
  }

type Message = Extract<Dhcpv6, { transactionId: number }>

const dhcpv6 = (type: Message['type'], change: (options: Dhcpv6Option[]) => Dhcpv6Option[]) =>
  rewritten(({ dhcp6 }) =>
    dhcp6 && 'transactionId' in dhcp6 && dhcp6.type === type
      ? { dhcp6: { ...dhcp6, options: change(dhcp6.options) } }
      : undefined,
  )

const initialHopLimit = 64
const dns = 53

/** Of what the router answers itself on a LAN; what it passes on has lost a hop. */
const ownAnswers = (change: (packet: Packet) => Record<string, unknown> | undefined) =>
  rewritten((packet, port) =>
    port.startsWith('wan') || packet.ip6?.hopLimit !== initialHopLimit
      ? undefined
      : (change(packet) as PacketInit | undefined),
  )

/** The code of errors that the router sends itself: one that it passes on has lost a hop. */
const ownErrors = (type: 'time-exceeded' | 'destination-unreachable', code: number, sent: number) =>
  rewritten(({ icmp6, ip6 }) => {
    if (icmp6?.type !== type || icmp6.code !== code || ip6?.hopLimit !== initialHopLimit) return undefined
    const { checksum: _checksum, ...error } = icmp6
    return { icmp6: { ...error, code: sent } }
  })

/** Packets of the router's own that are not of their document's form. */
export const malformed: Mutant[] = [
  {
    name: 'duid-of-nobody',
    story: 'The DUID was generated before the interface had its MAC, and is the same in every router of this model.',
    violates: ['RFC9915-16-CLIENTFORM', 'RFC9915-16-SERVERFORM'],
    silences: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'no-prefix',
    behavior: { duidType: 'link-layer address of zeros' },
  },
  {
    name: 'solicitations-without-own-mac',
    story: 'Multicast Neighbor Solicitations have no Source Link-Layer Address option.',
    violates: ['RFC4861-4-FORM'],
    shownIn: 'cold-boot',
    behavior: {
      tap: rewritten(({ ip6, icmp6 }) =>
        icmp6?.type === 'neighbor-solicitation' && ip6?.src !== '::' && isMulticast(ip6?.dst ?? '::')
          ? { icmp6: { ...icmp6, checksum: undefined, options: [] } }
          : undefined,
      ),
    },
  },
  {
    name: 'reserved-bits-in-solicitations',
    story: 'The reserved field of Neighbor Solicitations contains octets of memory.',
    violates: ['RFC4861-4-FORM'],
    shownIn: 'no-prefix',
    behavior: {
      tap: rewritten(({ icmp6 }) =>
        icmp6?.type === 'neighbor-solicitation' ? { icmp6: { ...icmp6, checksum: undefined, reserved: 7 } } : undefined,
      ),
    },
  },
  {
    name: 'listener-report-without-router-alert',
    story: 'MLD reports have no Router Alert option, so that a snooping switch does not see them.',
    violates: ['RFC3810-5-FORM'],
    shownIn: 'no-prefix',
    behavior: { tap: rewritten(({ icmp6 }) => (icmp6?.type === 'mld2-report' ? { ext: [] } : undefined)) },
  },
  {
    name: 'unused-word-of-errors-used',
    story: 'The unused field of Destination Unreachable is not zero.',
    violates: ['RFC4443-2-FORM'],
    shownIn: 'flash-renumbering',
    behavior: {
      // What is passed on has lost a hop.
      tap: rewritten(({ icmp6, ip6 }) =>
        icmp6?.type === 'destination-unreachable' && ip6?.hopLimit === initialHopLimit
          ? { icmp6: { ...icmp6, checksum: undefined, unused: 0x5a5a } }
          : undefined,
      ),
    },
  },
  {
    name: 'elapsed-time-of-three-octets',
    story: 'The Elapsed Time of a Release is one octet too long.',
    violates: ['RFC9915-16-CLIENTFORM'],
    silences: ['RFC8415-18.2.7-RELEASE · NoBinding ends it'],
    shownIn: 'release',
    behavior: {
      tap: dhcpv6('release', (options) =>
        options.map((one) => (one.type === 'elapsed-time' ? { type: 8, data: new Uint8Array(3) } : one)),
      ),
    },
  },
  {
    name: 'sol-max-rt-below-its-least',
    story: 'Advertises on the LAN contain a SOL_MAX_RT of 59 s.',
    violates: ['RFC9915-16-SERVERFORM'],
    shownIn: 'no-prefix',
    behavior: { tap: dhcpv6('advertise', (options) => [...options, { type: 'sol-max-rt', value: 59 }]) },
  },
  {
    name: 'option-request-asks-for-ia-pd',
    story: 'The Option Request option of a Renew contains IA_PD, which must not be requested there.',
    violates: ['RFC9915-16-CLIENTFORM'],
    behavior: {
      tap: dhcpv6('renew', (options) =>
        options.map((one) => (one.type === 'oro' ? { ...one, codes: [...one.codes, 25] } : one)),
      ),
    },
    shownIn: 'rebinding',
  },
  {
    name: 'all-nodes-reported',
    story: 'MLD reports contain the all-nodes group, which must not be reported.',
    violates: ['RFC3810-5-FORM'],
    behavior: {
      tap: rewritten(({ icmp6 }) =>
        icmp6?.type === 'mld2-report'
          ? {
              icmp6: {
                ...icmp6,
                checksum: undefined,
                records: [...icmp6.records, { type: 4, group: 'ff02::1', sources: [] }],
              },
            }
          : undefined,
      ),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'redirect-to-a-global-address',
    story: 'The target of a Redirect is a global address of the downstream router.',
    violates: ['RFC4861-4-FORM'],
    behavior: {
      redirects: 'sent',
      tap: rewritten(({ icmp6 }) =>
        icmp6?.type === 'redirect'
          ? { icmp6: { ...icmp6, checksum: undefined, target: '2d00:200:ffff::1' } }
          : undefined,
      ),
    },
    shownIn: 'long-sessions',
  },
  {
    name: 'redirect-with-its-own-mac',
    story: 'A Redirect contains the MAC of the router itself instead of that of the downstream router.',
    violates: ['RFC4861-8.2-REDIRECT'],
    behavior: {
      redirects: 'sent',
      tap: rewritten(({ eth, icmp6 }) =>
        icmp6?.type === 'redirect'
          ? {
              icmp6: {
                ...icmp6,
                checksum: undefined,
                options: icmp6.options.map((one) =>
                  one.type === 'target-link-layer' ? { ...one, mac: eth.src } : one,
                ),
              },
            }
          : undefined,
      ),
    },
    shownIn: 'long-sessions',
  },
  {
    name: 'redirect-for-the-sender',
    story: 'A Redirect names the source of the packet instead of its destination.',
    violates: ['RFC4861-8.2-REDIRECT', 'RFC4861-4-FORM'],
    behavior: {
      redirects: 'sent',
      tap: rewritten(({ ip6, icmp6 }) =>
        icmp6?.type === 'redirect'
          ? { icmp6: { ...icmp6, checksum: undefined, destination: ip6?.dst ?? '::' } }
          : undefined,
      ),
    },
    shownIn: 'long-sessions',
  },
  {
    name: 'discover-with-the-address-of-before',
    story:
      'A DHCPv4 Discover has the address of the previous lease in ciaddr, to which a server then sends its answer.',
    violates: [
      'RFC2131-4-FORM',
      // A router that waits for an address that is never assigned has no IPv6 on a line without IPv4.
      'DENAT-V6ONLY-WAN · address',
      'DENAT-V6ONLY-WAN · TCP',
      'DENAT-V6ONLY-WAN · UDP',
      'DENAT-V6ONLY-WAN · later',
      'DENAT-V6ONLY-WAN · name',
    ],
    silences: ['RFC5625-6.1-RANDOM'],
    behavior: {
      ipv6StartsWith: 'an IPv4 address',
      tap: rewritten(({ dhcp4 }) => dhcp4 && { dhcp4: { ...dhcp4, ciaddr: '10.0.0.1' } }),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'answers-from-another-address',
    story: 'DNS queries to the ULA of the router are answered from its link-local address.',
    violates: [
      'RFC2181-4.1-SOURCE',
      'RFC7084-DNS-LOCAL',
      'DENAT-DNS-V6TRANSPORT',
      'DENAT-DEFAULT-1 · IPoE',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
    ],
    shownIn: 'ipv6-only-line',
    behavior: {
      tap: ownAnswers(({ ip6, udp }) => (udp?.srcPort === dns ? { ip6: { ...ip6, src: 'fe80::1' } } : undefined)),
    },
  },
  {
    name: 'names-with-garbage-behind',
    story: 'Octets of memory follow the last record of a response of the DNS proxy.',
    violates: ['RFC1035-4.1-DNSFORM'],
    shownIn: 'ipv6-only-line',
    behavior: {
      tap: ownAnswers(({ udp, payload }) =>
        udp?.srcPort === dns ? { payload: Uint8Array.from([...(payload ?? []), 0, 0, 41]) } : undefined,
      ),
    },
  },
  {
    name: 'names-proved-by-nobody',
    story: 'The DNS proxy sets the AD flag.',
    violates: ['RFC5625-3-KEEPS'],
    shownIn: 'ipv6-only-line',
    behavior: {
      tap: ownAnswers(({ udp, payload }) =>
        udp?.srcPort === dns
          ? { payload: (payload ?? new Uint8Array()).map((octet, at) => (at === 3 ? octet | 0x20 : octet)) }
          : undefined,
      ),
    },
  },
  {
    name: 'echo-data-cut',
    story: 'An Echo Reply from a global address of the router has four octets of data, whatever the request.',
    violates: ['RFC4443-4.2-DATA'],
    shownIn: 'lan-services',
    behavior: {
      tap: ownAnswers(({ ip6, icmp6 }) => {
        if (icmp6?.type !== 'echo-reply' || isLinkLocal(ip6?.src ?? '::')) return undefined
        const { checksum: _checksum, ...reply } = icmp6
        return { icmp6: { ...reply, data: reply.data.subarray(0, 4) } }
      }),
    },
  },
  {
    name: 'pcp-reserved-octet-used',
    story: 'The reserved octet of PCP responses is not zero.',
    violates: ['RFC6887-7.2-RESPONSE · header'],
    behavior: {
      tap: ownAnswers(({ udp, payload }) =>
        udp?.srcPort === pcpPort ? { payload: payload?.map((octet, at) => (at === 2 ? 1 : octet)) } : undefined,
      ),
    },
  },
  {
    name: 'pcp-without-nonce',
    story: 'PCP responses do not repeat the nonce of the request.',
    violates: ['RFC6887-11.3-COPIED'],
    shownIn: 'long-sessions',
    behavior: {
      tap: ownAnswers(({ udp, payload }) =>
        udp?.srcPort === pcpPort
          ? { payload: payload?.map((octet, at) => (at >= 24 && at < 36 ? 0 : octet)) }
          : undefined,
      ),
    },
  },
  {
    name: 'time-exceeded-of-reassembly',
    story: 'A packet whose hop limit runs out is answered by Time Exceeded with code 1, as if fragments were missing.',
    violates: ['RFC4443-3.3-TIMEEX · inbound', 'RFC4443-3.3-TIMEEX · outbound'],
    behavior: { tap: ownErrors('time-exceeded', 0, 1) },
  },
  {
    name: 'no-route-told-as-address',
    story: 'Where there is no route, Destination Unreachable has code 3, as if a neighbor were silent.',
    violates: ['RFC4443-3.1-NOROUTE · filtered destination', 'RFC4443-3.1-NOROUTE · no route'],
    behavior: { tap: ownErrors('destination-unreachable', 0, 3) },
  },
  {
    name: 'route-information-twice',
    story: 'Each RA on the LAN has its Route Information Options twice.',
    violates: ['RFC7084-L-3 · online'],
    behavior: {
      tap: rewritten(({ icmp6 }, port) => {
        if (icmp6?.type !== 'router-advertisement' || port.startsWith('wan')) return undefined
        const { checksum: _checksum, options, ...advertisement } = icmp6
        const routes = options.filter(({ type }) => type === 'route-information')
        return { icmp6: { ...advertisement, options: [...options, ...routes] } }
      }),
    },
  },
]
