import { claim, type Evidence, type Frame, icmpv6Of, type Judgement, na, on, requirement } from 'denat'
import { twoPrefixes, wanPrefixes, withdrawn } from '../scenarios/wan-prefixes.ts'
import { formed } from '../shared/formed.ts'

/** Unsolicited Neighbor Advertisements to all routers for the first address formed; `probe` is its DAD. */
function announced({ wan, at, given }: Evidence) {
  const added = at(twoPrefixes)
  const { mark: over } = at(withdrawn)
  const probe = given(formed({ wan }, added.wanPrefix, { after: added.mark }), 'RFC7084-WAA-1')
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  // An optimistic address (RFC 4429) is announced before its DAD.
  const during = { after: added.mark, before: over }
  const all = wan.fromDut.all(na({ target, solicited: false }), during)
  return { probe, over, all, toRouters: all.filter(({ packet }) => packet.ip6?.dst === 'ff02::2') }
}

const isAnnounced: Judgement = (evidence) => {
  const { judge } = evidence
  const { probe, over, all, toRouters } = announced(evidence)
  if (toRouters.length === 0 && all.length > 0)
    judge.note(claim`The router sends them to all nodes (ff02::1) instead.`, ...all.slice(0, 1))
  judge.found(
    toRouters[0],
    over,
    claim`The router sends unsolicited Neighbor Advertisements for a new WAN address to the routers of the link (ff02::2).`,
    probe,
  )
}

/** Ends the judgement where there are none. */
function someAnnounced(evidence: Evidence): [Frame, ...Frame[]] {
  const { probe, toRouters } = announced(evidence)
  const [first, ...rest] = toRouters
  return first
    ? [first, ...rest]
    : evidence.notApplicable(
        claim`The router sends no Neighbor Advertisement for its new address to the routers.`,
        probe,
      )
}

const overridesNothing: Judgement = (evidence) =>
  evidence.judge.each(
    someAnnounced(evidence),
    claim`The Override flag of these Neighbor Advertisements is clear.`,
    (frame) => (icmpv6Of(frame, 'neighbor-advertisement').override ? claim`O=1` : undefined),
  )

const threeAtMost: Judgement = (evidence) => {
  const sent = someAnnounced(evidence)
  evidence.judge.holds(sent.length <= 3, claim`The router sends at most three.`, claim`${sent.length}`, ...sent)
}

const areApart: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  let [previous, ...rest] = someAnnounced(evidence)
  if (rest.length === 0) return notApplicable(claim`The router sends only one.`, previous)
  for (const frame of rest) {
    judge.within(
      frame.at - previous.at,
      { min: 0.9, max: Number.POSITIVE_INFINITY, why: claim`RetransTimer, 1 s (RFC 4861 section 10)` },
      claim`They are at least RetransTimer apart.`,
      previous,
      frame,
    )
    previous = frame
  }
}

export const requirements = [
  requirement('RFC9131-6.1.2', {
    sent: on(wanPrefixes, isAnnounced),
    'O flag': on(wanPrefixes, overridesNothing),
    'three at most': on(wanPrefixes, threeAtMost),
    // "These advertisements MUST be separated by at least RetransTimer seconds."
    '1 s apart': on(wanPrefixes, areApart, { level: 'MUST' }),
  }),
]
