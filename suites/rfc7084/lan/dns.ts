import { claim, inPrefix, isLinkLocal, type Judgement, on, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../../scenarios/ipv6-only-line.ts'
import { asked, processing, soon } from '../../shared/resolvers.ts'
import { announced, announcedResolver, type Source } from '../../steps/dns-questions.ts'

const answers =
  (source: Source, when: 'online' | 'renumbered'): Judgement =>
  (evidence) => {
    const { world, lan, isp, judge, given, assume, at, every } = evidence
    const { advertised, reply } = at(announced, (one) => one.when === when)
    const [where, ofSource, ofResolver] =
      source === 'RDNSS' ? [advertised, 'RFC7084-L-1', 'RFC7084-L-11'] : [reply, 'RFC7084-L-8', 'RFC7084-L-10']
    const naming = given(where, ofSource)
    const all = every(announcedResolver).filter((one) => one.when === when && one.source === source)
    given(all[0]?.mark, ofResolver)
    // Two links may have the same link-local address.
    const isOfLan = (server: string) => lan.fromDut.first({ ip6: { src: server } }) !== undefined
    for (const { server, type, name, answer: received, mark } of all) {
      judge.holds(
        !isLinkLocal(server) || server !== world.stations.isp?.linkLocal || isOfLan(server),
        claim`The DNS server is not the link-local address of the ISP router, which a host cannot reach.`,
        claim`${the.address(server)}`,
        naming,
      )
      const question = asked(evidence, name, type, server, received)
      const src = question?.packet.ip6?.src
      const isStale = src !== undefined && isp.dhcpv6.prefixes.some((prefix) => inPrefix(src, prefix))
      // An address from an expired prefix receives no reply.
      assume(when === 'online' || !isStale, 'RFC7084-L-13')
      const answer = judge.found(
        received,
        mark,
        claim`The advertised DNS server ${the.address(server)} answers a query for ${the.name(type)} over IPv6.`,
        naming,
        ...(question ? [question] : []),
      )
      judge.within(
        answer.at - (question ?? naming).at,
        { min: 0, max: soon + processing, why: claim`${the.seconds(soon)}, and ${the.seconds(processing)}` },
        claim`The answer arrives within this time.`,
        question ?? naming,
        answer,
      )
    }
  }

export const requirements = [
  requirement('RFC7084-DNS-LOCAL', {
    RDNSS: on(ipv6OnlyLine, answers('RDNSS', 'online')),
    DHCPv6: on(ipv6OnlyLine, answers('DHCPv6', 'online')),
    'RDNSS after renumbering': on(ipv6OnlyLine, answers('RDNSS', 'renumbered')),
    'DHCPv6 after renumbering': on(ipv6OnlyLine, answers('DHCPv6', 'renumbered')),
  }),
]
