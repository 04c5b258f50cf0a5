import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  type Judgement,
  on,
  requirement,
} from 'denat'
import { coldBoot, online, resolved, terminalsJoin } from '../../scenarios/cold-boot.ts'
import { addressAsked } from '../../shared/exchange.ts'

const waa4 = 'RFC7084-WAA-4'

/** A message or an option that the client sends, found in its Solicits or on the WAN. */
const sends =
  (expected: Claim, find: (solicits: readonly Frame[], evidence: Evidence) => Frame | undefined): Judgement =>
  (evidence) => {
    const { wan, judge, given, at } = evidence
    const all = wan.fromDut.all(dhcpv6('solicit'))
    const first = given(all[0], 'RFC7084-WAA-3')
    const sent = find(all, evidence)
    judge.found(sent, sent ?? at(online).mark, expected, first)
  }

const asksFor = (option: 'dns-servers' | 'domain-list') => {
  const code = dhcpv6OptionCode(option)
  return (solicits: readonly Frame[]) =>
    solicits.find((frame) => dhcpv6OptionsOf(frame, 'oro').some(({ codes }) => codes.includes(code)))
}

const asksNamedServer: Judgement = ({ wan, judge, given, at, every, notApplicable }) => {
  given(wan.fromDut.first(dhcpv6('solicit')), 'RFC7084-WAA-3')
  at(online)
  const reply = wan.toDut
    .all(dhcpv6('reply'))
    .find((frame) => dhcpv6OptionsOf(frame, 'dns-servers').some(({ servers }) => servers.length > 0))
  const named = given(reply, waa4)
  const servers = dhcpv6OptionsOf(named, 'dns-servers').flatMap((option) => option.servers)
  const asked = given(every(resolved)[0]?.mark, 'RFC7084-L-11')
  const queries = wan.fromDut.all({ udp: { dstPort: 53 }, dns: { type: 'query' } }, { after: named })
  const used = queries.find(({ packet: { ip6 } }) => ip6 && servers.includes(ip6.dst))
  if (!used && queries.length > 0 && queries.every(({ packet }) => packet.ip4))
    return notApplicable(
      claim`The router queries DNS servers that it learned by DHCPv4, which is permitted.`,
      asked,
      ...queries,
    )
  const expected = claim`The router sends DNS queries for host names to the DNS server in the DHCPv6 Reply.`
  judge.found(used, at(terminalsJoin).mark, expected, named, asked)
}

export const requirements = [
  requirement(waa4, {
    IA_NA: on(
      coldBoot,
      sends(claim`The RA has M=1, and the router requests an address by IA_NA.`, (_, { wan }) => addressAsked(wan)),
    ),
    'Reconfigure Accept': on(
      coldBoot,
      sends(claim`The Solicit has the Reconfigure Accept option (20).`, (solicits) =>
        solicits.find((frame) => dhcpv6OptionsOf(frame, 'reconf-accept').length > 0),
      ),
    ),
    DNS_SERVERS: on(
      coldBoot,
      sends(claim`The Option Request Option has OPTION_DNS_SERVERS (23).`, asksFor('dns-servers')),
    ),
    // The clause has SHOULD for this option only.
    'DNS search list': on(
      coldBoot,
      sends(claim`The Option Request Option has OPTION_DOMAIN_LIST (24).`, asksFor('domain-list')),
      { level: 'SHOULD' },
    ),
    'servers asked': on(coldBoot, asksNamedServer),
  }),
]
