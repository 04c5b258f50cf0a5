import {
  anyOf,
  type Case,
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  network,
  on,
  pios,
  prefixContains,
  ra,
  raOf,
  requirement,
  the,
} from 'denat'
import { renumbering } from '../scenarios/renumbering.ts'
import { lateComer, restart } from '../scenarios/restart.ts'
import { flow, wanPrefixes, withdrawn } from '../scenarios/wan-prefixes.ts'
import { piosIn } from '../shared/advertised.ts'
import { type KeptKind, keeping, kept, keptFlow } from '../steps/keeps.ts'
import { lanAdvertised } from '../steps/renumber.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

/** One event: the prefixes and addresses of all nodes before and after it, and the Reply that granted the prefix before. */
interface Course {
  begun: Kept
  over: Kept & { asked?: Frame; advertised?: Frame }
  before: Frame
}

type Kept = ReturnType<typeof allOf>[number]

const allOf = ({ every }: Evidence, kind: KeptKind) => every(keeping).filter((one) => one.kind === kind)

type OfEvent = (evidence: Evidence, course: Course) => void

/** All events of this kind: in the full profile the router is restarted more than once. */
function stays(kind: KeptKind, judge: OfEvent) {
  return (evidence: Evidence): void => {
    const { at, every, wan, given, assume } = evidence
    // Before the flap the ISP took one prefix back and gave another; of that one is asked that it stays.
    if (kind === 'link flap')
      assume(
        every(lanAdvertised).some(({ trigger }) => trigger === 'NoBinding'),
        'RFC8415-18.2.10-NOBINDING',
      )
    const ofKind = (one: { kind: KeptKind }) => one.kind === kind
    at(keeping, ofKind)
    at(kept, ofKind)
    const ends = every(kept).filter(ofKind)
    for (const [n, begun] of allOf(evidence, kind).entries()) {
      const over = ends[n]
      if (!over) continue
      const before = given(
        wan.toDut
          .all(dhcpv6('reply', { iaPd: {} }), { before: begun.mark })
          .findLast((frame) => granted(frame).length > 0),
        'RFC7084-W-4',
      )
      judge(evidence, { begun, over, before })
    }
  }
}

const undisturbedLan: OfEvent = (evidence, course) => {
  undisturbed(evidence, course)
  sameLan(evidence, course)
}

const cells = (scenario: Case['scenarios'][number], event: string, kind: KeptKind): Record<string, Case> => ({
  [`${event}, DUID and IAID`]: on(scenario, stays(kind, sameIdentity)),
  [`${event}, LAN`]: on(scenario, stays(kind, sameLan)),
  [`${event}, downstream router`]: on(scenario, stays(kind, sameDelegation)),
})

function sameDelegation({ judge, given, assume, every }: Evidence, { begun, over }: Course): void {
  given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  const { held } = begun
  assume(held !== undefined, 'DENAT-RENUM-CASCADE')
  const taken = every(lateComer).some(
    ({ mark, prefix }) => mark.at > begun.mark.at && mark.at < over.mark.at && prefix === held,
  )
  assume(!taken, 'RFC8987-S-2')
  judge.equal(over.held, held, claim`The prefix of the downstream router after its next Renew`, begun.mark, over.mark)
}

/** By these the ISP knows the line, and gives it what it had. */
function sameIdentity({ wan, judge, given }: Evidence, { before, begun, over }: Course): void {
  const identities = (frame: Frame) =>
    dhcpv6OptionsOf(frame, 'ia-pd').map(
      ({ iaid }) => `DUID ${dhcpv6OptionsOf(frame, 'client-id')[0]?.duid} IAID ${iaid}`,
    )
  const course = { after: begun.mark, before: over.mark }
  const asking = wan.fromDut
    .all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } }, course)
    .filter((frame) => identities(frame).length > 0)
  const known = identities(before)
  judge.each(
    [given(asking[0], 'RFC8415-18.2.12-REBOOT'), ...asking],
    claim`The router requests its prefix with the same DUID and IAID as before: ${the.list(known.map((item) => the.name(item)))}.`,
    (frame) => {
      const other = identities(frame).find((identity) => !known.includes(identity))
      return other === undefined ? undefined : claim`${the.name(other)}`
    },
  )
}

function sameLan({ lan, judge, given }: Evidence, { before, begun, over }: Course): void {
  const delegated = granted(before)
  const live = (frame: Frame) =>
    [
      ...new Set(
        delegated
          .flatMap((prefix) => piosIn(frame, prefix))
          .flatMap((pio) => (pio.preferredLifetime > 0 ? [network(pio.prefix)] : [])),
      ),
    ]
      .sort()
      .join(', ')
  const { fromDut } = lan.of('host')
  const last = given(
    fromDut.all(ra(), { before: begun.mark }).findLast((frame) => live(frame) !== ''),
    'RFC7084-W-4',
  )
  const { asked = over.mark, advertised } = over
  const settled = fromDut.all(ra(), { after: asked, before: over.mark })
  const now = given(settled.findLast((frame) => live(frame) !== '') ?? advertised, 'RFC7084-L-1')
  judge.equal(live(now) || 'none', live(last), claim`The /64 on the LAN`, last, now)
}

/** Whatever the WAN link is numbered by, the LAN has its prefix from the delegation. */
function undisturbed({ lan, wan, judge, given, at }: Evidence, { before, begun, over }: Course): void {
  const delegated = granted(before)
  const { sent: renumbered } = at(withdrawn)
  given(at(flow).reply, 'DENAT-DEFAULT-1')
  const course = { after: begun.mark, before: over.mark }
  const isGone = ({ prefix, preferredLifetime }: ReturnType<typeof piosIn>[number]) =>
    preferredLifetime === 0 && delegated.some((one) => prefixContains(one, prefix))
  judge.absent(
    lan
      .of('host')
      .fromDut.all(ra(), course)
      .filter((frame) => raOf(frame).routerLifetime === 0 || pios(frame).some(isGone)),
    claim`While the prefix of the WAN link changes, no RA on the LAN withdraws the prefix or the default router.`,
    { fence: given(over.advertised, 'RFC7084-L-1'), since: renumbered ?? begun.mark },
  )
  const released = wan.fromDut.first(dhcpv6('release'), course)
  judge.holds(
    released === undefined,
    claim`The router sends no Release.`,
    claim`a Release`,
    begun.mark,
    ...(released ? [released] : []),
  )
  const { reply, mark } = at(keptFlow)
  judge.found(reply, mark, claim`A host on the LAN reaches the Internet as before.`)
}

export const requirements = [
  requirement('DENAT-ADDR-STABLE', {
    ...cells(restart, 'reboot', 'reboot'),
    ...cells(restart, 'power cut', 'power-cut'),
    ...cells(renumbering, 'link flap', 'link flap'),
    // Nothing need be asked of the ISP again when its RA alone is another one.
    'new WAN PIO, LAN': on(wanPrefixes, stays('new WAN PIO', undisturbedLan)),
    'new WAN PIO, downstream router': on(wanPrefixes, stays('new WAN PIO', sameDelegation)),
  }),
]
