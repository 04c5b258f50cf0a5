import { type Claim, claim, type Judgement, on, requirement } from 'denat'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import { toRouter } from '../steps/lan-services/to-the-router.ts'

const isAnswered =
  (name: string, expected: Claim): Judgement =>
  ({ judge, every, at, recording, undecided, notApplicable }) => {
    const [first] = recording.frames
    if (every(toRouter).length === 0 && recording.outcome.end !== 'blocked' && first)
      return undecided(claim`Such packets were not sent when this was recorded.`, first)
    const { plain, sent, answer, mark } = at(toRouter, (one) => one.name === name)
    if (!sent) return undecided(claim`The packet was not sent.`, mark)
    // A router may not answer hosts at all, neither by Echo Replies nor by errors: the plain request shows it.
    if (!plain) return notApplicable(claim`The router answers no Echo Request of a host.`, sent)
    judge.found(answer, mark, expected, plain, sent)
  }

const cases = (claims: Record<string, Claim>) =>
  Object.fromEntries(
    Object.entries(claims).map(([name, expected]) => [name, on(lanServicesAsked, isAnswered(name, expected))]),
  )

export const requirements = [
  requirement(
    'RFC8200-5-OWNFRAGMENTS',
    cases({
      'fragments in order': claim`The router answers an Echo Request of 1448 octets in two fragments.`,
      'fragments, the last one first': claim`The router answers an Echo Request of 1448 octets whichever of its fragments arrives first.`,
    }),
  ),

  requirement(
    'RFC8200-4.2-OWNOPTIONS',
    cases({
      'an option to skip': claim`The router skips an unknown option of the type that is to be skipped, and answers the Echo Request.`,
      'an option to tell of': claim`The router sends Parameter Problem, code 2, for an unknown option of the type that requires it.`,
    }),
  ),

  requirement(
    'RFC8200-4-OWNNEXTHEADER',
    cases({
      'an unknown Next Header': claim`The router sends Parameter Problem, code 1, for a Next Header that it does not know.`,
    }),
  ),
]
