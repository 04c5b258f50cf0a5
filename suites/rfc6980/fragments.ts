import { claim, type Judgement, na, on, ra, requirement, the } from 'denat'
import {
  rsInFragments,
  rsInOnePiece,
  silentRouterOver,
  solicitationInFragments,
  twoRouters,
} from '../scenarios/two-routers.ts'
import { isIgnored, namesOf } from '../shared/default-routers.ts'
import { fragmentedAdvertisements } from '../steps/invalid-advertisements.ts'

const solicitationIsIgnored: Judgement = ({ lan, judge, given, at, every }) => {
  at(silentRouterOver)
  const [asked] = every(solicitationInFragments)
  const mark = given(asked?.mark, 'RFC7084-L-1')
  judge.absent(
    lan.of('host').fromDut.all(na({}, { ip6: { dst: asked?.from } })),
    claim`The router does not answer a Neighbor Solicitation in fragments.`,
    { fence: given(asked?.answer, 'RFC7084-G-1'), since: asked?.whole ?? mark },
  )
}

const routerSolicitationIsIgnored: Judgement = ({ lan, judge, given, at, every }) => {
  at(silentRouterOver)
  const [control] = every(rsInOnePiece)
  given(control?.mark, 'RFC7084-L-1')
  given(control?.advertised, 'RFC7084-L-1')
  const { fromDut } = lan.of('host')
  const sent = every(rsInFragments).flatMap((one) => one.last ?? [])
  const answers = sent.map((frame) => {
    const next = fromDut.first(ra(), { after: frame })
    // MAX_RA_DELAY_TIME, and the same time for processing.
    return next && next.at - frame.at < 1 ? next : undefined
  })
  judge.holds(
    answers.includes(undefined),
    claim`The router does not answer Router Solicitations in fragments, and answers one that is not fragmented.`,
    claim`an RA within 1 s after each of ${sent.length} solicitations`,
    ...sent,
    ...answers.filter((answer) => answer !== undefined),
    ...(control?.solicited ? [control.solicited] : []),
  )
}

export const requirements = [
  requirement('RFC6980-5-NDFRAG', {
    ...Object.fromEntries(
      namesOf(fragmentedAdvertisements).map((what) => [
        what,
        on(twoRouters, isIgnored(what, claim`A fragmented ${the.name(what)}`)),
      ]),
    ),
    NS: on(twoRouters, solicitationIsIgnored),
    RS: on(twoRouters, routerSolicitationIsIgnored),
  }),
]
