import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Frame,
  inPrefix,
  invariant,
  type LinkView,
  ndOptionsOf,
  pios,
  ra,
  the,
} from 'denat'

/** Addresses that the router tries for itself, answers for, or sends RAs from. */
const ownOn = ({ fromDut }: LinkView): Set<string> =>
  new Set(
    fromDut.all({ icmp6: {} }).flatMap(({ packet: { icmp6, ip6 } }) => {
      if (icmp6?.type === 'router-advertisement') return [ip6?.src ?? '::']
      const isOwn =
        icmp6?.type === 'neighbor-solicitation' ? ip6?.src === '::' : icmp6?.type === 'neighbor-advertisement'
      return isOwn && icmp6 && 'target' in icmp6 ? [icmp6.target] : []
    }),
  )

/** Resolvers as a host sees them: by whichever address, the router is one, and so is what is out of the LAN's prefixes. */
const resolvers = (servers: readonly string[], own: ReadonlySet<string>, onLan: readonly string[]): string => {
  const isLocal = (server: string) => own.has(server) || onLan.some((prefix) => inPrefix(server, prefix))
  return [...new Set(servers.map((one) => (isLocal(one) ? 'the router' : one)))].sort().join(', ')
}

const rdnss = (frame: Frame): string[] =>
  ndOptionsOf(frame, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))

export const requirements = [
  invariant('DENAT-LAN-RESOLVERS', (evidence) => {
    const { judge, lan, notApplicable, recording } = evidence
    const expected = claim`The RAs and the DHCPv6 server of a LAN provide the same resolvers.`
    let looked = false
    for (const link of lan.segments) {
      const own = new Set(lan.segments.flatMap((one) => [...ownOn(one)]))
      const onLan = [...new Set(lan.fromDut.all(ra()).flatMap((frame) => pios(frame).map(({ prefix }) => prefix)))]
      const advertised = link.fromDut.all(ra()).filter((frame) => rdnss(frame).length > 0)
      for (const reply of link.fromDut.all(dhcpv6('reply', { dnsServers: {} }))) {
        // A change may reach one of them first.
        const companions = [
          advertised.findLast(({ number }) => number < reply.number),
          advertised.find(({ number }) => number > reply.number),
        ].filter((frame) => frame !== undefined)
        if (companions.length < 2) continue
        looked = true
        const named = resolvers(
          dhcpv6OptionsOf(reply, 'dns-servers').flatMap(({ servers }) => servers),
          own,
          onLan,
        )
        const others = companions.map((frame) => resolvers(rdnss(frame), own, onLan))
        if (!others.includes(named))
          judge.goal(
            false,
            expected,
            claim`DHCPv6: ${the.name(named)}; RA: ${the.name(others.join(' and '))}`,
            reply,
            ...companions,
          )
      }
    }
    if (!looked)
      return notApplicable(
        claim`This recording has no Reply with resolvers between two RAs with resolvers.`,
        ...recording.frames.slice(0, 1),
      )
    judge.met(expected, ...lan.fromDut.all(dhcpv6('reply')).slice(0, 1))
  }),
]
