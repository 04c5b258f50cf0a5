import type { WorldSpec } from 'denat'

/** The line of the scenarios `firewall`, `lan-services`, `long-sessions` and `transit`. The MAC address in a DUID is not that of the sender. */
export const line = {
  delegatedLength: 56,
  isp: { ra: { onLink: true }, dhcpv6: { t1: 75, t2: 120, preferredLifetime: 150 } },
  variety: { downstream: { DUID: 'LL of another interface' } },
} satisfies Omit<WorldSpec, 'name'>
