import { claim, type Evidence, invariant, ra, raOf } from 'denat'
import { judgeLapses } from '../shared/lapses.ts'

/** RFC 7084 G-4: a router that has no default router is not one for hosts. */
const hasDefaultRouter = ({ wan }: Evidence, at: number): boolean => {
  const newest = new Map(
    wan.toDut.all(ra()).flatMap((frame) => (frame.at < at ? [[frame.packet.ip6?.src, frame]] : [])),
  )
  return [...newest.values()].some((frame) => frame.at + raOf(frame).routerLifetime > at)
}

export const requirements = [
  invariant('RFC4861-6.2.1-LIFETIME', (evidence) =>
    judgeLapses(evidence, {
      claim: claim`The Router Lifetime is not shorter than the time until the next multicast RA.`,
      lifetimesIn: (frame) => new Map([['Router Lifetime', raOf(frame).routerLifetime]]),
      goesOn: (_, at) => hasDefaultRouter(evidence, at),
      least: 0,
      warns: false,
    }),
  ),
]
