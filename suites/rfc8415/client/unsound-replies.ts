import { type Claim, claim, type Evidence, type Frame, type Judgement, on, raUpdate, requirement, the } from 'denat'
import { type AnswerName, mixedAnswers, over } from '../../scenarios/mixed-answers.ts'
import {
  answered,
  asksForAddress,
  firstLive,
  grantsOf,
  repliesNaming,
  usesOfAddress,
  usesOfPrefix,
} from '../../shared/answered.ts'

/** The client accepted a later answer: parts of an invalid one that had no effect were discarded, not lost with all the rest. */
function tookUpLater(evidence: Evidence, after: Frame): Frame {
  const { saidSuccess, soundBeside, renumbered } = grantsOf(evidence)
  const later = [soundBeside, saidSuccess, renumbered].map((prefix) => firstLive(evidence.lan.fromDut, prefix, after))
  return evidence.given(
    later.find((frame) => frame !== undefined),
    'RFC8415-18.2.10-ZEROLIFE',
  )
}

/** A use is a use, whatever came of it; that there is none needs the recording to its end. */
function isNotUsed(evidence: Evidence, lease: string, expected: Claim): void {
  const { judge, at, given } = evidence
  const reply = given(repliesNaming(evidence, lease)[0], 'RFC8415-18.2.4-RENEW')
  const uses = lease.includes('/') ? usesOfPrefix(evidence, lease, reply) : usesOfAddress(evidence, lease, reply)
  const [first] = uses
  if (first) judge.holds(false, expected, claim`${first} uses it`, reply, first)
  at(over)
  judge.absent(uses, expected, { fence: tookUpLater(evidence, reply), since: reply })
}

/** DAD of an address, or the next message that names it. Seconds. */
const takenUp = 10

const lateT1 = (kind: string) => claim`The client uses no lease of an ${the.name(kind)} with T1 100 s and T2 50 s.`

const prefixWithLateT1: Judgement = (evidence) => isNotUsed(evidence, grantsOf(evidence).lateTimers, lateT1('IA_PD'))

const addressBesideLateT1: Judgement = (evidence) => {
  const name = 'IA_PD with T1 > T2'
  const { besideLateTimersAddress } = grantsOf(evidence)
  const { reply } = answered(evidence, name)
  asksForAddress(evidence, name)
  evidence.judge.found(
    usesOfAddress(evidence, besideLateTimersAddress, reply)[0],
    { after: reply, seconds: takenUp },
    claim`The client uses the address of the IA_NA in the same Reply, ${the.address(besideLateTimersAddress)}.`,
  )
}

const addressWithLateT1: Judgement = (evidence) => {
  asksForAddress(evidence, 'one of two prefixes; IA_NA with T1 > T2')
  isNotUsed(evidence, grantsOf(evidence).lateTimersAddress, lateT1('IA_NA'))
}

const longPreferred: AnswerName = 'preferred > valid'

const preferredTooLong = (kind: string) =>
  claim`The client does not use an ${the.name(kind)} with preferred lifetime 300 s and valid lifetime 200 s.`

const prefixPreferredTooLong: Judgement = (evidence) =>
  isNotUsed(evidence, grantsOf(evidence).preferredTooLong, preferredTooLong('IA Prefix'))

const prefixWithInvalid: Judgement = (evidence) => {
  const { soundBeside } = grantsOf(evidence)
  const { reply } = answered(evidence, longPreferred)
  evidence.judge.due(
    firstLive(evidence.lan.fromDut, soundBeside, reply),
    { after: reply, seconds: raUpdate.max },
    claim`A valid prefix of the same IA_PD, ${the.name(soundBeside)}, is on the LAN.`,
  )
}

const addressPreferredTooLong: Judgement = (evidence) => {
  asksForAddress(evidence, longPreferred)
  isNotUsed(evidence, grantsOf(evidence).preferredTooLongAddress, preferredTooLong('IA Address'))
}

export const requirements = [
  requirement('RFC8415-21.21-T1GTT2', {
    IA_PD: on(mixedAnswers, prefixWithLateT1),
    'the IA_NA beside it': on(mixedAnswers, addressBesideLateT1),
    IA_NA: on(mixedAnswers, addressWithLateT1),
  }),

  requirement('RFC8415-21.22-PREFGTVALID', {
    'IA Prefix': on(mixedAnswers, prefixPreferredTooLong),
    'the IA Prefix beside it': on(mixedAnswers, prefixWithInvalid),
    'IA Address': on(mixedAnswers, addressPreferredTooLong),
  }),

  /** RFC 9915 section 16. Of what came by unicast after it the client took what it brought. */
  requirement('RFC9915-16-NOMULTICAST', mixedAnswers, (evidence) => {
    const { byMulticast } = grantsOf(evidence)
    const { reply } = answered(evidence, 'usual, after mutants')
    if (!byMulticast || repliesNaming(evidence, byMulticast).length === 0)
      return evidence.undecided(claim`The bench sent no multicast Reply in this recording.`, reply)
    isNotUsed(
      evidence,
      byMulticast,
      claim`The client does not accept a multicast Reply: it does not use the prefix ${the.name(byMulticast)}.`,
    )
  }),
]
