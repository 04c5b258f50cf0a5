import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import { compliant } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

const lengths = (...refused: number[]) => refused.map((length) => `RFC7084-WPD-3 · /${length}`)

const usualRenews = ['T1 of 75 s', 'answered', 'server silent'].map((one) => `RFC8415-18.2.4-RENEW · ${one}`)
export const renews = [...usualRenews, 'RFC8415-18.2.4-RENEW · T1 far below the preferred lifetime']

export const dhcpv6Client: Mutant[] = [
  {
    name: 'transaction-id-anew',
    story: 'Each retransmission of Solicit has a transaction-id of its own.',
    violates: [
      'RFC8415-18.2.1-SOLICIT · one transaction',
      ...['no IA at all', 'status in each IA', 'status of the message'].map(
        (one) => `RFC8415-18.2.9-EMPTYADV · ${one}`,
      ),
    ],
    behavior: { transactionIdKept: (type) => type !== 'solicit' },
  },
  {
    name: 'solicit-from-global-address',
    story: 'DHCPv6 messages leave from a global address.',
    violates: ['RFC7084-WAA-3 · Solicit'],
    behavior: { clientSource: 'global' },
  },
  {
    name: 'solicit-from-wrong-port',
    story: 'DHCPv6 messages leave from port 1546.',
    violates: ['RFC7084-WAA-3 · source port'],
    behavior: { clientPort: 1546 },
  },
  {
    name: 'prefix-only',
    story: 'With M=1 the client requests only a prefix, and the WAN has no address.',
    violates: ['RFC7084-WAA-6', 'RFC7084-WAA-4 · IA_NA'],
    behavior: { requestsAddress: false },
  },
  {
    name: 'sol-max-rt-not-requested',
    story: 'The ORO lacks SOL_MAX_RT.',
    violates: ['RFC7084-WAA-8'],
    behavior: { optionRequest: compliant.optionRequest.filter((code) => code !== dhcpv6OptionCode('sol-max-rt')) },
  },
  {
    name: 'late-renew',
    story: 'The first Renew is sent at 1.3 times T1.',
    violates: usualRenews,
    warns: [
      'RFC8415-18.2.4-RENEW · T1 of 75 s',
      'RFC8415-18.2.4-RENEW · answered',
      'RFC8415-18.2.4-RENEW · server silent',
    ],
    silences: ['RFC8415-18.2.4-RENEW · first timeout'],
    behavior: { renewAtShareOfT1: 1.3 },
  },
  {
    name: 'renews-after-a-minute-at-the-soonest',
    story: 'A T1 below a minute is treated as a minute.',
    violates: [
      ...[
        'answered',
        'T1 far below the preferred lifetime',
        'server silent',
        'first timeout',
        'ends at T2',
        'after a Rebind',
      ].map((one) => `RFC8415-18.2.4-RENEW · ${one}`),
      'RFC8415-14.2-T1ZERO · before the lease ends',
      'RFC8415-18.2.10-NOPREFIX · asked again',
    ],
    silences: ['DENAT-RENUM-CASCADE · link flap, DHCPv6 host', 'RFC9096-3.5-DHCPZERO · link flap, DHCPv6 host'],
    behavior: { leaseTimes: ({ t1, t2 }) => ({ t1: Math.max(60, t1), t2: Math.max(96, t2) }) },
  },
  {
    name: 'renew-without-server',
    story: 'Renew has no Server Identifier.',
    violates: [...renews, 'RFC9915-16-CLIENTFORM', 'RFC8415-18.2.10-LEAVEOUT · one of two prefixes'],
    silences: ['RFC8415-MULTI-IAPREFIX · both forward'],
    behavior: { renewNamesServer: false },
  },
  {
    name: 'renew-without-prefix',
    story: 'Renew contains only the IA_NA, and the prefix expires.',
    violates: [
      'RFC8415-18.2.4-RENEW',
      'RFC7084-WPD-1',
      'DENAT-DEFAULT-1 · in use',
      'RFC8415-18.2.10-NOPREFIX · asked again',
    ],
    silences: [
      'DENAT-BACK · prefix withdrawn and granted',
      'DENAT-RA-REFRESH',
      'DENAT-RENUM-CASCADE · link flap, DHCPv6 host',
      'RFC9096-3.5-DHCPZERO · link flap, DHCPv6 host',
    ],
    behavior: { renewHolds: 'IA_NA' },
  },
  {
    name: 'ia-prefix-missing',
    story: 'Renew and Rebind contain empty IAs.',
    violates: ['RFC7084-WPD-1', 'RFC8168-3-HINTKEEP', 'RFC8415-18.2.12-REBOOT · every lease named'],
    behavior: { leasesNamed: false },
  },
  {
    name: 'iaid-changes',
    story: 'Rebind has an IAID other than the earlier messages.',
    violates: [
      'RFC7084-WPD-1',
      'RFC8415-18.2.10-NOBINDING · in the IA_PD',
      'RFC8415-18.2.10-ONLAN',
      'RFC8415-18.2.12-REBOOT · every lease named',
      'RFC8415-18.2.12-REBOOT · leases kept',
      'RFC8415-18.2.4-ENDED',
      'RFC8415-18.2.4-RENEW · after a Rebind',
      'RFC8415-18.2.5-REBIND · at T2',
    ],
    behavior: { iaidKept: false },
  },
  {
    name: 'solicit-at-t2',
    story: 'At T2 the client drops the prefix and solicits.',
    violates: [
      'RFC8415-18.2.5-REBIND · at T2',
      'RFC8415-18.2.5-EXPIRE · prefix ends',
      'RFC8415-18.2.5-EXPIRE · address ends',
    ],
    behavior: { atT2: 'solicit' },
  },
  {
    name: 'renew-for-ever',
    story: 'The client continues to renew after T2.',
    violates: ['RFC8415-18.2.5-REBIND · at T2'],
    behavior: { atT2: 'renew' },
  },
  {
    name: 'renews-beside-rebind',
    story: 'At T2 the client rebinds, and continues to renew as well.',
    violates: ['RFC8415-18.2.4-RENEW · ends at T2'],
    behavior: { atT2: 'rebind and renew' },
  },
  {
    name: 'late-rebind',
    story: 'Rebind is sent at 1.15 times T2.',
    violates: ['RFC8415-18.2.5-REBIND · at T2'],
    warns: ['RFC8415-18.2.5-REBIND · at T2'],
    behavior: { rebindAtShareOfT2: 1.15 },
  },
  {
    name: 'rebind-names-server',
    story: 'Rebind carries the Server Identifier, and the second server ignores it.',
    violates: [
      'RFC8415-18.2.11-RECONF · Rebind names no server',
      'RFC8415-18.2.5-REBIND · at T2',
      'DENAT-RENUM-CASCADE · link flap, DHCPv6 host',
      'DENAT-RENUM-CASCADE · link flap, downstream router',
      'DENAT-RENUM-CASCADE · link flap, route for the old prefix',
      'DENAT-RENUM-CASCADE · orderly reboot, DHCPv6 host',
      'DENAT-RENUM-CASCADE · orderly reboot, downstream router',
      'DENAT-RENUM-CASCADE · orderly reboot, route for the old prefix',
      'DENAT-RENUM-CASCADE · power cut, DHCPv6 host',
      'DENAT-RENUM-CASCADE · power cut, downstream router',
      'DENAT-RENUM-CASCADE · power cut, route for the old prefix',
      'RFC7084-L-13 · link flap, RA',
      'RFC8415-18.2.12-REBOOT · line was cut',
      'RFC9096-3.5-BINDINGS · orderly reboot, DHCPv6 host',
      'RFC9096-3.5-BINDINGS · orderly reboot, downstream router',
      'RFC9096-3.5-BINDINGS · power cut, DHCPv6 host',
      'RFC9096-3.5-BINDINGS · power cut, downstream router',
      'RFC9096-3.5-STORE · orderly reboot, RA',
    ],
    warns: ['RFC7084-L-13 · link flap, RA'],
    behavior: { rebindNamesServer: 'always' },
  },
  {
    name: 'duid-at-each-boot',
    story: 'A new DUID-LLT is generated at every boot.',
    violates: [
      'RFC7084-W-5',
      'DENAT-ADDR-STABLE · reboot, DUID and IAID',
      'DENAT-ADDR-STABLE · power cut, DUID and IAID',
    ],
    behavior: { duid: 'new at each boot' },
  },
  {
    name: 'no-prefix-delegation',
    story: 'The client requests no prefix, and the LAN has no global address.',
    violates: [
      'RFC7084-W-4',
      'RFC7084-WPD-4',
      'RFC9762-7.3-PD',
      'DENAT-PD-2 · it asks for a prefix',
      'DENAT-DEFAULT-1 · TCP',
      'DENAT-DEFAULT-1 · UDP',
      'DENAT-DEFAULT-1 · echo',
      'DENAT-V6ONLY-WAN · address',
      'RFC8415-18.2.10-NOPREFIX · asked again',
      'RFC8415-18.2.8-DECLINE · prefix kept',
    ],
    silences: ['RFC4443-4.2-DATA', 'RFC4443-4.2-SOURCE', 'RFC5625-6.1-RANDOM', 'RFC6887-11.3-COPIED'],
    behavior: { requestsPrefix: false },
  },
  {
    name: 'delegation-needs-m',
    story: 'Prefix delegation starts only where M=1, and lines with O=1 get no LAN prefix.',
    violates: ['RFC7084-WPD-4 · M=0 O=1', 'DENAT-PD-2 · it asks for a prefix'],
    behavior: { delegationStartsOn: 'M' },
  },
  {
    name: 'only-nibble-lengths',
    story: 'A delegated prefix whose length is no multiple of four is refused.',
    violates: [...lengths(57, 58, 59, 61, 62, 63), 'RFC8415-18.2.10-ONLAN'],
    behavior: { delegatedLengthTaken: (length) => length % 4 === 0 },
  },
  {
    name: 'only-56',
    story: 'Only the /56 of the hint is accepted.',
    violates: [
      ...lengths(48, 52, 57, 58, 59, 60, 61, 62, 63, 64),
      'RFC7084-WPD-1',
      'DENAT-PD-2 · its LAN is numbered from it',
      'RFC8415-18.2.10-ONLAN',
    ],
    behavior: { delegatedLengthTaken: (length) => length === 56 },
  },
  {
    name: 'release-on-reboot',
    story: 'At an orderly restart the client releases its lease, and the subscriber gets a new prefix.',
    violates: ['RFC9096-WPD-9'],
    behavior: { releaseOnReboot: true },
  },
]
