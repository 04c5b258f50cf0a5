import { anyOf, claim, invariant } from 'denat'

/** Destinations of OSPFv3, RIPng, EIGRP, PIM, Babel and protocols like IS-IS: RFC 5340 A.1, RFC 2080 2, RFC 7761 4.9, RFC 8966 4. */
const groups = anyOf('ff02::5', 'ff02::6', 'ff02::9', 'ff02::a', 'ff02::d', 'ff02::1:6')

/** RIPng and Babel. */
const ports = anyOf(521, 6696)

/** OSPF, PIM, EIGRP. */
const protocols = anyOf(88, 89, 103)

export const requirements = [
  invariant('RFC7084-WPD-7', ({ wan, judge, given }) => {
    const first = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    const last = wan.fromDut.last({ ip6: {} }) ?? first
    const sent = [
      ...wan.fromDut.all({ ip6: { dst: groups } }),
      ...wan.fromDut.all({ ip6: { nextHeader: protocols } }),
      ...wan.fromDut.all({
        ip6: { dst: (address: unknown) => String(address).startsWith('ff') },
        udp: { dstPort: ports },
      }),
    ]
    judge.absent(sent, claim`The router uses no routing protocol on its WAN.`, { fence: last, since: first })
  }),
]
