import {
  anyOf,
  clientStart,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoRequest,
  type Frame,
  granted,
  iaPrefixes,
  inPrefix,
  type Mark,
  optionsOf,
  type Pattern,
  pios,
  prefixContains,
  prefixLength,
  prefixUse,
  type Query,
  quoted,
  ra,
  requirement,
} from 'denat'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { restart } from '../scenarios/restart.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { heardRa } from './heard-ra.ts'

/** The first Reply on the WAN that grants a prefix. */
const firstGrant = ({ wan }: Evidence): Frame | undefined =>
  wan.toDut.all(dhcpv6('reply', { iaPd: {} })).find((frame) => granted(frame).length > 0)

/** The first LAN RA with a /64 of the prefix that is in force. */
const firstUse = (sent: Query, prefix: string, after: Frame): Frame | undefined =>
  sent
    .all(ra(), { after })
    .find((frame) => pios(frame).some((pio) => prefixContains(prefix, pio.prefix) && pio.validLifetime > 0))

/** From the first Solicit to the Reply, where the first four of them are not answered. Seconds. */
const longestExchange = 60

const asksForPrefixes = [coldBoot, flashRenumbering, rebinding, silentServer, slaacWan]

requirement('RFC7084-W-4', asksForPrefixes, (evidence) => {
  const { wan, judge, given } = evidence
  const asking = wan.fromDut.first(dhcpv6('solicit', { iaPd: {} }))
  const awake = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
  const heard = (asking && heardRa(evidence, asking)) ?? wan.toDut.first(ra(), { after: awake })
  given(asking ?? heard, 'RFC4861-6.3.7-RS')
  const solicit = judge.due(
    asking,
    { after: heard ?? awake, seconds: clientStart },
    'The router asks for a prefix by IA_PD on its WAN.',
  )
  // Solicits may have been lost before the first that is answered.
  const advertise = wan.toDut.first(dhcpv6('advertise', { iaPd: {} }), { after: solicit })
  const grant = judge.found(
    firstGrant(evidence),
    { after: advertise ?? solicit, seconds: longestExchange },
    'The exchange is carried through to a Reply with a prefix.',
  )
  const [prefix = ''] = granted(grant)
  // That other lengths are used as well is RFC7084-WPD-3's.
  if (prefixLength(prefix) !== 56) return
  const use = firstUse(evidence.lan.fromDut, prefix, grant)
  judge.due(use, { after: grant, seconds: prefixUse }, `The LAN is given a prefix out of ${prefix}.`)
})

requirement('RFC7084-WPD-1', rebinding, (evidence) => {
  const { wan, judge, given } = evidence
  // A client of its own may ask for addresses; that every Renew holds what was granted is RFC8415-18.2.4-RENEW's.
  const withPd = (frame: Frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0
  const asking = wan.fromDut.all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } }).filter(withPd)
  const first = given(asking[0], 'RFC7084-W-4')
  const [ia] = dhcpv6OptionsOf(first, 'ia-pd')
  judge.each(asking, `Solicit, Request, Renew and Rebind carry the same IAID (${ia?.iaid}).`, (frame) => {
    const iaids = dhcpv6OptionsOf(frame, 'ia-pd').map((one) => one.iaid)
    return iaids.includes(ia?.iaid ?? -1) ? undefined : `IAID ${iaids.join(', ') || 'none'}`
  })
  const grant = given(firstGrant(evidence), 'RFC7084-W-4')
  const later = wan.fromDut.all({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: grant })
  given(later[0], 'RFC8415-18.2.4-RENEW')
  const [prefix = ''] = granted(grant)
  judge.each(
    later.some(withPd) ? later.filter(withPd) : later,
    `Once granted, the IA Prefix ${prefix} is in every Renew and Rebind.`,
    (frame) => {
      const named = iaPrefixes(frame).map((one) => one.prefix)
      return named.includes(prefix) ? undefined : `IA Prefix ${named.join(', ') || 'none'}`
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
      ? 'The client sends T1, T2 or lifetimes other than 0 (RFC 8415 asks for 0 by SHOULD).'
      : 'T1, T2 and lifetimes are sent as 0.',
    nonzero ?? grant,
  )
})

/** Ends the judgement where the line has no such prefix to give: a home gateway has less than an ISP. */
function lineGives(evidence: Evidence, isSuch: (prefix: string) => boolean): void {
  const { case: length, isp, marks, did, recording, notApplicable } = evidence
  if (isp.dhcpv6.prefixes.some(isSuch)) return
  const gives = ({ data }: Pick<Mark, 'data'>) =>
    ((data?.dhcpv6 as { prefixes?: string[] } | undefined)?.prefixes ?? []).some(isSuch)
  if (recording.outcome.end === 'complete' && !marks('isp-change').some(gives))
    notApplicable(`This line delegates no ${length}.`, did('power-on'))
  did('isp-change', gives)
}

requirement(
  'RFC7084-WPD-3',
  {
    cases: {
      '/48': lineFlaps,
      '/52': lineFlaps,
      '/56': coldBoot,
      '/57': lineFlaps,
      '/58': lineFlaps,
      '/59': lineFlaps,
      '/60': slaacWan,
      '/61': lineFlaps,
      '/62': restart,
      '/63': lineFlaps,
      '/64': behindGateway,
    },
  },
  (evidence) => {
    const { case: length, judge, given, wan } = evidence
    const isAsLong = (prefix: string) => `/${prefixLength(prefix)}` === length
    lineGives(evidence, isAsLong)
    const grant = given(
      wan.toDut.all(dhcpv6('reply', { iaPd: {} })).find((frame) => granted(frame).some(isAsLong)),
      'RFC7084-W-4',
    )
    const prefix = granted(grant).find(isAsLong) ?? ''
    const claim = `A granted ${length} is used, whatever was hinted: the first LAN has a /64 of it.`
    // Where no host came online for want of it, the scenario stopped; the router had its time nevertheless.
    const used = judge.due(firstUse(evidence.lan.fromDut, prefix, grant), { after: grant, seconds: prefixUse }, claim)
    const first = firstUse(evidence.lan.of('host').fromDut, prefix, grant) ?? used
    judge.each([first], 'The first LAN is advertised a /64.', (frame) => {
      const odd = pios(frame).find((pio) => prefixContains(prefix, pio.prefix) && prefixLength(pio.prefix) !== 64)
      return odd && `PIO ${odd.prefix}`
    })
  },
)

requirement(
  'RFC7084-WPD-4',
  { cases: { 'M=1 O=0': coldBoot, 'M=0 O=1': slaacWan } },
  ({ case: flags, wan, judge, given }) => {
    const sent = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    const awake = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
    const solicit = wan.fromDut.first(dhcpv6('solicit', { iaPd: {} }))
    const heard = (solicit && heardRa({ wan }, solicit)) ?? wan.toDut.first(ra(), { after: awake }) ?? sent
    // Asking before there is an RA is nobody's business.
    judge.due(solicit, { after: heard, seconds: clientStart }, `An RA with ${flags} makes the router ask for a prefix.`)
  },
)

/** Probes into the delegated prefix that hit no /64 which the router was seen to use or to hand on. */
function unassignedProbes({ marks, lan }: Evidence, before: Mark): Mark[] {
  const advertised = lan.fromDut.all(ra()).flatMap((frame) => pios(frame).map((pio) => pio.prefix))
  const handedOn = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before }).flatMap(granted)
  const used = [...advertised, ...handedOn]
  return marks('unassigned').filter((mark) => !used.some((prefix) => inPrefix(String(mark.data?.target), prefix)))
}

/** What is sent to the unassigned part, and from where. */
const ike = 500
const unassignedKinds: Record<string, Pattern> = {
  UDP: { udp: { dstPort: (port: number) => port !== ike } },
  TCP: { tcp: {} },
  echo: echoRequest({ id: 210 }),
  'from the Internet': echoRequest({ id: (id: number) => id !== 210 }),
  'IKE from the Internet': { udp: { dstPort: ike } },
}
const unassignedCases = Object.fromEntries(Object.keys(unassignedKinds).map((name) => [name, evening]))

requirement('RFC7084-WPD-5', { cases: unassignedCases }, (evidence) => {
  const { case: what, wan, judge, did, given, framesOf, notApplicable, cannotTell } = evidence
  const over = did('unassigned-fence')
  const fence = given(framesOf(over)[0], 'DENAT-DEFAULT-1')
  const [first, ...rest] = unassignedProbes(evidence, over)
  if (!first) return notApplicable('The router uses every /64 that was probed.', over)
  const targets = new Set([first, ...rest].map((mark) => mark.data?.target))
  const kind = { ...unassignedKinds[what], ip6: { dst: (address: unknown) => targets.has(address) } }
  if (what.startsWith('IKE') && !wan.toDut.first(kind))
    return cannotTell('The bench of this recording sent no IKE there.', over)
  judge.absent(
    wan.fromDut.all(kind, { before: over }),
    `Nothing addressed to the unassigned part of the delegated prefix leaves on the WAN (${what}).`,
    { fence, since: first },
  )
})

requirement('RFC7084-WPD-5a', evening, (evidence) => {
  const { wan, lan, judge, did, framesOf, notApplicable } = evidence
  const over = did('unassigned-fence')
  const [first, ...rest] = unassignedProbes(evidence, over)
  if (!first) return notApplicable('The router uses every /64 that was probed.', over)
  const unreachable = { icmp6: { type: 'destination-unreachable', code: anyOf(0, 1, 3, 6) } } as const
  const targets = new Set([first, ...rest].map((mark) => mark.data?.target))
  const toldOn = (sent: Query) =>
    sent.all(unreachable, { after: first, before: over }).find((frame) => targets.has(quoted(frame)?.ip6?.dst))
  // Three probes 2 s apart at the most: good routers limit the rate of their errors.
  const probes = [first, ...rest].flatMap((mark) => framesOf(mark).slice(0, 1))
  judge.found(
    toldOn(lan.fromDut),
    over,
    'A host on the LAN that sends to the unassigned part is told so by Destination Unreachable, code 0, 1, 3 or 6.',
    ...probes,
  )
  const outside = toldOn(wan.fromDut)
  judge.note(
    outside
      ? 'The sender outside is told as well.'
      : 'The sender outside is told nothing, as a default-deny filter may.',
    ...(outside ? [outside] : []),
  )
})

requirement('RFC9096-WPD-9', restart, ({ wan, judge, given, marks, did, framesOf }) => {
  did('online-again', (mark) => mark.data?.kind === 'reboot')
  const restarts = marks('restart')
  const online = marks('online-again')
  for (const [index, begun] of restarts.entries()) {
    const fence = given(online[index] && framesOf(online[index])[0], 'DENAT-DEFAULT-1')
    judge.absent(
      wan.fromDut.all(dhcpv6('release'), { after: begun, before: fence }),
      `A restart (${begun.data?.kind}) releases no lease.`,
      { fence, since: begun },
    )
  }
})
