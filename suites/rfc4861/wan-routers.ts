import { claim, type Judgement, on, receiverOf, requirement, the } from 'denat'
import { hasLifetime as livesMark, silentRouter, silentRouterOver, twoRouters } from '../scenarios/two-routers.ts'
import { isIgnored, lifetimeOf, namesOf } from '../shared/default-routers.ts'
import { rareOptions, rareQuestion } from '../steps/hostile-advertisements.ts'
import { invalidAdvertisements } from '../steps/invalid-advertisements.ts'

const questionIsAnswered: Judgement = ({ judge, given, at, every, undecided }) => {
  const [asked] = every(rareQuestion)
  if (!asked?.question)
    return undecided(claim`The bench of this recording sent no such Neighbor Solicitation.`, at(livesMark).mark)
  const control = given(asked.control, 'RFC7084-G-1')
  judge.found(
    asked.answer,
    asked.mark,
    claim`The router answers a Neighbor Solicitation with options that it does not know (types 7 and 99).`,
    asked.question,
    control,
  )
}

const optionIsIgnored =
  (what: keyof typeof rareOptions): Judgement =>
  (evidence) => {
    const { judge, given, every, undecided } = evidence
    const before = lifetimeOf(evidence, 'before')
    given(before.heeded, 'RFC7084-WAA-1')
    if (!every(livesMark).some((one) => one.what === what))
      return undecided(claim`No RA with ${the.name(what)} was sent.`, before.mark)
    const { mark, control, heeded } = lifetimeOf(evidence, what)
    judge.found(
      heeded,
      mark,
      claim`The router ignores only the option ${the.name(what)} (type ${rareOptions[what].type}) of an RA: it forms an address from the prefix in the same RA.`,
      ...control,
    )
  }

export const requirements = [
  requirement(
    'RFC4861-6.3.4-RA-VALID',
    Object.fromEntries(
      namesOf(invalidAdvertisements).map((what) => [
        what,
        on(twoRouters, isIgnored(what, claim`An RA with ${the.name(what)}`)),
      ]),
    ),
  ),

  requirement('RFC4861-6.3.6-NUD-ROUTER', twoRouters, ({ wan, judge, given, at }) => {
    const { mac, linkLocal, mark: joined } = at(silentRouter)
    const { reached, mark: over } = at(silentRouterOver)
    const tried = wan.fromDut
      .all(undefined, { after: joined, before: over })
      .find(
        (frame) =>
          receiverOf(frame) === mac ||
          (frame.packet.icmp6?.type === 'neighbor-solicitation' && frame.packet.icmp6.target === linkLocal),
      )
    const chosen = given(tried, 'RFC4191-2.2-PREF')
    judge.due(
      reached,
      { after: chosen, seconds: 11 },
      claim`When its default router does not answer, the router uses another one that does: a host reaches the Internet again.`,
    )
  }),

  requirement('RFC4861-4.2-UNKNOWNOPT', {
    ...Object.fromEntries(namesOf(rareOptions).map((what) => [what, on(twoRouters, optionIsIgnored(what))])),
    'in a Neighbor Solicitation': on(twoRouters, questionIsAnswered),
  }),
]
