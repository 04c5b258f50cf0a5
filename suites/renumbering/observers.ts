import {
  anyOf,
  type Case,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoRequest,
  errorTime,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  icmpv6,
  inPrefix,
  type Mark,
  network,
  on,
  prefixContains,
  quoted,
  ra,
  requirement,
  statusOf,
} from 'denat'
import { cells, lanTold, moved, piosIn, type Renumbered, renumbered, type Trigger } from './matrix.ts'

/** Replies of the router's own server to one station of the bench, while the change was watched. */
function repliesTo({ lan, world }: Evidence, station: string, { told, over }: Renumbered): Frame[] {
  const duid = world.stations[station]?.duid
  return lan.of(station).fromDut.all(dhcpv6('reply', { clientId: { duid } }), { after: told, before: over })
}

/** It asks for what it holds: by T1 of its lease, which may not outlive the ISP's, or because it was made to. */
function askedBy({ lan, world }: Evidence, station: string, { told, over }: Renumbered): Frame | undefined {
  const duid = world.stations[station]?.duid
  return lan
    .of(station)
    .toDut.all({ dhcp6: { type: anyOf('renew', 'rebind', 'request') } }, { after: told, before: over })
    .find((frame) => dhcpv6OptionsOf(frame, 'client-id').some((client) => client.duid === duid))
}

/** RFC 8415 section 21.13: which of them a Reply may say inside an IA. */
const notOnLink = 4

/**
 * A client that is told NotOnLink begins anew, or asks without the lease (RFC 8415 section 18.2.10.1). Where the bench's
 * own did neither, what became of its lease says nothing of the router.
 */
function isHeedful({ lan, world, cannotTell }: Evidence, station: string, until: Mark): void {
  const duid = world.stations[station]?.duid
  const link = lan.of(station)
  const isOurs = (frame: Frame) => dhcpv6OptionsOf(frame, 'client-id').some((client) => client.duid === duid)
  const leases = (frame: Frame) => iaAddresses(frame).length + iaPrefixes(frame).length
  for (const reply of link.fromDut.all(dhcpv6('reply'), { before: until }).filter(isOurs)) {
    const ias = [...dhcpv6OptionsOf(reply, 'ia-na'), ...dhcpv6OptionsOf(reply, 'ia-pd')]
    if (!ias.some((ia) => statusOf(ia) === notOnLink)) continue
    const asked = link.toDut.all({ dhcp6: {} }, { after: reply, before: until }).filter(isOurs)
    if (!asked.some((frame) => leases(frame) === 0))
      cannotTell('The client of the bench did not heed NotOnLink inside an IA, and kept its lease.', reply)
  }
}

const isRestart = ({ trigger }: Renumbered): boolean => trigger === 'orderly reboot' || trigger === 'power cut'

/** Not expiry: what has run out nobody holds any more, so nobody need be told, and no route leads to it. */
const whileItRuns = ['Renew', 'NoBinding', 'link flap', 'Reconfigure', 'lifetime 0'] as const
const restarts = ['orderly reboot', 'power cut'] as const

/** What a server says of leases whose prefix is gone. After a restart it takes stable storage to know of them. */
const staleLeases = (...of: Trigger[]): Record<string, Case> =>
  Object.fromEntries(
    Object.entries({ ...cells('DHCPv6 host', ...of), ...cells('downstream router', ...of) }).map(([name, scenario]) => [
      name,
      on(scenario, zeroedOnLan),
    ]),
  )

function zeroedOnLan(evidence: Evidence): void {
  const { judge, given, notApplicable } = evidence
  const change = renumbered(evidence)
  const { observer, address, held, begun, old } = change
  const host = observer === 'DHCPv6 host'
  if (host && !address) notApplicable('The router serves no addresses by DHCPv6.', begun)
  const stale = host ? address : held
  given(stale ? begun : undefined, 'RFC9818-LPD-1')
  const station = host ? 'terminal' : 'downstream'
  const { duid } = evidence.world.stations[station] ?? {}
  const leased = (frame: Frame) =>
    granted(frame).some((prefix) => prefixContains(old, prefix)) ||
    iaAddresses(frame).some((one) => one.validLifetime > 0 && inPrefix(one.address, old))
  isHeedful(evidence, station, begun)
  // Else the change before this one never reached it.
  given(
    evidence.lan
      .of(station)
      .fromDut.all(dhcpv6('reply', { clientId: { duid } }), { before: begun })
      .find(leased),
    'DENAT-RENUM-CASCADE',
  )
  const zeroed = ({ preferredLifetime, validLifetime }: { preferredLifetime: number; validLifetime: number }) =>
    preferredLifetime === 0 && validLifetime === 0
  const asked = askedBy(evidence, station, change)
  const replies = repliesTo(evidence, station, change)
  const told = replies.find((frame) =>
    host
      ? iaAddresses(frame).some((one) => one.address === stale && zeroed(one))
      : iaPrefixes(frame).some((one) => one.prefix === stale && zeroed(one)),
  )
  const claim = `A Reply to the ${observer} holds its stale ${stale} with preferred and valid lifetime 0.`
  const question = given(asked ?? (lanTold(evidence, change) && undefined), 'RFC9096-L-15')
  judge.found(told, change.over, claim, question, ...replies)
}

requirement('RFC9096-3.5-DHCPZERO', staleLeases(...whileItRuns))
requirement('RFC9096-3.5-BINDINGS', staleLeases(...restarts))

requirement('RFC7084-L-14', { cases: cells('code 5', ...whileItRuns, ...restarts) }, (evidence) => {
  const { lan, wan, judge, given, assume, marks, framesOf } = evidence
  const change = renumbered(evidence)
  const { trigger, source, old, over, told } = change
  const stale = marks('stale-source').filter(({ data }) => data?.trigger === trigger)
  const probes = stale.flatMap((mark) => framesOf(mark).slice(0, 1))
  const probe = given(probes[0], source ? 'RFC7084-L-13' : 'DENAT-GUA-1')
  const last = trigger === 'lifetime 0' ? stale.flatMap(framesOf).at(-1) : framesOf(over)[0]
  const fence = given(last, 'DENAT-DEFAULT-1')
  const left = wan.fromDut.all(echoRequest({}, { ip6: { src: String(source) } }), { after: told, before: over })
  const errors = (view: Pick<typeof lan, 'fromDut'>) =>
    view.fromDut.all(icmpv6('destination-unreachable'), { after: probe, before: over })
  const quotes = (frame: Frame) => quoted(frame)?.ip6?.src ?? '::'
  // Where errors are few, another packet from the prefix may be told of in the probe's place.
  const error =
    errors(lan.of('slaac-host')).find((frame) => quotes(frame) === source) ??
    errors(lan).find((frame) => typeof source === 'string' && inPrefix(quotes(frame), network(`${source}/64`)))
  const code = error?.packet.icmp6?.code
  // Of a prefix from before a restart only stable storage knows, which is a SHOULD (RFC 9096 section 3.5): to who has
  // none, who does not withdraw it either, it is a foreign source as any other.
  const withdraws = (frame: Frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0)
  const knows = !isRestart(change) || lan.fromDut.all(ra(), { after: told, before: over }).some(withdraws)
  assume(knows, 'RFC9096-3.5-STORE')
  judge.absent(left, 'A packet from an invalidated prefix does not leave on the WAN.', { fence, since: probe })
  const claim = 'Its sender is told by Destination Unreachable.'
  // Left without a prefix it forwards nothing at all (RFC 7084 G-3), and may have no address of its own on the LAN.
  if (trigger === 'lifetime 0' && code !== 5)
    return judge.note(
      `Its sender is told ${error ? `code ${code}` : 'nothing'}: it has no prefix, and may forward nothing.`,
      probe,
    )
  const reported = judge.found(error, over, claim, ...probes)
  judge.equal(code, 5, 'Its code (source address failed ingress/egress policy)', reported)
  const before = { before: reported }
  const cause = lan.toDut.last({ ip6: { src: quotes(reported) } }, before) ?? probe
  judge.within(reported.at - cause.at, errorTime, 'It comes at once.', cause, reported)
})

const all = ['Renew', 'NoBinding', 'link flap', 'expiry', 'Reconfigure', 'orderly reboot', 'power cut'] as const

requirement(
  'DENAT-RENUM-CASCADE',
  {
    cases: {
      ...cells('DHCPv6 host', ...all),
      ...cells('downstream router', ...all),
      ...cells('host behind it', ...all),
      ...cells('route for the old prefix', ...all),
    },
  },
  (evidence) => {
    const { marks, given, framesOf, did } = evidence
    const change = renumbered(evidence)
    lanTold(evidence, change)
    if (change.observer === 'DHCPv6 host') return terminalMoved(evidence, change)
    isHeedful(evidence, 'downstream', change.over)
    given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
    given(framesOf(did('behind-ping'))[0], 'RFC9818-LPD-6')
    given(change.held ? change.begun : undefined, 'RFC9818-LPD-1')
    if (change.observer === 'downstream router') return routerMoved(evidence, change)
    if (change.observer === 'host behind it') return behindMoved(evidence, change)
    oldRouteGone(evidence, change)
  },
)

function terminalMoved(evidence: Evidence, change: Renumbered) {
  const { judge, framesOf, notApplicable } = evidence
  const { address, mark, begun } = change
  if (!address) return notApplicable('The router serves no addresses by DHCPv6.', begun)
  isHeedful(evidence, 'terminal', change.over)
  const flow = mark('terminal-flow')
  moved(evidence, change, flow, 'After its next Renew a host that knows DHCPv6 only')
  judge.found(framesOf(flow)[0], flow, 'It reaches the Internet from there.')
}

function routerMoved(evidence: Evidence, change: Renumbered) {
  const { judge } = evidence
  const { fresh = '::/128', old, told, begun, mark } = change
  const moved = mark('sub-delegated-anew')
  const answers = repliesTo(evidence, 'downstream', change)
  const renewed = judge.found(
    answers.find((frame) => granted(frame).some((prefix) => prefixContains(fresh, prefix))),
    moved,
    `The downstream router is given a prefix out of the new ${fresh} when it renews, which is by its T1, and 10 s.`,
    told,
    begun,
  )
  // A Renew that crosses the change on its way is answered as things were.
  const settled = answers.filter((frame) => frame.number >= renewed.number)
  const stillOld = settled.find((frame) => granted(frame).some((prefix) => prefixContains(old, prefix)))
  judge.holds(
    stillOld === undefined,
    `It is granted nothing out of the dead ${old} any more.`,
    'a live prefix of it',
    stillOld ?? renewed,
  )
}

function behindMoved({ judge, given, framesOf }: Evidence, { fresh = '::/128', told, mark }: Renumbered) {
  given(framesOf(mark('sub-delegated-anew'))[0], 'DENAT-RENUM-CASCADE')
  const after = mark('behind-after')
  judge.holds(
    typeof after.data?.address === 'string' && inPrefix(after.data.address, fresh),
    'The host behind the downstream router has an address out of the new prefix.',
    `its address is ${after.data?.address}`,
    told,
    after,
  )
  judge.found(framesOf(after)[0], after, 'It reaches the Internet from there.')
}

function oldRouteGone(evidence: Evidence, { trigger, source, begun, mark }: Renumbered) {
  const { lan, judge, marks, given, framesOf } = evidence
  const moved = mark('behind-after')
  const probed = given(
    marks('old-route').find(({ data }) => data?.trigger === trigger),
    source ? 'DENAT-RENUM-CASCADE' : 'DENAT-GUA-1',
  )
  const [probe, fence] = framesOf(probed)
  judge.absent(
    lan
      .of('downstream')
      .fromDut.all(echoRequest({ id: 502 }, { ip6: { dst: String(probed.data?.target) } }), { after: probe ?? begun }),
    `What is sent to ${probed.data?.target}, in the prefix that the downstream router had, is not handed to it any more.`,
    { fence: given(fence, 'DENAT-RENUM-CASCADE'), since: probe ?? moved },
  )
}
