import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  inPrefix,
  type Judgement,
  on,
  requirement,
  the,
} from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { manyHosts } from '../scenarios/full-house.ts'
import { namesResolver } from '../shared/resolver-up.ts'
import { subDelegatedToHost, terminal, terminalPing, terminalsJoin, visitsOver } from '../steps/home-network/hosts.ts'

/** Replies that delegate a prefix: the first stands for all. */
function grants({ wan, given }: Evidence): { grant: Frame; prefixes: string[] } {
  const all = wan.toDut.all(dhcpv6('reply'))
  const grant = given(
    all.find((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  return { grant, prefixes: all.flatMap(granted) }
}

const isDelegated = (address: string | undefined, prefixes: readonly string[]): boolean =>
  address !== undefined && prefixes.some((prefix) => inPrefix(address, prefix))

/** What a home router is given reaches the terminals behind it. */
const behindHasAddress: Judgement = (evidence) => {
  const { judge, given, at, every, world, notApplicable } = evidence
  const { mark: over } = at(visitsOver)
  if (world.device.role !== 'gateway') notApplicable(claim`A product in this role need not delegate prefixes.`, over)
  const { grant, prefixes } = grants(evidence)
  for (const { granting } of every(subDelegatedToHost)) given(granting, 'RFC9818-LPD-1')
  for (const { name, address, mark } of every(terminal).filter((one) => one.kind === 'behind a downstream router'))
    judge.holds(
      isDelegated(address, prefixes),
      claim`The host behind the downstream router "${the.name(name)}" has a global address from the delegated prefix.`,
      claim`address: ${the.address(address)}`,
      grant,
      mark,
    )
}

const hasAddress =
  (kind: string): Judgement =>
  (evidence) => {
    const { judge, at, every, assume, notApplicable } = evidence
    const found = every(terminal).find((one) => one.name === kind)
    const { mark: joined } =
      every(terminalsJoin).findLast(({ mark }) => !found || mark.at <= found.mark.at) ?? at(terminalsJoin)
    if (!found) return notApplicable(claim`The router advertises M=0: it assigns no addresses by DHCPv6.`, joined)
    const { mark, address, ready, resolvers = [] } = found
    const { grant, prefixes } = grants(evidence)
    judge.holds(
      isDelegated(address, prefixes),
      claim`A terminal (${the.name(kind)}) has a global address from the delegated prefix.`,
      claim`address: ${the.address(address)}`,
      grant,
      ready ?? joined,
      mark,
    )
    judge.within(
      mark.at - joined.at,
      { min: 0, max: 10, why: claim`a rule of this project: 10 s after the link is up` },
      claim`The host has the address in time.`,
      mark,
    )
    const over6 = resolvers.filter((resolver) => resolver.includes(':'))
    if (over6.length === 0) assume(namesResolver(evidence), 'RFC7084-L-11')
    judge.holds(
      over6.length > 0,
      claim`The terminal has learned a resolver that it reaches over IPv6.`,
      claim`${the.list(
        resolvers.map((item) => the.address(item)),
        claim`none`,
      )}`,
      mark,
    )
    const pinged = at(terminalPing, ({ name }) => name === kind)
    judge.found(pinged.reply, pinged.mark, claim`The terminal reaches the Internet.`)
  }

export const requirements = [
  requirement('DENAT-GUA-1', {
    ...Object.fromEntries(
      ['slaac-only', 'slaac-and-stateless', 'slaac-and-dhcpv6', 'dhcpv6-only'].map((kind) => [
        kind,
        on(coldBoot, hasAddress(kind)),
      ]),
    ),
    'late-joiner': on(manyHosts, hasAddress('late-joiner')),
    'behind a downstream router': on(manyHosts, behindHasAddress),
  }),
]
