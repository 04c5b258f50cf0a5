import { claim, type Evidence, type Frame, isUla, type LinkView, pios, ra } from 'denat'
import { portPulled } from '../steps/lan-port.ts'

export const livePrefixes = (frame: Frame): string[] =>
  pios(frame).flatMap(({ prefix, preferredLifetime }) =>
    preferredLifetime > 0 && !isUla(prefix.split('/')[0] ?? '') ? [prefix] : [],
  )

/** The cable of the port was disconnected. */
export function pulled({ at, every, world, notApplicable, undecided, recording }: Evidence) {
  const first = recording.frames.slice(0, 1)
  if (world.segments.flat().length < 2)
    notApplicable(claim`The lab has one LAN port, and the first host is on it.`, ...first)
  // Older recordings have no such step.
  if (every(portPulled).length === 0 && recording.outcome.end === 'complete')
    undecided(claim`In this recording, no LAN port loses its cable.`, ...first)
  return at(portPulled)
}

/** Its host had an address from a prefix that the router advertised on this LAN. */
export function used(evidence: Evidence): { link: LinkView; address: string } {
  const { lan, assume, notApplicable } = evidence
  const { address, mark } = pulled(evidence)
  const link = lan.of('other-port')
  const had = link.fromDut.all(ra(), { before: mark }).some((frame) => livePrefixes(frame).length > 0)
  if (address === undefined && !had) return notApplicable(claim`The ISP delegates no prefix for this LAN.`, mark)
  assume(address !== undefined, 'DENAT-GUA-1')
  return { link, address: address as string }
}
