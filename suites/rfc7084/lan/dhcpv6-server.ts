import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  isLinkLocal,
  type Judgement,
  on,
  requirement,
  resolves,
  statusOf,
  the,
} from 'denat'
import { addressAsked, coldBoot, informationAsked, resolved, terminalsJoin } from '../../scenarios/cold-boot.ts'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { statelessAsked, statelessCodes } from '../../steps/lan-services/services.ts'

const information = ({ at, given }: Evidence): Frame => given(at(informationAsked).reply, 'RFC7084-L-8')

const namesServers: Judgement = (evidence) => {
  const { lan, judge, at, every, world } = evidence
  const reply = information(evidence)
  const servers = dhcpv6OptionsOf(reply, 'dns-servers').flatMap((option) => option.servers)
  judge.holds(servers.length > 0, claim`The Reply has OPTION_DNS_SERVERS (23).`, claim`no option 23`, reply)
  const other = servers.find(
    (server) =>
      isLinkLocal(server) && server === world.stations.isp?.linkLocal && !lan.fromDut.first({ ip6: { src: server } }),
  )
  judge.holds(
    other === undefined,
    claim`No DNS server in it is a link-local address of the ISP, which a host cannot reach.`,
    claim`${the.name(String(other))}`,
    reply,
  )
  const asking = every(resolved).filter(({ server }) => servers.includes(server))
  judge.found(
    asking.flatMap(({ answer }) => answer ?? []).find(resolves),
    at(terminalsJoin).mark,
    claim`A DNS server in it resolves a name over IPv6 (${the.list(servers.map((item) => the.name(item)))}).`,
    reply,
    ...asking.map(({ mark }) => mark),
  )
}

const holdsSearchList: Judgement = (evidence) => {
  const { wan, isp, judge, notApplicable } = evidence
  const reply = information(evidence)
  const known = wan.toDut.last(dhcpv6('reply', { domainList: {} }))
  if (!known)
    return notApplicable(claim`The router did not request the search list, so it has none to advertise.`, reply)
  const listed = dhcpv6OptionsOf(reply, 'domain-list').flatMap((option) => option.domains)
  judge.holds(listed.length > 0, claim`The Reply has OPTION_DOMAIN_LIST (24).`, claim`no option 24`, known, reply)
  const same = isp.dhcpv6.domains.every((domain) => listed.includes(domain))
  judge.note(
    same
      ? claim`It is the same as that of the ISP.`
      : claim`It differs from that of the ISP: ${the.list(listed.map((item) => the.name(item)))}.`,
    reply,
  )
}

/** The values of an option of any of these types. */
const valuesOf = (frame: Frame, code: number): string[] =>
  dhcpv6Of(frame).options.flatMap((one) => {
    if (typeof one.type !== 'string' || one.type === 'malformed' || dhcpv6OptionCode(one.type) !== code) return []
    if ('servers' in one) return one.servers
    if ('domains' in one) return one.domains
    return 'data' in one ? [Buffer.from(one.data).toString('hex')] : []
  })

/** A router may be a time server itself. */
const mayBeItsOwn: readonly string[] = ['SNTP_SERVERS', 'NTP_SERVER']

const passesOn =
  (name: string, code: number): Judgement =>
  ({ wan, judge, given, at }) => {
    given(wan.toDut.first(dhcpv6('reply')), 'RFC7084-W-4')
    const known = given(
      wan.toDut.all(dhcpv6('reply')).find((frame) => valuesOf(frame, code).length > 0),
      'RFC7084-WAA-4',
    )
    const reply = given(at(statelessAsked).reply, 'RFC7084-L-8')
    const values = valuesOf(reply, code)
    judge.holds(
      values.length > 0,
      claim`The Reply on the LAN has ${the.name(name)} (option ${code}), which the ISP has sent.`,
      claim`no option ${code}`,
      known,
      reply,
    )
    const same = valuesOf(known, code).every((value) => values.includes(value))
    if (mayBeItsOwn.includes(name))
      judge.note(
        same
          ? claim`It is the same as that of the ISP.`
          : claim`It differs from that of the ISP: ${the.list(values.map((item) => the.name(item)))}.`,
        reply,
      )
    else
      judge.holds(
        same,
        claim`It is the same as that of the ISP.`,
        claim`${the.list(values.map((item) => the.name(item)))}`,
        known,
        reply,
      )
  }

export const requirements = [
  requirement('RFC7084-L-8', coldBoot, ({ lan, judge, at }) => {
    const { reply, mark: asked } = at(informationAsked)
    const question = lan.of('host').toDut.last(dhcpv6('information-request'), { before: asked })
    judge.found(
      reply,
      asked,
      claim`The router answers an Information-request on the LAN with a Reply.`,
      ...(question ? [question] : []),
    )
    const { reply: lease, mark } = at(addressAsked)
    if (!lease) return judge.note(claim`The server does not answer IA_NA: it is stateless.`, mark)
    const [granted] = iaAddresses(lease)
    judge.note(
      granted
        ? claim`The server assigns ${the.address(granted.address)} by IA_NA.`
        : claim`The server refuses IA_NA with status ${statusOf(dhcpv6Of(lease))}.`,
      lease,
    )
  }),

  requirement('RFC7084-L-10', {
    DNS_SERVERS: on(coldBoot, namesServers),
    // To advertise the values of the WAN is a SHOULD (RFC 7084 L-12); support of the option is the MUST.
    DOMAIN_LIST: on(coldBoot, holdsSearchList, { level: 'SHOULD' }),
  }),

  requirement(
    'RFC7084-L-12',
    Object.fromEntries(
      Object.entries(statelessCodes).map(([name, code]) => [name, on(lanServicesAsked, passesOn(name, code))]),
    ),
  ),
]
