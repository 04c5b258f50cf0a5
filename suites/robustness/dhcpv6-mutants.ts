import {
  anyOf,
  dhcpv6Of,
  type Evidence,
  type Frame,
  iaPrefixes,
  on,
  prefixLength,
  ra,
  requirement,
  type Where,
} from 'denat'
import { fenceOf } from '../lan/dhcpv6-messages.ts'
import { mutantQuestions, mutantsFence } from '../scenarios/evening/dhcpv6-service.ts'
import { evening } from '../scenarios/evening.ts'
import { firstAnswers } from '../scenarios/first-answers.ts'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import { answered, grantsOf, isLive, staysOnLan } from '../wan/answered.ts'
import { clientMessages } from '../wan/client-messages.ts'

/** No host was told of the prefix that the mutants hold. */
function nothingForged(evidence: Evidence, mutants: readonly Frame[], forged: string, fence: Frame): void {
  evidence.judge.absent(
    evidence.lan.fromDut.all(ra(), { after: mutants[0] as Frame }).filter((frame) => isLive(frame, forged)),
    `Of ${mutants.length} mutants nothing comes to the LAN: the prefix that they hold, ${forged}, is in no RA.`,
    { fence, since: mutants[0] as Frame },
  )
}

const sent = (evidence: Evidence, about: string): { frames: Frame[]; forged: string } => {
  const mark = evidence.did('mutants', ({ data }) => data?.about === about)
  return { frames: evidence.framesOf(mark), forged: String(mark.data?.forged) }
}

function advertise(evidence: Evidence): void {
  const { judge, did, framesOf, lan, given } = evidence
  const over = did('solicits-on')
  const [first, again] = framesOf(over)
  const { frames, forged } = sent(evidence, 'Advertise')
  judge.found(again, over, `After ${frames.length} mutants of an Advertise the router solicits on.`, first as Frame)
  const online = given(framesOf(did('online'))[0], 'RFC7084-WPD-6')
  nothingForged(evidence, frames, forged, given(lan.fromDut.last(ra(), { after: online }) ?? online, 'RFC7084-L-1'))
}

function reply(evidence: Evidence): void {
  const { judge } = evidence
  const name = 'usual, after mutants'
  const { frames, forged } = sent(evidence, 'Reply')
  const { first } = grantsOf(evidence)
  const next = answered(evidence, 'lifetimes 0 and new leases')
  judge.found(
    next.asked,
    next.asked,
    `After ${frames.length} mutants of a Reply the router extends its lease at its time.`,
    ...frames.slice(0, 1),
  )
  staysOnLan(evidence, name, first, 'RFC8415-18.2.10-NOBINDING', `Its prefix ${first} stays on the LAN.`)
  const { seen } = answered(evidence, name)
  nothingForged(evidence, frames, forged, seen ?? next.reply)
}

function question(evidence: Evidence, about: 'solicit' | 'renew'): void {
  const { judge, at, every, framesOf, given, lan } = evidence
  const link = lan.of('dhcpv6-client')
  fenceOf(evidence)
  at(mutantsFence, (one) => one.about === about && one.discarded)
  // Solicits come first.
  const before = about === 'renew' ? every(mutantsFence).filter((one) => one.about === 'solicit') : []
  for (const { answer } of before) given(answer, 'ROB-FUZZ-DHCP6')
  for (const { discarded, answer: known, mark } of every(mutantsFence).filter((one) => one.about === about)) {
    const frames = framesOf(at(mutantQuestions, (one) => one.about === about && one.discarded === discarded).mark)
    const answer = judge.found(
      known,
      mark,
      `After ${frames.length} mutants of a ${about} the server answers an Information-request.`,
      ...frames.slice(0, 1),
    )
    if (!discarded) continue
    const since = frames[0] as Frame
    const mutants = new Set(frames.map((frame) => dhcpv6Of(frame).transactionId))
    judge.absent(
      link.fromDut
        .all({ dhcp6: { type: anyOf('advertise', 'reply') } }, { after: since, before: answer })
        .filter((frame) => mutants.has(dhcpv6Of(frame).transactionId)),
      about === 'solicit'
        ? 'Mutants of a Solicit that name a server are discarded.'
        : 'Mutants of a Renew that name another server are discarded.',
      { fence: answer, since },
    )
  }
}

requirement('ROB-FUZZ-DHCP6', {
  Advertise: on(firstAnswers, advertise),
  Reply: on(mixedAnswers, reply),
  Solicit: on(evening, (evidence) => question(evidence, 'solicit')),
  Renew: on(evening, (evidence) => question(evidence, 'renew')),
})

/** RFC 8415 section 21.22: `::` with a length is a hint. */
const isImpossible = (prefix: string): boolean =>
  !prefix.startsWith('::/') && (prefixLength(prefix) === 0 || prefixLength(prefix) > 128)

/** Messages that name such a prefix as a lease. */
export const namingImpossible = (evidence: Evidence, where: Where): Frame[] =>
  clientMessages(evidence, where).filter((frame) => iaPrefixes(frame).some(({ prefix }) => isImpossible(prefix)))

requirement('ROB-DHCP6-PREFIXLENGTH', mixedAnswers, (evidence) => {
  const { judge, did } = evidence
  const { frames } = sent(evidence, 'Reply')
  const since = frames[0] as Frame
  const holding = frames.filter((frame) => iaPrefixes(frame).some(({ prefix }) => isImpossible(prefix)))
  const next = answered(evidence, 'lifetimes 0 and new leases')
  const named = namingImpossible(evidence, { after: since, before: did('over') })
  judge.absent(
    named,
    `What ${holding.length} Replies granted, prefixes of 0 bits and of more than 128, is no lease: the router names none of it to the server.`,
    { fence: next.asked, since },
  )
})
