import { claim, type Judgement, on, requirement, the } from 'denat'
import { type About, type Flaw, firstAnswers, flawedAnswer, flawNames } from '../../scenarios/first-answers.ts'
import { blame, tookUp, usesOf } from '../../shared/first-answers.ts'

const isDiscarded =
  (about: About, flaw: Flaw): Judgement =>
  (evidence) => {
    const { judge, every, given } = evidence
    const by = about === 'Reply' ? blame(evidence) : 'RFC7084-W-4'
    const answer = every(flawedAnswer).find((one) => one.about === about && one.flaw === flaw)
    const since = given(answer?.sent, by)
    const uses = answer ? usesOf(evidence, answer) : []
    judge.absent(
      uses,
      claim`The client uses neither the prefix ${the.prefix(answer?.prefix)} nor the server of an ${the.name(about)} with ${the.name(flaw)}.`,
      { fence: uses[0] ?? tookUp(evidence), since },
    )
  }

export const requirements = [
  requirement(
    'RFC8415-16.3-ADV-INVALID',
    Object.fromEntries(
      (['Advertise', 'Reply'] as const).flatMap((about) =>
        flawNames.map((flaw) => [`${about} with ${flaw}`, on(firstAnswers, isDiscarded(about, flaw))]),
      ),
    ),
  ),
]
