import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  lastAbout,
  lifetimeSlack,
  pios,
  prefixContains,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { namingImpossible } from '../robustness/dhcpv6-mutants.ts'
import { brief, deprecated, mixedAnswers } from '../scenarios/mixed-answers.ts'
import {
  answered,
  asksForAddress,
  casesOf,
  firstLive,
  grantsOf,
  isLive,
  isWithdrawn,
  staysOnLan,
  stillThere,
  usesOfAddress,
} from './answered.ts'
import { clientMessages } from './client-messages.ts'

const piosOf = (frame: Frame, prefix: string) => pios(frame).filter((pio) => prefixContains(prefix, pio.prefix))

requirement(
  'RFC8415-MULTI-IAPREFIX',
  { cases: { 'both on the LAN': mixedAnswers, 'lifetimes of each': mixedAnswers, 'both forward': mixedAnswers } },
  (evidence) => {
    const { case: what, judge, given, lan, did, marks, framesOf, notApplicable } = evidence
    const grants = grantsOf(evidence)
    const { reply } = answered(evidence, 'two prefixes')
    const sent = lan.of('host').fromDut
    const both = sent
      .all(ra(), { after: reply })
      .find((frame) => isLive(frame, grants.first) && isLive(frame, grants.brief))
    if (what === 'both on the LAN') {
      judge.due(
        both,
        { after: reply, seconds: raUpdate.max },
        `Both prefixes of one IA_PD (${grants.first}, ${grants.brief}) are on the LAN.`,
      )
      return
    }
    given(both, 'RFC8415-MULTI-IAPREFIX')
    if (what === 'lifetimes of each') {
      const live = sent.all(ra(), { after: reply }).filter((frame) => isLive(frame, grants.brief))
      judge.each(
        live,
        `The prefix of the shorter lease (${brief.preferred}/${brief.valid} s) is never advertised for longer than that is left.`,
        (frame) => {
          const left = reply.at + brief.valid - frame.at + lifetimeSlack
          const over = piosOf(frame, grants.brief).find((pio) => pio.validLifetime > left)
          return over && `${over.validLifetime} s, ${(frame.at - reply.at).toFixed(1)} s after the Reply,`
        },
      )
      return
    }
    did('seen', ({ data }) => data?.name === 'IA_PD left out')
    const name = 'IA_PD left out'
    const still = given(answered(evidence, name).seen, 'RFC7084-L-1')
    if (![grants.first, grants.brief].every((prefix) => isLive(still, prefix)))
      return notApplicable('The RA after this answer does not have both prefixes in force.', still)
    const flows = marks('flow-from').filter(({ data }) => data?.name === name)
    for (const flow of flows)
      judge.found(framesOf(flow)[0], flow, `A host reaches the Internet from its address in ${flow.data?.prefix}.`)
  },
)

const isPreferred = (frame: Frame, prefix: string): boolean =>
  piosOf(frame, prefix).some(({ preferredLifetime }) => preferredLifetime > 0)

const leftOut = casesOf({
  'one of two prefixes': 'one of two prefixes; IA_NA with T1 > T2',
  'the IA_PD': 'IA_PD left out',
  'NoPrefixAvail in the IA_PD': 'NoPrefixAvail in the IA_PD',
  'an empty IA_PD': 'IA_PD empty; another resolver',
  'NoAddrsAvail in the IA_NA': 'NoAddrsAvail in the IA_NA; no resolver',
  'until its own lifetime': 'two prefixes',
})

requirement('RFC8415-18.2.10-LEAVEOUT', leftOut, (evidence) => {
  const { case: what, judge, given, lan, did } = evidence
  const grants = grantsOf(evidence)
  const name = leftOut.about(evidence)
  if (what === 'until its own lifetime') {
    const { reply } = answered(evidence, name)
    given(firstLive(lan.fromDut, grants.brief, reply), 'RFC8415-MULTI-IAPREFIX')
    const over = did('over')
    const end = reply.at + brief.valid + raUpdate.goal
    const later = lan.fromDut.all(ra(), { after: reply, before: over }).filter(({ at }) => at > end)
    judge.each(
      given(later[0], 'RFC7084-L-1') && later,
      `A prefix that no Reply mentions again is in force for its ${brief.valid} s, and no longer.`,
      (frame) =>
        isLive(frame, grants.brief) ? `in force ${(frame.at - reply.at).toFixed(1)} s after the Reply,` : undefined,
    )
    return
  }
  if (what === 'NoAddrsAvail in the IA_NA') {
    asksForAddress(evidence, name)
    stillThere(
      evidence,
      name,
      'The address that it held is in use until its lifetime ends: a Neighbor Solicitation for it is answered.',
    )
    staysOnLan(
      evidence,
      name,
      grants.first,
      'RFC8415-18.2.10-LEAVEOUT',
      'The prefix of the IA_PD beside it stays on the LAN.',
    )
    return
  }
  const prefix = what === 'one of two prefixes' ? grants.brief : grants.first
  const before = what === 'one of two prefixes' ? 'RFC8415-MULTI-IAPREFIX' : 'RFC8415-18.2.10-LEAVEOUT'
  staysOnLan(
    evidence,
    name,
    prefix,
    before,
    `The prefix ${prefix}, which the Reply does not mention, stays on the LAN.`,
  )
})

const zeroLife = casesOf({
  'prefix gone': 'lifetimes 0 and new leases',
  'address gone': 'lifetimes 0 and new leases',
  'address added': 'lifetimes 0 and new leases',
  'prefix deprecated': 'infinity; preferred lifetime 0',
  'address deprecated': 'infinity; preferred lifetime 0',
})

requirement('RFC8415-18.2.10-ZEROLIFE', zeroLife, (evidence) => {
  const { case: what, judge, given, assume, lan, did, marks, framesOf } = evidence
  const grants = grantsOf(evidence)
  const name = zeroLife.about(evidence)
  const { reply } = answered(evidence, name)
  if (what === 'prefix gone') {
    given(
      lan.fromDut.all(ra(), { before: reply }).findLast((frame) => isLive(frame, grants.first)),
      'RFC7084-W-4',
    )
    judge.due(
      lan.fromDut.all(ra(), { after: reply }).find((frame) => !isLive(frame, grants.first)),
      { after: reply, seconds: raUpdate.max },
      `The prefix ${grants.first}, which comes with valid lifetime 0, is in force on the LAN no longer.`,
    )
    const fresh = firstLive(lan.fromDut, grants.renumbered, reply)
    const blamed = brokenBy(evidence, 'RFC8415-18.2.10-ZEROLIFE')
    assume(fresh !== undefined || blamed === 'RFC8415-18.2.10-ZEROLIFE', blamed)
    judge.due(
      fresh,
      { after: reply, seconds: raUpdate.max },
      `The new one of the same IA_PD, ${grants.renumbered}, is in force.`,
    )
    return
  }
  if (what === 'prefix deprecated') {
    const sent = lan.of('host').fromDut.all(ra(), { after: reply, before: did('over') })
    given(firstLive(lan.fromDut, grants.endless, reply), 'RFC8415-7.7-INFINITY')
    const told = given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
    judge.holds(
      !isPreferred(told, grants.renumbered),
      `The prefix ${grants.renumbered}, which comes with preferred lifetime 0, is deprecated on the LAN.`,
      'it is preferred',
      reply,
      told,
    )
    const flow = did('flow-from', ({ data }) => data?.name === name)
    const [reached] = framesOf(flow)
    judge.holds(
      reached !== undefined || isLive(told, grants.renumbered),
      'It is valid still: it is advertised so, or a host reaches the Internet from it.',
      'neither',
      told,
      reached ?? flow,
    )
    return
  }
  asksForAddress(evidence, name)
  const { renumberedAddress } = grants
  const fresh = answered(evidence, 'lifetimes 0 and new leases').reply
  const next = answered(evidence, 'infinity; preferred lifetime 0').reply
  const taken = usesOfAddress(evidence, renumberedAddress, fresh).find(({ number }) => number < next.number)
  if (what === 'address added') {
    judge.found(taken, next, `The new address of the same IA_NA, ${renumberedAddress}, is taken up.`, reply)
    return
  }
  if (what === 'address deprecated') {
    given(taken, 'RFC8415-18.2.10-ZEROLIFE')
    stillThere(
      evidence,
      name,
      `The address ${renumberedAddress}, which came with preferred lifetime 0, is valid still: a Neighbor Solicitation is answered.`,
    )
    return
  }
  const old = iaAddresses(framesOf(did('granted'))[0] as Frame)[0]?.address
  const questions = marks('asked').filter(({ data }) => data?.name === name)
  const asked = given(
    questions.find(({ data }) => data?.target === old),
    'RFC7084-WAA-6',
  )
  const [question, answer] = framesOf(asked)
  const alive = questions.at(-1)
  const fence = given(alive && framesOf(alive)[1], 'RFC7084-G-1')
  judge.absent(answer ? [answer] : [], `The address ${old}, which came with valid lifetime 0, is used no longer.`, {
    fence,
    since: question as Frame,
  })
})

/** What is to blame where a new prefix does not come to the LAN: leases that no router can serve it with, or the id. */
const brokenBy = (evidence: Evidence, id: string): string =>
  namingImpossible(evidence, { before: evidence.did('over') }).length > 0 ? 'ROB-DHCP6-PREFIXLENGTH' : id

requirement(
  'RFC8415-7.7-INFINITY',
  { cases: { lifetimes: mixedAnswers, T1: mixedAnswers, 'T1 beyond the lifetimes': mixedAnswers } },
  (evidence) => {
    const { case: what, judge, given, wan, lan, did, framesOf, notApplicable } = evidence
    const { endless, renumbered } = grantsOf(evidence)
    const { reply } = answered(evidence, 'infinity; preferred lifetime 0')
    const over = did('over')
    // Each answer meets a sound state: the prefix of the Reply before has come to the LAN.
    const before = answered(evidence, 'lifetimes 0 and new leases').reply
    if (what !== 'T1')
      given(firstLive(lan.of('host').fromDut, renumbered, before), brokenBy(evidence, 'RFC8415-18.2.10-ZEROLIFE'))
    const sent = lan.of('host').fromDut.all(ra(), { after: reply, before: over })
    if (what === 'T1 beyond the lifetimes') {
      const { valid } = deprecated
      const applied = given(firstLive(lan.of('host').fromDut, endless, reply), 'RFC8415-7.7-INFINITY')
      const live = sent.filter((frame) => isLive(frame, renumbered) && frame.at >= applied.at)
      // Where it counts as before, the answer was not taken over for this prefix.
      given(live.some((frame) => isPreferred(frame, renumbered)) ? undefined : applied, 'RFC8415-18.2.10-ZEROLIFE')
      if (live.length === 0) return notApplicable('The router advertises what is deprecated no longer.', applied, over)
      judge.each(
        live,
        `A prefix is advertised for no longer than it is valid (${valid} s), though T1 of its IA_PD never comes.`,
        (frame) => {
          const extended = wan.toDut.last(dhcpv6('reply', { iaPd: {} }), { before: frame }) ?? reply
          const left = extended.at + valid - frame.at + lifetimeSlack
          const longer = piosOf(frame, renumbered).find((pio) => pio.validLifetime > left)
          return longer && `${longer.validLifetime} s, ${(frame.at - reply.at).toFixed(1)} s after the Reply,`
        },
      )
      return
    }
    if (what === 'lifetimes') {
      const last = given(sent.at(-1), 'RFC7084-L-1')
      judge.absent(
        sent.filter((frame) => isWithdrawn(frame, endless)),
        'A prefix whose lifetimes are 0xffffffff is not withdrawn.',
        { fence: last, since: reply },
      )
      // An RA may leave out what others tell (RFC 4861 section 6.2.3).
      const told = sent.findLast((frame) => piosOf(frame, endless).length > 0) ?? last
      judge.holds(isLive(told, endless), 'It is on the LAN.', 'it is not in the RA', reply, told)
      judge.found(framesOf(over)[0], over, 'A host reaches the Internet.')
      return
    }
    // An IA_NA of another exchange was given no such lease.
    const asking = clientMessages(evidence, { after: reply, before: over }).filter(
      (frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0,
    )
    judge.absent(asking, 'With T1 of 0xffffffff nothing is asked when the former T1 comes.', {
      fence: over,
      since: reply,
    })
  },
)
