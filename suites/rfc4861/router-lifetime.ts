import { claim, type Evidence, invariant, ra, raOf } from 'denat'
import { judgeLapses } from '../shared/lapses.ts'

/** RFC 7084 G-4: without a default router of its own it is to be none for hosts. */
const hasDefaultRouter = ({ wan }: Evidence, at: number): boolean => {
  const newest = new Map(
    wan.toDut.all(ra()).flatMap((frame) => (frame.at < at ? [[frame.packet.ip6?.src, frame]] : [])),
  )
  return [...newest.values()].some((frame) => frame.at + raOf(frame).routerLifetime > at)
}

export const requirements = [
  invariant('RFC4861-6.2.1-LIFETIME', (evidence) =>
    judgeLapses(evidence, {
      claim: claim`The Router Lifetime is no shorter than the time to the next RA to all.`,
      saidBy: (frame) => new Map([['its being a default router', raOf(frame).routerLifetime]]),
      goesOn: (_, at) => hasDefaultRouter(evidence, at),
      least: 0,
      warns: false,
    }),
  ),
]
