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
import { leftOf } from '../shared/delegated-leases.ts'
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

/** The first T1 of a Reply; undefined where it leaves the time to the client. */
function shortestT1(reply: Frame): number | undefined {
  const times = [...dhcpv6OptionsOf(reply, 'ia-na'), ...dhcpv6OptionsOf(reply, 'ia-pd')].map(({ t1 }) => t1)
  return times.length > 0 && !times.includes(0) ? Math.min(...times) : undefined
}

interface Holder {
  station: 'terminal' | 'downstream'
  observer: string
  /** What it holds of the old prefix. */
  stale: string
  leases(frame: Frame): { address: string; preferredLifetime: number; validLifetime: number }[]
}

function zeroedOnLan(evidence: Evidence, change: Renumbered, { station, observer, stale, leases }: Holder): void {
  const { judge, given, notApplicable, wan, lan, world } = evidence
  const { begun, old, learned, over } = change
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
  if (!asked) {
    changeOnLan(evidence, change)
    const last = lan
      .of(station)
      .fromDut.all(dhcpv6('reply', { clientId: { duid } }), { before: learned })
      .findLast(leased)
    const t1 = last && shortestT1(last)
    const left = last && leftOf(wan.toDut.all(dhcpv6('reply', { iaPd: { iaPrefix: {} } })), old, last)
    // RFC9096-L-15 judges a lease that outlives that of the ISP.
    const isWithin = t1 !== undefined && left !== undefined && t1 <= left.valid
    if (last && isWithin && last.at + t1 > over.at)
      notApplicable(
        claim`T1 of its lease is ${the.seconds(t1)}: the ${the.name(observer)} need not send a Renew in this time.`,
        last,
        over,
      )
  }
  const question = given(asked, 'RFC9096-L-15')
  const expected = claim`A Reply to the ${the.name(observer)} contains its stale ${the.prefix(stale)} with preferred and valid lifetime 0.`
  judge.found(informed, over, expected, question, ...replies)
}

export const requirements = [
  requirement('RFC9096-3.5-DHCPZERO', staleLeases(...whileItRuns)),

  requirement('RFC9096-3.5-BINDINGS', staleLeases(...restarts)),
]
