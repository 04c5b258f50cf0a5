import {
  type Claim,
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  iaAddresses,
  icmpv6Of,
  inside,
  type Look,
  type Mark,
  ns,
  type Where,
} from 'denat'

/** Addresses that DHCPv6 offered or assigned on the WAN: a router that uses them has not formed them itself. */
export const assignedAddresses = ({ wan }: Pick<Evidence, 'wan'>): Set<string> =>
  new Set(
    [...wan.toDut.all(dhcpv6('advertise')), ...wan.toDut.all(dhcpv6('reply'))]
      .flatMap(iaAddresses)
      .map(({ address }) => address),
  )

/** DAD of the first address that the router formed from this prefix by SLAAC. */
export function formed(evidence: Pick<Evidence, 'wan'>, prefix: string, where: Where): Frame | undefined {
  const assigned = assignedAddresses(evidence)
  return evidence.wan.fromDut
    .all(ns({ target: inside(prefix) }, { ip6: { src: '::' } }), where)
    .find((frame) => !assigned.has(icmpv6Of(frame, 'neighbor-solicitation').target))
}

/** DAD takes RetransTimer (RFC 4862 section 5.4); half a second for a slow router. Seconds. */
const dad = 1.5

/**
 * The address is in use: the router answers a Neighbor Solicitation for it. It does not answer during DAD: a router that was
 * solicited only then can't be judged.
 */
export function isAnswered(
  { wan, judge, undecided }: Evidence,
  asked: { question?: Frame; answer?: Frame; mark: Mark },
  expected: Claim,
  ...context: Look[]
): void {
  const { question, answer, mark } = asked
  const target = question && icmpv6Of(question, 'neighbor-solicitation').target
  const probe = question && wan.fromDut.last(ns({ target }, { ip6: { src: '::' } }), { before: mark })
  if (question && !answer && probe && question.at - probe.at < dad)
    undecided(claim`The Neighbor Solicitations for the address arrived only during DAD.`, probe, question)
  judge.found(answer, mark, expected, ...context)
}
