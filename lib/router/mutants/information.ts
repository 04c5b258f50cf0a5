import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import { type Behavior, compliant } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

const times = (change: Partial<Behavior['informationTimes']>) => ({
  informationTimes: { ...compliant.informationTimes, ...change },
})

/** On a line without leases: RFC 8415 sections 18.2.6 and 21.23. */
export const information: Mutant[] = [
  {
    name: 'information-request-late',
    story: 'The second Information-request is a third of a second late.',
    violates: ['RFC8415-18.2.6-INFORMATION · first timeout'],
    behavior: times({ initial: 1.3, growth: 1.95, rand: [-0.04, 0.04] }),
  },
  {
    name: 'information-request-fixed',
    story: 'Information-request is retransmitted every second.',
    violates: [
      'RFC8415-18.2.6-INFORMATION · doubling',
      'RFC8415-18.2.6-INFORMATION · INF_MAX_RT of 60 s',
      'RFC8415-18.2.6-INFORMATION · INF_MAX_RT of 59 s',
    ],
    behavior: times({ growth: 1 }),
  },
  {
    name: 'information-request-given-up',
    story: 'After three Information-requests without an answer the client stops.',
    violates: ['RFC8415-18.2.6-INFORMATION · goes on'],
    behavior: times({ attempts: 3 }),
  },
  ...(
    [
      ['inf-max-rt', 'RFC8415-18.2.6-INFORMATION · INF_MAX_RT asked for'],
      ['information-refresh-time', 'RFC7084-WAA-10 · asked for'],
    ] as const
  ).map(
    ([option, violated]): Mutant => ({
      name: `${option}-not-requested`,
      story: `Information-requests do not request ${option}.`,
      violates: [violated],
      behavior: {
        informationOptionRequest: compliant.informationOptionRequest.filter((one) => one !== dhcpv6OptionCode(option)),
      },
    }),
  ),
  {
    name: 'refresh-time-below-minimum',
    story: 'An Information Refresh Time of less than 600 s is applied.',
    violates: ['RFC7084-WAA-10 · at the least 600 s', 'RFC7084-WAA-10 · after 600 s'],
    behavior: { informationRefreshedAfter: (received) => received },
  },
  {
    name: 'refresh-time-fixed',
    story: 'Information-request is sent again every 600 s, whatever the Information Refresh Time.',
    violates: ['RFC7084-WAA-10 · as told'],
    behavior: { informationRefreshedAfter: () => 600 },
  },
  {
    name: 'information-never-refreshed',
    story: 'Information without a lease is never refreshed.',
    violates: ['RFC7084-WAA-10 · after 600 s'],
    behavior: { informationRefreshedAfter: () => 0xffffffff },
  },
  {
    name: 'inf-max-rt-ignored',
    story: 'INF_MAX_RT is requested, and ignored.',
    violates: ['RFC8415-18.2.6-INFORMATION · INF_MAX_RT of 60 s'],
    behavior: { infMaxRtObeyed: () => false },
  },
  {
    name: 'inf-max-rt-too-short',
    story: 'An INF_MAX_RT below a minute is applied.',
    violates: ['RFC8415-18.2.6-INFORMATION · INF_MAX_RT of 59 s'],
    behavior: { infMaxRtObeyed: (value) => value <= 86_400 },
  },
]
