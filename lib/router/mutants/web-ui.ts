import type { Mutant } from './mutant.ts'

const flowsWithFirewallOff = (where: string): string[] =>
  ['TCP', 'UDP', 'echo'].map((what) => `DENAT-E2E-OPEN · firewall off, ${what}${where}`)

export const webUi: Mutant[] = [
  {
    name: 'ipv6-off-by-default',
    story: 'IPv6 is off after a factory reset.',
    violates: [
      'UI-DEFAULT-V6ON',
      'DENAT-DEFAULT-1 · TCP',
      'DENAT-DEFAULT-1 · UDP',
      'DENAT-DEFAULT-1 · echo',
      'DENAT-PD-2 · it asks for a prefix',
      'DENAT-V6ONLY-WAN · address',
      'RFC4861-6.3.7-RS · solicits',
      'RFC7084-W-2',
      'RFC7084-WAA-3 · Solicit',
    ],
    silences: [
      'RFC4193-ULA-LOCAL',
      'RFC4443-4.2-DATA',
      'RFC4443-4.2-SOURCE',
      'RFC5625-6.1-RANDOM',
      'RFC6887-11.3-COPIED',
      'RFC7084-ULA-5 · before a delegation',
      'RFC8781-4-PREF64 · prefix and length',
      'RFC8781-4-PREF64 · withdrawn',
      'RFC8781-4-PREF64 · withdrawn by lifetime 0',
    ],
    behavior: { ipv6ByDefault: false },
  },
  {
    name: 'page-over-ipv4-alone',
    story: 'The page is reachable only over IPv4.',
    violates: ['UI-OVER-V6'],
    behavior: { pageOverIpv6: false },
  },
  {
    name: 'ipv6-switch-without-effect',
    story: 'Disabling IPv6 on the page has no effect on the wire.',
    violates: ['UI-STATE-TRUTH · off', 'RFC4861-6.2.5-SHUTDOWN · IPv6 switched off'],
    behavior: { ipv6SwitchWorks: false },
  },
  {
    name: 'status-of-the-last-boot',
    story: 'The page shows the values of when it was first opened.',
    violates: ['UI-STATE-TRUTH · off'],
    behavior: { status: 'of the last boot' },
  },
  {
    name: 'prefixes-not-shown',
    story: 'The page shows no delegated prefix.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: { shown: (status) => ({ ...status, delegatedPrefixes: [] }) },
  },
  {
    name: 'wan-addresses-not-shown',
    story: 'The page shows no WAN address.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: { shown: (status) => ({ ...status, wanAddresses: [] }) },
  },
  {
    name: 'lan-prefixes-not-shown',
    story: 'The page shows no LAN prefix.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: { shown: (status) => ({ ...status, lanPrefixes: [] }) },
  },
  {
    name: 'resolver-of-the-router-shown',
    story: 'The page shows a resolver that the line never announced.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: { shown: (status) => ({ ...status, dns: ['2001:4860:4860::8888'] }) },
  },
  {
    name: 'preferred-lifetime-is-the-valid-one',
    story: 'The page shows the valid lifetime of a prefix as its preferred lifetime.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: {
      shown: (status) => ({
        ...status,
        delegatedPrefixes: status.delegatedPrefixes.map((one) => ({ ...one, preferredLifetime: one.validLifetime })),
      }),
    },
  },
  {
    name: 'lifetimes-shown-in-minutes',
    story: 'The page shows minutes with the unit seconds.',
    violates: ['UI-STATE-TRUTH · fresh', 'UI-STATE-TRUTH · on'],
    behavior: {
      shown: (status) => ({
        ...status,
        delegatedPrefixes: status.delegatedPrefixes.map((one) => ({ ...one, validLifetime: one.validLifetime / 60 })),
      }),
    },
  },
  {
    name: 'ipv6-shown-as-off',
    story: 'The page shows IPv6 as disabled while it is enabled.',
    violates: ['UI-DEFAULT-V6ON'],
    behavior: { shown: (status) => ({ ...status, ipv6: false }) },
  },
  {
    name: 'always-online',
    story: 'The page always shows "online".',
    violates: ['UI-STATE-TRUTH · off'],
    behavior: { shown: (status) => ({ ...status, online: true }) },
  },
  {
    name: 'pinhole-ignored',
    story: 'A pinhole set on the page permits no packet.',
    violates: ['UI-FW-TOGGLE · pinhole opened', 'DENAT-E2E-OPEN · pinhole'],
    behavior: { pinholes: 'ignored' },
  },
  {
    name: 'pinhole-opens-the-host',
    story: 'A pinhole for one port permits all ports.',
    violates: ['DENAT-TOGETHER · closed port, new prefix', 'UI-FW-TOGGLE · pinhole lets in nothing else'],
    behavior: { pinholes: 'whole host' },
  },
  {
    name: 'pinhole-forgotten',
    story: 'Pinholes are lost after a restart.',
    violates: ['DENAT-TOGETHER · pinhole, restart', 'UI-FW-TOGGLE · pinhole after a restart'],
    behavior: { pinholesStored: false },
  },
  {
    name: 'pinhole-for-ever',
    story: 'A pinhole that was closed on the page stays open.',
    violates: ['UI-FW-TOGGLE · pinhole closed'],
    behavior: { pinholesClose: false },
  },
  {
    name: 'firewall-stays-on',
    story: 'The firewall cannot be turned off.',
    violates: [
      'UI-FW-TOGGLE · firewall off',
      'DENAT-E2E-OPEN · firewall off, host',
      'DENAT-E2E-OPEN · firewall off, behind a downstream router',
      'RFC6092-REC-49',
      ...flowsWithFirewallOff(''),
      ...flowsWithFirewallOff(' behind a downstream router'),
      'RFC7084-S-1 · transparent mode',
    ],
    behavior: { firewallSwitch: 'stays on' },
  },
  {
    name: 'firewall-stays-off',
    story: 'Once turned off, the firewall cannot be turned on again.',
    violates: ['UI-FW-TOGGLE · firewall on again'],
    behavior: { firewallSwitch: 'stays off' },
  },
  {
    name: 'firewall-off-over-reset',
    story: 'The firewall stays off over a factory reset.',
    violates: ['UI-RESET-REPRO · firewall', 'UI-RESET-REPRO · inbound connection'],
    behavior: { keptOverReset: ['firewall'] },
  },
  {
    name: 'pinholes-over-reset',
    story: 'Pinholes are still open after a factory reset.',
    violates: ['UI-RESET-REPRO · pinholes', 'UI-RESET-REPRO · inbound connection'],
    behavior: { keptOverReset: ['pinholes'] },
  },
  {
    name: 'flags-over-reset',
    story: 'Flags of prefixes are as they were set before a factory reset.',
    violates: ['UI-RESET-REPRO · RA'],
    behavior: { keptOverReset: ['prefixFlags'] },
  },
  {
    name: 'a-flag-not-settable',
    story: 'The A flag set on the page has no effect.',
    violates: ['RFC7084-L-7 · A=0'],
    behavior: { prefixFlagsTaken: ({ onLink }, { autonomous }) => ({ onLink, autonomous }) },
  },
  {
    name: 'l-flag-not-settable',
    story: 'The L flag set on the page has no effect.',
    violates: ['RFC7084-L-7 · L=0'],
    behavior: { prefixFlagsTaken: ({ autonomous }, { onLink }) => ({ onLink, autonomous }) },
  },
  {
    name: 'flags-cleared-for-good',
    story: 'Flags that were cleared on the page cannot be set again.',
    violates: ['RFC7084-L-7 · A=1 L=1'],
    behavior: {
      prefixFlagsTaken: (received, before) => ({
        onLink: received.onLink && before.onLink,
        autonomous: received.autonomous && before.autonomous,
      }),
    },
  },
  {
    name: 'ula-not-settable',
    story: 'The ULA prefix set on the page has no effect.',
    violates: ['RFC7084-ULA-3'],
    behavior: { ulaSetting: 'ignored' },
  },
  {
    name: 'former-ula-kept',
    story: 'The ULA prefix set on the page is added to the former one.',
    violates: ['RFC7084-ULA-3 · former one'],
    behavior: { ulaSetting: 'in addition to the former' },
  },
  {
    name: 'transparent-for-the-lan-only',
    story: 'With the firewall off, hosts behind a downstream router are still unreachable.',
    violates: [
      'DENAT-E2E-OPEN · firewall off, behind a downstream router',
      'RFC6092-REC-49 · TCP, behind a downstream router',
      'RFC6092-REC-49 · UDP, behind a downstream router',
      'RFC6092-REC-49 · ICMPv6, behind a downstream router',
      ...flowsWithFirewallOff(' behind a downstream router'),
    ],
    behavior: { transparentToSubDelegated: false },
  },
]
