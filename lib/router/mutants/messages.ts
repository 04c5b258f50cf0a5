import { decode } from '../../wire/decode.ts'
import { type Dhcpv6, optionsOf, statusOf } from '../../wire/dhcpv6.ts'
import { dhcpv6Status } from '../../wire/dhcpv6-options.ts'
import { encode } from '../../wire/encode.ts'
import { renews } from './dhcpv6-client.ts'
import type { Mutant } from './mutant.ts'

type Message = Extract<Dhcpv6, { transactionId: number }>

/** Rewrites or withholds DHCPv6 messages that leave by the WAN, or by the LAN. */
const dhcpv6 =
  (side: 'wan' | 'lan', rewrite: (message: Message) => Message | undefined) =>
  (frame: Uint8Array, port: string): Uint8Array | undefined => {
    const { dhcp6, ...packet } = decode(frame)
    if (!dhcp6 || !('transactionId' in dhcp6) || port.startsWith('wan') !== (side === 'wan')) return frame
    const rewritten = rewrite(dhcp6)
    const { length: _length, checksum: _checksum, ...udp } = packet.udp ?? {}
    const { payloadLength: _payloadLength, ...ip6 } = packet.ip6 ?? {}
    return rewritten && encode({ ...packet, ip6, udp, dhcp6: rewritten })
  }

const without = (message: Message, ...types: string[]): Message => ({
  ...message,
  options: message.options.filter(({ type }) => !types.includes(String(type))),
})

const repeated = ({ options }: Message): boolean =>
  options.some((option) => option.type === 'elapsed-time' && option.value > 0)

type Ia = Extract<Message['options'][number], { type: 'ia-pd' }>

const withAnother = (ia: Ia): Ia => ({
  ...ia,
  options: [
    ...ia.options,
    { type: 'ia-prefix', preferredLifetime: 0, validLifetime: 0, prefix: '2d00:200:ffff::/56', options: [] },
  ],
})

const withShortServer = (message: Message): Message => ({
  ...message,
  options: message.options.map((one) =>
    one.type === 'server-id' ? { ...one, duid: one.duid.slice(0, one.duid.length / 2) } : one,
  ),
})

/** Each delegated prefix is to be renewed when it is no longer preferred. */
const renewedTooLate = (message: Message): Message => ({
  ...message,
  options: message.options.map((ia) => {
    const [lease] = ia.type === 'ia-pd' ? optionsOf(ia, 'ia-prefix') : []
    return ia.type === 'ia-pd' && lease
      ? { ...ia, t1: lease.preferredLifetime + 1, t2: lease.preferredLifetime + 2 }
      : ia
  }),
})

const refuses = (message: Message): boolean =>
  message.type === 'reply' && optionsOf(message, 'ia-na').some((ia) => statusOf(ia) === dhcpv6Status.noBinding)

/** Defects of single DHCPv6 messages. */
export const messages: Mutant[] = [
  {
    name: 'no-elapsed-time',
    story: 'DHCPv6 messages have no Elapsed Time option.',
    violates: ['RFC7084-WAA-3 · Solicit', 'RFC9915-16-CLIENTFORM'],
    behavior: { tap: dhcpv6('wan', (message) => without(message, 'elapsed-time')) },
  },
  {
    name: 'unbound-ia-unanswered',
    story: 'A host that names an IA which is not bound is not answered.',
    violates: [
      'DENAT-FATE-DHCPV6',
      'RFC8415-18.3.4-RENEW · unknown',
      'RFC8415-18.3.8-DECLINE · Decline of what is not bound',
      'RFC8415-18.3.8-DECLINE · Release of what is not bound',
    ],
    behavior: { tap: dhcpv6('lan', (message) => (refuses(message) ? undefined : message)) },
  },
  {
    name: 'renewal-after-the-preferred-lifetime',
    story: 'T1 of a prefix that is delegated to a router on the LAN is later than the end of its preferred lifetime.',
    violates: ['RFC9818-LPD-10', 'RFC9915-21.4-TIMES'],
    behavior: {
      tap: dhcpv6('lan', (message) => (optionsOf(message, 'ia-na').length > 0 ? message : renewedTooLate(message))),
    },
  },
  {
    name: 'renew-only-once',
    story: 'A Renew without an answer is not retransmitted.',
    violates: ['RFC8415-18.2.4-RENEW · first timeout'],
    behavior: {
      tap: dhcpv6('wan', (message) => (message.type === 'renew' && repeated(message) ? undefined : message)),
    },
  },
  {
    name: 'renew-without-address',
    story: 'Renew contains only the IA_PD, and the WAN address expires.',
    violates: renews,
    behavior: { tap: dhcpv6('wan', (message) => (message.type === 'renew' ? without(message, 'ia-na') : message)) },
  },
  {
    name: 'rebind-after-cut-without-address',
    story: 'A Rebind contains only the IA_PD.',
    // A lease that is not extended stays valid, so the end of the prefix is not the end of all leases.
    violates: ['RFC8415-18.2.12-REBOOT · every lease named', 'RFC8415-18.2.5-EXPIRE · Solicit afterwards'],
    silences: ['RFC8415-18.2.5-EXPIRE · address ends'],
    behavior: { tap: dhcpv6('wan', (message) => (message.type === 'rebind' ? without(message, 'ia-na') : message)) },
  },
  {
    name: 'release-without-server',
    story: 'A Release has no Server Identifier.',
    violates: ['RFC8415-18.2.7-RELEASE · names the leases', 'RFC9915-16-CLIENTFORM'],
    silences: ['RFC8415-18.2.7-RELEASE · NoBinding ends it'],
    behavior: {
      tap: dhcpv6('wan', (message) => (message.type === 'release' ? without(message, 'server-id') : message)),
    },
  },
  {
    name: 'release-from-released-address',
    story: 'A Release has the released address as source.',
    violates: ['RFC8415-18.2.7-RELEASE · source address', 'RFC8415-18.2.7-RELEASE · NoBinding ends it'],
    behavior: {
      tap(frame) {
        const { dhcp6, ip6, udp, ...packet } = decode(frame)
        if (dhcp6?.type !== 'release') return frame
        const [address] = optionsOf(dhcp6, 'ia-na').flatMap((ia) => optionsOf(ia, 'ia-addr'))
        const { srcPort, dstPort } = udp ?? {}
        return encode({ ...packet, ip6: { src: address?.address, dst: ip6?.dst }, udp: { srcPort, dstPort }, dhcp6 })
      },
    },
  },
  {
    name: 'ia-ta-requested',
    story: 'The client requests temporary addresses by IA_TA.',
    violates: ['RFC9915-OBSOLETE · IA_TA'],
    behavior: {
      tap: dhcpv6('wan', (message) => ({
        ...message,
        options: [...message.options, { type: 'ia-ta', iaid: 1, options: [] }],
      })),
    },
  },
  {
    name: 'delegation-promised-only',
    story: 'An Advertise offers a prefix to a downstream router, but its Request gets no answer.',
    violates: [
      'DENAT-FATE-DHCPV6',
      'RFC9818-LPD-1 · no hint',
      'RFC9818-LPD-1 · no hint, of a /60',
      'RFC8415-18.3.4-RENEW · known',
      // A client with a key uses it only at a Reconfigure.
      'RFC8415-18.3.11-LANRECONF · authentication',
      'RFC8415-18.3.11-LANRECONF · identifiers',
    ],
    silences: ['RFC8415-18.3.11-LANRECONF · a key of its own'],
    behavior: {
      tap: dhcpv6('lan', (message) =>
        message.type === 'reply' && message.options.some(({ type }) => type === 'ia-pd') ? undefined : message,
      ),
    },
  },
  {
    name: 'renew-with-a-prefix-of-nobody',
    story: 'A Renew contains a prefix that no server delegated, together with the one in use.',
    violates: ['RFC9915-18.2-CLIENTREPEATS'],
    behavior: {
      tap: dhcpv6('wan', (message) =>
        message.type === 'renew'
          ? { ...message, options: message.options.map((one) => (one.type === 'ia-pd' ? withAnother(one) : one)) }
          : message,
      ),
    },
    shownIn: 'rebinding',
  },
  {
    name: 'decline-to-nobody',
    story: 'A Decline contains the first half of the Server Identifier.',
    violates: ['RFC9915-18.2-CLIENTREPEATS', 'RFC8415-18.2.8-DECLINE · Decline'],
    behavior: {
      tap: dhcpv6('wan', (message) => (message.type === 'decline' ? withShortServer(message) : message)),
    },
    shownIn: 'duplicate-address',
  },
  {
    name: 'decline-with-prefix',
    story: 'A Decline contains the IA_PD in addition to the address.',
    violates: ['RFC9915-18.2-CLIENTREPEATS'],
    behavior: {
      tap: dhcpv6('wan', (message) =>
        message.type === 'decline'
          ? { ...message, options: [...message.options, { type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] }] }
          : message,
      ),
    },
    shownIn: 'duplicate-address',
  },
  {
    name: 'elapsed-time-in-milliseconds',
    story: 'Elapsed Time counts milliseconds, so that servers assume that all others have failed.',
    violates: ['RFC9915-21.9-ELAPSED'],
    behavior: { elapsedTime: (hundredths) => Math.min(0xffff, 10 * hundredths) },
    shownIn: 'silent-server',
  },
  {
    name: 'elapsed-time-always-0',
    story: 'Elapsed Time is 0 in every message.',
    violates: ['RFC9915-21.9-ELAPSED'],
    behavior: { elapsedTime: () => 0 },
    shownIn: 'silent-server',
  },
]
