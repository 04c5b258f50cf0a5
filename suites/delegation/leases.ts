import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  grace,
  iaPrefixes,
  type Judgement,
  lastAbout,
  lifetimeSlack,
  type Mark,
  on,
  optionsOf,
  pios,
  prefixContains,
  ra,
  requirement,
  type Where,
} from 'denat'
import { keeping, kept } from '../scenarios/keeps.ts'
import { lateComer, restart, unrenewedPing } from '../scenarios/restart.ts'
import { extended, foreignAsked, lanPrefixAsked, prefixGiven, relinked, subLease } from '../scenarios/sub-lease.ts'
import { subDelegated } from '../steps/sub-delegated.ts'
import { globals, isUlaPrefix } from './askers.ts'

/** The first prefix that `downstream` was given; without it there is nothing to look at. */
function delegated({ at, assume, every }: Evidence): void {
  at(lanPrefixAsked)
  const first = every(prefixGiven).find(({ name }) => name === 'downstream')
  assume(first?.prefix !== undefined, 'RFC9818-LPD-1')
}

/** A router without a lease may have lost it with the prefix that it was out of. */
function blame({ lan }: Evidence, before: Mark, otherwise: string): string {
  const last = lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { before }))
  const hasPrefix = last && pios(last).some(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
  return hasPrefix ? otherwise : 'RFC9818-LPD-3'
}

/** Prefixes out of the delegated one that an RA has in force. */
const linkPrefixesIn = (frame: Frame): string[] => {
  const live = pios(frame).filter(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
  return [...new Set(live.map(({ prefix }) => prefix))].sort()
}

/** The LAN has the same prefix in the last RA before something and in the one after it. */
function samePrefix(
  { judge, assume }: Evidence,
  [first, last]: [Frame, Frame],
  event: string,
  otherwise: string,
): void {
  const [before, after] = [first, last].map((frame) => linkPrefixesIn(frame).join(', '))
  assume(before !== '', otherwise)
  judge.equal(after, before, `The LAN has the same prefix when ${event}`, first, last)
}

type When = 'before' | 'routers' | 'renewals' | 'gone'
const isOf =
  (step: When) =>
  ({ when }: { when: When }): boolean =>
    when === step

/** The RAs of two steps that say what is in force. */
function atSteps({ lan, at, given }: Evidence, from: When, to: When): [Frame, Frame] {
  const seen = (step: When) => {
    const { advertised, mark } = at(lanPrefixAsked, isOf(step))
    given(advertised, 'RFC7084-L-1')
    const sent = lan.of('host').fromDut.all(ra(), { before: mark })
    return given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
  }
  return [seen(from), seen(to)]
}

const comeAndGo: Judgement = (evidence) => {
  delegated(evidence)
  samePrefix(evidence, atSteps(evidence, 'before', 'gone'), 'routers have come and gone', 'RFC7084-W-4')
}

const isRenewed: Judgement = (evidence) => {
  const { at, wan, given } = evidence
  delegated(evidence)
  const [after, before] = [at(lanPrefixAsked, isOf('routers')).mark, at(lanPrefixAsked, isOf('renewals')).mark]
  const renewal = wan.toDut.first(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { after, before })
  given(renewal, 'RFC8415-18.2.4-RENEW')
  samePrefix(evidence, atSteps(evidence, 'routers', 'renewals'), 'the lease was renewed', 'RFC9818-LPD-3')
}

const isRebooted: Judgement = (evidence) => {
  const { lan, at, given, every } = evidence
  const ofReboot = ({ kind }: { kind: string }) => kind === 'reboot'
  const { mark: begun } = at(keeping, ofReboot)
  const { mark: over, advertised } = at(kept, ofReboot)
  given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  given(advertised, 'RFC7084-L-1')
  const last = (where: Where): Frame =>
    given(lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), where)), 'RFC7084-L-1')
  const seen: [Frame, Frame] = [last({ before: begun }), last({ after: begun, before: over })]
  samePrefix(evidence, seen, 'the router has restarted', 'RFC7084-W-4')
}

requirement('RFC9818-LPD-3', {
  'routers come and go': on(subLease, comeAndGo),
  renewals: on(subLease, isRenewed),
  reboot: on(restart, isRebooted),
})

requirement('RFC9818-LPD-10', subLease, (evidence) => {
  const { wan, lan, judge, given } = evidence
  delegated(evidence)
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }))
  given(grants[0], 'RFC7084-W-4')
  const replies = lan.fromDut
    .all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }))
    .filter((frame) => globals(frame).length > 0)
  given(replies[0], 'RFC9818-LPD-1')
  judge.each(replies, 'No lifetime on the LAN is longer than what is left of the lease on the WAN.', (reply) =>
    iaPrefixes(reply)
      .filter(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
      .map(({ prefix, preferredLifetime, validLifetime }) => {
        const left = leftOf(grants, prefix, reply)
        return left &&
          (preferredLifetime > left.preferred + lifetimeSlack || validLifetime > left.valid + lifetimeSlack)
          ? `${prefix} for ${preferredLifetime} and ${validLifetime} s, of ${left.preferred.toFixed(0)} and ${left.valid.toFixed(0)} s`
          : undefined
      })
      .find((wrong) => wrong !== undefined),
  )
  judge.each(replies, 'T1 is not longer than the preferred lifetime.', (reply) => {
    const late = dhcpv6OptionsOf(reply, 'ia-pd').find(({ t1, ...ia }) => {
      const lives = optionsOf(ia, 'ia-prefix').filter(({ validLifetime }) => validLifetime > 0)
      return lives.length > 0 && t1 > Math.min(...lives.map(({ preferredLifetime }) => preferredLifetime))
    })
    return late && `T1 ${late.t1}`
  })
})

/** Seconds are whole, and a Reply is on its way. */
const rounding = 1

/**
 * A lease that was extended ends later than before, as long as the ISP's own does not end by then: RFC 9915 section
 * 18.3.4 has the server send new lifetimes.
 */
function isLonger({ wan, lan, judge }: Evidence, reply: Frame, prefix: string): void {
  const validIn = (frame: Frame) => iaPrefixes(frame).find((one) => one.prefix === prefix)?.validLifetime ?? 0
  const former = lan.fromDut.all(dhcpv6('reply'), { before: reply }).findLast((frame) => validIn(frame) > 0)
  if (!former) return
  const endOf = (frame: Frame) => frame.at + validIn(frame)
  const grants = wan.toDut
    .all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { before: reply })
    .map((grant) => ({ at: grant.at, left: leftOf([grant], prefix, reply)?.valid }))
    .filter(({ left }) => left !== undefined)
  // What was granted a moment ago need not be in force yet.
  const settled = grants.findLastIndex(({ at }) => at <= reply.at - grace)
  const ofIsp = reply.at + Math.min(...grants.slice(Math.max(0, settled)).map(({ left = 0 }) => left))
  judge.holds(
    endOf(reply) > endOf(former) + rounding ||
      endOf(reply) > ofIsp - lifetimeSlack ||
      reply.at - former.at < 2 * rounding,
    'It has it for longer than before.',
    `${prefix} ends ${validIn(reply)} s later, when it ended ${(endOf(former) - reply.at).toFixed(0)} s later before`,
    former,
    reply,
  )
}

/** What is left at a moment of the newest lease that holds a prefix. Seconds. */
function leftOf(grants: readonly Frame[], prefix: string, at: Frame) {
  for (const grant of grants.filter((one) => one.number < at.number).reverse())
    for (const lease of iaPrefixes(grant))
      if (prefixContains(lease.prefix, prefix)) {
        const passed = at.at - grant.at
        return {
          preferred: Math.max(0, lease.preferredLifetime - passed),
          valid: Math.max(0, lease.validLifetime - passed),
        }
      }
  return undefined
}

const isExtended =
  (how: 'Renew' | 'Rebind'): Judgement =>
  (evidence) => {
    const { judge, at, assume, every } = evidence
    delegated(evidence)
    at(extended)
    for (const { before, reply: answer, mark } of every(extended).filter((one) => one.how === how)) {
      if (!before) return assume(false, blame(evidence, mark, 'RFC8415-18.3.4-PDRENEW'))
      const reply = judge.found(answer, mark, `A ${how} of a lease on the LAN is answered.`)
      judge.holds(
        globals(reply).includes(before),
        'The router keeps its prefix.',
        globals(reply).join(', ') || 'nothing',
        reply,
      )
      isLonger(evidence, reply, before)
    }
  }

const foreignIsNotExtended: Judgement = (evidence) => {
  const { judge, at, given, every } = evidence
  delegated(evidence)
  at(extended)
  const { prefix, asked, answer, mark } = at(foreignAsked)
  const renewed = every(extended).filter((one) => one.mark.at > mark.at && one.how === 'Renew')
  const fence = given(renewed.find(({ reply }) => reply)?.reply, 'RFC8415-18.3.4-PDRENEW')
  const named = answer ? iaPrefixes(answer).filter((one) => one.prefix === prefix) : []
  judge.holds(
    named.every(({ validLifetime }) => validLifetime === 0),
    'A prefix that was never delegated is not extended, though a Rebind names it.',
    named.map(({ validLifetime }) => `${prefix} for ${validLifetime} s`).join(', '),
    asked ?? mark,
    answer ?? fence,
    fence,
  )
  judge.note(
    named.length > 0 ? 'It comes back with lifetimes 0.' : 'The answer leaves it out, or there is none.',
    fence,
  )
}

requirement('RFC8415-18.3.4-PDRENEW', {
  Renew: on(subLease, isExtended('Renew')),
  // RFC 9915 section 18.3.5: the server SHOULD send the IA back with new lifetimes.
  Rebind: on(subLease, isExtended('Rebind'), { level: 'SHOULD' }),
  'a foreign prefix': on(subLease, foreignIsNotExtended),
})

const isStillRouted: Judgement = (evidence) => {
  const { judge, every, assume } = evidence
  delegated(evidence)
  const last = every(relinked).at(-1)
  if (!last) return assume(false, 'RFC9818-LPD-5-ROUTE')
  judge.found(
    last.arrived,
    last.mark,
    `A router that was unplugged and says nothing still gets what is for ${last.prefix}.`,
  )
}

requirement('RFC8987-S-2', {
  'unplugged for a while': on(subLease, isStillRouted),
  'the gateway restarts': on(restart, gatewayRestarts),
})

function gatewayRestarts(evidence: Evidence): void {
  const { lan, world, judge, at, given, assume, every } = evidence
  given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  const { prefix, held, mark: late } = at(lateComer)
  assume(prefix !== undefined, blame(evidence, late, 'RFC9818-LPD-1'))
  assume(held !== undefined, 'DENAT-ADDR-STABLE')
  judge.holds(
    prefix !== held,
    'After a restart of the gateway, a prefix that is still leased is given to no other router.',
    String(prefix),
    late,
  )
  const clientId = { duid: world.stations.downstream?.duid }
  const reply = lan.fromDut.first(dhcpv6('reply', { clientId }), { after: late })
  judge.holds(
    reply !== undefined && held !== undefined && globals(reply).includes(held),
    'The router that holds it can renew it.',
    reply ? globals(reply).join(', ') || 'nothing granted' : 'no answer',
    reply ?? late,
  )
  const { reply: answer } = at(unrenewedPing)
  judge.note(
    answer ? 'It is routed again before its router has renewed it.' : 'It is not routed until its router renews it.',
    ...(answer ? [answer] : []),
  )
}
