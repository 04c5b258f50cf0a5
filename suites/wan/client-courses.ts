import {
  dhcpv6,
  dhcpv6OptionsOf,
  granted,
  leaseTimer,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
} from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { renewal } from '../scenarios/renewal.ts'
import { withdrawal } from '../scenarios/withdrawal.ts'
import { judgeFirst, timeouts, transmissions } from './exchange.ts'

requirement(
  'RFC8415-18.2.4-RENEW',
  {
    cases: {
      answered: [renewal, flashRenumbering, withdrawal],
      'server silent': rebinding,
      'first timeout': rebinding,
      'ends at T2': rebinding,
    },
  },
  (evidence) => {
    const { case: what, wan, isp, judge, given, did, framesOf } = evidence
    const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
    const renew = judge.found(
      wan.fromDut.first(dhcpv6('renew', { iaPd: {} }), { after: grant }),
      'The router renews its lease: a Renew with IA_PD.',
      grant,
    )
    if (what === 'first timeout') {
      const sent = timeouts(transmissions(wan.fromDut, renew))
      return judgeFirst(evidence, sent, retransmissionTimes.renew, renew)
    }
    if (what === 'ends at T2') {
      const rebind = given(framesOf(did('rebound'))[0], 'RFC8415-18.2.5-REBIND')
      return judge.absent(
        wan.fromDut.all(dhcpv6('renew'), { after: rebind }),
        'Renew is not sent any more once T2 has come.',
        { fence: did('rebinding-over'), since: rebind },
      )
    }
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
