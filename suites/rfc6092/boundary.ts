import { type Claim, claim, type Judgement, on, requirement, the } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { copiesOf, hasDownstream, having, staysOnItsSide } from '../shared/boundary.ts'
import { atBoundary, barred, type Facts, siteGroups } from '../steps/evening/boundary.ts'

/** The boundary holds in the default mode and in the transparent one. */
const inBothModes = [firewall, webUiFirewall]

const ways = ['outbound', 'inbound'] as const

const toThe = (way: Facts['way']): Claim =>
  way === 'outbound' ? claim`from the LAN to the WAN` : claim`from the WAN to the LAN`

const keepsMulticastSource =
  (way: Facts['way']): Judgement =>
  (evidence) =>
    staysOnItsSide(
      evidence,
      { way, what: 'multicast source' },
      claim`A packet whose source is a multicast address is not forwarded ${toThe(way)}.`,
    )

const keepsGroup =
  (scope: string, way: Facts['way']): Judgement =>
  (evidence) => {
    const { every, judge } = evidence
    staysOnItsSide(
      evidence,
      { way, what: 'multicast', scope },
      claim`Multicast of ${the.name(scope)} scope is not forwarded ${toThe(way)}.`,
    )
    const sent = every(atBoundary).find(having({ way, what: 'multicast', scope: 'global' }))?.sent
    if (!sent) return
    const [crossed] = copiesOf(evidence, way, sent)
    judge.note(claim`Multicast of global scope is ${crossed ? claim`` : claim`not `}forwarded.`, crossed ?? sent)
  }

const keepsBlock =
  (block: string, way: Facts['way']): Judgement =>
  (evidence) =>
    staysOnItsSide(
      evidence,
      { way, what: 'barred', block },
      claim`No packet from or to a ${the.name(block)} address is forwarded ${toThe(way)}.`,
    )

const keepsOwnSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'LAN' },
    claim`A packet from the WAN whose source lies in a prefix of the LAN does not come in.`,
  )

const keepsDelegatedSource: Judgement = (evidence) => {
  hasDownstream(evidence, 'interior')
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'downstream' },
    claim`A packet from the WAN whose source lies in a prefix that was delegated does not come in.`,
  )
}

export const requirements = [
  requirement('RFC6092-REC-1', {
    outbound: on(inBothModes, keepsMulticastSource('outbound')),
    inbound: on(inBothModes, keepsMulticastSource('inbound')),
  }),

  requirement(
    'RFC6092-REC-2',
    Object.fromEntries(
      Object.keys(siteGroups).flatMap((scope) =>
        ways.map((way) => [`${scope}, ${way}`, on(inBothModes, keepsGroup(scope, way))]),
      ),
    ),
  ),

  requirement(
    'RFC6092-REC-3',
    Object.fromEntries(
      Object.keys(barred).flatMap((block) =>
        ways.map((way) => [`${block}, ${way}`, on(inBothModes, keepsBlock(block, way))]),
      ),
    ),
  ),

  requirement('RFC6092-REC-6', {
    LAN: on(inBothModes, keepsOwnSource),
    downstream: on(inBothModes, keepsDelegatedSource),
  }),
]
