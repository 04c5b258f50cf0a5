import { formatIpv6, parseIpv6 } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { encode } from '../../wire/encode.ts'
import type { PacketInit } from '../../wire/packet.ts'
import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Message = Extract<Dhcpv6, { transactionId: number }>

/** Replaces a message of the LAN's server; unchanged where the same message is returned. */
const server = (
  type: 'advertise' | 'reply',
  change: (options: Dhcpv6Option[]) => Dhcpv6Option[],
): Partial<Behavior> => ({
  tap(frame, port) {
    const { dhcp6, ...packet } = decode(frame)
    if (port.startsWith('wan') || dhcp6?.type !== type) return frame
    const { options } = dhcp6 as Message
    const changed = change(options)
    if (changed === options) return frame
    const { length: _length, checksum: _checksum, ...udp } = packet.udp ?? {}
    const { payloadLength: _payload, ...ip6 } = packet.ip6 ?? {}
    return encode({ ...packet, ip6, udp, dhcp6: { ...dhcp6, options: changed } } as PacketInit)
  },
})

/** Changes what lies in the IAs of a message. */
const leases = (type: 'advertise' | 'reply', change: (lease: Dhcpv6Option) => Dhcpv6Option): Partial<Behavior> =>
  server(type, (options) =>
    options.map((one) =>
      one.type === 'ia-na' || one.type === 'ia-pd' ? { ...one, options: one.options.map(change) } : one,
    ),
  )

const has = (options: readonly Dhcpv6Option[], type: string): boolean => options.some((one) => one.type === type)

/** The address with other octets from `at` on. */
function changed(address: string, at: number, octets: (old: number, index: number) => number): string {
  const bytes = parseIpv6(address)
  return formatIpv6(bytes.map((old, index) => (index < at ? old : octets(old, index))))
}

const shownIn = 'cold-boot'

/** Parts of the router that announce different values on the LAN. */
export const lanAgreement: Mutant[] = [
  {
    name: 'advertises-more-than-the-line-gave',
    story: "Advertises contain lifetimes of twice the remaining lifetimes of the line's prefix.",
    violates: ['RFC9096-3.3-REMAINING'],
    shownIn,
    behavior: leases('advertise', (one) =>
      'validLifetime' in one ? { ...one, validLifetime: 14_400, preferredLifetime: 7_200 } : one,
    ),
  },
  {
    name: 'reserved-address-offered',
    story: 'The offered address is the Subnet-Router anycast address.',
    violates: ['RFC9915-13.1-ASSIGNED'],
    shownIn,
    behavior: leases('advertise', (one) =>
      one.type === 'ia-addr' ? { ...one, address: changed(one.address, 8, () => 0) } : one,
    ),
  },
  {
    name: 'address-of-the-other-lan-offered',
    story: 'The offered address is within the prefix of the other LAN.',
    violates: ['RFC9915-13.1-ASSIGNED'],
    shownIn,
    behavior: leases('advertise', (one) =>
      one.type === 'ia-addr'
        ? { ...one, address: changed(one.address, 7, (old, index) => (index === 7 ? old ^ 1 : old)) }
        : one,
    ),
  },
  {
    name: 'one-address-for-all',
    story: 'Every client gets the same address.',
    violates: ['DENAT-LEASED-ONCE', 'DENAT-GUA-1 · dhcpv6-only'],
    shownIn: 'full-house',
    behavior: leases('reply', (one) =>
      one.type === 'ia-addr' && one.validLifetime > 0
        ? { ...one, address: changed(one.address, 8, (_, index) => (index === 15 ? 0x77 : 0)) }
        : one,
    ),
  },
  {
    name: 'address-left-out-beside-a-prefix',
    story: 'The Reply to a message with IA_NA and IA_PD lacks the IA_NA.',
    violates: ['RFC9915-18.3-REPEATS', 'RFC8415-18.3.4-RENEW · known'],
    shownIn,
    behavior: server('reply', (options) =>
      has(options, 'ia-pd') && has(options, 'ia-na') ? options.filter(({ type }) => type !== 'ia-na') : options,
    ),
  },
  {
    name: 'resolvers-not-in-leases',
    story: 'A Reply with an address contains no resolver, although the Advertise before it did.',
    violates: ['RFC9915-18.3-ASKED'],
    shownIn,
    behavior: server('reply', (options) =>
      has(options, 'ia-na') && has(options, 'dns-servers')
        ? options.filter(({ type }) => type !== 'dns-servers')
        : options,
    ),
  },
  {
    name: 'rebinding-after-the-end',
    story: 'T2 of an address is later than its preferred lifetime.',
    violates: ['RFC9915-21.4-TIMES'],
    shownIn,
    behavior: server('reply', (options) =>
      has(options, 'ia-pd')
        ? options
        : options.map((one) => (one.type === 'ia-na' && one.t1 > 0 ? { ...one, t2: Math.ceil(2.4 * one.t1) } : one)),
    ),
  },
  {
    name: 'another-resolver-for-routers',
    story: 'DHCPv6 announces a resolver to downstream routers other than that in RAs.',
    violates: ['DENAT-LAN-RESOLVERS'],
    warns: ['DENAT-LAN-RESOLVERS'],
    shownIn: 'full-house',
    behavior: server('reply', (options) =>
      has(options, 'ia-pd')
        ? options.map((one) => (one.type === 'dns-servers' ? { ...one, servers: ['2d00:9::53'] } : one))
        : options,
    ),
  },
  {
    name: 'new-address-with-another-mac',
    story: 'The NA for a new address on the LAN contains the MAC of another port.',
    violates: ['RFC4861-4.6.1-OWNMAC'],
    shownIn,
    behavior: {
      lanAddressesAnnounced: true,
      tap(frame, port) {
        const { icmp6, ...packet } = decode(frame)
        if (port.startsWith('wan') || icmp6?.type !== 'neighbor-advertisement' || icmp6.solicited) return frame
        const { checksum: _checksum, ...message } = icmp6
        const options = message.options.map((one) =>
          one.type === 'target-link-layer' ? { ...one, mac: '02:00:00:00:00:77' } : one,
        )
        // Hosts that know better keep what they know.
        return encode({ ...packet, icmp6: { ...message, override: false, options } } as PacketInit)
      },
    },
  },
]
