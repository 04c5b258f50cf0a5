import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import { compliant } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

const without = (...names: Parameters<typeof dhcpv6OptionCode>[0][]): number[] =>
  compliant.optionRequest.filter((code) => !names.map(dhcpv6OptionCode).includes(code))

/** What the client on the WAN asks for, and whether it is the same client after an interruption. */
export const dhcpv6Requests: Mutant[] = [
  {
    name: 'reconfigure-not-accepted',
    story: 'Solicit lacks Reconfigure Accept.',
    violates: ['RFC7084-WAA-4 · Reconfigure Accept'],
    behavior: { reconfigureAccepted: false },
  },
  {
    name: 'dns-servers-not-requested',
    story: 'The ORO lacks DNS_SERVERS, and names resolve nowhere.',
    violates: [
      'RFC7084-WAA-4 · DNS_SERVERS',

      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
      'RFC8415-18.2.10-OPTGONE · server changed',
    ],
    silences: ['RFC9096-L-16 · RDNSS'],
    behavior: { optionRequest: without('dns-servers') },
  },
  {
    name: 'search-list-not-requested',
    story: 'The ORO lacks the DNS search list.',
    violates: ['RFC7084-WAA-4 · DNS search list'],
    silences: ['RFC7084-L-10 · DOMAIN_LIST', 'RFC7084-L-11 · DNSSL', 'RFC9096-L-16 · DNSSL'],
    behavior: { optionRequest: without('domain-list') },
  },
  {
    name: 'own-resolver-asked',
    story: 'DNS queries go to a hard-coded public resolver.',
    violates: [
      'RFC7084-WAA-4 · servers asked',
      'DENAT-DEFAULT-1 · IPoE',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
      'RFC7084-DNS-LOCAL',
      'DENAT-DNS-V6TRANSPORT',
      'RFC8415-18.2.10-OPTGONE · server changed',
      'DENAT-V6ONLY-WAN · name',
    ],
    behavior: { learnedResolversAsked: false },
  },
  {
    name: 'ntp-server-not-requested',
    story: 'The ORO lacks NTP_SERVER, although the router has a clock to set.',
    violates: ['RFC7084-WAA-5 · asked for'],
    behavior: { optionRequest: without('ntp-server') },
  },
  {
    name: 'time-servers-built-in',
    story: "NTP requests go only to the manufacturer's server.",
    violates: ['RFC7084-WAA-5 · used'],
    behavior: { timeServers: 'built in' },
  },
  {
    name: 'time-servers-unused',
    story: 'Time servers are requested, but not used.',
    violates: ['RFC7084-WAA-5 · used'],
    behavior: { timeServers: 'none' },
  },
  {
    name: 'hint-too-long',
    story: 'The hint is /64 although there are two LANs.',
    violates: ['RFC7084-WPD-2'],
    behavior: { prefixHint: 64 },
  },
  {
    name: 'hint-of-length-0',
    story: 'The hint is ::/0.',
    violates: ['RFC7084-WPD-2'],
    behavior: { prefixHint: 0 },
  },
  {
    name: 'lease-not-stored',
    story: 'After a restart the client requests any prefix.',
    violates: ['RFC8168-3-HINTKEEP'],
    behavior: { leaseStored: false },
  },
  {
    name: 'iaid-at-each-boot',
    story: 'The IAIDs change at each boot.',
    violates: [
      'RFC9096-WPD-10 · reboot',
      'RFC9096-WPD-10 · power cut',
      'DENAT-ADDR-STABLE · reboot, DUID and IAID',
      'DENAT-ADDR-STABLE · power cut, DUID and IAID',
    ],
    behavior: { iaid: 'new at each boot' },
  },
  {
    name: 'iaid-at-each-link',
    story: 'The IAIDs change at a line cut.',
    violates: [
      'RFC7084-WPD-1',
      'RFC9096-WPD-10 · line cut',
      'RFC9096-WPD-10 · many line cuts',
      'RFC8415-18.2.12-REBOOT · every lease named',
      'DENAT-ADDR-STABLE · link flap, DUID and IAID',
    ],
    behavior: { iaid: 'new at each link' },
  },
  {
    name: 'ripng-on-wan',
    story: 'RIPng is started on the WAN.',
    violates: ['RFC7084-WPD-7'],
    shownIn: 'no-prefix',
    behavior: { routingProtocol: 'RIPng' },
  },
]
