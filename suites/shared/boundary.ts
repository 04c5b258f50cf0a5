import { type Claim, claim, type Evidence, type Frame, isOneHopOn } from 'denat'
import { atBoundary, type Facts } from '../steps/firewall/boundary.ts'
import { isStillOnline, stillOnline } from '../steps/still-online.ts'

/** A packet at the boundary that has these properties. */
export const having =
  (facts: Partial<Facts>) =>
  (one: Facts): boolean =>
    (Object.keys(facts) as (keyof Facts)[]).every((key) => one[key] === facts[key])

/** The frames of a packet that were seen on the other side. */
export const copiesOf = ({ wan, lan }: Evidence, way: Facts['way'], sent: Frame): Frame[] =>
  (way === 'outbound' ? wan : lan).fromDut.all({}, { after: sent }).filter((frame) => isOneHopOn(frame, sent))

/** None of the packets that have these properties is seen on the other side, while an ordinary one is. */
export function staysOnItsSide(evidence: Evidence, facts: Partial<Facts> & Pick<Facts, 'way'>, expected: Claim): void {
  const { judge, at, every, given, notApplicable, undecided } = evidence
  const { way } = facts
  const { mode } = at(atBoundary)
  const { mark: control } = at(atBoundary, having({ way, what: 'control' }))
  const copies = (of: Partial<Facts>) =>
    every(atBoundary)
      .filter(having(of))
      .flatMap(({ sent }) => (sent ? copiesOf(evidence, way, sent) : []))
  const [passed] = copies({ way, what: 'control' })
  if (way === 'outbound') given(passed, 'DENAT-DEFAULT-1')
  else if (mode === 'off') given(passed, 'RFC6092-REC-49')
  else if (!passed)
    notApplicable(
      claim`The filter forwards no unsolicited inbound packet here, not even IKE from a valid address.`,
      control,
    )
  const fence = isStillOnline(evidence, `boundary, ${mode}`)

  const stimuli = every(atBoundary)
    .filter(having(facts))
    .flatMap(({ sent }) => sent ?? [])
  const [since = undecided(claim`The bench sent none of these packets.`, fence)] = stimuli
  judge.absent(copies(facts), expected, { fence, since })
  judge.note(
    mode === 'off' ? claim`Seen while the filter is off.` : claim`Seen with the filter in its factory settings.`,
    control,
  )
}

/** Behind a router with a delegated prefix. */
export function hasDownstream({ world, at, given, every, notApplicable }: Evidence, what: Facts['what']): Frame {
  const { mode, mark } = at(atBoundary)
  if (world.device.role !== 'gateway') notApplicable(claim`A wireless router need not delegate prefixes.`, mark)
  at(stillOnline, ({ when }) => when === `boundary, ${mode}`)
  const probe = given(every(atBoundary).find(having({ what, place: 'downstream' }))?.mark, 'RFC9818-LPD-1')
  // Without a default router it solicits without an answer, and the packet is never sent.
  return given(every(atBoundary).find((one) => one.mark === probe && one.sent?.packet.udp)?.sent, 'RFC7084-L-1')
}
