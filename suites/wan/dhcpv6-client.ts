import {
  anyOf,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  doubled,
  type Frame,
  firstGap,
  firstSolicitGap,
  granted,
  isLinkLocal,
  leaseTimer,
  pios,
  prefixContains,
  type Query,
  ra,
  requirement,
} from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { renewal } from '../scenarios/renewal.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { withdrawal } from '../scenarios/withdrawal.ts'
import { heardRa } from './heard-ra.ts'

/** The transmissions of one message exchange: the first frame and those with its transaction-id. */
function transmissions(sent: Query, first: Frame): Frame[] {
  const { transactionId } = dhcpv6Of(first)
  return sent.all({ dhcp6: { transactionId } }).filter((frame) => dhcpv6Of(frame).type === dhcpv6Of(first).type)
}

requirement('RFC7084-WAA-3', [coldBoot, silentServer], ({ wan, judge }) => {
  const solicit = judge.found(
    wan.fromDut.first(dhcpv6('solicit')),
    'A DHCPv6 client runs on the WAN and sends Solicit.',
  )
  const { ip6, udp } = solicit.packet
  judge.holds(isLinkLocal(ip6?.src ?? '::'), 'Its source is a link-local address.', `source ${ip6?.src}`, solicit)
  judge.equal(ip6?.dst, 'ff02::1:2', 'Its destination', solicit)
  judge.equal(udp?.srcPort, 546, 'Its source port', solicit)
  judge.equal(udp?.dstPort, 547, 'Its destination port', solicit)
  const types = dhcpv6Of(solicit).options.map((option) => option.type)
  for (const type of ['client-id', 'elapsed-time', 'oro'] as const)
    judge.holds(types.includes(type), `It holds the option ${type}.`, `options ${types.join(', ')}`, solicit)
})

requirement('RFC7084-WAA-6', coldBoot, ({ wan, judge, given, did, framesOf }) => {
  const managed = given(wan.toDut.first({ icmp6: { type: 'router-advertisement', managed: true } }), 'RFC4861-6.3.7-RS')
  const awake = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
  const solicit = wan.fromDut.first(dhcpv6('solicit', { iaNa: {} }))
  const heard = (solicit && heardRa({ wan }, solicit)) ?? wan.toDut.first(ra(), { after: awake }) ?? managed
  // SOL_MAX_DELAY is 1 s; the rest is processing.
  judge.due(solicit, { after: heard, seconds: 10 }, 'An RA with M=1 makes the router ask for an address by IA_NA.')
  did('online')
  const asked = did('asked')
  judge.found(framesOf(asked)[1], 'The router answers a Neighbor Solicitation for the assigned address.', asked)
})

requirement('RFC7084-WAA-8', [coldBoot, renewal, rebinding], ({ wan, judge, given }) => {
  const asking = wan.fromDut.all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } })
  given(asking[0], 'RFC7084-WAA-3')
  const code = dhcpv6OptionCode('sol-max-rt')
  judge.each(asking, `Every Solicit, Request, Renew and Rebind asks for SOL_MAX_RT (${code}) in its ORO.`, (frame) => {
    const codes = dhcpv6OptionsOf(frame, 'oro').flatMap((oro) => oro.codes)
    return codes.includes(code) ? undefined : `ORO ${codes.join(', ') || 'absent'}`
  })
})

requirement(
  'RFC8415-18.2.1-SOLICIT',
  { cases: { timing: silentServer, randomized: silentServer } },
  ({ case: what, wan, judge, given, did }) => {
    const probes = did('probes')
    const solicits = wan.fromDut.all(dhcpv6('solicit'))
    const first = given(solicits[0], 'RFC7084-WAA-3')
    judge.holds(
      solicits.length >= 7,
      'Solicit is sent again and again while no server answers.',
      `${solicits.length} transmissions`,
      first,
      probes,
    )
    // A client may begin anew when the RA comes: the longest exchange is judged.
    const exchanges = solicits.map((solicit) => transmissions(wan.fromDut, solicit))
    const sent = exchanges.reduce((longest, one) => (one.length > longest.length ? one : longest))
    const gaps = sent
      .slice(1)
      .map((frame, i) => ({ frame, previous: sent[i] as Frame, gap: frame.at - (sent[i] as Frame).at }))
      .slice(0, 6)
    judge.holds(
      gaps.length >= 3,
      'Every retransmission has the transaction-id of the first.',
      `${sent.length} transmissions with one at the most`,
      ...sent,
    )
    if (what === 'timing') {
      const [initial, ...rest] = gaps
      if (initial) judge.within(initial.gap, firstSolicitGap, 'The first timeout.', initial.previous, initial.frame)
      let before = initial?.gap ?? 1
      for (const [index, { frame, previous, gap }] of rest.entries()) {
        judge.within(gap, doubled(before), `Timeout ${index + 2} is twice the one before.`, previous, frame)
        before = gap
      }
      return
    }
    // The first is randomized by a rule of its own.
    const factors = gaps.slice(2).map(({ gap }, i) => gap / (gaps[i + 1]?.gap ?? 1))
    if (factors.length < 2) return judge.note('Too few retransmissions in one exchange to tell.', ...sent)
    const spread = Math.max(...factors) - Math.min(...factors)
    judge.holds(
      spread > 0.005,
      'The timeouts are randomized: their ratios are not all the same.',
      `ratios ${factors.map((factor) => factor.toFixed(3)).join(', ')}`,
      first,
      ...gaps.map(({ frame }) => frame),
    )
  },
)

requirement(
  'RFC8415-18.2.4-RENEW',
  { cases: { answered: [renewal, flashRenumbering, withdrawal], 'server silent': rebinding } },
  ({ case: what, wan, isp, judge, given, did, framesOf }) => {
    const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
    const renew = judge.found(
      wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), { after: grant }),
      'The router renews its lease: a Renew with IA_PD.',
      grant,
    )
    judge.within(
      renew.at - grant.at,
      leaseTimer(isp.dhcpv6.t1, 'T1 of the lease'),
      'The first Renew comes at T1.',
      grant,
      renew,
    )
    const [server] = dhcpv6OptionsOf(grant, 'server-id')
    judge.equal(
      dhcpv6OptionsOf(renew, 'server-id')[0]?.duid,
      server?.duid,
      'It names the server that granted the lease',
      renew,
    )
    for (const type of ['ia-na', 'ia-pd'] as const)
      for (const ia of dhcpv6OptionsOf(grant, type))
        judge.holds(
          dhcpv6OptionsOf(renew, type).some((one) => one.iaid === ia.iaid),
          `It holds every granted IA: ${type} ${ia.iaid}.`,
          'that IA is missing',
          renew,
        )
    if (what === 'answered') return
    const rebind = did('rebound')
    const sent = transmissions(wan.fromDut, renew)
    const second = judge.found(sent[1], 'An unanswered Renew is sent again.', renew)
    judge.within(second.at - renew.at, firstGap(10), 'REN_TIMEOUT between the first two.', renew, second)
    const late = sent.filter((frame) => frame.number > (framesOf(rebind)[0]?.number ?? 0))
    judge.absent(late, 'It is not sent any more once T2 has come.', { fence: did('rebinding-over'), since: rebind })
  },
)

requirement('RFC8415-18.2.5-REBIND', rebinding, ({ wan, isp, judge, given, did, framesOf, lan }) => {
  const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
  const rebind = judge.found(
    wan.fromDut.first(dhcpv6('rebind'), { after: grant }),
    'When the server stays silent, the router asks every server by Rebind.',
    grant,
  )
  judge.within(rebind.at - grant.at, leaseTimer(isp.dhcpv6.t2, 'T2 of the lease'), 'It does so at T2.', grant, rebind)
  judge.equal(dhcpv6OptionsOf(rebind, 'server-id').length, 0, 'Server Identifier options in it', rebind)
  const after = did('after-rebinding')
  const over = did('rebinding-over')
  const prefixes = granted(grant)
  const withdrawing = lan.fromDut
    .all(ra(), { after: rebind })
    .filter((frame) =>
      pios(frame).some(
        (pio) => pio.preferredLifetime === 0 && prefixes.some((prefix) => prefixContains(prefix, pio.prefix)),
      ),
    )
  judge.absent(withdrawing, 'The answer of another server keeps the prefix: the LAN hears of no withdrawal.', {
    fence: over,
    since: rebind,
  })
  judge.found(framesOf(after)[0], "A host's flow goes on.", after)
  judge.found(framesOf(over)[0], 'And it still does 3.5 s later.', over)
})
