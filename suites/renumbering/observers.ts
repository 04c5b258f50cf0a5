import {
  anyOf,
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
  isLinkLocal,
  isMulticast,
  type Mark,
  network,
  prefixContains,
  quoted,
  ra,
  requirement,
  statusOf,
  type Where,
} from 'denat'
import {
  behindAfter,
  oldRoute,
  renumberingBegins,
  renumberingOver,
  staleSource,
  subDelegatedAnew,
  type Trigger,
  terminalFlow,
} from '../scenarios/renumber.ts'
import { behindPing, subDelegated } from '../steps/sub-delegated.ts'
import { cells, freshOf, lackingFor, moved, newsOnLan, type OfChange, piosIn, type Renumbered } from './matrix.ts'

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
const staleLeases = (...of: readonly Trigger[]) => ({
  ...cells('DHCPv6 host', hostIsInformed, ...of),
  ...cells('downstream router', routerIsInformed, ...of),
})

/** The host that knows DHCPv6 only holds none: whether it should is asked by other requirements. */
export function withoutAddress({ lan, notApplicable }: Evidence, begun: Mark): never {
  const leased = lan.fromDut.all(dhcpv6('reply'), { before: begun }).find((frame) => iaAddresses(frame).length > 0)
  if (leased) notApplicable('The host that knows DHCPv6 only holds no address when this begins.', begun, leased)
  return notApplicable('The router serves no addresses by DHCPv6.', begun)
}

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
  if (!asked) newsOnLan(evidence, change)
  const question = given(asked, 'RFC9096-L-15')
  const claim = `A Reply to the ${observer} holds its stale ${stale} with preferred and valid lifetime 0.`
  judge.found(informed, over, claim, question, ...replies)
}

requirement('RFC9096-3.5-DHCPZERO', staleLeases(...whileItRuns))
requirement('RFC9096-3.5-BINDINGS', staleLeases(...restarts))

/**
 * An error about a packet from a prefix that was invalidated before, where it took one that others had to do without: so
 * few are sent that the probe may be among these.
 */
function scarceError({ lan, every }: Evidence, { begun, over }: Renumbered, probe: Frame): Frame | undefined {
  const before = every(renumberingBegins).filter(({ mark }) => mark.at < begun.at)
  const isStale = (address: unknown) => before.some(({ old }) => inPrefix(String(address), old))
  const window = { after: probe, before: over }
  const sent = lan.toDut.all(
    {
      ip6: { src: isStale, dst: (address: unknown) => !isLinkLocal(String(address)) && !isMulticast(String(address)) },
    },
    window,
  )
  const told = lan.fromDut
    .all(icmpv6('destination-unreachable'), window)
    .filter((frame) => isStale(quoted(frame)?.ip6?.src))
  return 2 * told.length < sent.length ? told[0] : undefined
}

const isIngressFiltered: OfChange = (evidence, change) => {
  const { lan, wan, judge, given, assume, every } = evidence
  const { trigger, source, old, begun, over, told } = change
  const probes = every(staleSource).flatMap((one) => (one.trigger === trigger && one.probe ? [one.probe] : []))
  assume(source !== undefined, lackingFor(evidence, begun, 'DENAT-GUA-1'))
  const probe = given(probes[0], 'RFC8415-18.2.10-ONLAN')
  const fence = given(change.at(renumberingOver).fence, trigger === 'lifetime 0' ? 'RFC7084-G-1' : 'DENAT-DEFAULT-1')
  const left = wan.fromDut.all(echoRequest({}, { ip6: { src: String(source) } }), { after: probe, before: over })
  const errors = (view: Pick<typeof lan, 'fromDut'>) =>
    view.fromDut.all(icmpv6('destination-unreachable'), { after: probe, before: over })
  const sourceIn = (frame: Frame) => quoted(frame)?.ip6?.src
  const isBeside = (address: string | undefined) => address !== undefined && inPrefix(address, network(`${source}/64`))
  const error =
    errors(lan.of('slaac-host')).find((frame) => sourceIn(frame) === source) ??
    // Where errors are few, the error may be about another packet from the prefix.
    errors(lan).find((frame) => isBeside(sourceIn(frame))) ??
    scarceError(evidence, change, probe)
  const code = error?.packet.icmp6?.code
  // Of a prefix from before a restart only stable storage knows, which is a SHOULD (RFC 9096 section 3.5): to who has
  // none, who does not withdraw it either, it is a foreign source as any other.
  const withdraws = (frame: Frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0)
  const isWithdrawn = (where: Where) => lan.fromDut.all(ra(), where).some(withdraws)
  assume(!isRestart(change) || isWithdrawn({ after: told, before: over }), 'RFC9096-3.5-STORE')
  assume(trigger !== 'lifetime 0' || isWithdrawn({ after: begun, before: probe }), 'RFC9096-3.5-WANZERO')
  judge.absent(left, 'A packet from an invalidated prefix does not leave on the WAN.', { fence, since: probe })
  const claim = 'Its sender is informed by Destination Unreachable.'
  // Left without a prefix it forwards nothing at all (RFC 7084 G-3), and may have no address of its own on the LAN.
  if (trigger === 'lifetime 0' && code !== 5)
    return judge.note(
      `Its sender is sent ${error ? `code ${code}` : 'nothing'}: the router has no prefix, and may forward nothing.`,
      probe,
    )
  const reported = judge.found(error, over, claim, ...probes)
  judge.equal(code, 5, 'Its code (source address failed ingress/egress policy)', reported)
  const cause = lan.toDut.last({ ip6: { src: sourceIn(reported) } }, { before: reported }) ?? probe
  judge.within(reported.at - cause.at, errorTime, 'It comes at once.', cause, reported)
}

requirement('RFC7084-L-14', cells('code 5', isIngressFiltered, ...whileItRuns, ...restarts))

const all = ['Renew', 'NoBinding', 'link flap', 'expiry', 'Reconfigure', 'orderly reboot', 'power cut'] as const

/** What a downstream router, or a host behind it, is asked rests on the prefix that it had. */
const ofDownstream =
  (judge: OfChange): OfChange =>
  (evidence, change) => {
    const { every, given, assume, at } = evidence
    newsOnLan(evidence, change)
    isHeedful(evidence, 'downstream', change.over)
    given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
    given(at(behindPing).reply, 'RFC9818-LPD-6')
    assume(change.held !== undefined, lackingFor(evidence, change.begun, 'RFC9818-LPD-1'))
    judge(evidence, change)
  }

requirement('DENAT-RENUM-CASCADE', {
  ...cells('DHCPv6 host', terminalMoved, ...all),
  ...cells('downstream router', ofDownstream(routerMoved), ...all),
  ...cells('host behind it', ofDownstream(behindMoved), ...all),
  ...cells('route for the old prefix', ofDownstream(oldRouteGone), ...all),
})

function terminalMoved(evidence: Evidence, change: Renumbered) {
  const { judge } = evidence
  newsOnLan(evidence, change)
  const { address, begun } = change
  if (!address) return withoutAddress(evidence, begun)
  isHeedful(evidence, 'terminal', change.over)
  const flow = change.at(terminalFlow)
  moved(evidence, change, flow, 'After its next Renew a host that knows DHCPv6 only')
  judge.found(flow.reply, flow.mark, 'It reaches the Internet from there.')
}

function routerMoved(evidence: Evidence, change: Renumbered): void {
  const { judge } = evidence
  const { old, told, begun } = change
  const fresh = freshOf(change)
  const { mark: moved } = change.at(subDelegatedAnew)
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

function behindMoved({ judge, given }: Evidence, change: Renumbered): void {
  const fresh = freshOf(change)
  given(change.at(subDelegatedAnew).granting, 'DENAT-RENUM-CASCADE')
  const { address, reply, mark } = change.at(behindAfter)
  judge.holds(
    address !== undefined && inPrefix(address, fresh),
    'The host behind the downstream router has an address out of the new prefix.',
    address ? `its address is ${address}` : 'it has none',
    change.told,
    mark,
  )
  judge.found(reply, mark, 'It reaches the Internet from there.')
}

function oldRouteGone(evidence: Evidence, { trigger, source, begun, at }: Renumbered): void {
  const { lan, judge, every, given } = evidence
  at(behindAfter)
  const probed = every(oldRoute).find((one) => one.trigger === trigger)
  const probe = given(probed?.probe, source ? 'DENAT-RENUM-CASCADE' : lackingFor(evidence, begun, 'DENAT-GUA-1'))
  const target = probe.packet.ip6?.dst
  judge.absent(
    lan.of('downstream').fromDut.all(echoRequest({ id: 502 }, { ip6: { dst: target } }), { after: probe }),
    `What is sent to ${target}, in the prefix that the downstream router had, is not forwarded to it any more.`,
    { fence: given(probed?.fence, 'DENAT-RENUM-CASCADE'), since: probe },
  )
}
