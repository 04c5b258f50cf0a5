import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  grace,
  iaPrefixes,
  lastAbout,
  lifetimeSlack,
  type Mark,
  optionsOf,
  pios,
  prefixContains,
  ra,
  requirement,
} from 'denat'
import { restart } from '../scenarios/restart.ts'
import { subLease } from '../scenarios/sub-lease.ts'
import { globals, isUlaPrefix } from './askers.ts'

/** The first prefix that `downstream` was given; without it there is nothing to look at. */
function delegated({ did, given, marks }: Evidence): void {
  did('lan-prefix')
  const mark = marks('given').find(({ data }) => data?.name === 'downstream')
  given(mark?.data?.prefix ? mark : undefined, 'RFC9818-LPD-1')
}

/** Who has no lease any more may have lost it with the prefix that it was out of. */
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

const steps = { 'routers come and go': ['before', 'gone'], renewals: ['routers', 'renewals'] }

requirement(
  'RFC9818-LPD-3',
  { cases: { 'routers come and go': subLease, renewals: subLease, reboot: restart } },
  (evidence) => {
    const { case: what, judge, given } = evidence
    const seen = what === 'reboot' ? aroundReboot(evidence) : atSteps(evidence)
    const [before, after] = seen.map((frame) => linkPrefixesIn(frame).join(', '))
    given(before ? seen[0] : undefined, what === 'renewals' ? 'RFC9818-LPD-3' : 'RFC7084-W-4')
    const over = {
      'routers come and go': 'routers have come and gone',
      renewals: 'the lease was renewed',
      reboot: 'the router has restarted',
    }
    judge.equal(after, before, `The LAN has the same prefix when ${over[what as keyof typeof over]}`, ...seen)
  },
)

function atSteps(evidence: Evidence): Frame[] {
  const { case: what, wan, lan, did, given, framesOf } = evidence
  delegated(evidence)
  const [from, to] = steps[what as keyof typeof steps].map((when) =>
    did('lan-prefix', ({ data }) => data?.when === when),
  ) as [Mark, Mark]
  const renewed = wan.toDut.first(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { after: from, before: to })
  if (what === 'renewals') given(renewed, 'RFC8415-18.2.4-RENEW')
  return [from, to].map((mark) => {
    const [, heard] = framesOf(mark)
    given(heard, 'RFC7084-L-1')
    return given(lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { before: mark })), 'RFC7084-L-1')
  })
}

function aroundReboot({ lan, did, given, marks, framesOf }: Evidence): Frame[] {
  const [begun, over] = ['keeping', 'kept'].map((name) => did(name, ({ data }) => data?.kind === 'reboot')) as [
    Mark,
    Mark,
  ]
  given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const sent = lan.of('host').fromDut
  given(framesOf(over)[1], 'RFC7084-L-1')
  const last = (where: { after?: Mark; before: Mark }): Frame | undefined =>
    lastAbout('prefix-information', sent.all(ra(), where))
  return [given(last({ before: begun }), 'RFC7084-L-1'), given(last({ after: begun, before: over }), 'RFC7084-L-1')]
}

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

requirement(
  'RFC8415-18.3.4-PDRENEW',
  // RFC 9915 section 18.3.5: the server SHOULD send the IA back with new lifetimes.
  { cases: { Renew: subLease, Rebind: subLease, 'a foreign prefix': subLease }, levels: { Rebind: 'SHOULD' } },
  (evidence) => {
    const { case: what, judge, did, given, marks, framesOf } = evidence
    delegated(evidence)
    did('extended')
    if (what !== 'a foreign prefix') {
      for (const mark of marks('extended').filter(({ data }) => data?.how === what)) {
        given(mark.data?.before ? mark : undefined, blame(evidence, mark, 'RFC8415-18.3.4-PDRENEW'))
        const reply = judge.found(framesOf(mark)[0], mark, `A ${what} of a lease on the LAN is answered.`)
        const prefix = String(mark.data?.before)
        judge.holds(
          globals(reply).includes(prefix),
          'The router keeps its prefix.',
          globals(reply).join(', ') || 'nothing',
          reply,
        )
        isLonger(evidence, reply, prefix)
      }
      return
    }
    const foreign = did('foreign')
    const [asked, answer] = framesOf(foreign)
    const fence = given(
      marks('extended')
        .filter(({ at, data }) => at > foreign.at && data?.how === 'Renew')
        .flatMap(framesOf)[0],
      'RFC8415-18.3.4-PDRENEW',
    )
    const named = answer ? iaPrefixes(answer).filter(({ prefix }) => prefix === foreign.data?.prefix) : []
    judge.holds(
      named.every(({ validLifetime }) => validLifetime === 0),
      'A prefix that was never delegated is not extended, though a Rebind names it.',
      named.map(({ prefix, validLifetime }) => `${prefix} for ${validLifetime} s`).join(', '),
      asked ?? foreign,
      answer ?? fence,
      fence,
    )
    judge.note(
      named.length > 0 ? 'It comes back with lifetimes 0.' : 'The answer leaves it out, or there is none.',
      fence,
    )
  },
)

requirement(
  'RFC8987-S-2',
  { cases: { 'unplugged for a while': subLease, 'the gateway restarts': restart } },
  (evidence) => {
    const { case: what, judge, given, marks, framesOf } = evidence
    if (what === 'unplugged for a while') {
      delegated(evidence)
      const last = given(marks('relinked').at(-1), 'RFC9818-LPD-5-ROUTE')
      const [, arrived] = framesOf(last)
      judge.found(
        arrived,
        last,
        `A router that was unplugged and says nothing still gets what is for ${last.data?.prefix}.`,
      )
      return
    }
    gatewayRestarts(evidence)
  },
)

function gatewayRestarts(evidence: Evidence): void {
  const { lan, world, judge, did, given, marks, framesOf } = evidence
  given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const late = did('late-comer')
  given(late.data?.prefix ? late : undefined, blame(evidence, late, 'RFC9818-LPD-1'))
  judge.holds(
    late.data?.prefix !== late.data?.held,
    'After a restart of the gateway, a prefix that is still leased is given to no other router.',
    String(late.data?.prefix),
    late,
  )
  const clientId = { duid: world.stations.downstream?.duid }
  const reply = lan.fromDut.first(dhcpv6('reply', { clientId }), { after: late })
  judge.holds(
    reply !== undefined && globals(reply).includes(String(late.data?.held)),
    'The router that holds it can renew it.',
    reply ? globals(reply).join(', ') || 'nothing granted' : 'no answer',
    reply ?? late,
  )
  const [answer] = framesOf(did('unrenewed-ping'))
  judge.note(
    answer ? 'It is routed again before its router has renewed it.' : 'It is not routed until its router renews it.',
    ...(answer ? [answer] : []),
  )
}
