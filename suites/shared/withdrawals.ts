import { claim, type Evidence, type Frame, isLinkLocal, type Mark, ra, raUpdate } from 'denat'
import { newFlow } from '../steps/renumber.ts'
import { piosIn } from './advertised.ts'
import { changeOnLan, lackingFor, lastLive, moved, type OfChange, type Renumbered } from './renumbering.ts'

export type IsGone = (validLifetime: number) => boolean

export const anyLifetime: IsGone = () => true

/** The first RA since the change began that withdraws the old prefix as required. */
export function withdrawing({ lan }: Evidence, { old, begun }: Renumbered, isGone: IsGone, before?: Mark) {
  return lan
    .of('host')
    .fromDut.all(ra(), { after: begun, ...(before && { before }) })
    .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && isGone(pio.validLifetime)))
}

/** At once after the Reply; a router that learned it earlier, for example from a line cut, is early and not late. */
export function atOnce({ judge }: Evidence, { learned }: Renumbered, frame: Frame): void {
  if (frame.at < learned.at) judge.note(claim`The router withdraws the old prefix before it has a new one.`, frame)
  else
    judge.within(frame.at - learned.at, raUpdate, claim`The router withdraws the old prefix at once.`, learned, frame)
}

/** The triggers by which the ISP replaces one prefix with another while the router runs. */
export const whileItRuns = ['Renew', 'NoBinding', 'link flap', 'Reconfigure'] as const

/** A host can't know what no RA contains: that is judged by the case of the RA. */
export const hostIsMoved =
  (id: string): OfChange =>
  (evidence, change) => {
    lastLive(evidence, change, change.begun)
    changeOnLan(evidence, change)
    const gone = evidence.given(withdrawing(evidence, change, anyLifetime, change.at(newFlow).mark), id)
    // A host discards any other RA: RFC 4861 section 6.1.2.
    evidence.assume(isLinkLocal(gone.packet.ip6?.src ?? '::'), 'RFC4861-4.2-RASOURCE')
    hostMoved(evidence, change)
  }

/** A SLAAC-only host begins its flows from the new prefix only. */
export function hostMoved(evidence: Evidence, change: Renumbered): void {
  const { judge, assume } = evidence
  assume(change.source !== undefined, lackingFor(evidence, change.begun, 'DENAT-GUA-1'))
  changeOnLan(evidence, change)
  const flow = change.at(newFlow)
  moved(evidence, change, flow, claim`The host`)
  judge.found(flow.reply, flow.mark, claim`The host reaches the Internet from the new prefix.`)
}
