import { dhcpv6, dhcpv6Of, dhcpv6OptionsOf, iaAddresses, isLinkLocal, requirement, statusOf } from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'

requirement('RFC7084-L-8', coldBoot, ({ lan, judge, did, framesOf }) => {
  const asked = did('asked-information')
  const question = lan.of('host').toDut.last(dhcpv6('information-request'), { before: asked })
  judge.found(framesOf(asked)[0], 'An Information-request on the LAN is answered by a Reply.', question ?? asked)
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
  { cases: { DNS_SERVERS: coldBoot, DOMAIN_LIST: coldBoot } },
  ({ case: what, lan, wan, isp, judge, given, did, framesOf, notApplicable }) => {
    const asked = did('asked-information')
    const reply = given(framesOf(asked)[0], 'RFC7084-L-8')
    if (what === 'DOMAIN_LIST') {
      const known = wan.toDut.last(dhcpv6('reply', { domainList: {} }))
      if (!known) return notApplicable('The router never asked for the search list, so none is known to it.', reply)
      const listed = dhcpv6OptionsOf(reply, 'domain-list').flatMap((option) => option.domains)
      for (const domain of isp.dhcpv6.domains)
        judge.holds(
          listed.includes(domain),
          `The Reply holds the search list of the ISP (option 24): ${domain}.`,
          listed.join(', ') || 'no option 24',
          known,
          reply,
        )
      return
    }
    const servers = dhcpv6OptionsOf(reply, 'dns-servers').flatMap((option) => option.servers)
    judge.holds(servers.length > 0, 'The Reply names DNS servers (option 23).', 'no option 23', reply)
    const foreign = servers.find(
      (server) => isLinkLocal(server) && server === wan.toDut.first({ ip6: {} })?.packet.ip6?.src,
    )
    judge.holds(
      foreign === undefined,
      'None of them is a link-local address of the ISP, which a host cannot reach.',
      String(foreign),
      reply,
    )
    const answered =
      lan.of('host').toDut.first({ dns: {} }) &&
      lan
        .of('host')
        .fromDut.first({ udp: { srcPort: 53 }, ip6: { src: (server: unknown) => servers.includes(String(server)) } })
    judge.found(answered, `One of them answers over IPv6 (${servers.join(', ')}).`, reply)
  },
)
