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
import { routerBack, routerGone, routerRestored, routerStillGone } from '../../steps/evening/loss-of-default-router.ts'
import { firstAdvertised } from '../../steps/router-advertisement.ts'

/** Each RA of such a time says so, or there is none though one comes at `another` time. */
function isNoDefaultRouter(
  { judge, given }: Evidence,
  sent: readonly Frame[],
  another: Frame | undefined,
  ...looked: (Frame | Mark)[]
): void {
  const expected = claim`Without a default router on the WAN every LAN RA has Router Lifetime 0, and no default route beside it.`
  if (sent.length > 0) judge.each(sent, expected, defaultRoute)
  else judge.holds(true, claim`${expected} None is sent at all.`, claim``, given(another, 'RFC7084-L-1'), ...looked)
}

const noneYet: Judgement = (evidence) => {
  const { at, lan } = evidence
  const { solicited, mark: asked } = at(noRouterYet)
  const { mark: heard } = at(firstAdvertised)
  const sent = lan.fromDut.all(ra(), { before: heard })
  isNoDefaultRouter(evidence, sent, lan.fromDut.first(ra(), { after: heard }), solicited ?? asked)
}

const noneAnyMore: Judgement = (evidence) => {
  const { at, lan } = evidence
  const { mark: still } = at(routerStillGone)
  const { sent: back } = at(routerBack)
  const sent = lan.fromDut.all(ra(), { after: still, ...(back && { before: back }) })
  isNoDefaultRouter(evidence, sent, lan.fromDut.last(ra(), { before: still }), still)
}

/** The RA or the cut by which the WAN has no default router any more, when that is over, and how long it may go unnoticed. */
type Loss = (evidence: Evidence) => { cause: Frame | Mark; end: Mark; unnoticed?: number }

const isAdvertised =
  (lossOf: Loss): Judgement =>
  (evidence) => {
    const { lan, judge } = evidence
    const { cause, end, unnoticed = 0 } = lossOf(evidence)
    const advertised = judge.found(
      // A segment that got no prefix is informed so all the time.
      lan.of('host').fromDut.seek(ra({ routerLifetime: 0 }), { after: cause, before: end }),
      end,
      claim`The loss is advertised at once by an RA with Router Lifetime 0.`,
      cause,
    )
    const atOnce = { ...raUpdate, goal: raUpdate.goal + unnoticed }
    judge.within(advertised.at - cause.at, atOnce, claim`It comes at once.`, cause, advertised)
  }

const recovers: Judgement = ({ lan, judge, at }) => {
  const { sent, mark: back } = at(routerBack)
  const { mark: end } = at(lineDown)
  const { mark: awaited } = at(routerRestored)
  const cause = sent ?? back
  const restored = judge.found(
    lan.fromDut.seek(ra(), { after: back, before: end }, (frame) => raOf(frame).routerLifetime > 0),
    end,
    claim`When the default router is back, LAN RAs say so, at the latest when asked.`,
    awaited,
    cause,
  )
  judge.note(claim`${the.seconds(restored.at - cause.at, 1)} after the RA on the WAN.`, restored)
}

/** A router that goes on as a default router has no loss to advertise. */
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
