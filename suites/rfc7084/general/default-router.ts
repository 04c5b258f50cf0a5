import {
  carrierLoss,
  claim,
  type Evidence,
  type Frame,
  type Judgement,
  lineDown,
  lineUp,
  type Mark,
  on,
  ra,
  raOf,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { longSessions } from '../../scenarios/long-sessions.ts'
import { noRouterYet, silentServer } from '../../scenarios/silent-server.ts'
import { defaultRoute } from '../../steps/default-route.ts'
import { firstAdvertised } from '../../steps/router-advertisement.ts'
import { routerBack, routerGone, routerRestored, routerStillGone } from '../../steps/transit/loss-of-default-router.ts'

/** Each RA in that time shows it, or there is no RA in that time but one at `another` time. */
function isNoDefaultRouter(
  { judge, given }: Evidence,
  sent: readonly Frame[],
  another: Frame | undefined,
  ...looked: (Frame | Mark)[]
): void {
  const expected = claim`Without a default router on the WAN every LAN RA has Router Lifetime 0 and no default route in a Route Information Option.`
  if (sent.length > 0) judge.each(sent, expected, defaultRoute)
  else judge.met(claim`${expected} The router sends no RA.`, given(another, 'RFC7084-L-1'), ...looked)
}

const noneYet: Judgement = (evidence) => {
  const { at, lan } = evidence
  const { solicited, mark: asked } = at(noRouterYet)
  const { mark: received } = at(firstAdvertised)
  const sent = lan.fromDut.all(ra(), { before: received })
  isNoDefaultRouter(evidence, sent, lan.fromDut.first(ra(), { after: received }), solicited ?? asked)
}

const noneAnyMore: Judgement = (evidence) => {
  const { at, lan } = evidence
  const { mark: still } = at(routerStillGone)
  const { sent: back } = at(routerBack)
  const sent = lan.fromDut.all(ra(), { after: still, ...(back && { before: back }) })
  isNoDefaultRouter(evidence, sent, lan.fromDut.last(ra(), { before: still }), still)
}

/** The RA or the line cut that removes the default router on the WAN, the end of that state, and the time until the router may detect it. */
type Loss = (evidence: Evidence) => { cause: Frame | Mark; end: Mark; unnoticed?: number }

const isAdvertised =
  (lossOf: Loss): Judgement =>
  (evidence) => {
    const { lan, judge } = evidence
    const { cause, end, unnoticed = 0 } = lossOf(evidence)
    const advertised = judge.found(
      // On a segment without a prefix each RA has Router Lifetime 0.
      lan.of('host').fromDut.seek(ra({ routerLifetime: 0 }), { after: cause, before: end }),
      end,
      claim`The router advertises the loss immediately by an RA with Router Lifetime 0.`,
      cause,
    )
    const atOnce = { ...raUpdate, goal: raUpdate.goal + unnoticed }
    judge.within(advertised.at - cause.at, atOnce, claim`The RA is sent immediately.`, cause, advertised)
  }

const recovers: Judgement = ({ lan, judge, at }) => {
  const { sent, mark: back } = at(routerBack)
  const { mark: end } = at(lineDown)
  const { mark: awaited } = at(routerRestored)
  const cause = sent ?? back
  const restored = judge.found(
    lan.fromDut.seek(ra(), { after: back, before: end }, (frame) => raOf(frame).routerLifetime > 0),
    end,
    claim`After the default router has returned, an RA on the LAN has a Router Lifetime other than 0, at the latest in response to a Router Solicitation.`,
    awaited,
    cause,
  )
  judge.note(claim`${the.seconds(restored.at - cause.at, 1)} after the RA on the WAN.`, restored)
}

/** A router that remains a default router has no loss to advertise. */
const ofKept = { follows: ['RFC7084-G-4 · after it is gone'] }

export const requirements = [
  requirement('RFC7084-G-4', {
    'before there is a router': on(silentServer, noneYet),
    'after it is gone': on(longSessions, noneAnyMore, { follows: ['RFC7084-G-4 · before there is a router'] }),
  }),

  requirement('RFC7084-G-5', {
    'Router Lifetime 0': on(
      longSessions,
      isAdvertised(({ at }) => {
        const { sent, mark } = at(routerGone)
        return { cause: sent ?? mark, end: at(routerBack).mark }
      }),
      ofKept,
    ),
    'line cut': on(
      longSessions,
      isAdvertised(({ at }) => ({ cause: at(lineDown).mark, end: at(lineUp).mark, unnoticed: carrierLoss })),
      ofKept,
    ),
    recovery: on(longSessions, recovers),
  }),
]
