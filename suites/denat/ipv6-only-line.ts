import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  granted,
  inPrefix,
  isLinkLocal,
  type Judgement,
  on,
  poweredOn,
  requirement,
  resolves,
  the,
} from 'denat'
import {
  datagramWithoutIpv4,
  ipv6OnlyLine,
  laterWithoutIpv4,
  onlineWithoutIpv4,
  pageWithoutIpv4,
  resolvedWithoutIpv4,
} from '../scenarios/ipv6-only-line.ts'
import { namesResolver, namesWithin } from '../shared/resolver-up.ts'

/** The address that the host had when it was online, where that is out of the delegated prefix. */
function delegatedAddress({ wan, at }: Evidence): string | undefined {
  at(laterWithoutIpv4)
  const { address } = at(onlineWithoutIpv4)
  const delegated = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
  return address !== undefined && delegated.some((prefix) => inPrefix(address, prefix)) ? address : undefined
}

const hasAddress: Judgement = (evidence) => {
  const { judge, at } = evidence
  const power = at(poweredOn).mark
  const { address, settled, mark } = at(onlineWithoutIpv4)
  judge.holds(
    delegatedAddress(evidence) !== undefined,
    claim`On a line without IPv4, a host has a global address from the delegated prefix.`,
    address === undefined ? claim`no address` : claim`${the.address(address)}`,
    mark,
    ...(settled ? [settled] : []),
  )
  judge.within(
    mark.at - power.at,
    { min: 0, max: namesWithin, why: claim`a rule of this project: ${the.seconds(namesWithin)} after power-on` },
    claim`The host has the address in time.`,
    power,
    mark,
  )
}

/** A host without an address sends no query and reaches no node. */
const withAddress =
  (judgement: Judgement): Judgement =>
  (evidence) => {
    evidence.assume(delegatedAddress(evidence) !== undefined, 'DENAT-V6ONLY-WAN')
    judgement(evidence)
  }

const isNamed: Judgement = (evidence) => {
  const { at, lan, judge, assume } = evidence
  const power = at(poweredOn).mark
  at(resolvedWithoutIpv4)
  const { fromDut } = lan.of('host')
  const answer = fromDut.all({ dns: { type: 'response' } }).find(resolves)
  const byDhcpv6 = fromDut.all(dhcpv6('reply')).some((frame) => dhcpv6OptionsOf(frame, 'dns-servers').length > 0)
  // Without a resolver there was none to ask.
  if (!answer) assume(byDhcpv6 || namesResolver(evidence), 'RFC7084-L-11')
  judge.due(answer, { after: power, seconds: namesWithin }, claim`The advertised resolver responds over IPv6.`)
}

const connects: Judgement = ({ at, judge }) => {
  const { outcome, syn, answer, mark } = at(pageWithoutIpv4)
  judge.equal(
    outcome,
    'connected',
    claim`The outcome of a connection to the Internet`,
    mark,
    ...[syn, answer].flatMap((one) => one ?? []),
  )
}

const isEchoed: Judgement = ({ at, judge, assume }) => {
  const { sent, answer, mark } = at(datagramWithoutIpv4)
  // A host that has lost its address by then connects as little.
  const isHostOnline = !sent || !isLinkLocal(sent.packet.ip6?.src ?? '::')
  if (!answer) assume(isHostOnline || at(pageWithoutIpv4).outcome === 'connected', 'DENAT-V6ONLY-WAN')
  judge.found(answer, mark, claim`A datagram to the Internet is answered.`, ...(sent ? [sent] : []))
}

const isStillOnline: Judgement = ({ at, judge }) => {
  const { answer, mark } = at(laterWithoutIpv4)
  judge.found(answer, mark, claim`A later echo request is answered as well.`)
}

export const requirements = [
  requirement('DENAT-V6ONLY-WAN', {
    address: on(ipv6OnlyLine, hasAddress),
    name: on(ipv6OnlyLine, withAddress(isNamed)),
    TCP: on(ipv6OnlyLine, withAddress(connects)),
    UDP: on(ipv6OnlyLine, withAddress(isEchoed)),
    later: on(ipv6OnlyLine, withAddress(isStillOnline)),
  }),
]
