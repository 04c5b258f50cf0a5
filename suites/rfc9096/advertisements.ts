import {
  claim,
  type Evidence,
  type Frame,
  iaPrefixes,
  inPrefix,
  type LinkView,
  pios,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { flashRenumbering, stillWithdrawn } from '../scenarios/flash-renumbering.ts'
import { isLive, piosIn } from '../shared/advertised.ts'
import {
  cells,
  changeOnLan,
  following,
  lastLive,
  type OfChange,
  type Renumbered,
  renumbered,
} from '../shared/renumbering.ts'
import { anyLifetime, atOnce, hostIsMoved, type IsGone, whileItRuns, withdrawing } from '../shared/withdrawals.ts'
import { afterWithdrawal, withdrawn } from '../steps/withdrawal.ts'

const isZero: IsGone = (validLifetime) => validLifetime === 0

/** Besides the host's, the LANs that had a live prefix out of the old one: a guest network is one. */
function otherLinks({ lan }: Evidence, { old, begun }: Renumbered): LinkView[] {
  const wasLive = (frame: Frame) => isLive(frame, old)
  return lan.segments.filter(
    ({ name, fromDut }) =>
      name !== lan.of('host').name && fromDut.all(ra(), { before: begun }).findLast(wasLive) !== undefined,
  )
}

/** What one LAN is informed of, each of them is. */
function withdrawnElsewhere(evidence: Evidence, change: Renumbered): void {
  const { old, begun, learned } = change
  const end = evidence.recording.frames.at(-1)?.at ?? 0
  for (const link of otherLinks(evidence, change)) {
    const withdrawn = link.fromDut
      .all(ra(), { after: begun })
      .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && pio.validLifetime === 0))
    const expected = claim`On ${the.name(link.name)} the old prefix from ${the.name(old)} is withdrawn by lifetimes 0 as well.`
    // The scenario waits for the host's LAN alone: what another one is informed of may come later.
    if (withdrawn || end >= learned.at + raUpdate.max)
      evidence.judge.due(withdrawn, { after: learned, seconds: raUpdate.max }, expected)
    else evidence.judge.note(claim`The recording is too short to show a withdrawal on ${the.name(link.name)}.`, learned)
  }
}

const isWithdrawn: OfChange = (evidence, change) => {
  const before = lastLive(evidence, change, change.begun)
  const frame = evidence.judge.found(
    withdrawing(evidence, change, isZero, change.over),
    change.over,
    claim`The stale prefix from ${the.name(change.old)} is advertised with preferred and valid lifetime 0.`,
    before,
    change.learned,
  )
  atOnce(evidence, change, frame)
  withdrawnElsewhere(evidence, change)
}

/** Without a withdrawal the case of the RA fails, and not this one as well. */
const keepsFlags =
  (id: string): OfChange =>
  (evidence, change) => {
    const before = lastLive(evidence, change, change.begun)
    sameFlags(evidence, change, before, evidence.given(withdrawing(evidence, change, isZero, change.over), id))
  }

function sameFlags({ judge }: Evidence, { old }: Renumbered, before: Frame, frame: Frame): void {
  const flags = ({ autonomous, onLink }: ReturnType<typeof pios>[number]) =>
    `A=${Number(autonomous)} L=${Number(onLink)}`
  const was = piosIn(before, old)
  const now = piosIn(frame, old)
  // A link may have several /64 of it.
  const known = now.filter(({ prefix }) => was.some((one) => one.prefix === prefix))
  for (const pio of known.length > 0 ? known : now) {
    const former = was.find(({ prefix }) => prefix === pio.prefix) ?? was[0]
    if (former) judge.equal(flags(pio), flags(former), claim`The A and L flags of its PIO are as before`, before, frame)
  }
}

/** Seconds after the router has its lease, RFC 9096 section 3.5 and the catalogue. */
const afterBoot = 30

const isWithdrawnAfterBoot: OfChange = (evidence, change) => {
  // What an orderly reboot loses a power cut loses as well.
  if (change.trigger === 'power cut') evidence.followsFrom('RFC9096-3.5-STORE · orderly reboot, RA')
  const before = lastLive(evidence, change, change.begun)
  const gone = withdrawing(evidence, change, isZero)
  // Where the new prefix is not used, nothing replaces the old one.
  if (!gone) changeOnLan(evidence, change)
  evidence.judge.due(
    gone,
    { after: change.learned, seconds: afterBoot },
    claim`The prefix from ${the.name(change.old)} that was advertised before the restart is advertised with preferred and valid lifetime 0.`,
    before,
  )
  withdrawnElsewhere(evidence, change)
}

const restarts = ['orderly reboot', 'power cut'] as const

/** The ISP answers for what it was asked, by a client that it knows. */
function isZeroed({ at, assume }: Evidence, { old, learned }: Renumbered): void {
  const zeroed = iaPrefixes(learned).some(({ prefix, validLifetime }) => prefix === old && validLifetime === 0)
  const { renew } = at(withdrawn)
  const named = renew !== undefined && iaPrefixes(renew).some(({ prefix }) => prefix === old)
  assume(zeroed, named ? 'RFC7084-W-5' : 'RFC7084-WPD-1')
}

const isPassedOn: OfChange = (evidence, change) => {
  const { begun, over, learned } = change
  isZeroed(evidence, change)
  const before = lastLive(evidence, change, begun)
  const frame = evidence.judge.found(
    withdrawing(evidence, change, isZero, over),
    over,
    claim`Its LAN sub-prefix is advertised with preferred and valid lifetime 0.`,
    before,
    learned,
  )
  atOnce(evidence, change, frame)
  withdrawnElsewhere(evidence, change)
}

const beginsNoFlow: OfChange = (evidence, change) => {
  const { judge, assume, given } = evidence
  const { old, begun, source, learned } = change
  isZeroed(evidence, change)
  lastLive(evidence, change, begun)
  const { addresses, mark } = change.at(afterWithdrawal)
  given(withdrawing(evidence, change, anyLifetime, mark), 'RFC9096-3.5-WANZERO')
  assume(source !== undefined, 'DENAT-GUA-1')
  judge.holds(
    !addresses.some((one) => inPrefix(one, old)),
    claim`No host uses an address from ${the.name(old)} for a new flow.`,
    claim`${the.list(addresses.map((item) => the.address(item)))}`,
    learned,
    mark,
  )
}

/** Time between the last RS of a host and the end. Seconds. */
const lastLook = 8

export const requirements = [
  requirement('RFC9096-L-13', {
    ...following('RFC7084-L-13', cells('RA', isWithdrawn, ...whileItRuns)),
    ...cells('flags of the RA', keepsFlags('RFC9096-L-13'), ...whileItRuns),
  }),

  requirement('RFC9096-3.5-STORE', {
    ...cells('RA', isWithdrawnAfterBoot, ...restarts),
    ...cells('flags of the RA', keepsFlags('RFC9096-3.5-STORE'), ...restarts),
    ...cells('SLAAC host', hostIsMoved('RFC9096-3.5-STORE'), ...restarts),
  }),

  requirement('RFC9096-3.5-WANZERO', {
    ...cells('RA', isPassedOn, 'lifetime 0'),
    ...cells('SLAAC host', beginsNoFlow, 'lifetime 0'),
  }),

  requirement('RFC9096-3.5-HOLD', flashRenumbering, (evidence) => {
    const { lan, judge, given, at, every } = evidence
    const change = renumbered(evidence, 'Renew')
    const { old, learned } = change
    const before = lastLive(evidence, change, learned)
    const last = Math.max(...piosIn(before, old).map((pio) => pio.validLifetime))
    const end = before.at + last - 1
    const first = given(withdrawing(evidence, change, isZero, change.over), 'RFC9096-L-13')
    const still = (every(stillWithdrawn).at(-1) ?? at(stillWithdrawn)).mark
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
      claim`For the last advertised valid lifetime, ${the.seconds(last)}, every multicast RA with prefixes withdraws the one from ${the.name(old)}.`,
      (frame) => (piosIn(frame, old).some((pio) => pio.validLifetime === 0) ? undefined : claim`no such PIO`),
    )
    judge.note(claim`The last of them was sent ${the.seconds(end - final.at, 1)} before that end.`, before, final)
  }),
]
