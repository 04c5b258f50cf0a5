import {
  type Evidence,
  type Frame,
  iaPrefixes,
  inPrefix,
  isLinkLocal,
  type LinkView,
  type Mark,
  pios,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { flashRenumbering, stillWithdrawn } from '../scenarios/flash-renumbering.ts'
import { newFlow } from '../scenarios/renumber.ts'
import { afterWithdrawal, withdrawn } from '../scenarios/withdrawal.ts'
import {
  cells,
  following,
  lackingFor,
  lastLive,
  moved,
  newsOnLan,
  type OfChange,
  piosIn,
  type Renumbered,
  renumbered,
} from './matrix.ts'

/** RFC 7084 L-13: as RFC 4862 section 5.5.3 e lets hosts believe. Seconds. */
const twoHours = 7200

type IsGone = (validLifetime: number) => boolean
const isZero: IsGone = (validLifetime) => validLifetime === 0
const anyLifetime: IsGone = () => true

/** The first RA since the change began that withdraws the old prefix in the way asked for. */
export function withdrawing({ lan }: Evidence, { old, begun }: Renumbered, isGone: IsGone, before?: Mark) {
  return lan
    .of('host')
    .fromDut.all(ra(), { after: begun, ...(before && { before }) })
    .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && isGone(pio.validLifetime)))
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
function withdrawnElsewhere(evidence: Evidence, change: Renumbered): void {
  const { old, begun, told } = change
  const end = evidence.recording.frames.at(-1)?.at ?? 0
  for (const link of otherLinks(evidence, change)) {
    const withdrawn = link.fromDut
      .all(ra(), { after: begun })
      .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && pio.validLifetime === 0))
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

const isWithdrawn: OfChange = (evidence, change) => {
  const before = lastLive(evidence, change, change.begun)
  const frame = evidence.judge.found(
    withdrawing(evidence, change, isZero, change.over),
    change.over,
    `The stale prefix in ${change.old} is advertised with preferred and valid lifetime 0.`,
    before,
    change.told,
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

/** Those by which the ISP takes one prefix back and gives another while the router runs. */
const whileItRuns = ['Renew', 'NoBinding', 'link flap', 'Reconfigure'] as const

requirement('RFC9096-L-13', {
  ...following('RFC7084-L-13', cells('RA', isWithdrawn, ...whileItRuns)),
  ...cells('flags of the RA', keepsFlags('RFC9096-L-13'), ...whileItRuns),
})

function sameFlags({ judge }: Evidence, { old }: Renumbered, before: Frame, frame: Frame): void {
  const flags = ({ autonomous, onLink }: ReturnType<typeof pios>[number]) =>
    `A=${Number(autonomous)} L=${Number(onLink)}`
  const was = piosIn(before, old)
  const now = piosIn(frame, old)
  // A link may have several /64 of it.
  const known = now.filter(({ prefix }) => was.some((one) => one.prefix === prefix))
  for (const pio of known.length > 0 ? known : now) {
    const former = was.find(({ prefix }) => prefix === pio.prefix) ?? was[0]
    if (former) judge.equal(flags(pio), flags(former), 'Its A and L flags are as before', before, frame)
  }
}

const isDeprecated: OfChange = (evidence, change) => {
  const { old, begun, over, told } = change
  const before = lastLive(evidence, change, begun)
  const last = Math.max(...piosIn(before, old).map((pio) => pio.validLifetime))
  const frame = evidence.judge.found(
    withdrawing(evidence, change, (valid) => valid <= Math.min(last, twoHours), over),
    over,
    `The old prefix in ${old} is advertised with preferred lifetime 0, and valid lifetime 0 or what is left of it.`,
    before,
    told,
  )
  atOnce(evidence, change, frame)
  evidence.judge.note('The new prefix is advertised by the RA that is named here.', newsOnLan(evidence, change))
}

/** A host can't know what no RA says: that is the case of the RA. */
const hostIsMoved =
  (id: string): OfChange =>
  (evidence, change) => {
    lastLive(evidence, change, change.begun)
    newsOnLan(evidence, change)
    const gone = evidence.given(withdrawing(evidence, change, anyLifetime, change.at(newFlow).mark), id)
    // A host discards any other RA: RFC 4861 section 6.1.2.
    evidence.assume(isLinkLocal(gone.packet.ip6?.src ?? '::'), 'RFC4861-4.2-RASOURCE')
    hostMoved(evidence, change)
  }

requirement('RFC7084-L-13', {
  ...cells('RA', isDeprecated, ...whileItRuns),
  ...cells('SLAAC host', hostIsMoved('RFC7084-L-13'), ...whileItRuns),
})

/** A host that knows SLAAC only begins its flows from the new prefix, and from nothing else. */
export function hostMoved(evidence: Evidence, change: Renumbered): void {
  const { judge, assume } = evidence
  assume(change.source !== undefined, lackingFor(evidence, change.begun, 'DENAT-GUA-1'))
  newsOnLan(evidence, change)
  const flow = change.at(newFlow)
  moved(evidence, change, flow, 'The host')
  judge.found(flow.reply, flow.mark, 'It reaches the Internet from there.')
}

/** Seconds after the router has its lease, RFC 9096 section 3.5 and the catalogue. */
const afterBoot = 30

const isWithdrawnAfterBoot: OfChange = (evidence, change) => {
  // What an orderly reboot loses a power cut loses as well.
  if (change.trigger === 'power cut') evidence.followsFrom('RFC9096-3.5-STORE · orderly reboot, RA')
  const before = lastLive(evidence, change, change.begun)
  const gone = withdrawing(evidence, change, isZero)
  // Where the new prefix is not used, nothing replaces the old one.
  if (!gone) newsOnLan(evidence, change)
  evidence.judge.due(
    gone,
    { after: change.told, seconds: afterBoot },
    `The prefix in ${change.old}, advertised before the restart, is advertised with preferred and valid lifetime 0.`,
    before,
  )
  withdrawnElsewhere(evidence, change)
}

const restarts = ['orderly reboot', 'power cut'] as const

requirement('RFC9096-3.5-STORE', {
  ...cells('RA', isWithdrawnAfterBoot, ...restarts),
  ...cells('flags of the RA', keepsFlags('RFC9096-3.5-STORE'), ...restarts),
  ...cells('SLAAC host', hostIsMoved('RFC9096-3.5-STORE'), ...restarts),
})

/** The ISP answers for what it was asked, by a client that it knows. */
function isZeroed({ at, assume }: Evidence, { old, told }: Renumbered): void {
  const zeroed = iaPrefixes(told).some(({ prefix, validLifetime }) => prefix === old && validLifetime === 0)
  const { renew } = at(withdrawn)
  const named = renew !== undefined && iaPrefixes(renew).some(({ prefix }) => prefix === old)
  assume(zeroed, named ? 'RFC7084-W-5' : 'RFC7084-WPD-1')
}

const isPassedOn: OfChange = (evidence, change) => {
  const { begun, over, told } = change
  isZeroed(evidence, change)
  const before = lastLive(evidence, change, begun)
  const frame = evidence.judge.found(
    withdrawing(evidence, change, isZero, over),
    over,
    'Its LAN sub-prefix is advertised with preferred and valid lifetime 0.',
    before,
    told,
  )
  atOnce(evidence, change, frame)
  withdrawnElsewhere(evidence, change)
}

const beginsNoFlow: OfChange = (evidence, change) => {
  const { judge, assume, given } = evidence
  const { old, begun, source, told } = change
  isZeroed(evidence, change)
  lastLive(evidence, change, begun)
  const { addresses, mark } = change.at(afterWithdrawal)
  given(withdrawing(evidence, change, anyLifetime, mark), 'RFC9096-3.5-WANZERO')
  assume(source !== undefined, 'DENAT-GUA-1')
  judge.holds(
    !addresses.some((one) => inPrefix(one, old)),
    `No host begins a flow from ${old} any more.`,
    addresses.join(', '),
    told,
    mark,
  )
}

requirement('RFC9096-3.5-WANZERO', {
  ...cells('RA', isPassedOn, 'lifetime 0'),
  ...cells('SLAAC host', beginsNoFlow, 'lifetime 0'),
})

/** So long before the end somebody asked last. Seconds. */
const lastLook = 8

requirement('RFC9096-3.5-HOLD', flashRenumbering, (evidence) => {
  const { lan, judge, given, at, every } = evidence
  const change = renumbered(evidence, 'Renew')
  const { old, told } = change
  const before = lastLive(evidence, change, told)
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
    `For the ${last} s that hosts were last informed of, every multicast RA that holds prefixes withdraws the one in ${old}.`,
    (frame) => (piosIn(frame, old).some((pio) => pio.validLifetime === 0) ? undefined : 'no such PIO'),
  )
  judge.note(`The last of them came ${(end - final.at).toFixed(1)} s before that end.`, before, final)
})
