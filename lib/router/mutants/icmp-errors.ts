import type { Untold } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

const untold: Untold[] = [
  'an ICMPv6 error',
  'a Redirect',
  'a multicast destination',
  'an unknown option to a multicast destination',
  'a link-layer multicast',
  'the unspecified source',
  'a multicast source',
]

export const icmpErrors: Mutant[] = [
  ...untold.map((what) => ({
    name: `error-about-${what
      .toLowerCase()
      .replaceAll(/^an? |^the /g, '')
      .replaceAll(' ', '-')}`,
    story: `An ICMPv6 error is sent about ${what}.`,
    violates: [`RFC4443-2.4e-NOERR · ${what}`, ...(what.endsWith(' source') ? ['RFC4443-2-FORM'] : [])],
    behavior: { reportedDespite: (its: Untold) => its === what },
  })),
  {
    name: 'errors-unlimited',
    story: 'Time Exceeded is sent for every packet, without a rate limit.',
    violates: ['RFC4443-2.4f-RATE · a thousand'],
    behavior: { errorBurst: 1e6, errorRate: 1e6 },
  },
  {
    name: 'one-error-per-second',
    story: 'ICMPv6 errors are limited to one per second, without bursts.',
    violates: ['RFC4443-2.4f-RATE · ten at once'],
    behavior: { errorBurst: 1, errorRate: 1 },
  },
  {
    name: 'error-quotes-28-octets',
    story: 'ICMPv6 errors quote as little as those of IPv4.',
    violates: ['RFC4443-2.4c-QUOTE · as much as fits', 'RFC4443-2.4c-QUOTE · a small packet whole'],
    behavior: { errorSize: 100 },
  },
  {
    name: 'error-quote-altered',
    story: 'The last octet of the quote in an ICMPv6 error is changed.',
    violates: ['RFC4443-2.4c-QUOTE · as it came'],
    behavior: { quoteIntact: false },
  },
  ...(['LAN', 'WAN'] as const).map((side) => ({
    name: `error-from-link-local-${side.toLowerCase()}`,
    story: `ICMPv6 errors on the ${side} have a link-local source.`,
    violates: [
      `RFC4443-3.3-TIMEEX · ${side === 'LAN' ? 'source, outbound' : 'inbound'}`,
      ...(side === 'WAN' ? ['RFC7084-WAA-9 · ICMPv6 error'] : []),
    ],
    behavior: { errorSource: (its: string) => (its === side ? ('link-local' as const) : ('selected' as const)) },
  })),
  ...(['LAN', 'WAN'] as const).map((side) => ({
    name: `time-exceeded-silent-${side.toLowerCase()}`,
    story: `A packet from the ${side} whose hop limit becomes 0 is dropped without an error.`,
    violates: [`RFC4443-3.3-TIMEEX · ${side === 'LAN' ? 'outbound' : 'inbound'}`],
    behavior: { timeExceeded: (from: string) => (from === side ? ('silent' as const) : ('sent' as const)) },
  })),
  {
    name: 'no-route-silent',
    story: 'A packet without a route is dropped without an error.',
    violates: ['RFC4443-3.1-NOROUTE · no route'],
    behavior: { noRouteReported: false },
  },
  {
    name: 'filtered-destination-silent',
    story: 'A packet to a filtered destination is dropped without an error.',
    violates: ['RFC4443-3.1-NOROUTE · filtered destination'],
    behavior: { filteredDestinationReported: false },
  },
]
