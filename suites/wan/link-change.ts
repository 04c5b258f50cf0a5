import {
  anyOf,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  type Mark,
  optionsOf,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
} from 'denat'
import { rebinding } from '../scenarios/rebinding.ts'
import { restart } from '../scenarios/restart.ts'
import { judgeFirst, judgeNext, timeouts, transmissions } from './exchange.ts'

const { confirm: confirmTimes, rebind: rebindTimes } = retransmissionTimes
const asking = { dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind', 'confirm') } } as const

/** What the client says first after a moment. A client of its own may ask for the address: the prefix's counts. */
function firstWord({ wan }: Evidence, after: Mark): Frame | undefined {
  const said = wan.fromDut.all(asking, { after })
  return said.find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0) ?? said[0]
}

/** IA_NAs that hold an address at a moment, by what was granted last of each. */
function leasedAddresses({ wan }: Evidence, now: Frame) {
  const replies = wan.toDut.all({ dhcp6: { type: 'reply' } }, { before: now })
  const ias = replies.flatMap((reply) => dhcpv6OptionsOf(reply, 'ia-na').map((ia) => ({ ...ia, at: reply.at })))
  const last = new Map(ias.map((ia) => [ia.iaid, ia]))
  return [...last.values()].filter((ia) =>
    optionsOf(ia, 'ia-addr').some(({ validLifetime }) => ia.at + validLifetime > now.at),
  )
}

requirement(
  'RFC8415-18.2.12-REBOOT',
  {
    cases: {
      'line was cut': rebinding,
      'every lease named': rebinding,
      timing: rebinding,
      'leases kept': rebinding,
      restarted: restart,
    },
    // RFC 9915: the parameters "should be set as for the Confirm message" (section 18.2.12); leases that nobody answers
    // for the client SHOULD continue to use (section 18.2.3).
    levels: { timing: 'SHOULD', 'leases kept': 'SHOULD' },
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, marks, framesOf } = evidence
    if (what === 'restarted') return judgeRestarts(evidence)
    const back = did('line-back')
    const grant = given(
      wan.toDut
        .all({ dhcp6: { type: 'reply' } }, { before: did('rebinding-over') })
        .findLast((one) => granted(one).length > 0),
      'RFC7084-W-4',
    )
    const [up] = marks('line-up')
    const first = firstWord(evidence, up ?? back)
    if (what === 'leases kept') {
      const over = did('unanswered')
      const leases = iaPrefixes(grant)
      const lives = leases.some(({ preferredLifetime }) => over.at - grant.at < preferredLifetime)
      given(lives ? grant : undefined, 'RFC8415-18.2.5-REBIND')
      const isEarly = (frame: Frame, of: string) =>
        leases.some((one) => prefixContains(one.prefix, of) && frame.at - grant.at < one.preferredLifetime - 1)
      const gone = lan.fromDut
        .all(ra(), { after: up ?? back, before: over })
        .filter((frame) => pios(frame).some((pio) => pio.preferredLifetime === 0 && isEarly(frame, pio.prefix)))
      judge.absent(gone, 'While nobody answers, the prefix is not withdrawn from the LAN: its lease lives on.', {
        fence: over,
        since: up ?? back,
      })
      judge.found(framesOf(over)[0], over, "A host's echo request is answered as before, by way of the same prefix.")
      return
    }
    if (what === 'line was cut') {
      // What asks for the address alone may come first.
      const fence = marks('unanswered')[0] ?? back
      const said = judge.found(
        first,
        fence,
        'When the line is back, the router asks whether its leases are still good.',
      )
      judge.equal(dhcpv6Of(said).type, 'rebind', 'With a delegated prefix it does so by', said)
      judge.equal(dhcpv6OptionsOf(said, 'server-id').length, 0, 'Server Identifier options in it', said)
      return
    }
    const rebind = given(first && dhcpv6Of(first).type === 'rebind' ? first : undefined, 'RFC8415-18.2.12-REBOOT')
    if (what === 'every lease named') {
      for (const prefix of granted(grant))
        judge.holds(
          iaPrefixes(rebind).some((one) => one.prefix === prefix),
          `Rebind names the delegated prefix ${prefix}.`,
          `IA Prefix ${
            iaPrefixes(rebind)
              .map((one) => one.prefix)
              .join(', ') || 'none'
          }`,
          grant,
          rebind,
        )
      // The address may be asked for by an exchange of its own.
      const asked = wan.fromDut.all({ dhcp6: { type: anyOf('rebind', 'confirm') } }, { after: up ?? back })
      for (const { iaid } of leasedAddresses(evidence, rebind))
        judge.holds(
          asked.some((frame) => dhcpv6OptionsOf(frame, 'ia-na').some((one) => one.iaid === iaid)),
          `It asks for the IA_NA ${iaid} as well.`,
          'that IA is missing',
          grant,
          rebind,
        )
      return
    }
    const gaps = timeouts(transmissions(wan.fromDut, rebind))
    const second = judge.found(gaps[0]?.frame, did('unanswered'), 'It is sent again when nothing answers.', rebind)
    const slow = second.at - rebind.at > rebindTimes.irt / 2
    judge.goal(
      !slow,
      'Its timeouts are those of Confirm: CNF_TIMEOUT 1 s.',
      `${(second.at - rebind.at).toFixed(3)} s, as of any other Rebind`,
      rebind,
      second,
    )
    judgeFirst(evidence, gaps, slow ? rebindTimes : confirmTimes, rebind)
    if (!slow) judgeNext(evidence, gaps, confirmTimes)
  },
)

/** A router that stored no lease may solicit; one that did must not take its prefix for confirmed by Confirm. */
function judgeRestarts(evidence: Evidence): void {
  const { judge, given, marks, did } = evidence
  did('online-again', (mark) => mark.data?.kind === 'reboot')
  for (const begun of marks('restart')) {
    const first = given(firstWord(evidence, begun), 'DENAT-DEFAULT-1')
    const { type } = dhcpv6Of(first)
    judge.holds(
      type === 'rebind' || type === 'solicit',
      `After a restart (${begun.data?.kind}) the router begins with Rebind, or with Solicit where it remembers no lease.`,
      `a ${type}`,
      begun,
      first,
    )
    judge.note(`After ${begun.data?.kind}: ${type}.`, first)
  }
}
