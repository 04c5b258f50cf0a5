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
import { statelessAsked, statelessCodes } from '../../steps/evening/lan-services.ts'

const information = ({ at, given }: Evidence): Frame => given(at(informationAsked).reply, 'RFC7084-L-8')

const namesServers: Judgement = (evidence) => {
  const { lan, judge, at, every, world } = evidence
  const reply = information(evidence)
  const servers = dhcpv6OptionsOf(reply, 'dns-servers').flatMap((option) => option.servers)
  judge.holds(servers.length > 0, claim`The Reply names DNS servers (option 23).`, claim`no option 23`, reply)
  const foreign = servers.find(
    (server) =>
      isLinkLocal(server) && server === world.stations.isp?.linkLocal && !lan.fromDut.first({ ip6: { src: server } }),
  )
  judge.holds(
    foreign === undefined,
    claim`None of them is a link-local address of the ISP, which a host cannot reach.`,
    claim`${the.name(String(foreign))}`,
    reply,
  )
  const asking = every(resolved).filter(({ server }) => servers.includes(server))
  judge.found(
    asking.flatMap(({ answer }) => answer ?? []).find(resolves),
    at(terminalsJoin).mark,
    claim`One of them resolves a name over IPv6 (${the.list(servers.map((item) => the.name(item)))}).`,
    reply,
    ...asking.map(({ mark }) => mark),
  )
}

const holdsSearchList: Judgement = (evidence) => {
  const { wan, isp, judge, notApplicable } = evidence
  const reply = information(evidence)
  const known = wan.toDut.last(dhcpv6('reply', { domainList: {} }))
  if (!known) return notApplicable(claim`The router never asked for the search list, so none is known to it.`, reply)
  const listed = dhcpv6OptionsOf(reply, 'domain-list').flatMap((option) => option.domains)
  judge.holds(listed.length > 0, claim`The Reply holds a search list (option 24).`, claim`no option 24`, known, reply)
  const same = isp.dhcpv6.domains.every((domain) => listed.includes(domain))
  judge.note(
    same ? claim`It is the ISP's.` : claim`It is not the ISP's, but ${the.list(listed.map((item) => the.name(item)))}.`,
    reply,
  )
}

/** The values of an option, whichever it is. */
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
      claim`What the ISP gave as ${the.name(name)} (option ${code}) is offered on the LAN.`,
      claim`no option ${code}`,
      known,
      reply,
    )
    const same = valuesOf(known, code).every((value) => values.includes(value))
    if (mayBeItsOwn.includes(name))
      judge.note(
        same
          ? claim`It is the ISP's.`
          : claim`It is not the ISP's, but ${the.list(values.map((item) => the.name(item)))}.`,
        reply,
      )
    else
      judge.holds(same, claim`It is the ISP's.`, claim`${the.list(values.map((item) => the.name(item)))}`, known, reply)
  }

export const requirements = [
  requirement('RFC7084-L-8', coldBoot, ({ lan, judge, at }) => {
    const { reply, mark: asked } = at(informationAsked)
    const question = lan.of('host').toDut.last(dhcpv6('information-request'), { before: asked })
    judge.found(
      reply,
      asked,
      claim`An Information-request on the LAN is answered by a Reply.`,
      ...(question ? [question] : []),
    )
    const { reply: lease, mark } = at(addressAsked)
    if (!lease) return judge.note(claim`IA_NA is not served: the server is stateless.`, mark)
    const [granted] = iaAddresses(lease)
    judge.note(
      granted
        ? claim`IA_NA is served: ${the.address(granted.address)}.`
        : claim`IA_NA is refused, status ${statusOf(dhcpv6Of(lease))}.`,
      lease,
    )
  }),

  requirement('RFC7084-L-10', {
    DNS_SERVERS: on(coldBoot, namesServers),
    // To pass on what the WAN gave is a SHOULD (RFC 7084 L-12); that the router can is the MUST.
    DOMAIN_LIST: on(coldBoot, holdsSearchList, { level: 'SHOULD' }),
  }),

  requirement(
    'RFC7084-L-12',
    Object.fromEntries(
      Object.entries(statelessCodes).map(([name, code]) => [name, on(lanServicesAsked, passesOn(name, code))]),
    ),
  ),
]
