import { type Evidence, type Frame, isOneHopOn, type Judgement, on, requirement } from 'denat'
import { atBoundary, barred, type Facts, siteGroups } from '../scenarios/evening/boundary.ts'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { isStillOnline, stillOnline } from '../steps/still-online.ts'

/** The boundary holds in the default mode and in the transparent one. */
const inBothModes = [evening, webUiFirewall]
const ways = ['outbound', 'inbound'] as const

/** A packet at the boundary that has these properties. */
const having =
  (facts: Partial<Facts>) =>
  (one: Facts): boolean =>
    (Object.keys(facts) as (keyof Facts)[]).every((key) => one[key] === facts[key])

/** What of a packet was seen on the other side. */
const copiesOf = ({ wan, lan }: Evidence, way: Facts['way'], sent: Frame): Frame[] =>
  (way === 'outbound' ? wan : lan).fromDut.all({}, { after: sent }).filter((frame) => isOneHopOn(frame, sent))

/** None of the packets that have these properties is seen on the other side, while an ordinary one is. */
function staysOnItsSide(evidence: Evidence, facts: Partial<Facts> & Pick<Facts, 'way'>, claim: string): void {
  const { judge, at, every, given, notApplicable, cannotTell } = evidence
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
    notApplicable('Unasked, nothing at all comes in here, not even IKE from an ordinary address.', control)
  const fence = isStillOnline(evidence, `boundary, ${mode}`)

  const stimuli = every(atBoundary)
    .filter(having(facts))
    .flatMap(({ sent }) => sent ?? [])
  const [since = cannotTell('The bench sent none of these packets.', fence)] = stimuli
  judge.absent(copies(facts), claim, { fence, since })
  judge.note(`Seen with the firewall ${mode === 'off' ? 'switched off' : 'as it is after a reset'}.`, control)
}

const toThe = (way: Facts['way']): string =>
  way === 'outbound' ? 'from the LAN to the WAN' : 'from the WAN to the LAN'

const keepsMulticastSource =
  (way: Facts['way']): Judgement =>
  (evidence) =>
    staysOnItsSide(
      evidence,
      { way, what: 'multicast source' },
      `A packet whose source is a multicast address is not forwarded ${toThe(way)}.`,
    )

requirement('RFC6092-REC-1', {
  outbound: on(inBothModes, keepsMulticastSource('outbound')),
  inbound: on(inBothModes, keepsMulticastSource('inbound')),
})

const keepsGroup =
  (scope: string, way: Facts['way']): Judgement =>
  (evidence) => {
    const { every, judge } = evidence
    staysOnItsSide(
      evidence,
      { way, what: 'multicast', scope },
      `Multicast of ${scope} scope is not forwarded ${toThe(way)}.`,
    )
    const sent = every(atBoundary).find(having({ way, what: 'multicast', scope: 'global' }))?.sent
    if (!sent) return
    const [crossed] = copiesOf(evidence, way, sent)
    judge.note(`Multicast of global scope is ${crossed ? '' : 'not '}forwarded.`, crossed ?? sent)
  }

requirement(
  'RFC6092-REC-2',
  Object.fromEntries(
    Object.keys(siteGroups).flatMap((scope) =>
      ways.map((way) => [`${scope}, ${way}`, on(inBothModes, keepsGroup(scope, way))]),
    ),
  ),
)

const keepsBlock =
  (block: string, way: Facts['way']): Judgement =>
  (evidence) =>
    staysOnItsSide(
      evidence,
      { way, what: 'barred', block },
      `No packet from or to a ${block} address is forwarded ${toThe(way)}.`,
    )

requirement(
  'RFC6092-REC-3',
  Object.fromEntries(
    Object.keys(barred).flatMap((block) =>
      ways.map((way) => [`${block}, ${way}`, on(inBothModes, keepsBlock(block, way))]),
    ),
  ),
)

/** Behind a router that was given a prefix of its own. */
function hasDownstream({ world, at, given, every, notApplicable }: Evidence, what: Facts['what']): Frame {
  const { mode, mark } = at(atBoundary)
  if (world.device.role !== 'gateway') notApplicable('It need not delegate prefixes.', mark)
  at(stillOnline, ({ when }) => when === `boundary, ${mode}`)
  const probe = given(every(atBoundary).find(having({ what, place: 'downstream' }))?.mark, 'RFC9818-LPD-1')
  // Without a default router it asks in vain, and the packet is never sent.
  return given(every(atBoundary).find((one) => one.mark === probe && one.sent?.packet.udp)?.sent, 'RFC7084-L-1')
}

const keepsOwnSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'LAN' },
    'A packet from the WAN whose source lies in a prefix of the LAN does not come in.',
  )

const keepsDelegatedSource: Judgement = (evidence) => {
  hasDownstream(evidence, 'interior')
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'downstream' },
    'A packet from the WAN whose source lies in a prefix that was delegated does not come in.',
  )
}

requirement('RFC6092-REC-6', {
  LAN: on(inBothModes, keepsOwnSource),
  downstream: on(inBothModes, keepsDelegatedSource),
})

const keepsForeignSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'outbound', what: 'foreign source' },
    'A packet from the LAN whose source is in no prefix of this router does not leave on the WAN.',
  )

const forwardsDownstreamSource: Judgement = (evidence) => {
  const { judge, at } = evidence
  const packet = hasDownstream(evidence, 'own source')
  const { mode } = at(atBoundary)
  judge.found(
    copiesOf(evidence, 'outbound', packet)[0],
    at(stillOnline, ({ when }) => when === `boundary, ${mode}`).mark,
    'A packet from behind a downstream router, out of the prefix that it was given, leaves on the WAN as it is.',
    packet,
  )
}

requirement('RFC7084-S-2', {
  'foreign source': on(evening, keepsForeignSource),
  'downstream source': on(evening, forwardsDownstreamSource),
})
