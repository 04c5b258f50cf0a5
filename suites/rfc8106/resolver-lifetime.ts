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
        claim`${the.address(server)}, which is no resolver any more, is not announced as one in the end.`,
        claim`it is, for ${the.list(lifetimes(last))} s`,
        naming,
        swapped,
        last,
      )
      const over = later.find((frame) => lifetimes(frame).includes(0))
      // RFC 8106 says what the lifetime 0 means, and does not oblige a router to send it.
      judge.goal(
        over !== undefined && over.at - swapped.at <= raUpdate.max,
        claim`Hosts that heard of ${the.address(server)} are informed at once, by lifetime 0, that it is no resolver any more.`,
        over ? claim`after ${the.seconds(over.at - swapped.at, 1)}` : claim`it is merely left out`,
        swapped,
        over ?? last,
      )
    }
    if (gone.length > 0) return
    const still = later.findLast((frame) => ndOptionsOf(frame, 'rdnss').some(({ servers }) => servers.length > 0))
    judge.holds(
      true,
      claim`The announced resolver (${the.list(named.map((item) => the.name(item)))}) is neither the ISP's former one nor in a prefix that is gone: it stays valid.`,
      claim``,
      naming,
      swapped,
      ...(still ? [still] : []),
    )
  }),
]
