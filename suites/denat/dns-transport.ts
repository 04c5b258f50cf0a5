import { anyOf, claim, dhcpv6OptionsOf, type Judgement, on, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { queries } from '../shared/dns-messages.ts'
import { resolverIsUp } from '../shared/resolver-up.ts'
import { anyAnnounced, asked, processing, soon } from '../shared/resolvers.ts'
import { nat64Discovery, withoutIpv4 } from '../steps/name-service.ts'

const isReachedOverIpv6: Judgement = (evidence) => {
  const { judge, at } = evidence
  const all = anyAnnounced(evidence).filter(({ type }) => type === 'AAAA')
  judge.found(
    all.flatMap(({ answer }) => answer ?? []).find(({ packet: { ip6 } }) => ip6 !== undefined),
    at(nat64Discovery).mark,
    claim`A resolver responds over IPv6 on the LAN.`,
    ...all.map(({ mark }) => mark),
  )
}

const asksTheIspOverIpv6: Judgement = (evidence) => {
  const { wan, world, isp, judge, assume, at } = evidence
  anyAnnounced(evidence)
  const step = at(withoutIpv4)
  resolverIsUp(evidence, step.mark)
  const name = 'without-ipv4.example.com'
  const resolvers = [
    world.stations.isp?.address,
    ...wan.toDut
      .all({ dhcp6: { type: anyOf('reply') } })
      .flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)),
  ]
  assume(isp.dhcpv6.dns, 'RFC7084-L-10')
  const question = judge.found(
    queries(wan.fromDut, name, 'AAAA').find(({ frame }) => resolvers.includes(frame.packet.ip6?.dst))?.frame,
    step.mark,
    claim`On a line without IPv4, the router sends a query over IPv6 to the resolver that DHCPv6 provided.`,
  )
  const answer = judge.found(step.answer, step.mark, claim`The host receives a response.`, question)
  const since = asked(evidence, name, 'AAAA', step.server, answer) ?? question
  judge.within(
    answer.at - since.at,
    { min: 0, max: soon + processing, why: claim`${the.seconds(soon)}, and ${the.seconds(processing)} for processing` },
    claim`The router responds in time.`,
    since,
    answer,
  )
}

export const requirements = [
  requirement('DENAT-DNS-V6TRANSPORT', {
    'on the LAN': on(ipv6OnlyLine, isReachedOverIpv6),
    'to the ISP': on(ipv6OnlyLine, asksTheIspOverIpv6),
  }),
]
