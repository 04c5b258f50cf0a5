import { claim, type Frame, invariant } from 'denat'
import { grouped, links } from '../shared/frames.ts'
import { passing } from '../shared/passing.ts'

/** The longest time that forwarding may take, with address resolution. Seconds. */
const transit = 5

const hopLimit = ({ packet }: Frame): number => packet.ip6?.hopLimit ?? 0

export const requirements = [
  invariant('RFC8200-3-HOPS', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const all = links(evidence)
    const sent = grouped(
      all.flatMap(({ toDut }) => toDut.all({ ip6: {} })),
      passing,
    )
    const passed = all
      .flatMap(({ fromDut }) => fromDut.all({ ip6: {} }))
      .flatMap((frame) => {
        const causes = (sent.get(passing(frame) ?? '') ?? []).filter(
          ({ number, at }) => number < frame.number && at > frame.at - transit,
        )
        return causes.length > 0 ? [{ frame, causes }] : []
      })
    const [first] = passed
    if (!first)
      return notApplicable(claim`The router forwards no packet in this recording.`, ...recording.frames.slice(0, 1))
    const wrong = passed.find(({ frame, causes }) => !causes.some((one) => hopLimit(one) - 1 === hopLimit(frame)))
    const { frame, causes } = wrong ?? first
    const cause = causes.at(-1) as Frame
    judge.holds(
      wrong === undefined,
      claim`The router reduces the hop limit of each packet that it forwards by one, also later in a flow.`,
      claim`${hopLimit(frame)} after ${hopLimit(cause)}`,
      cause,
      frame,
    )
    judge.note(claim`${passed.length} forwarded packets were compared.`, frame)
  }),
]
