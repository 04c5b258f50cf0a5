import { claim, type Frame, inPrefix, ndOptionsOf, ra, raUpdate, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { announced } from '../steps/dns-questions.ts'
import { resolverChanged } from '../steps/name-service.ts'

export const requirements = [
  requirement('RFC8106-5.1-EXPIRY', ipv6OnlyLine, ({ lan, isp, judge, given, assume, at }) => {
    const { former, ...change } = at(resolverChanged)
    const swapped = given(change.reply, 'RFC8415-18.2.4-RENEW')
    const naming = given(at(announced, ({ when }) => when === 'online').advertised, 'RFC7084-L-1')
    const named = ndOptionsOf(naming, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))
    assume(named.length > 0, 'RFC7084-L-11')
    const gone = named.filter(
      (server) => server === former || isp.dhcpv6.prefixes.some((prefix) => inPrefix(server, prefix)),
    )
    const later = lan.of('host').fromDut.all(ra(), { after: swapped })
    for (const server of gone) {
      const lifetimes = (frame: Frame): number[] =>
        ndOptionsOf(frame, 'rdnss').flatMap((one) => (one.servers.includes(server) ? [one.lifetime] : []))
      const last = given(later.at(-1), 'RFC7084-L-1')
      judge.holds(
        !lifetimes(last).some((one) => one > 0),
        claim`The last RA does not contain ${the.address(server)}, which is no longer a resolver, with a lifetime above 0.`,
        claim`lifetime ${the.list(lifetimes(last))} s`,
        naming,
        swapped,
        last,
      )
      const over = later.find((frame) => lifetimes(frame).includes(0))
      // RFC 8106 defines lifetime 0, and does not require that a router sends it.
      judge.goal(
        over !== undefined && over.at - swapped.at <= raUpdate.max,
        claim`The router immediately advertises ${the.address(server)}, which is no longer a resolver, with lifetime 0.`,
        over ? claim`after ${the.seconds(over.at - swapped.at, 1)}` : claim`no RA has it with lifetime 0`,
        swapped,
        over ?? last,
      )
    }
    if (gone.length > 0) return
    const still = later.findLast((frame) => ndOptionsOf(frame, 'rdnss').some(({ servers }) => servers.length > 0))
    judge.met(
      claim`The advertised resolver (${the.list(named.map(the.address))}) is not the former resolver of the ISP and not in a prefix that was removed: it stays valid.`,

      naming,
      swapped,
      ...(still ? [still] : []),
    )
  }),
]
