import {
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Frame,
  iaAddresses,
  isLinkLocal,
  requirement,
  resolves,
  statusOf,
} from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { statelessCodes } from '../scenarios/evening/lan-services.ts'
import { evening } from '../scenarios/evening.ts'

requirement('RFC7084-L-8', coldBoot, ({ lan, judge, did, framesOf }) => {
  const asked = did('asked-information')
  const question = lan.of('host').toDut.last(dhcpv6('information-request'), { before: asked })
  judge.found(
    framesOf(asked)[0],
    asked,
    'An Information-request on the LAN is answered by a Reply.',
    ...(question ? [question] : []),
  )
  const address = did('asked-address')
  const [reply] = framesOf(address)
  if (!reply) return judge.note('IA_NA is not served: the server is stateless.', address)
  const [granted] = iaAddresses(reply)
  judge.note(
    granted ? `IA_NA is served: ${granted.address}.` : `IA_NA is refused, status ${statusOf(dhcpv6Of(reply))}.`,
    reply,
  )
})

requirement(
  'RFC7084-L-10',
  // To pass on what the WAN gave is a SHOULD (RFC 7084 L-12); that the router can is the MUST.
  { cases: { DNS_SERVERS: coldBoot, DOMAIN_LIST: coldBoot }, levels: { DOMAIN_LIST: 'SHOULD' } },
  ({ case: what, wan, lan, isp, judge, given, did, marks, framesOf, notApplicable, world }) => {
    const asked = did('asked-information')
    const reply = given(framesOf(asked)[0], 'RFC7084-L-8')
    if (what === 'DOMAIN_LIST') {
      const known = wan.toDut.last(dhcpv6('reply', { domainList: {} }))
      if (!known) return notApplicable('The router never asked for the search list, so none is known to it.', reply)
      const listed = dhcpv6OptionsOf(reply, 'domain-list').flatMap((option) => option.domains)
      judge.holds(listed.length > 0, 'The Reply holds a search list (option 24).', 'no option 24', known, reply)
      const same = isp.dhcpv6.domains.every((domain) => listed.includes(domain))
      judge.note(same ? "It is the ISP's." : `It is not the ISP's, but ${listed.join(', ')}.`, reply)
      return
    }
    const servers = dhcpv6OptionsOf(reply, 'dns-servers').flatMap((option) => option.servers)
    judge.holds(servers.length > 0, 'The Reply names DNS servers (option 23).', 'no option 23', reply)
    const foreign = servers.find(
      (server) =>
        isLinkLocal(server) && server === world.stations.isp?.linkLocal && !lan.fromDut.first({ ip6: { src: server } }),
    )
    judge.holds(
      foreign === undefined,
      'None of them is a link-local address of the ISP, which a host cannot reach.',
      String(foreign),
      reply,
    )
    const asking = marks('resolved').filter((mark) => servers.includes(String(mark.data?.server)))
    const answer = asking.flatMap(framesOf).find(resolves)
    judge.found(
      answer,
      did('terminals-join'),
      `One of them resolves a name over IPv6 (${servers.join(', ')}).`,
      reply,
      ...asking,
    )
  },
)

requirement(
  'RFC7084-L-12',
  { cases: Object.fromEntries(Object.keys(statelessCodes).map((name) => [name, evening])) },
  ({ case: name, wan, judge, given, did, framesOf }) => {
    const code = statelessCodes[name as keyof typeof statelessCodes]
    const valuesOf = (frame: Frame): string[] =>
      dhcpv6Of(frame).options.flatMap((one) => {
        if (typeof one.type !== 'string' || one.type === 'malformed' || dhcpv6OptionCode(one.type) !== code) return []
        if ('servers' in one) return one.servers
        if ('domains' in one) return one.domains
        return 'data' in one ? [Buffer.from(one.data).toString('hex')] : []
      })
    given(wan.toDut.first(dhcpv6('reply')), 'RFC7084-W-4')
    const told = given(
      wan.toDut.all(dhcpv6('reply')).find((frame) => valuesOf(frame).length > 0),
      'RFC7084-WAA-4',
    )
    const reply = given(framesOf(did('stateless-options'))[0], 'RFC7084-L-8')
    const values = valuesOf(reply)
    judge.holds(
      values.length > 0,
      `What the ISP gave as ${name} (option ${code}) is offered on the LAN.`,
      `no option ${code}`,
      told,
      reply,
    )
    const same = valuesOf(told).every((value) => values.includes(value))
    // A router may be a time server itself.
    const own = ['SNTP_SERVERS', 'NTP_SERVER'].includes(name)
    if (own) judge.note(same ? "It is the ISP's." : `It is not the ISP's, but ${values.join(', ')}.`, reply)
    else judge.holds(same, "It is the ISP's.", values.join(', '), told, reply)
  },
)
