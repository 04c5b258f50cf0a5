import { type Claim, claim, type Judgement, on, requirement } from 'denat'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import { toRouter } from '../steps/evening/to-the-router.ts'

const claims: Record<string, Claim> = {
  'fragments in order': claim`An echo request of 1448 octets in two fragments is answered by the router.`,
  'fragments, the last one first': claim`An echo request of 1448 octets is answered whichever of its fragments comes first.`,
  'an option to skip': claim`An echo request with an unknown option that says to be skipped is answered by the router.`,
  'an option to tell of': claim`Of an unknown option that says so the sender is informed by Parameter Problem, code 2.`,
  'an unknown Next Header': claim`Of a Next Header that the router does not know the sender is informed by Parameter Problem, code 1.`,
}

const isAnswered =
  (name: string): Judgement =>
  ({ judge, every, at, recording, cannotTell, notApplicable }) => {
    const [first] = recording.frames
    if (every(toRouter).length === 0 && recording.outcome.end !== 'blocked' && first)
      return cannotTell(claim`Such packets were not sent when this was recorded.`, first)
    const { plain, sent, answer, mark } = at(toRouter, (one) => one.name === name)
    if (!sent) return cannotTell(claim`Nothing was sent.`, mark)
    // A router may keep silent to echo requests and to errors of its own; the plain one shows whether it speaks to hosts.
    if (!plain) return notApplicable(claim`The router answers no echo request of a host at all.`, sent)
    judge.found(answer, mark, claims[name] as Claim, plain, sent)
  }

const cases = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, on(lanServicesAsked, isAnswered(name))]))

export const requirements = [
  requirement('RFC8200-5-OWNFRAGMENTS', cases('fragments in order', 'fragments, the last one first')),

  requirement('RFC8200-4.2-OWNOPTIONS', cases('an option to skip', 'an option to tell of')),

  requirement('RFC8200-4-OWNNEXTHEADER', cases('an unknown Next Header')),
]
