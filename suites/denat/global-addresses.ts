import { dhcpv6, type Evidence, granted, inPrefix, requirement } from 'denat'
import { namesResolver } from '../dns/resolver-up.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { fullHouse } from '../scenarios/full-house.ts'

/** What a home router is given reaches the terminals behind it. */
function behindHasAddress({ judge, given, did, marks, framesOf, wan, world, notApplicable }: Evidence): void {
  const over = did('visits-over')
  if (world.device.role !== 'gateway') notApplicable('It need not hand prefixes on.', over)
  const behind = marks('terminal').filter((mark) => mark.data?.kind === 'behind a downstream router')
  const grants = wan.toDut.all(dhcpv6('reply')).filter((frame) => granted(frame).length > 0)
  const grant = given(grants[0], 'RFC7084-W-4')
  for (const mark of marks('handed-on')) given(framesOf(mark)[0], 'RFC9818-LPD-1')
  for (const terminal of behind) {
    const address = String(terminal.data?.address)
    judge.holds(
      grants.flatMap(granted).some((prefix) => inPrefix(address === 'undefined' ? '::' : address, prefix)),
      `The host behind the home router "${terminal.data?.name}" has a global address out of the delegated prefix.`,
      `address ${address}`,
      grant,
      terminal,
    )
  }
}

requirement(
  'DENAT-GUA-1',
  {
    cases: {
      'slaac-only': coldBoot,
      'slaac-and-stateless': coldBoot,
      'slaac-and-dhcpv6': coldBoot,
      'dhcpv6-only': coldBoot,
      'late-joiner': fullHouse,
      'behind a downstream router': fullHouse,
    },
  },
  (evidence) => {
    const { case: kind, judge, did, given, assume, marks, framesOf, wan, notApplicable } = evidence
    if (kind === 'behind a downstream router') return behindHasAddress(evidence)
    const terminal = marks('terminal').find((mark) => mark.data?.name === kind)
    const joined =
      marks('terminals-join').findLast((mark) => !terminal || mark.at <= terminal.at) ?? did('terminals-join')
    if (!terminal) return notApplicable('The router announces M=0: it serves no addresses by DHCPv6.', joined)
    const grant = given(
      wan.toDut.all(dhcpv6('reply')).find((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const delegated = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
    const [ready] = framesOf(terminal)
    const address = String(terminal.data?.address)
    judge.holds(
      delegated.some((prefix) => inPrefix(address === 'undefined' ? '::' : address, prefix)),
      `A terminal (${kind}) has a global address out of the delegated prefix.`,
      `address ${address}`,
      grant,
      ready ?? joined,
      terminal,
    )
    judge.within(
      terminal.at - joined.at,
      { min: 0, max: 10, why: 'the project asks for 10 s after link up' },
      'It has it in time.',
      terminal,
    )
    const resolvers = (terminal.data?.resolvers ?? []) as string[]
    const over6 = resolvers.filter((resolver) => resolver.includes(':'))
    if (over6.length === 0) assume(namesResolver(evidence), 'RFC7084-L-11')
    judge.holds(over6.length > 0, 'It knows a resolver over IPv6.', resolvers.join(', ') || 'none', terminal)
    const pinged = did('terminal-ping', (mark) => mark.data?.name === kind)
    judge.found(framesOf(pinged)[0], pinged, 'It reaches the Internet.')
  },
)
