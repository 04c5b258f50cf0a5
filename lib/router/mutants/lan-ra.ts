import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mutant } from './mutant.ts'

/** RFC 1035 section 3.1. */
const octetsOf = (name: string): number[] => [
  ...name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]),
  0,
]

/** DNSSL is filled up to a multiple of 8 by what is no name. */
function garbagePadding(frame: Uint8Array, port: string): Uint8Array {
  const { eth, ip6, icmp6 } = decode(frame)
  if (port.startsWith('wan') || icmp6?.type !== 'router-advertisement') return frame
  const options = icmp6.options.map((one) => {
    if (one.type !== 'dnssl') return one
    const names = one.domains.flatMap(octetsOf)
    return { ...one, raw: Uint8Array.from([...names, ...new Array((8 - (names.length % 8)) % 8).fill(0xff)]) }
  })
  return encode({
    eth,
    ip6: { src: ip6?.src, dst: ip6?.dst, hopLimit: 255 },
    icmp6: { ...icmp6, checksum: undefined, options },
  })
}

export const lanRa: Mutant[] = [
  {
    name: 'advertises-on-wan',
    story: 'RAs to all nodes on the LAN are also sent on the WAN port.',
    violates: ['RFC4861-6.2.1-WANRA', 'RFC4861-4.6.1-OWNMAC'],
    shownIn: 'no-prefix',
    behavior: { advertisesOn: 'every port' },
  },
  {
    name: 'advertiser-on-wan',
    story: 'A Router Solicitation on the WAN is answered.',
    violates: ['RFC4861-6.2.1-WANRA'],
    shownIn: 'lan-services',
    behavior: { advertisesOn: 'the LAN, and the WAN when asked' },
  },
  {
    name: 'ra-from-global-when-asked-from-one',
    story: 'The response to a solicitation from a global address comes from a global address.',
    violates: ['RFC4861-4.2-RASOURCE'],
    shownIn: 'long-sessions',
    behavior: { raSource: 'global where it is asked from one' },
  },
  {
    name: 'router-address-flag-alone',
    story: 'PIOs have the R flag without an address of the router.',
    violates: ['RFC6275-7.2-RFLAG'],
    shownIn: 'no-prefix',
    behavior: { pioRouterAddress: 'R flag without the address' },
  },
  {
    name: 'search-list-padded-with-garbage',
    story: 'Octets of memory fill a DNSSL after its last name.',
    violates: ['RFC8106-5.2-PADDING', 'RFC4861-4-FORM'],
    shownIn: 'no-prefix',
    behavior: { tap: garbagePadding },
  },
  {
    name: 'second-lan-not-advertising',
    story: 'No Router Advertisement is sent on the second LAN.',
    violates: ['RFC7084-L-5', 'DENAT-RATE-80 · on the LAN', 'DENAT-RATE-80 · with those behind home routers'],
    behavior: { lansAdvertised: 'first' },
  },
  {
    name: 'extended-prefix-ends-on-hosts',
    story: 'A prefix that the ISP extends is advertised only by the next periodic RA, after it is deprecated on hosts.',
    violates: ['DENAT-RA-REFRESH'],
    warns: ['DENAT-RA-REFRESH'],
    shownIn: 'sub-lease',
    behavior: { extensionsAdvertised: false, changesRepeated: false },
  },
  {
    name: 'default-router-without-prefix',
    story:
      'The router announces itself as default router as soon as it has one itself, although no prefix was delegated.',
    violates: ['RFC7084-L-4', 'RFC7084-ULA-5', 'DENAT-PD-3'],
    behavior: { routerLifetimeFollowsPrefix: false },
  },
  {
    name: 'router-lifetime-shorter-than-the-interval',
    story: 'Router Lifetime is 12 s, and after the first RAs the next one to all nodes is sent minutes later.',
    violates: ['RFC4861-6.2.1-LIFETIME', 'RFC4861-6.2.4-INTERVAL · periodic'],
    shownIn: 'long-sessions',
    behavior: { advDefaultLifetime: 12 },
  },
  {
    name: 'resolver-lifetime-shorter-than-the-interval',
    story:
      'The lifetime of the resolver is 30 s, and after the first RAs the next one to all nodes is sent minutes later.',
    violates: ['DENAT-RA-LAPSE'],
    warns: ['DENAT-RA-LAPSE'],
    shownIn: 'long-sessions',
    behavior: { resolverLifetime: 30 },
  },
  {
    name: 'default-route-beside-router-lifetime-0',
    story: 'Each RA has a Route Information Option for all destinations, whatever its Router Lifetime.',
    violates: ['RFC7084-G-4 · before there is a router', 'RFC7084-ULA-5', 'DENAT-PD-3'],
    behavior: {
      moreRaOptions: [{ type: 'route-information', prefix: '::/0', preference: 'medium', lifetime: 1800 }],
    },
  },
  {
    name: 'router-lifetime-65535',
    story: 'Router Lifetime has the maximum of its field.',
    violates: ['RFC4861-6.2.1-VALUES · Router Lifetime', 'RFC9096-L-16 · Router Lifetime'],
    behavior: { advDefaultLifetime: 65_535 },
  },
  {
    name: 'cur-hop-limit-16',
    story: 'Cur Hop Limit is 16, too low for the Internet.',
    violates: ['RFC4861-6.2.1-VALUES · Cur Hop Limit'],
    behavior: { advCurHopLimit: 16 },
  },
  {
    name: 'reachable-time-of-a-day',
    story: 'Reachable Time is a day, as if it were in seconds.',
    violates: ['RFC4861-6.2.1-VALUES · Reachable Time'],
    behavior: { advReachableTime: 86_400_000 },
  },
  {
    name: 'mtu-of-jumbo-frames',
    story: 'An MTU of 9000 is advertised on an Ethernet that carries 1500.',
    violates: ['RFC4861-6.2.1-VALUES · link MTU'],
    behavior: { advLinkMtu: 9000 },
  },
  {
    name: 'mtu-too-small',
    story: 'An MTU of 1200 is advertised, below the minimum of IPv6.',
    violates: ['RFC4861-6.2.1-VALUES · link MTU', 'RFC4861-4-FORM'],
    behavior: { advLinkMtu: 1200 },
  },
  {
    name: 'preferred-beyond-valid-on-second-lan',
    story: 'Preferred lifetimes on the second LAN exceed the valid lifetimes, and hosts ignore the prefixes.',
    violates: [
      'RFC4861-6.2.1-VALUES · prefix lifetimes',
      'DENAT-RATE-80 · on the LAN',
      'DENAT-RATE-80 · with those behind home routers',
      'RFC4861-4-FORM',
    ],
    behavior: { preferredWithinValid: ({ lan, kind }) => lan === 0 || kind === 'ula' },
  },
  {
    name: 'no-final-advertisement',
    story: 'The router stops without a final RA, and hosts keep it as their default router.',
    violates: ['RFC4861-6.2.5-SHUTDOWN', 'RFC8415-18.2.7-RELEASE · LAN told before'],
    behavior: { finalAdvertisement: false },
  },
  ...(
    [
      ['Hop Limit', 'hop limit 254', 'with hop limit 254, as if it had crossed a router,'],
      ['checksum', 'bad checksum', 'with a wrong checksum'],
      ['code', 'code 1', 'with code 1'],
      ['option of length 0', 'option of length 0', 'with an option of length 0'],
      ['length', 'less than 8 octets', 'that is cut short'],
      ['link-layer address of ::', ':: with a link-layer address', 'from :: that names a link-layer address'],
    ] as const
  ).map(
    ([flaw, name, what]): Mutant => ({
      name: `rs-answered-${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}`,
      story: `A Router Solicitation ${what} is answered.`,
      violates: [`RFC4861-6.1.1-RSVALID · ${name}`],
      behavior: { solicitationDiscarded: (one) => one !== flaw },
    }),
  ),
  {
    name: 'ra-flood',
    story: 'Each Router Solicitation is answered by an RA to all nodes.',
    violates: ['RFC4861-6.2.6-RSRATE · multicast RAs apart', 'DENAT-STORM'],
    behavior: { solicitedBy: 'multicast', minDelayBetweenRas: 0 },
  },
  {
    name: 'ra-at-once-to-who-has-no-address',
    story: 'Each Router Solicitation from :: is answered at once by an RA to all nodes.',
    violates: ['RFC4861-6.2.6-RSRATE · multicast RAs apart'],
    behavior: { unspecifiedAnsweredAtOnce: true },
  },
  {
    name: 'rs-answered-late',
    story: 'Router Solicitations are answered after more than one and a half seconds.',
    violates: ['RFC4861-6.2.6-RSRATE · answered in time'],
    behavior: { raDelay: { min: 1.6, max: 1.8 } },
  },
  {
    name: 'no-initial-advertisements',
    story: 'The second RA is sent minutes after the first.',
    violates: ['RFC4861-6.2.4-INTERVAL · initial'],
    behavior: { maxInitialRtrAdvertInterval: 600 },
  },
  {
    name: 'wan-link-ping-pong',
    story: 'Packets from the WAN to an unassigned address of that link are sent back to the ISP, and loop.',
    violates: ['RFC7084-G-2 · unassigned address of the WAN link'],
    behavior: { wanLinkUnassigned: 'sent back' },
  },
  {
    name: 'echo-unanswered-on-lan',
    story: 'The router does not answer echo requests of its hosts.',
    violates: ['RFC7084-G-2 · echo on the LAN'],
    silences: [
      'RFC4443-4.2-DATA',
      'RFC4443-4.2-SOURCE',
      'RFC8200-4-OWNNEXTHEADER · an unknown Next Header',
      'RFC8200-4.2-OWNOPTIONS · an option to skip',
      'RFC8200-4.2-OWNOPTIONS · an option to tell of',
      'RFC8200-5-OWNFRAGMENTS · fragments in order',
      'RFC8200-5-OWNFRAGMENTS · fragments, the last one first',
    ],
    behavior: { echoAnsweredOnLan: false },
  },
  {
    name: 'unknown-informational-reported',
    story: 'An ICMPv6 informational message of unknown type is answered by an error.',
    violates: ['RFC7084-G-2 · unknown informational message'],
    behavior: { unknownInformationalDiscarded: false },
  },
  {
    name: 'ra-every-ten-seconds',
    story: 'RAs to all nodes are sent every ten seconds, and wake sleeping phones.',
    violates: ['RFC7772-5-RARATE'],
    behavior: { rtrAdvInterval: { min: 8, max: 10 } },
  },
  {
    name: 'no-periodic-advertisements',
    story: 'After the first RAs no unsolicited one is sent.',
    violates: ['RFC4861-6.2.4-INTERVAL · periodic'],
    behavior: { rtrAdvInterval: { min: 7200, max: 9000 } },
  },
  {
    name: 'nat64-prefix-of-another-length',
    story: 'The NAT64 prefix of the line is advertised as a /64 on the LAN.',
    violates: ['RFC8781-4-PREF64 · prefix and length'],
    silences: ['RFC8781-4-PREF64 · withdrawn', 'RFC8781-4-PREF64 · withdrawn by lifetime 0'],
    behavior: { nat64Prefix: 'of another length' },
  },
  {
    name: 'nat64-prefix-well-known',
    story: 'The well-known NAT64 prefix is advertised on the LAN, whatever that of the line.',
    violates: ['RFC8781-4-PREF64 · prefix and length'],
    silences: ['RFC8781-4-PREF64 · withdrawn', 'RFC8781-4-PREF64 · withdrawn by lifetime 0'],
    behavior: { nat64Prefix: 'the well-known one' },
  },
  {
    name: 'nat64-prefix-never-withdrawn',
    story: 'The NAT64 prefix is still advertised on the LAN after the line withdraws it.',
    violates: ['RFC8781-4-PREF64 · withdrawn'],
    behavior: { nat64Prefix: 'never withdrawn' },
  },
  {
    name: 'nat64-prefix-merely-left-out',
    story: 'A NAT64 prefix that the line withdraws is only left out of RAs, and hosts continue to use it.',
    violates: ['RFC8781-4-PREF64 · withdrawn by lifetime 0'],
    warns: ['RFC8781-4-PREF64 · withdrawn by lifetime 0'],
    behavior: { nat64Prefix: 'merely left out' },
  },
]
