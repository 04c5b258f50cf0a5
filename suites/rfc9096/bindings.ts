import {
  anyOf,
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  inPrefix,
  prefixContains,
  requirement,
  the,
} from 'denat'
import { isHeedful, repliesTo, restarts, whileItRuns, withoutAddress } from '../shared/observers.ts'
import { cells, changeOnLan, lackingFor, type Renumbered } from '../shared/renumbering.ts'
import type { Trigger } from '../steps/renumber.ts'

/** It asks for what it holds: by T1 of its lease, which may not outlive the ISP's, or because it was made to. */
function askedBy({ lan, world }: Evidence, station: string, { learned, over }: Renumbered): Frame | undefined {
  const duid = world.stations[station]?.duid
  return lan
    .of(station)
    .toDut.all({ dhcp6: { type: anyOf('renew', 'rebind', 'request') } }, { after: learned, before: over })
    .find((frame) => dhcpv6OptionsOf(frame, 'client-id').some((client) => client.duid === duid))
}

/** Leases from a stale prefix in the server's Replies. After a restart the server has them only from stable storage. */
const staleLeases = (...of: readonly Trigger[]) => ({
  ...cells('DHCPv6 host', hostIsInformed, ...of),
  ...cells('downstream router', routerIsInformed, ...of),
})

function hostIsInformed(evidence: Evidence, change: Renumbered) {
  const { address, begun } = change
  if (!address) return withoutAddress(evidence, begun)
  zeroedOnLan(evidence, change, { station: 'terminal', observer: 'DHCPv6 host', stale: address, leases: iaAddresses })
}

function routerIsInformed(evidence: Evidence, change: Renumbered) {
  const { held, begun } = change
  if (!held) return evidence.assume(false, lackingFor(evidence, begun, 'RFC9818-LPD-1'))
  zeroedOnLan(evidence, change, {
    station: 'downstream',
    observer: 'downstream router',
    stale: held,
    leases: prefixLeases,
  })
}

const prefixLeases = (frame: Frame) => iaPrefixes(frame).map((one) => ({ ...one, address: one.prefix }))

interface Holder {
  station: 'terminal' | 'downstream'
  observer: string
  /** What it holds of the old prefix. */
  stale: string
  leases(frame: Frame): { address: string; preferredLifetime: number; validLifetime: number }[]
}

function zeroedOnLan(evidence: Evidence, change: Renumbered, { station, observer, stale, leases }: Holder): void {
  const { judge, given, lan, world } = evidence
  const { begun, old, over } = change
  const { duid } = world.stations[station] ?? {}
  const leased = (frame: Frame) =>
    granted(frame).some((prefix) => prefixContains(old, prefix)) ||
    iaAddresses(frame).some((one) => one.validLifetime > 0 && inPrefix(one.address, old))
  isHeedful(evidence, station, begun)
  // Else the change before this one never reached it.
  given(
    lan
      .of(station)
      .fromDut.all(dhcpv6('reply', { clientId: { duid } }), { before: begun })
      .find(leased),
    lackingFor(evidence, begun, 'DENAT-RENUM-CASCADE'),
  )
  const replies = repliesTo(evidence, station, change)
  const informed = replies.find((frame) =>
    leases(frame).some((one) => one.address === stale && one.preferredLifetime === 0 && one.validLifetime === 0),
  )
  const asked = askedBy(evidence, station, change)
  if (!asked) changeOnLan(evidence, change)
  const question = given(asked, 'RFC9096-L-15')
  const expected = claim`A Reply to the ${the.name(observer)} contains its stale ${the.prefix(stale)} with preferred and valid lifetime 0.`
  judge.found(informed, over, expected, question, ...replies)
}

export const requirements = [
  requirement('RFC9096-3.5-DHCPZERO', staleLeases(...whileItRuns)),

  requirement('RFC9096-3.5-BINDINGS', staleLeases(...restarts)),
]
