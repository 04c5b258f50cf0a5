import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import type { Mutant } from './mutant.ts'

const lengths = (...refused: number[]) => refused.map((length) => `RFC7084-WPD-3 · /${length}`)

export const dhcpv6Client: Mutant[] = [
  {
    name: 'solicit-from-global-address',
    story: 'DHCPv6 messages leave from a global address.',
    violates: ['RFC7084-WAA-3'],
    behaviour: { clientSource: 'global' },
  },
  {
    name: 'solicit-from-wrong-port',
    story: 'DHCPv6 messages leave from port 1546.',
    violates: ['RFC7084-WAA-3'],
    behaviour: { clientPort: 1546 },
  },
  {
    name: 'prefix-only',
    story: 'With M=1 only a prefix is asked for, and the WAN has no address.',
    violates: ['RFC7084-WAA-6', 'RFC7084-WAA-4 · IA_NA'],
    behaviour: { requestsAddress: false },
  },
  {
    name: 'sol-max-rt-not-requested',
    story: 'The ORO lacks SOL_MAX_RT.',
    violates: ['RFC7084-WAA-8', 'RFC7084-WPD-8 · requested'],
    behaviour: { optionRequest: [dhcpv6OptionCode('dns-servers'), dhcpv6OptionCode('domain-list')] },
  },
  {
    name: 'late-renew',
    story: 'The first Renew comes at 1.3 times T1.',
    violates: ['RFC8415-18.2.4-RENEW · answered', 'RFC8415-18.2.4-RENEW · server silent'],
    behaviour: { renewAtShareOfT1: 1.3 },
  },
  {
    name: 'renew-without-server',
    story: 'Renew does not name the server.',
    violates: ['RFC8415-18.2.4-RENEW · answered', 'RFC8415-18.2.4-RENEW · server silent'],
    behaviour: { renewNamesServer: false },
  },
  {
    name: 'renew-without-prefix',
    story: 'Renew holds the IA_NA only, and the prefix runs out.',
    violates: ['RFC8415-18.2.4-RENEW', 'RFC7084-WPD-1'],
    behaviour: { renewHolds: 'IA_NA' },
  },
  {
    name: 'ia-prefix-missing',
    story: 'Renew and Rebind hold empty IAs.',
    violates: ['RFC7084-WPD-1', 'RFC8168-3-HINTKEEP'],
    behaviour: { leasesNamed: false },
  },
  {
    name: 'iaid-changes',
    story: 'Rebind has another IAID than the messages before.',
    violates: ['RFC7084-WPD-1', 'RFC8415-18.2.10-NOBINDING'],
    behaviour: { iaidKept: false },
  },
  {
    name: 'solicit-at-t2',
    story: 'At T2 the client drops the prefix and solicits.',
    violates: [
      'RFC8415-18.2.5-REBIND · at T2',
      'RFC8415-18.2.5-EXPIRE · prefix ends',
      'RFC8415-18.2.5-EXPIRE · address ends',
    ],
    behaviour: { atT2: 'solicit' },
  },
  {
    name: 'renew-for-ever',
    story: 'The client goes on renewing after T2.',
    violates: ['RFC8415-18.2.5-REBIND · at T2'],
    behaviour: { atT2: 'renew' },
  },
  {
    name: 'renews-beside-rebind',
    story: 'At T2 the client rebinds, and goes on renewing as well.',
    violates: ['RFC8415-18.2.4-RENEW · ends at T2'],
    behaviour: { atT2: 'rebind and renew' },
  },
  {
    name: 'late-rebind',
    story: 'Rebind comes at 1.15 times T2.',
    violates: ['RFC8415-18.2.5-REBIND · at T2'],
    behaviour: { rebindAtShareOfT2: 1.15 },
  },
  {
    name: 'rebind-names-server',
    story: 'Rebind carries the Server Identifier, and the second server ignores it.',
    violates: ['RFC8415-18.2.5-REBIND · at T2'],
    behaviour: { rebindNamesServer: true },
  },
  {
    name: 'duid-at-each-boot',
    story: 'A DUID-LLT is made anew at every boot.',
    violates: [
      'RFC7084-W-5',
      'DENAT-ADDR-STABLE · reboot, DUID and IAID',
      'DENAT-ADDR-STABLE · power cut, DUID and IAID',
    ],
    behaviour: { duid: 'new at each boot' },
  },
  {
    name: 'no-prefix-delegation',
    story: 'No prefix is asked for: the LAN has no global address.',
    violates: ['RFC7084-W-4', 'RFC7084-WPD-4', 'DENAT-PD-2 · it asks for a prefix', 'DENAT-DEFAULT-1 · in use'],
    behaviour: { requestsPrefix: false },
  },
  {
    name: 'delegation-needs-m',
    story: 'Prefix delegation starts only where M=1, and lines with O=1 get no LAN prefix.',
    violates: [
      'RFC7084-WPD-4 · M=0 O=1',
      'RFC7084-W-4',
      'DENAT-PD-2 · it asks for a prefix',
      'DENAT-DEFAULT-1 · in use',
    ],
    behaviour: { delegationStartsOn: 'M' },
  },
  {
    name: 'only-nibble-lengths',
    story: 'A delegated prefix whose length is no multiple of four is refused.',
    violates: [
      ...lengths(57, 59, 62, 63),
      ...['address', 'TCP', 'UDP', 'later'].map((what) => `DENAT-V6ONLY-WAN · ${what}`),
      'RFC7084-WPD-1',
      'DENAT-PD-2 · its LAN is numbered from it',
      'DENAT-DEFAULT-1 · in use',
    ],
    behaviour: { delegatedLengthTaken: (length) => length % 4 === 0 },
  },
  {
    name: 'only-56',
    story: 'Only the hinted /56 is taken.',
    violates: [
      ...lengths(48, 52, 57, 59, 60, 62, 63, 64),
      ...['address', 'TCP', 'UDP', 'later'].map((what) => `DENAT-V6ONLY-WAN · ${what}`),
      ...['TCP', 'UDP', 'echo'].map((what) => `DENAT-DEFAULT-1 · ${what}`),
      'RFC7084-WPD-1',
      'DENAT-PD-2 · its LAN is numbered from it',
      'DENAT-DEFAULT-1 · in use',
    ],
    behaviour: { delegatedLengthTaken: (length) => length === 56 },
  },
  {
    name: 'release-on-reboot',
    story: 'An orderly restart releases the lease, and the subscriber gets a new prefix.',
    violates: ['RFC9096-WPD-9'],
    behaviour: { releaseOnReboot: true },
  },
]
