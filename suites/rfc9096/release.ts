import {
  type Claim,
  claim,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  type Judgement,
  lineDown,
  type Mark,
  type Marked,
  type MarkType,
  on,
  requirement,
  the,
  type Where,
} from 'denat'
import { cutsOver, lineFlaps } from '../scenarios/line-flaps.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { restart, restarted } from '../scenarios/restart.ts'
import { clientMessages } from '../shared/client-messages.ts'
import { isOf } from '../shared/restart-kind.ts'

const iaidsOf = (frame: Frame): string[] =>
  (['ia-na', 'ia-pd'] as const).flatMap((type) => dhcpv6OptionsOf(frame, type).map(({ iaid }) => `${type} ${iaid}`))

/** IAs are called as before, from the first of some interruptions until something else happens to the router. */
const keepsIaids =
  (name: Claim, eventsOf: (evidence: Evidence) => Mark[], overOf?: (evidence: Evidence) => Mark): Judgement =>
  (evidence) => {
    const { judge, given, notApplicable } = evidence
    const events = eventsOf(evidence)
    const [first] = events
    const withIas = (where: Where) => clientMessages(evidence, where).filter((frame) => iaidsOf(frame).length > 0)
    const earlier = withIas({ ...(first && { before: first }) })
    const before = given(earlier[0], 'RFC7084-W-4')
    const known = new Set(earlier.flatMap(iaidsOf))
    const over = overOf?.(evidence)
    const after = withIas({ ...(first && { after: first }), ...(over && { before: over }) })
    if (after.length === 0)
      return notApplicable(claim`The router kept its lease over the ${name} and sent no request.`, before, ...events)
    judge.each(
      after,
      claim`Its IAs have their former IAIDs (${the.list([...known].map((item) => the.name(item)))}).`,
      (frame) => {
        const fresh = iaidsOf(frame).filter((iaid) => !known.has(iaid))
        return fresh.length > 0 ? claim`${the.list(fresh.map((item) => the.name(item)))}` : undefined
      },
    )
    judge.note(claim`After ${events.length === 1 ? claim`the` : events.length} ${name}.`, before, ...events)
  }

/** All marks of a kind, at least one. */
const marksOf =
  <D extends object, F extends string>(type: MarkType<D, F>, where?: (one: Marked<D, F>) => boolean) =>
  ({ at, every }: Evidence): Mark[] => {
    at(type, where)
    return every(type)
      .filter((one) => !where || where(one))
      .map(({ mark }) => mark)
  }

export const requirements = [
  requirement('RFC9096-WPD-10', {
    reboot: on(restart, keepsIaids(claim`reboot`, marksOf(restarted, isOf('reboot')))),
    'power cut': on(restart, keepsIaids(claim`power cut`, marksOf(restarted, isOf('power-cut')))),
    'line cut': on(longSessions, keepsIaids(claim`line cut`, marksOf(lineDown))),
    'many line cuts': on(
      lineFlaps,
      keepsIaids(claim`many line cuts`, marksOf(lineDown), ({ at }) => at(cutsOver).mark),
    ),
  }),
]
