import {
  anyOf,
  claim,
  clientStart,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  inPrefix,
  ispChanged,
  type Judgement,
  on,
  optionsOf,
  pios,
  prefixContains,
  prefixLength,
  prefixUse,
  type Query,
  quoted,
  ra,
  requirement,
  the,
} from 'denat'
import { coldBoot } from '../../scenarios/cold-boot.ts'
import { flashRenumbering } from '../../scenarios/flash-renumbering.ts'
import { longSessions } from '../../scenarios/long-sessions.ts'
import { rebinding } from '../../scenarios/rebinding.ts'
import { silentServer } from '../../scenarios/silent-server.ts'
import { slaacWan } from '../../scenarios/slaac-wan.ts'
import { isLive } from '../../shared/advertised.ts'
import { lengthsUsed } from '../../shared/prefix-lengths.ts'
import { receivedRa } from '../../shared/received-ra.ts'
import { unassigned, unassignedFence } from '../../steps/transit/end-to-end.ts'

/** The first Reply on the WAN that delegates a prefix, and that prefix. */
function firstGrant({ wan }: Evidence): { grant: Frame; prefix: string } | undefined {
  for (const grant of wan.toDut.all(dhcpv6('reply', { iaPd: {} }))) {
    const [prefix] = granted(grant)
    if (prefix !== undefined) return { grant, prefix }
  }
  return undefined
}

/** The first LAN RA with a valid /64 from the prefix. */
const firstUse = (sent: Query, prefix: string, after: Frame) =>
  sent.seek(ra(), { after }, (frame) => isLive(frame, prefix))

/** From the first Solicit to the Reply, where the first four of them are not answered. Seconds. */
const longestExchange = 60

const asksForPrefixes = [coldBoot, flashRenumbering, rebinding, silentServer, slaacWan]

/** Ends the judgement where the line delegates no such prefix: a home gateway has a smaller one than an ISP. */
function lineGives({ isp, begun, every, at, recording, notApplicable }: Evidence, length: number): void {
  const isSuch = (prefix: string) => prefixLength(prefix) === length
  if (isp.dhcpv6.prefixes.some(isSuch)) return
  const gives = (one: { dhcpv6?: { prefixes?: string[] | undefined } | undefined }) =>
    one.dhcpv6?.prefixes?.some(isSuch) === true
  if (recording.outcome.end === 'complete' && !every(ispChanged).some(gives))
    notApplicable(claim`This line delegates no /${length}.`, begun())
  at(ispChanged, gives)
}

const isUsed =
  (length: number): Judgement =>
  (evidence) => {
    const { judge, given, wan, lan } = evidence
    lineGives(evidence, length)
    const [first] = wan.toDut
      .all(dhcpv6('reply', { iaPd: {} }))
      .flatMap((grant) => granted(grant).map((prefix) => ({ grant, prefix })))
      .filter(({ prefix }) => prefixLength(prefix) === length)
    if (!first) return void given(undefined, 'RFC7084-W-4')
    const { grant, prefix } = first
    const expected = claim`The router uses a delegated /${length}, whatever its hint was: a /64 from it is advertised on the first LAN.`
    // Where no host came online because of it, the scenario stopped; the router had enough time nevertheless.
    const used = judge.due(firstUse(lan.fromDut, prefix, grant), { after: grant, seconds: prefixUse }, expected)
    const use = firstUse(lan.of('host').fromDut, prefix, grant).first ?? used
    judge.each([use], claim`The prefix that is advertised on the first LAN is a /64.`, (frame) => {
      const wrong = pios(frame).find((pio) => prefixContains(prefix, pio.prefix) && prefixLength(pio.prefix) !== 64)
      return wrong && claim`PIO ${the.prefix(wrong.prefix)}`
    })
  }

const startsDelegation =
  (flags: string): Judgement =>
  ({ wan, judge, given }) => {
    const sent = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    const started = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    const solicit = wan.fromDut.seek(dhcpv6('solicit', { iaPd: {} }))
    const received =
      (solicit.first && receivedRa({ wan }, solicit.first)) ?? wan.toDut.first(ra(), { after: started }) ?? sent
    // No clause forbids a Solicit before the RA.
    judge.due(
      solicit,
      { after: received, seconds: clientStart },
      claim`After an RA with ${the.name(flags)} the router requests a prefix.`,
    )
  }

/** Probes to addresses in the delegated prefix that are in no /64 which the router uses or delegates. */
function unassignedProbes(evidence: Evidence) {
  const { every, at, lan, notApplicable } = evidence
  const over = at(unassignedFence)
  const advertised = lan.fromDut.all(ra()).flatMap((frame) => pios(frame).map((pio) => pio.prefix))
  const delegated = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before: over.mark }).flatMap(granted)
  const used = [...advertised, ...delegated]
  const probes = every(unassigned).filter(({ target }) => !used.some((prefix) => inPrefix(target, prefix)))
  const [first] = probes
  if (!first) return notApplicable(claim`The router uses each /64 that was probed.`, over.mark)
  const targets = new Set<unknown>(probes.map(({ target }) => target))
  return { over, probes, since: first.mark, isProbed: (address: unknown) => targets.has(address) }
}

/** A packet to that part, from the LAN or from the Internet, is not forwarded to the WAN. */
const isDropped =
  (from: 'the LAN' | 'the Internet'): Judgement =>
  (evidence) => {
    const { wan, lan, judge, given } = evidence
    const fence = given(evidence.at(unassignedFence).answer, 'DENAT-DEFAULT-1')
    const { over, since, isProbed } = unassignedProbes(evidence)
    const inside = lan.toDut.all({ ip6: { dst: isProbed } }, { before: over.mark }).map(({ packet }) => packet.ip6?.src)
    const isFrom = (src: string) => inside.includes(src) === (from === 'the LAN')
    judge.absent(
      wan.fromDut.all({ ip6: { dst: isProbed, src: isFrom } }, { before: over.mark }),
      claim`The router forwards no packet from ${the.name(from)} to the unassigned part of the delegated prefix to the WAN.`,
      { fence, since },
    )
  }

export const requirements = [
  requirement('RFC7084-W-4', asksForPrefixes, (evidence) => {
    const { wan, judge, given, followsFrom, recording } = evidence
    if (recording.scenario === slaacWan.name) followsFrom('RFC7084-WPD-4 · M=0 O=1')
    const asking = wan.fromDut.seek(dhcpv6('solicit', { iaPd: {} }))
    const started = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    const received = (asking.first && receivedRa(evidence, asking.first)) ?? wan.toDut.first(ra(), { after: started })
    given(asking.first ?? received, 'RFC4861-6.3.7-RS')
    const solicit = judge.due(
      asking,
      { after: received ?? started, seconds: clientStart },
      claim`The router requests a prefix by IA_PD on its WAN.`,
    )
    // Solicits may have been lost before the first that is answered.
    const advertise = wan.toDut.first(dhcpv6('advertise', { iaPd: {} }), { after: solicit })
    const first = firstGrant(evidence)
    const grant = judge.found(
      first?.grant,
      { after: advertise ?? solicit, seconds: longestExchange },
      claim`The exchange ends with a Reply that delegates a prefix.`,
    )
    // RFC7084-WPD-3 judges the use of other lengths.
    if (!first || prefixLength(first.prefix) !== 56) return
    const use = firstUse(evidence.lan.fromDut, first.prefix, grant)
    judge.due(
      use,
      { after: grant, seconds: prefixUse },
      claim`A prefix from ${the.prefix(first.prefix)} is advertised on the LAN.`,
    )
  }),

  requirement('RFC7084-WPD-1', rebinding, (evidence) => {
    const { wan, judge, given } = evidence
    // A separate client may request addresses; RFC8415-18.2.4-RENEW judges that every Renew has each lease.
    const withPd = (frame: Frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0
    const asking = wan.fromDut.all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } }).filter(withPd)
    const first = given(asking[0], 'RFC7084-W-4')
    const iaidsOf = (frame: Frame) => dhcpv6OptionsOf(frame, 'ia-pd').map(({ iaid }) => iaid)
    const [iaid] = iaidsOf(first)
    judge.each(
      asking,
      claim`Solicit, Request, Renew and Rebind carry the same IAID (${iaid ?? the.name(undefined)}).`,
      (frame) => (iaidsOf(frame).some((one) => one === iaid) ? undefined : claim`IAID ${the.list(iaidsOf(frame))}`),
    )
    const granting = firstGrant(evidence)
    const grant = given(granting?.grant, 'RFC7084-W-4')
    const prefix = granting?.prefix
    const later = wan.fromDut.all({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: grant })
    given(later[0], 'RFC8415-18.2.4-RENEW')
    judge.each(
      later.some(withPd) ? later.filter(withPd) : later,
      claim`Every Renew and Rebind has the delegated IA Prefix ${the.prefix(prefix)}.`,
      (frame) => {
        const named = iaPrefixes(frame).map((one) => one.prefix)
        return named.some((one) => one === prefix)
          ? undefined
          : claim`IA Prefix ${the.list(
              named.map((item) => the.name(item)),
              claim`none`,
            )}`
      },
    )
    const nonzero = asking.find((frame) => {
      const ias = dhcpv6OptionsOf(frame, 'ia-pd')
      return ias.some(
        (one) => one.t1 || one.t2 || optionsOf(one, 'ia-prefix').some((p) => p.preferredLifetime || p.validLifetime),
      )
    })
    judge.note(
      nonzero
        ? claim`The client sends T1, T2 or lifetimes other than 0 (RFC 8415: SHOULD be 0).`
        : claim`The client sends T1, T2 and lifetimes as 0.`,
      nonzero ?? grant,
    )
  }),

  requirement(
    'RFC7084-WPD-3',
    Object.fromEntries(
      Object.entries(lengthsUsed).map(([length, line]) => [`/${length}`, on(line, isUsed(Number(length)))]),
    ),
  ),

  requirement('RFC7084-WPD-4', {
    'M=1 O=0': on(coldBoot, startsDelegation('M=1 O=0')),
    'M=0 O=1': on(slaacWan, startsDelegation('M=0 O=1')),
  }),

  requirement('RFC7084-WPD-5', {
    'from the LAN': on(longSessions, isDropped('the LAN')),
    'from the Internet': on(longSessions, isDropped('the Internet'), { follows: ['RFC7084-WPD-5 · from the LAN'] }),
  }),

  requirement('RFC7084-WPD-5a', longSessions, (evidence) => {
    const { wan, lan, judge, followsFrom } = evidence
    followsFrom('RFC7084-WPD-5 · from the LAN')
    const { over, probes, since, isProbed } = unassignedProbes(evidence)
    const unreachable = { icmp6: { type: 'destination-unreachable', code: anyOf(0, 1, 3, 6) } } as const
    const errorOn = (sent: Query) =>
      sent.all(unreachable, { after: since, before: over.mark }).find((frame) => isProbed(quoted(frame)?.ip6?.dst))
    // Three probes, at most 2 s apart: routers limit the rate of their errors.
    judge.found(
      errorOn(lan.fromDut),
      over.mark,
      claim`The router sends Destination Unreachable, code 0, 1, 3 or 6, to a host on the LAN that sends a packet to the unassigned part.`,
      ...probes.flatMap(({ inside }) => inside ?? []),
    )
    const outside = errorOn(wan.fromDut)
    judge.note(
      outside
        ? claim`The router also sends Destination Unreachable to the sender on the Internet.`
        : claim`The router sends no error to the sender on the Internet, which a default-deny filter may require.`,
      ...(outside ? [outside] : []),
    )
  }),
]
