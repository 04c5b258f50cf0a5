import {
  anyOf,
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaPrefixes,
  type Judgement,
  lineUp,
  type Mark,
  on,
  optionsOf,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import { lineBack, rebinding, rebound, renewedAfterRebind, unanswered } from '../../scenarios/rebinding.ts'
import { restart, restarted } from '../../scenarios/restart.ts'
import { judgeFirst, judgeNext, timeouts, transmissions } from '../../shared/exchange.ts'
import { onlineAgain } from '../../steps/keeps.ts'

const { confirm: confirmTimes, rebind: rebindTimes } = retransmissionTimes

const asking = { dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind', 'confirm') } } as const

/** The first message of the client after a time. A separate client may request the address: that for the prefix counts. */
function firstWord({ wan }: Evidence, after: Mark): Frame | undefined {
  const sent = wan.fromDut.all(asking, { after })
  return sent.find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0) ?? sent[0]
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

const id = 'RFC8415-18.2.12-REBOOT'

/** The line is up again, with a valid lease; `first` is the client's next message. */
function afterCut(evidence: Evidence) {
  const { wan, given, at, every } = evidence
  const { mark: back } = at(lineBack)
  const grant = given(
    wan.toDut.all({ dhcp6: { type: 'reply' } }, { before: back }).findLast((one) => granted(one).length > 0),
    'RFC7084-W-4',
  )
  const up = every(lineUp)[0]?.mark ?? back
  return { back, grant, up, first: firstWord(evidence, up) }
}

const leasesAreKept: Judgement = (evidence) => {
  const { judge, assume, lan, at, every } = evidence
  const { grant, up } = afterCut(evidence)
  const { reply, mark: over } = at(unanswered)
  const leases = iaPrefixes(grant)
  // Without a Renew that is answered it is not for long.
  const isRebound = every(rebound).some(({ rebind }) => rebind !== undefined && rebind.number < grant.number)
  const blame = isRebound && every(renewedAfterRebind).length > 0 ? 'RFC8415-18.2.4-RENEW' : 'RFC8415-18.2.5-REBIND'
  assume(
    leases.some(({ preferredLifetime }) => over.at - grant.at < preferredLifetime),
    blame,
  )
  const isEarly = (frame: Frame, of: string) =>
    leases.some((one) => prefixContains(one.prefix, of) && frame.at - grant.at < one.preferredLifetime - 1)
  const gone = lan.fromDut
    .all(ra(), { after: up, before: over })
    .filter((frame) => pios(frame).some((pio) => pio.preferredLifetime === 0 && isEarly(frame, pio.prefix)))
  judge.absent(
    gone,
    claim`While no server answers, the router does not withdraw the prefix on the LAN: its lease is still valid.`,
    {
      fence: over,
      since: up,
    },
  )
  judge.found(reply, over, claim`The echo request of a host from the same prefix is answered as before.`)
}

const asksAllServers: Judgement = (evidence) => {
  const { judge, every } = evidence
  const { back, first } = afterCut(evidence)
  // What asks for the address alone may come first.
  const fence = every(unanswered)[0]?.mark ?? back
  const verified = judge.found(first, fence, claim`When the line is up again, the client verifies its leases.`)
  judge.equal(dhcpv6Of(verified).type, 'rebind', claim`With a delegated prefix the message is`, verified)
  judge.equal(
    dhcpv6OptionsOf(verified, 'server-id').length,
    0,
    claim`Number of Server Identifier options in the Rebind`,
    verified,
  )
}

/** The Rebind after the cut. */
function rebindAfterCut(evidence: Evidence) {
  const { first, ...rest } = afterCut(evidence)
  const isRebind = first !== undefined && dhcpv6Of(first).type === 'rebind'
  return { ...rest, rebind: evidence.given(isRebind ? first : undefined, id) }
}

const namesEveryLease: Judgement = (evidence) => {
  const { wan, judge } = evidence
  const { grant, up, rebind } = rebindAfterCut(evidence)
  const named = iaPrefixes(rebind).map(({ prefix }) => prefix)
  for (const prefix of granted(grant))
    judge.holds(
      named.includes(prefix),
      claim`The Rebind contains the delegated prefix ${the.prefix(prefix)}.`,
      claim`IA Prefix ${the.list(
        named.map((item) => the.name(item)),
        claim`none`,
      )}`,
      grant,
      rebind,
    )
  // The address may be asked for by an exchange of its own.
  const asked = wan.fromDut.all({ dhcp6: { type: anyOf('rebind', 'confirm') } }, { after: up })
  for (const { iaid } of leasedAddresses(evidence, rebind))
    judge.holds(
      asked.some((frame) => dhcpv6OptionsOf(frame, 'ia-na').some((one) => one.iaid === iaid)),
      claim`The Rebind contains the IA_NA ${iaid} as well.`,
      claim`that IA is missing`,
      grant,
      rebind,
    )
}

const isRepeated: Judgement = (evidence) => {
  const { wan, judge, at } = evidence
  const { rebind } = rebindAfterCut(evidence)
  const gaps = timeouts(transmissions(wan.fromDut, rebind))
  const { mark: over } = at(unanswered)
  const second = judge.found(gaps[0]?.frame, over, claim`The client retransmits it without an answer.`, rebind)
  const slow = second.at - rebind.at > rebindTimes.irt / 2
  judge.goal(
    !slow,
    claim`Its first timeout is that of Confirm: CNF_TIMEOUT, 1 s.`,
    claim`${the.seconds(second.at - rebind.at, 3)}, as for any other Rebind`,
    rebind,
    second,
  )
  judgeFirst(evidence, gaps, slow ? rebindTimes : confirmTimes, rebind)
  if (!slow) judgeNext(evidence, gaps, confirmTimes)
}

/** A router that stored no lease may solicit; one that did must not take its prefix for confirmed by Confirm. */
const beginsAfterRestart: Judgement = (evidence) => {
  const { judge, given, at, every } = evidence
  at(onlineAgain, ({ kind }) => kind === 'reboot')
  for (const { kind, mark: begun } of every(restarted)) {
    const first = given(firstWord(evidence, begun), 'DENAT-DEFAULT-1')
    const { type } = dhcpv6Of(first)
    judge.holds(
      type === 'rebind' || type === 'solicit',
      claim`After a restart (${the.name(kind)}) the client starts with Rebind, or with Solicit where it has not stored its lease.`,
      claim`a ${the.name(String(type))}`,
      begun,
      first,
    )
    judge.note(claim`After ${the.name(kind)}: ${the.name(String(type))}.`, first)
  }
}

export const requirements = [
  requirement(id, {
    'line was cut': on(rebinding, asksAllServers),
    'every lease named': on(rebinding, namesEveryLease),
    // RFC 9915: the parameters "should be set as for the Confirm message" (section 18.2.12).
    timing: on(rebinding, isRepeated, { level: 'SHOULD' }),
    // Without an answer the client SHOULD continue to use its leases (section 18.2.3).
    'leases kept': on(rebinding, leasesAreKept, { level: 'SHOULD' }),
    restarted: on(restart, beginsAfterRestart),
  }),
]
