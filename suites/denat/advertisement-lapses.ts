import {
  claim,
  dhcpv6,
  type Evidence,
  iaPrefixes,
  invariant,
  isLinkLocal,
  isUla,
  ndOptionsOf,
  prefixContains,
} from 'denat'
import { judgeLapses, type Lifetimes, late } from '../shared/lapses.ts'

/** Shorter lifetimes of a lease are caused by the lab, whose leases are short. Seconds. */
const shortest = 30

/** When the preferred lifetime ends of the delegated prefix that contains this one, by the last Reply of the ISP until then. */
function leasedUntil({ wan }: Evidence, prefix: string, at: number): number {
  const replies = wan.toDut.all(dhcpv6('reply', { iaPd: {} })).filter((frame) => frame.at < at)
  const leases = replies.flatMap((frame) => iaPrefixes(frame).map((one) => ({ ...one, at: frame.at })))
  const last = leases.findLast((one) => prefixContains(one.prefix, prefix))
  return last ? last.at + last.preferredLifetime : 0
}

const named = (what: string, entries: [name: string, seconds: number][]): [string, number][] =>
  entries.map(([name, seconds]) => [`the ${what} ${name}`, seconds])

const lifetimes: Lifetimes = (frame) =>
  new Map([
    ...named(
      'route',
      ndOptionsOf(frame, 'route-information').map(({ prefix, lifetime }) => [prefix, lifetime]),
    ),
    ...named(
      'resolver',
      ndOptionsOf(frame, 'rdnss').flatMap(({ servers, lifetime }) =>
        servers.map((server): [string, number] => [server, lifetime]),
      ),
    ),
  ])

export const requirements = [
  invariant('DENAT-RA-LAPSE', (evidence) => {
    const isLeased = (what: string, at: number) => {
      const value = what.split(' ').at(-1) as string
      const [address = value, length = '128'] = value.split('/')
      if (isUla(address) || isLinkLocal(address)) return true
      return leasedUntil(evidence, `${address}/${length}`, at - late) > at
    }
    judgeLapses(evidence, {
      claim: claim`A multicast RA refreshes each route and each resolver that remains valid before its lifetime ends.`,
      lifetimesIn: lifetimes,
      goesOn: isLeased,
      least: shortest,
      warns: true,
    })
  }),
]
