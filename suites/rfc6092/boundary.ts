import { type Claim, claim, type Judgement, on, requirement, the } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { copiesOf, hasDownstream, having, staysOnItsSide } from '../shared/boundary.ts'
import { atBoundary, barred, type Facts, siteGroups } from '../steps/firewall/boundary.ts'

/** The boundary is in effect in the default mode and in the transparent mode. */
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
      claim`The router does not forward a packet with a multicast source address ${toThe(way)}.`,
    )

const keepsGroup =
  (scope: string, way: Facts['way']): Judgement =>
  (evidence) => {
    const { every, judge } = evidence
    staysOnItsSide(
      evidence,
      { way, what: 'multicast', scope },
      claim`The router does not forward multicast of ${the.name(scope)} scope ${toThe(way)}.`,
    )
    const sent = every(atBoundary).find(having({ way, what: 'multicast', scope: 'global' }))?.sent
    if (!sent) return
    const [crossed] = copiesOf(evidence, way, sent)
    judge.note(
      crossed
        ? claim`The router forwards multicast of global scope.`
        : claim`The router does not forward multicast of global scope.`,
      crossed ?? sent,
    )
  }

const keepsBlock =
  (block: string, way: Facts['way']): Judgement =>
  (evidence) =>
    staysOnItsSide(
      evidence,
      { way, what: 'barred', block },
      claim`The router forwards no packet from or to a ${the.name(block)} address ${toThe(way)}.`,
    )

const keepsOwnSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'LAN' },
    claim`The router does not forward a packet from the WAN whose source address is in a prefix of the LAN.`,
  )

const keepsDelegatedSource: Judgement = (evidence) => {
  hasDownstream(evidence, 'interior')
  staysOnItsSide(
    evidence,
    { way: 'inbound', what: 'interior', place: 'downstream' },
    claim`The router does not forward a packet from the WAN whose source address is in a prefix of a downstream router.`,
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
