import { dhcpv6, granted, inPrefix, requirement, resolves } from 'denat'
import { namesWithin } from '../dns/resolver-up.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'

requirement(
  'DENAT-V6ONLY-WAN',
  { cases: { address: ipv6OnlyLine, name: ipv6OnlyLine, TCP: ipv6OnlyLine, UDP: ipv6OnlyLine, later: ipv6OnlyLine } },
  ({ case: what, judge, did, assume, framesOf, wan, lan }) => {
    const power = did('power-on')
    const online = did('online-without-ipv4')
    did('later-without-ipv4')
    const address = String(online.data?.address ?? '::')
    const isDelegated = wan.toDut
      .all(dhcpv6('reply'))
      .flatMap(granted)
      .some((prefix) => inPrefix(address, prefix))
    // Who has no address asks no resolver.
    if (what !== 'address') assume(isDelegated, 'DENAT-V6ONLY-WAN')
    switch (what) {
      case 'address': {
        judge.holds(
          isDelegated,
          'On a line without IPv4 a host has a global address out of the delegated prefix.',
          address === '::' ? 'it has none' : address,
          online,
          ...framesOf(online),
        )
        return judge.within(
          online.at - power.at,
          { min: 0, max: namesWithin, why: `the project asks for ${namesWithin} s after power-on` },
          'It has it in time.',
          power,
          online,
        )
      }
      case 'name': {
        did('resolved-without-ipv4')
        judge.due(
          lan
            .of('host')
            .fromDut.all({ dns: { type: 'response' } })
            .find(resolves),
          { after: power, seconds: namesWithin },
          'The resolver that the router tells of answers over IPv6.',
        )
        return
      }
      case 'TCP': {
        const page = did('page-without-ipv4')
        judge.equal(String(page.data?.outcome), 'connected', 'A connection to the Internet is', page, ...framesOf(page))
        return
      }
      case 'UDP': {
        const datagram = did('datagram-without-ipv4')
        judge.found(framesOf(datagram)[1], datagram, 'A datagram to the Internet is answered.')
        return
      }
      default: {
        const later = did('later-without-ipv4')
        judge.found(framesOf(later)[0], later, 'Some time later an echo request is answered still.')
      }
    }
  },
)
