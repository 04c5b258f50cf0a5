import {
  anyOf,
  claim,
  clientStart,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  isLinkLocal,
  type Judgement,
  on,
  ra,
  requirement,
  the,
} from 'denat'
import { assignedAsked, coldBoot } from '../../scenarios/cold-boot.ts'
import { rebinding } from '../../scenarios/rebinding.ts'
import { online, silentServer } from '../../scenarios/silent-server.ts'
import { addressAsked } from '../../shared/exchange.ts'
import { receivedRa } from '../../shared/received-ra.ts'

const solicits: Judgement = ({ wan, judge, at }) => {
  const first = wan.fromDut.first(dhcpv6('solicit'))
  const solicit = judge.found(
    first,
    first ?? at(online).mark,
    claim`A DHCPv6 client runs on the WAN and sends a Solicit.`,
  )
  const { ip6, udp } = solicit.packet
  judge.holds(
    ip6 !== undefined && isLinkLocal(ip6.src),
    claim`Its source is a link-local address.`,
    claim`source ${the.address(ip6?.src)}`,
    solicit,
  )
  judge.equal(ip6?.dst, 'ff02::1:2', claim`Its destination`, solicit)
  judge.equal(udp?.dstPort, 547, claim`Its destination port`, solicit)
  const types = dhcpv6Of(solicit).options.map((option) => option.type)
  for (const type of ['client-id', 'elapsed-time', 'oro'] as const)
    judge.holds(
      types.includes(type),
      claim`The Solicit has the option ${the.option(type)}.`,
      claim`options ${the.list(types.map((item) => the.name(String(item))))}`,
      solicit,
    )
}

const fromClientPort: Judgement = ({ wan, judge, given }) => {
  const sent = given(wan.fromDut.first(dhcpv6('solicit')), 'RFC7084-WAA-3')
  judge.equal(sent.packet.udp?.srcPort, 546, claim`The source port of a Solicit`, sent)
}

export const requirements = [
  requirement('RFC7084-WAA-3', {
    Solicit: on([coldBoot, silentServer], solicits),
    // RFC 9915 section 7.2: any source port is permitted; 546 is RECOMMENDED.
    'source port': on([coldBoot, silentServer], fromClientPort, { level: 'SHOULD' }),
  }),

  requirement('RFC7084-WAA-6', coldBoot, ({ wan, judge, given, at }) => {
    const managed = given(
      wan.toDut.first({ icmp6: { type: 'router-advertisement', managed: true } }),
      'RFC4861-6.3.7-RS',
    )
    const started = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    const asking = addressAsked(wan)
    const received = (asking && receivedRa({ wan }, asking)) ?? wan.toDut.first(ra(), { after: started }) ?? managed
    judge.due(
      asking,
      { after: received, seconds: clientStart },
      claim`After an RA with M=1 the router requests an address by IA_NA.`,
    )
    at(online)
    const { answer, mark } = at(assignedAsked)
    judge.found(answer, mark, claim`The router answers a Neighbor Solicitation for the assigned address.`)
  }),

  requirement('RFC7084-WAA-8', [coldBoot, rebinding], ({ wan, judge, given }) => {
    const asking = wan.fromDut.all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } })
    given(asking[0], 'RFC7084-WAA-3')
    const code = dhcpv6OptionCode('sol-max-rt')
    judge.each(
      asking,
      claim`The Option Request Option of every Solicit, Request, Renew and Rebind has OPTION_SOL_MAX_RT (${code}).`,
      (frame) => {
        const codes = dhcpv6OptionsOf(frame, 'oro').flatMap((oro) => oro.codes)
        return codes.includes(code) ? undefined : claim`Option Request Option: ${the.list(codes, claim`absent`)}`
      },
    )
  }),
]
