import { type Evidence, isOneHopOn, type Mark, requirement } from 'denat'
import { barred, siteGroups } from '../scenarios/evening/boundary.ts'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

/** The boundary holds in the default mode and in the transparent one. */
const inBothModes = [evening, webUiFirewall]
const ways = ['outbound', 'inbound'] as const

const isOf = (mark: Mark, facts: Record<string, unknown>): boolean =>
  Object.entries(facts).every(([key, value]) => mark.data?.[key] === value)

/** None of the packets that fit is seen on the other side, while an ordinary one of the same kind is. */
function staysOnItsSide(evidence: Evidence, facts: { way: string; [key: string]: unknown }, claim: string): void {
  const { wan, lan, judge, did, given, marks, framesOf, notApplicable, cannotTell } = evidence
  const first = did('boundary')
  const { mode } = first.data ?? {}
  const outbound = facts.way === 'outbound'
  const other = (outbound ? wan : lan).fromDut
  const copies = (mark: Mark) =>
    framesOf(mark).flatMap((sent) => other.all({}, { after: sent }).filter((frame) => isOneHopOn(frame, sent)))

  const control = did('boundary', (mark) => isOf(mark, { way: facts.way, what: 'control' }))
  const over = did('still-online', (mark) => mark.data?.when === `boundary, ${mode}`)
  const [passed] = copies(control)
  if (outbound) given(passed, 'DENAT-DEFAULT-1')
  else if (mode === 'off') given(passed, 'RFC6092-REC-49')
  else if (!passed)
    notApplicable('Unasked, nothing at all comes in here, not even IKE from an ordinary address.', control)
  const fence = given(framesOf(over)[0], 'DENAT-DEFAULT-1')

  const stimuli = marks('boundary').filter((mark) => isOf(mark, facts))
  const [since = cannotTell('The bench sent none of these packets.', over)] = stimuli.flatMap(framesOf)
  judge.absent(stimuli.flatMap(copies), claim, { fence, since })
  judge.note(`Seen with the firewall ${mode === 'off' ? 'switched off' : 'as it is after a reset'}.`, control)
}

const toThe = (way: string): string => (way === 'outbound' ? 'from the LAN to the WAN' : 'from the WAN to the LAN')

requirement('RFC6092-REC-1', { cases: { outbound: inBothModes, inbound: inBothModes } }, (evidence) =>
  staysOnItsSide(
    evidence,
    { way: evidence.case, what: 'multicast source' },
    `A packet whose source is a multicast address is not forwarded ${toThe(evidence.case)}.`,
  ),
)

requirement(
  'RFC6092-REC-2',
  {
    cases: Object.fromEntries(
      Object.keys(siteGroups).flatMap((scope) => ways.map((way) => [`${scope}, ${way}`, inBothModes])),
    ),
  },
  (evidence) => {
    const [scope, way = ''] = evidence.case.split(', ')
    staysOnItsSide(
      evidence,
      { way, what: 'multicast', scope },
      `Multicast of ${scope} scope is not forwarded ${toThe(way)}.`,
    )
    const { wan, lan, marks, framesOf, judge } = evidence
    const wide = marks('boundary').find((mark) => isOf(mark, { way, what: 'multicast', scope: 'global' }))
    const [sent] = wide ? framesOf(wide) : []
    if (!sent) return
    const crossed = (way === 'outbound' ? wan : lan).fromDut
      .all({}, { after: sent })
      .find((one) => isOneHopOn(one, sent))
    judge.note(`Multicast of global scope is ${crossed ? '' : 'not '}forwarded.`, crossed ?? sent)
  },
)

requirement(
  'RFC6092-REC-3',
  {
    cases: Object.fromEntries(
      Object.keys(barred).flatMap((block) => ways.map((way) => [`${block}, ${way}`, inBothModes])),
    ),
  },
  (evidence) => {
    const [block, way = ''] = evidence.case.split(', ')
    staysOnItsSide(
      evidence,
      { way, what: 'barred', block },
      `No packet from or to a ${block} address is forwarded ${toThe(way)}.`,
    )
  },
)

requirement('RFC6092-REC-6', { cases: { LAN: inBothModes, downstream: inBothModes } }, (evidence) => {
  const { case: place, world, did, given, marks, notApplicable } = evidence
  const first = did('boundary')
  if (place === 'downstream') {
    if (world.device.role !== 'gateway') notApplicable('It need not hand prefixes on.', first)
    did('still-online', (mark) => String(mark.data?.when).startsWith('boundary'))
    given(
      marks('boundary').find((mark) => isOf(mark, { what: 'interior', place })),
      'RFC9818-LPD-1',
    )
  }
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place },
    `A packet from the WAN whose source lies in a prefix ${place === 'LAN' ? 'of the LAN' : 'that was handed on'} does not come in.`,
  )
})

requirement('RFC7084-S-2', { cases: { 'foreign source': evening, 'downstream source': evening } }, (evidence) => {
  const { case: what, wan, world, judge, did, given, marks, framesOf, notApplicable } = evidence
  if (what === 'foreign source')
    return staysOnItsSide(
      evidence,
      { way: 'outbound', what },
      'A packet from the LAN whose source is in no prefix of this router does not leave on the WAN.',
    )
  const over = did('still-online', (mark) => String(mark.data?.when).startsWith('boundary'))
  if (world.device.role !== 'gateway') return notApplicable('It need not hand prefixes on.', over)
  const sent = marks('boundary').find((mark) => isOf(mark, { what: 'own source', place: 'downstream' }))
  // Without a default router it asks in vain, and the packet is never sent.
  const packet = given(
    framesOf(given(sent, 'RFC9818-LPD-1')).find((frame) => frame.packet.udp),
    'RFC7084-L-1',
  )

  judge.found(
    wan.fromDut.all({}, { after: packet }).find((frame) => isOneHopOn(frame, packet)),
    over,
    'A packet from behind a downstream router, out of the prefix that it was given, leaves on the WAN as it is.',
    packet,
  )
})
