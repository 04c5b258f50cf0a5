import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Limited = Parameters<Behavior['limits']>[0]

/** Triggers that reach a running router. */
const atOnce = ['Renew', 'NoBinding', 'link flap', 'Reconfigure']
const restarts = ['orderly reboot', 'power cut']

/** What RFC 9096 alone asks of the RA that withdraws a prefix. What an orderly reboot loses a power cut loses as well. */
const withdrawnOtherwise = ['RFC9096-3.5-WANZERO · lifetime 0, RA', 'RFC9096-3.5-STORE · orderly reboot, RA']
/** What is judged of that RA, after each trigger. */
const withdrawals = [...atOnce.map((trigger) => `RFC7084-L-13 · ${trigger}, RA`), ...withdrawnOtherwise]

/** After a restart it takes stable storage to know of a stale lease, which is asked by a requirement of its own. */
const zeroed = (trigger: string, observer: string) =>
  `RFC9096-3.5-${restarts.includes(trigger) ? 'BINDINGS' : 'DHCPZERO'} · ${trigger}, ${observer}`

/** The violations of a router that keeps its prefix at this trigger. */
const deafTo = (trigger: string) => [
  `RFC7084-L-13 · ${trigger}, RA`,
  zeroed(trigger, 'DHCPv6 host'),
  zeroed(trigger, 'downstream router'),
  `RFC7084-L-14 · ${trigger}, code 5`,
  `DENAT-RENUM-CASCADE · ${trigger}, DHCPv6 host`,
  `DENAT-RENUM-CASCADE · ${trigger}, downstream router`,
  `DENAT-RENUM-CASCADE · ${trigger}, route for the old prefix`,
]

const limited: [Limited, string][] = [
  ['pio', 'PIO'],
  ['rio', 'RIO'],
  ['rdnss', 'RDNSS'],
  ['dnssl', 'DNSSL'],
  ['ia-na', 'DHCPv6 host'],
  ['ia-pd', 'downstream router'],
]

/** One IA is valid for long, and the other as long as the lease: each has its own T1. */
export const apart = ['RFC8415-18.3.4-RENEW · T1 and T2', 'RFC9915-18.3.2-ONETIME']

export const renumbering: Mutant[] = [
  {
    name: 'stale-prefix-omitted',
    story: 'A stale prefix is only left out of RAs, and hosts keep it.',
    violates: withdrawals,
    behavior: { stalePios: 'omitted' },
  },
  {
    name: 'stale-prefix-kept',
    story: 'A stale prefix is still advertised with its former lifetimes.',
    violates: [
      ...withdrawals,
      'ROB-FLAP',
      'RFC8415-18.2.10-ZEROLIFE · prefix gone',
      'RFC7084-ULA-3 · former one',
      'RFC9096-3.3-REMAINING',
    ],
    behavior: { stalePios: 'kept' },
  },
  {
    name: 'withdrawn-flags-cleared',
    story: 'A withdrawn prefix has A=0 and L=0, so hosts do not look at its lifetimes.',
    violates: [
      ...atOnce.map((trigger) => `RFC9096-L-13 · ${trigger}, flags of the RA`),
      ...restarts.map((trigger) => `RFC9096-3.5-STORE · ${trigger}, flags of the RA`),
      'RFC7084-L-13 · Renew, SLAAC host',
      'RFC7084-L-13 · NoBinding, SLAAC host',
      'RFC7084-L-13 · link flap, SLAAC host',
      'RFC7084-L-13 · Reconfigure, SLAAC host',
      'RFC9096-3.5-WANZERO · lifetime 0, SLAAC host',
      ...restarts.map((trigger) => `RFC9096-3.5-STORE · ${trigger}, SLAAC host`),
    ],
    behavior: { withdrawnPioFlags: 'cleared' },
  },
  {
    name: 'withdrawn-valid-lifetime-kept',
    story: 'A withdrawn prefix keeps the rest of its valid lifetime, as RFC 7084 permitted.',
    violates: [
      ...atOnce.map((trigger) => `RFC9096-L-13 · ${trigger}, RA`),
      ...withdrawnOtherwise,
      'RFC8415-18.2.7-RELEASE · LAN told before',
      'RFC8415-18.2.10-ZEROLIFE · prefix gone',
    ],
    behavior: { withdrawnValidLifetime: 'remaining' },
  },
  {
    name: 'withdrawn-for-12-seconds',
    story: 'A stale prefix is withdrawn for 12 s: hosts that sleep miss it.',
    violates: ['RFC9096-3.5-HOLD'],
    behavior: { withdrawnFor: () => 12 },
  },
  {
    name: 'advertised-prefixes-forgotten',
    story: 'After a restart the prefix that was advertised before is not withdrawn.',
    violates: ['RFC9096-3.5-STORE · orderly reboot, RA'],
    behavior: { advertisedPrefixesStored: 'no' },
  },
  {
    name: 'advertised-flags-forgotten',
    story: 'After a restart the prefix from before it is withdrawn with A=0 and L=0.',
    violates: restarts.flatMap((trigger) => [
      `RFC9096-3.5-STORE · ${trigger}, flags of the RA`,
      `RFC9096-3.5-STORE · ${trigger}, SLAAC host`,
    ]),
    behavior: { advertisedPrefixesStored: 'without flags' },
  },
  {
    name: 'advertised-prefixes-lost-by-power-cut',
    story: 'Only after a power cut the former prefixes are not withdrawn.',
    violates: ['RFC9096-3.5-STORE · power cut, RA'],
    behavior: { advertisedPrefixesOutlive: ['orderly reboot'] },
  },
  {
    name: 'unbound-prefix-kept',
    story: 'A prefix without a binding at the ISP is still advertised together with the new one.',
    violates: [...deafTo('NoBinding'), 'DENAT-ADDR-STABLE · link flap, downstream router'],
    behavior: { unboundLeasesKept: true },
  },
  {
    name: 'zero-lifetime-ignored',
    story: 'A prefix with valid lifetime 0 is kept.',
    violates: [
      'RFC8415-18.2.4-ENDED',
      ...withdrawnOtherwise,
      'RFC8415-18.2.10-ZEROLIFE · prefix gone',
      'RFC9096-3.5-DHCPZERO · lifetime 0, DHCPv6 host',
      'RFC9096-3.5-DHCPZERO · lifetime 0, downstream router',
      ...deafTo('Renew'),
      ...deafTo('link flap'),
      ...deafTo('Reconfigure'),
      ...restarts.flatMap(deafTo).filter((one) => /BINDINGS|CASCADE/.test(one)),
      'DENAT-RENUM-CASCADE · expiry, route for the old prefix',
      'ROB-FLAP · link down, new prefix',
      'ROB-FLAP · server silent, new prefix',
      'ROB-FLAP · one line cut after the other',
      'RFC8415-18.2.5-EXPIRE · Solicit afterwards',
    ],
    behavior: { zeroLifetimeHeeded: ['ia-na'] },
  },
  {
    name: 'expired-prefix-advertised',
    story: 'A prefix whose lease has expired is still advertised.',
    violates: [
      'RFC9096-L-15 · expiry, RA',
      'RFC9096-L-15 · expiry, SLAAC host',
      'ROB-FLAP · server silent, new prefix',
      'RFC8415-18.2.5-EXPIRE · prefix ends',
      'RFC8415-18.2.10-LEAVEOUT · until its own lifetime',
      'RFC8415-MULTI-IAPREFIX · lifetimes of each',
      'RFC9096-3.3-REMAINING',
    ],
    behavior: { expiredPrefixes: 'advertised on' },
  },
  {
    name: 'fixed-address-lifetimes',
    story: 'The LAN server assigns addresses for 2700 and 5400 s, whatever the rest of the lease.',
    violates: ['RFC9096-L-15 · DHCPv6 host', ...apart],
    behavior: { lifetimesFollowLease: (of) => of !== 'ia-na' },
  },
  {
    name: 'fixed-sub-prefix-lifetimes',
    story: 'The LAN server delegates prefixes for 2700 and 5400 s: downstream routers renew after 22 minutes.',
    violates: [
      ...apart,
      'RFC9096-L-15 · downstream router',
      'RFC9818-LPD-10',
      'DENAT-RENUM-CASCADE · Renew, downstream router',
    ],
    sometimes: ['DENAT-LEASED-ONCE'],
    behavior: { lifetimesFollowLease: (of) => of !== 'ia-pd' },
  },
  {
    name: 'line-return-unheeded',
    story: 'After a line cut the router is offline until it is restarted.',
    violates: [
      'ROB-FLAP',
      'DENAT-DEFAULT-1 · in use',
      'RFC8415-18.2.12-REBOOT · line was cut',
      'RFC8415-18.2.12-REBOOT · leases kept',
    ],
    silences: ['RFC9096-WPD-10 · line cut', 'RFC9096-WPD-10 · many line cuts'],
    behavior: { lineReturnHeeded: false },
  },
  {
    name: 'router-lifetime-9000',
    story: 'Router Lifetime is 9000 s: hosts keep an absent router for hours.',
    violates: ['RFC9096-L-16 · Router Lifetime'],
    behavior: { advDefaultLifetime: 9000 },
  },
  ...limited.map(
    ([what, message]): Mutant => ({
      name: `${what}-lifetime-unlimited`,
      story: `Lifetimes are the ISP's, however long they are: ${message}.`,
      violates: [`RFC9096-L-16 · ${message}`],
      behavior: {
        limits: (of) =>
          of === what ? { preferred: what === 'pio' ? 9000 : 2700, valid: 86_400 } : { preferred: 2700, valid: 5400 },
      },
    }),
  ),
  {
    name: 'stale-source-forwarded',
    story: 'Packets from a stale prefix leave on the WAN.',
    // With no prefix at all it does not forward anything.
    violates: [
      ...[...atOnce, ...restarts].map((trigger) => `RFC7084-L-14 · ${trigger}, code 5`),
      'RFC7084-S-2 · foreign source',
    ],
    behavior: { foreignSources: 'forwarded' },
  },
  {
    name: 'stale-source-dropped-silently',
    story: 'Packets from a stale prefix are dropped without an error.',
    violates: [...atOnce, ...restarts].map((trigger) => `RFC7084-L-14 · ${trigger}, code 5`),
    behavior: { foreignSources: 'dropped' },
  },
  {
    name: 'stale-source-code-1',
    story: 'Packets from a stale prefix are answered by code 1.',
    violates: [...atOnce, ...restarts].map((trigger) => `RFC7084-L-14 · ${trigger}, code 5`),
    behavior: { foreignSources: 'code 1' },
  },
  ...(['ia-na', 'ia-pd'] as const).flatMap((kind): Mutant[] => {
    const [name, observer] = kind === 'ia-na' ? ['address', 'DHCPv6 host'] : ['sub-prefix', 'downstream router']
    const changes = [...atOnce, ...restarts].map((trigger) => `DENAT-RENUM-CASCADE · ${trigger}, ${observer}`)
    const zero = [...atOnce, ...restarts, 'lifetime 0'].map((trigger) => zeroed(trigger, observer))
    return [
      {
        name: `stale-${name}-extended`,
        story: `The ${observer} gets its stale ${name} again and again.`,
        // What a change did not reach holds nothing that the next one makes stale.
        violates: [
          ...zero.filter((one) => !/link flap|power cut|lifetime 0/.test(one)),
          ...changes,
          `DENAT-RENUM-CASCADE · expiry, ${observer}`,
          `RFC9096-L-15 · ${observer}`,
          'RFC9096-3.3-REMAINING',
          ...apart,
          ...(kind === 'ia-pd' ? ['RFC9818-LPD-10', 'DENAT-TOGETHER · sub-delegated prefix, new prefix'] : []),
        ],
        behavior: { staleLeases: (of) => (of === kind ? 'extended' : 'zeroed and replaced') },
      },
      {
        name: `stale-${name}-left-out`,
        story: `The ${observer} gets a new ${name}, and the stale one is not withdrawn.`,
        // A host has an address for each lease; a downstream router numbers its link from the newest.
        violates: kind === 'ia-na' ? [...zero, ...changes] : zero,
        behavior: { staleLeases: (of) => (of === kind ? 'replaced' : 'zeroed and replaced') },
      },
    ]
  }),
  {
    name: 'first-sub-prefix-routed-only',
    story: 'The prefix that replaces the stale one of a downstream router is not routed.',
    violates: [
      ...[...atOnce, 'expiry', ...restarts].map((trigger) => `DENAT-RENUM-CASCADE · ${trigger}, host behind it`),
      'DENAT-TOGETHER · sub-delegated prefix, new prefix',
    ],
    behavior: { subDelegationRouted: 'first lease only' },
  },
  {
    name: 'route-outlives-renumbering',
    story: 'The route of a stale sub-delegated prefix stays.',
    violates: [...atOnce, ...restarts].map((trigger) => `DENAT-RENUM-CASCADE · ${trigger}, route for the old prefix`),
    behavior: { replacementRemovesRoute: false },
  },
]
