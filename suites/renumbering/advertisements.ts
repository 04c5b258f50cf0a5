import { type Evidence, type Frame, iaPrefixes, inPrefix, type LinkView, pios, ra, raUpdate, requirement } from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { cells, lanTold, lastLive, moved, piosIn, type Renumbered, renumbered } from './matrix.ts'

/** RFC 7084 L-13: as RFC 4862 section 5.5.3 e lets hosts believe. Seconds. */
const twoHours = 7200

/** The first RA since the change began that takes the old prefix back in the way asked for. */
function withdrawing(evidence: Evidence, { old, begun, over }: Renumbered, gone: (valid: number) => boolean) {
  return evidence.lan
    .of('host')
    .fromDut.all(ra(), { after: begun, before: over })
    .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && gone(pio.validLifetime)))
}

/** Besides the host's, the LANs that had a live prefix out of the old one: a guest network is one. */
function otherLinks({ lan }: Evidence, { old, begun }: Renumbered): LinkView[] {
  const isLive = (frame: Frame) => piosIn(frame, old).some((pio) => pio.validLifetime > 0)
  return lan.segments.filter(
    ({ name, fromDut }) =>
      name !== lan.of('host').name && fromDut.all(ra(), { before: begun }).findLast(isLive) !== undefined,
  )
}

/** What one LAN is informed of, each of them is. */
function withdrawnElsewhere(evidence: Evidence, change: Renumbered, gone: (valid: number) => boolean): void {
  const { old, begun, told } = change
  const end = evidence.recording.frames.at(-1)?.at ?? 0
  for (const link of otherLinks(evidence, change)) {
    const withdrawn = link.fromDut
      .all(ra(), { after: begun })
      .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && gone(pio.validLifetime)))
    const claim = `On ${link.name} too the old prefix in ${old} is withdrawn by lifetimes 0.`
    // The scenario waits for the host's LAN alone: what another one is informed of may come later.
    if (withdrawn || end >= told.at + raUpdate.max)
      evidence.judge.due(withdrawn, { after: told, seconds: raUpdate.max }, claim)
    else evidence.judge.note(`Whether ${link.name} is informed was not recorded for long enough.`, told)
  }
}

/** At once after the Reply; a router that knew before it, as when its line was cut, is early and not late. */
function atOnce({ judge }: Evidence, { told }: Renumbered, frame: Frame): void {
  if (frame.at < told.at) judge.note('It is withdrawn before the router has another one.', frame)
  else judge.within(frame.at - told.at, raUpdate, 'It is withdrawn at once.', told, frame)
}

requirement(
  'RFC9096-L-13',
  {
    cases: {
      ...cells('RA', 'Renew', 'NoBinding', 'link flap', 'Reconfigure'),
      ...cells('flags of the RA', 'Renew', 'NoBinding', 'link flap', 'Reconfigure'),
    },
  },
  (evidence) => {
    const { judge } = evidence
    const change = renumbered(evidence)
    const { old, told, begun, over, observer } = change
    const before = lastLive(evidence, change, begun)
    const frame = judge.found(
      withdrawing(evidence, change, (valid) => valid === 0),
      over,
      `The stale prefix in ${old} is advertised with preferred and valid lifetime 0.`,
      before,
      told,
    )
    if (observer !== 'RA') return sameFlags(evidence, change, before, frame)
    atOnce(evidence, change, frame)
    withdrawnElsewhere(evidence, change, (valid) => valid === 0)
  },
)

function sameFlags({ judge }: Evidence, { old }: Renumbered, before: Frame, frame: Frame): void {
  const [was] = piosIn(before, old)
  const [now] = piosIn(frame, old)
  judge.holds(
    was?.autonomous === now?.autonomous && was?.onLink === now?.onLink,
    `Its A and L flags are as before (A=${Number(was?.autonomous)} L=${Number(was?.onLink)}).`,
    `A=${Number(now?.autonomous)} L=${Number(now?.onLink)}`,
    before,
    frame,
  )
}

requirement(
  'RFC7084-L-13',
  {
    cases: {
      ...cells('RA', 'Renew', 'NoBinding', 'link flap', 'Reconfigure'),
      ...cells('SLAAC host', 'Renew', 'NoBinding', 'link flap', 'Reconfigure'),
    },
  },
  (evidence) => {
    const { judge, marks, framesOf } = evidence
    const change = renumbered(evidence)
    const { old, told, begun, over, observer } = change
    const before = lastLive(evidence, change, begun)
    if (observer === 'SLAAC host') return hostMoved(evidence, change)
    const last = Math.max(...piosIn(before, old).map((pio) => pio.validLifetime))
    const frame = judge.found(
      withdrawing(evidence, change, (valid) => valid <= Math.min(last, twoHours)),
      over,
      `The old prefix in ${old} is advertised with preferred lifetime 0, and valid lifetime 0 or what is left of it.`,
      before,
      told,
    )
    atOnce(evidence, change, frame)
    const news = judge.found(
      marks('lan-told').find(({ data }) => data?.trigger === change.trigger),
      over,
      'The new prefix is advertised.',
      told,
    )
    judge.note('With it comes the RA that is named here.', ...framesOf(news))
  },
)

/** A host that knows SLAAC only begins its flows from the new prefix, and from nothing else. */
export function hostMoved(evidence: Evidence, change: Renumbered): void {
  const { judge, framesOf } = evidence
  evidence.given(change.source ? change.begun : undefined, 'DENAT-GUA-1')
  lanTold(evidence, change)
  const flow = change.mark('new-flow')
  moved(evidence, change, flow, 'The host')
  judge.found(framesOf(flow)[0], flow, 'It reaches the Internet from there.')
}

/** Seconds after the router has its lease, RFC 9096 section 3.5 and the catalogue. */
const afterBoot = 30

requirement(
  'RFC9096-3.5-STORE',
  {
    cases: {
      ...cells('RA', 'orderly reboot', 'power cut'),
      ...cells('flags of the RA', 'orderly reboot', 'power cut'),
      ...cells('SLAAC host', 'orderly reboot', 'power cut'),
    },
  },
  (evidence) => {
    const { judge } = evidence
    const change = renumbered(evidence)
    const { old, told, begun, observer } = change
    const before = lastLive(evidence, change, begun)
    if (observer === 'SLAAC host') return hostMoved(evidence, change)
    const frame = judge.due(
      withdrawing(evidence, change, (valid) => valid === 0),
      { after: told, seconds: afterBoot },
      `The prefix in ${old}, advertised before the restart, is advertised with preferred and valid lifetime 0.`,
      before,
    )
    if (observer !== 'RA') return sameFlags(evidence, change, before, frame)
    withdrawnElsewhere(evidence, change, (valid) => valid === 0)
  },
)

requirement(
  'RFC9096-3.5-WANZERO',
  { cases: { ...cells('RA', 'lifetime 0'), ...cells('SLAAC host', 'lifetime 0') } },
  (evidence) => {
    const { judge, given, framesOf, did } = evidence
    const change = renumbered(evidence)
    const { old, told, begun, over, observer, source } = change
    const zeroed = iaPrefixes(told).some(({ prefix, validLifetime }) => prefix === old && validLifetime === 0)
    const [renew] = framesOf(did('withdrawn'))
    const named = renew !== undefined && iaPrefixes(renew).some(({ prefix }) => prefix === old)
    // The ISP answers for what it was asked, by a client that it knows.
    given(zeroed ? told : undefined, named ? 'RFC7084-W-5' : 'RFC7084-WPD-1')
    const before = lastLive(evidence, change, begun)
    if (observer === 'SLAAC host') {
      given(source ? begun : undefined, 'DENAT-GUA-1')
      const after = change.mark('after-withdrawal')
      const addresses = (after.data?.addresses ?? []) as string[]
      return judge.holds(
        !addresses.some((one) => inPrefix(one, old)),
        `No host begins a flow from ${old} any more.`,
        addresses.join(', '),
        told,
        after,
      )
    }
    const frame = judge.found(
      withdrawing(evidence, change, (valid) => valid === 0),
      over,
      'Its LAN sub-prefix is advertised with preferred and valid lifetime 0.',
      before,
      told,
    )
    atOnce(evidence, change, frame)
    withdrawnElsewhere(evidence, change, (valid) => valid === 0)
  },
)

/** So long before the end somebody asked last. Seconds. */
const lastLook = 8

requirement('RFC9096-3.5-HOLD', flashRenumbering, (evidence) => {
  const { lan, judge, given, did, marks } = evidence
  const change = renumbered(evidence, 'Renew, RA')
  const { old, told } = change
  const before = lastLive(evidence, change, told)
  const last = Math.max(...piosIn(before, old).map((pio) => pio.validLifetime))
  const end = before.at + last - 1
  const first = given(
    withdrawing(evidence, change, (valid) => valid === 0),
    'RFC9096-L-13',
  )
  const still = marks('still-withdrawn').at(-1) ?? did('still-withdrawn')
  // RFC 9096 asks it of multicast RAs; those that answer one host may leave it out, and some hold no prefix at all (RFC
  // 4861 section 6.2.3).
  const multicast = lan
    .of('host')
    .fromDut.all(ra({}, { ip6: { dst: 'ff02::1' } }), { after: first })
    .filter((frame) => pios(frame).length > 0)
  const sent = multicast.filter((frame) => frame.at < end)
  const final = given(
    sent.findLast((frame) => frame.at > end - lastLook),
    end > still.at + lastLook ? 'RFC9096-L-15' : 'RFC7084-L-1',
  )
  judge.each(
    [first, ...sent],
    `For the ${last} s that hosts were last told, every multicast RA that holds prefixes withdraws the one in ${old}.`,
    (frame) => (piosIn(frame, old).some((pio) => pio.validLifetime === 0) ? undefined : 'no such PIO'),
  )
  judge.note(`The last of them came ${(end - final.at).toFixed(1)} s before that end.`, before, final)
})
