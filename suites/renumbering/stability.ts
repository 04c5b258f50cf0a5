import {
  anyOf,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  type Mark,
  network,
  ra,
  raOf,
  requirement,
} from 'denat'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { piosIn } from './matrix.ts'

const events = {
  reboot: { on: restart, kind: 'reboot' },
  'power cut': { on: restart, kind: 'power-cut' },
  'link flap': { on: renumbering, kind: 'link flap' },
  'new WAN PIO': { on: wanPrefixes, kind: 'new WAN PIO' },
}
type Event = keyof typeof events

const observers = ['DUID and IAID', 'LAN', 'downstream router']

const cases = Object.fromEntries(
  Object.entries(events).flatMap(([event, { on }]) =>
    // Nothing need be asked of the ISP again when its RA alone is another one.
    observers
      .filter((one) => on !== wanPrefixes || one !== 'DUID and IAID')
      .map((observer) => [`${event}, ${observer}`, on]),
  ),
)

requirement('DENAT-ADDR-STABLE', { cases }, (evidence) => {
  const { case: cell, did, given, marks } = evidence
  const [event = '', observer] = cell.split(', ')
  // Before the flap the ISP took one prefix back and gave another; of that one is asked that it stays.
  if (event === 'link flap')
    given(
      marks('lan-told').find(({ data }) => data?.trigger === 'NoBinding'),
      'RFC8415-18.2.10-NOBINDING',
    )
  const ofEvent = ({ data }: Mark) => data?.kind === events[event as Event].kind
  did('keeping', ofEvent)
  did('kept', ofEvent)
  const ends = marks('kept').filter(ofEvent)
  // In the full profile the router is restarted more than once.
  for (const [n, begun] of marks('keeping').filter(ofEvent).entries()) {
    const over = ends[n]
    if (over) keptSame(evidence, { event, observer, begun, over })
  }
})

function keptSame(
  evidence: Evidence,
  { event, observer, begun, over }: { event: string; observer: string | undefined; begun: Mark; over: Mark },
): void {
  const { wan, given } = evidence
  const before = given(
    wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: begun }).findLast((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  if (observer === 'DUID and IAID') sameIdentity(evidence, before, begun, over)
  else if (observer === 'downstream router') sameDelegation(evidence, begun, over)
  else {
    if (event === 'new WAN PIO') undisturbed(evidence, before, begun, over)
    sameLan(evidence, before, begun, over)
  }
}

function sameDelegation({ judge, given, marks }: Evidence, begun: Mark, over: Mark): void {
  given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  given(begun.data?.held ? begun : undefined, 'DENAT-RENUM-CASCADE')
  const taken = marks('late-comer').some(
    ({ at, data }) => at > begun.at && at < over.at && data?.prefix === begun.data?.held,
  )
  given(taken ? undefined : begun, 'RFC8987-S-2')
  judge.equal(
    String(over.data?.held),
    String(begun.data?.held),
    'After its next Renew the downstream router has the prefix that it had',
    begun,
    over,
  )
}

/** By these the ISP knows the line, and gives it what it had. */
function sameIdentity({ wan, judge, given }: Evidence, before: Frame, begun: Mark, over: Mark): void {
  const identities = (frame: Frame) =>
    dhcpv6OptionsOf(frame, 'ia-pd').map(
      ({ iaid }) => `DUID ${dhcpv6OptionsOf(frame, 'client-id')[0]?.duid} IAID ${iaid}`,
    )
  const asking = wan.fromDut
    .all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } }, { after: begun, before: over })
    .filter((frame) => identities(frame).length > 0)
  const known = identities(before)
  judge.each(
    [given(asking[0], 'RFC8415-18.2.12-REBOOT'), ...asking],
    `It asks for its prefix by the identity that it had: ${known.join(', ')}.`,
    (frame) => identities(frame).find((identity) => !known.includes(identity)),
  )
}

function sameLan({ lan, judge, given, framesOf }: Evidence, before: Frame, begun: Mark, over: Mark): void {
  const [delegated = '::/0'] = granted(before)
  const live = (frame: Frame) =>
    [
      ...new Set(piosIn(frame, delegated).flatMap((pio) => (pio.preferredLifetime > 0 ? [network(pio.prefix)] : []))),
    ].join(', ')
  const last = given(
    lan
      .of('host')
      .fromDut.all(ra(), { before: begun })
      .findLast((frame) => live(frame) !== ''),
    'RFC7084-W-4',
  )
  const [asked, answer] = framesOf(over)
  const settled = lan.of('host').fromDut.all(ra(), { after: asked, before: over })
  const now = given(settled.findLast((frame) => live(frame) !== '') ?? answer, 'RFC7084-L-1')
  judge.equal(live(now), live(last), 'The LAN has the /64 that it had', last, now)
}

/** Whatever the WAN link is numbered by, the LAN has its prefix from the delegation. */
function undisturbed(
  { lan, wan, judge, given, did, framesOf }: Evidence,
  before: Frame,
  begun: Mark,
  over: Mark,
): void {
  const [delegated = '::/0'] = granted(before)
  const [renumbered] = framesOf(did('deprecated'))
  const [, fence] = framesOf(over)
  given(framesOf(did('flow'))[0], 'DENAT-DEFAULT-1')
  judge.absent(
    lan
      .of('host')
      .fromDut.all(ra(), { after: begun, before: over })
      .filter(
        (frame) =>
          raOf(frame).routerLifetime === 0 || piosIn(frame, delegated).some((pio) => pio.preferredLifetime === 0),
      ),
    'While the WAN link gets another prefix no RA tells the LAN that its prefix or its router is gone.',
    { fence: given(fence, 'RFC7084-L-1'), since: renumbered ?? begun },
  )
  const released = wan.fromDut.first(dhcpv6('release'), { after: begun, before: over })
  judge.holds(released === undefined, 'No lease is released.', 'a Release', begun, ...(released ? [released] : []))
  const flow = did('kept-flow')
  judge.found(framesOf(flow)[0], flow, 'A host of the LAN reaches the Internet as before.')
}
