import type { Mutant } from './mutant.ts'

export const lanRa: Mutant[] = [
  {
    name: 'second-lan-not-advertising',
    story: 'The second LAN is sent no Router Advertisement at all.',
    violates: ['RFC7084-L-5'],
    behaviour: { lansAdvertised: 'first' },
  },
  {
    name: 'default-router-without-prefix',
    story: 'It says that it is a default router as soon as it has one itself, though no prefix was delegated.',
    violates: ['RFC7084-L-4', 'RFC9096-3.5-WANZERO'],
    behaviour: { routerLifetimeFollowsPrefix: false },
  },
  {
    name: 'router-lifetime-65535',
    story: 'Router Lifetime is as long as the field can say.',
    violates: ['RFC4861-6.2.1-VALUES · Router Lifetime'],
    behaviour: { advDefaultLifetime: 65_535 },
  },
  {
    name: 'cur-hop-limit-16',
    story: 'Hosts are told to use hop limit 16, with which they do not get far.',
    violates: ['RFC4861-6.2.1-VALUES · Cur Hop Limit'],
    behaviour: { advCurHopLimit: 16 },
  },
  {
    name: 'reachable-time-of-a-day',
    story: 'Reachable Time is a day, as if it were in seconds.',
    violates: ['RFC4861-6.2.1-VALUES · Reachable Time'],
    behaviour: { advReachableTime: 86_400_000 },
  },
  {
    name: 'mtu-of-jumbo-frames',
    story: 'An MTU of 9000 is advertised on an Ethernet that carries 1500.',
    violates: ['RFC4861-6.2.1-VALUES · link MTU'],
    behaviour: { advLinkMtu: 9000 },
  },
  {
    name: 'mtu-too-small',
    story: 'An MTU of 1200 is advertised, below the least that IPv6 allows.',
    violates: ['RFC4861-6.2.1-VALUES · link MTU'],
    behaviour: { advLinkMtu: 1200 },
  },
  {
    name: 'preferred-beyond-valid',
    story: 'Prefixes are preferred for longer than they are valid, and hosts ignore them.',
    violates: [
      'RFC4861-6.2.1-VALUES · prefix lifetimes',
      'RFC9096-L-15',
      'DENAT-DEFAULT-1 · in use',
      'DENAT-GUA-1 · slaac-only',
      'DENAT-GUA-1 · slaac-and-stateless',
    ],
    behaviour: { preferredWithinValid: false },
  },
  {
    name: 'no-final-advertisement',
    story: 'It stops without a last RA, and hosts keep it as their default router.',
    violates: ['RFC4861-6.2.5-SHUTDOWN'],
    behaviour: { finalAdvertisement: false },
  },
]
