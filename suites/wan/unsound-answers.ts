import { type Evidence, type Frame, raUpdate, requirement } from 'denat'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import {
  answered,
  asksForAddress,
  casesOf,
  firstLive,
  grantsOf,
  repliesNaming,
  usesOfAddress,
  usesOfPrefix,
} from './answered.ts'

/** A later answer was taken up: what never came out of an odd one was left out, and not lost with all the rest. */
function tookUpLater(evidence: Evidence, after: Frame): Frame {
  const { saidSuccess, soundBeside, renumbered } = grantsOf(evidence)
  const later = [soundBeside, saidSuccess, renumbered].map((prefix) => firstLive(evidence.lan.fromDut, prefix, after))
  return evidence.given(
    later.find((frame) => frame !== undefined),
    'RFC8415-18.2.10-ZEROLIFE',
  )
}

/** A use is a use, whatever came of it; that there is none needs the recording to its end. */
function isNotUsed(evidence: Evidence, lease: string, claim: string): void {
  const { judge, did, given } = evidence
  const reply = given(repliesNaming(evidence, lease)[0], 'RFC8415-18.2.4-RENEW')
  const uses = lease.includes('/') ? usesOfPrefix(evidence, lease, reply) : usesOfAddress(evidence, lease, reply)
  const [first] = uses
  if (first) judge.holds(false, claim, `frame ${first.number} uses it`, reply, first)
  did('over')
  judge.absent(uses, claim, { fence: tookUpLater(evidence, reply), since: reply })
}

/** DAD of an address, or the next message that names it. Seconds. */
const takenUp = 10

const lateT1 = casesOf({
  IA_PD: 'IA_PD with T1 > T2',
  'the IA_NA beside it': 'IA_PD with T1 > T2',
  IA_NA: 'one of two prefixes; IA_NA with T1 > T2',
})

requirement('RFC8415-21.21-T1GTT2', lateT1, (evidence) => {
  const { case: what, judge } = evidence
  const grants = grantsOf(evidence)
  const name = lateT1.about(evidence)
  const { reply } = answered(evidence, name)
  if (what === 'the IA_NA beside it') {
    asksForAddress(evidence, name)
    judge.found(
      usesOfAddress(evidence, grants.besideLateTimersAddress, reply)[0],
      { after: reply, seconds: takenUp },
      `An address that the IA_NA of the same Reply brings, ${grants.besideLateTimersAddress}, is taken up.`,
    )
    return
  }
  if (what === 'IA_NA') asksForAddress(evidence, name)
  const lease = what === 'IA_PD' ? grants.lateTimers : grants.lateTimersAddress
  isNotUsed(evidence, lease, `Nothing of an ${what} with T1 100 s and T2 50 s is used.`)
})

const preferredTooLong = casesOf({
  'IA Prefix': 'preferred > valid',
  'the IA Prefix beside it': 'preferred > valid',
  'IA Address': 'preferred > valid',
})

requirement('RFC8415-21.22-PREFGTVALID', preferredTooLong, (evidence) => {
  const { case: what, judge, lan } = evidence
  const grants = grantsOf(evidence)
  const name = preferredTooLong.about(evidence)
  const { reply } = answered(evidence, name)
  if (what === 'the IA Prefix beside it') {
    judge.due(
      firstLive(lan.fromDut, grants.soundBeside, reply),
      { after: reply, seconds: raUpdate.max },
      `A sound prefix of the same IA_PD, ${grants.soundBeside}, is on the LAN.`,
    )
    return
  }
  if (what === 'IA Address') asksForAddress(evidence, name)
  const lease = what === 'IA Prefix' ? grants.preferredTooLong : grants.preferredTooLongAddress
  isNotUsed(evidence, lease, `An ${what} that is preferred for 300 s and valid for 200 s is not used.`)
})

/** RFC 9915 section 16. Of what came by unicast after it the client took what it brought. */
requirement('RFC9915-16-NOMULTICAST', mixedAnswers, (evidence) => {
  const { byMulticast } = grantsOf(evidence)
  const { reply } = answered(evidence, 'usual, after mutants')
  if (repliesNaming(evidence, byMulticast).length === 0)
    return evidence.cannotTell('The bench of this recording sent no Reply to a group.', reply)
  isNotUsed(evidence, byMulticast, `A Reply to all nodes is not accepted: the prefix ${byMulticast} is not used.`)
})
