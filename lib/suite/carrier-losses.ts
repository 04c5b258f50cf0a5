import type { Recording } from '../recording/recording.ts'
import { restartsOf } from './interruptions.ts'
import { carrier, lineDown, pageAnswered, pageAsked } from './lab-marks.ts'
import { marked } from './mark.ts'
import { once } from './once.ts'

/** Until a node uses a link that has carrier again. Seconds. */
const back = 2

interface Loss {
  port: string
  from: number
  until: number
}

/** Ports that lost carrier after a setting of the page, as where the router configures its switch again: no act of the bench. */
const lossesOf = once((recording: Recording): Loss[] => {
  const settings = [...marked(recording, pageAsked), ...marked(recording, pageAnswered)]
    .filter(({ call }) => !['status', 'signIn', 'reboot', 'factoryReset'].includes(call))
    .map(({ mark }) => mark.at)
  if (settings.length === 0) return []
  const restarts = restartsOf(recording)
  const byPage = marked(recording, pageAsked).filter(({ call }) => call === 'reboot' || call === 'factoryReset')
  const pulled = recording.marks.filter(({ mark }) => mark === lineDown.name || mark === 'lan-port-down')
  /** Acts of the bench that end the carrier of a port. */
  const acts = (port: string): number[] => [
    ...[...restarts, ...byPage.map(({ mark }) => mark)].map(({ at }) => at),
    ...pulled
      .filter(({ mark, data }) => (mark === lineDown.name ? port.startsWith('wan') : data?.port === port))
      .map(({ at }) => at),
  ]
  const changes = marked(recording, carrier)
  return changes.flatMap(({ port, up, mark: { at } }) => {
    const before = (times: readonly number[]) => Math.max(-1, ...times.filter((time) => time <= at))
    if (up || before(settings) <= before(acts(port))) return []
    const again = changes.find((one) => one.port === port && one.up && one.mark.at > at)
    return [{ port, from: at, until: (again?.mark.at ?? Number.POSITIVE_INFINITY) + back }]
  })
})

/** A port that had no carrier in a part of this time: what was sent there was not seen. */
export const lossIn = (
  recording: Recording,
  from: number,
  until: number,
  isMeant: (port: string) => boolean = () => true,
): string | undefined =>
  lossesOf(recording).find((loss) => loss.from <= until && loss.until >= from && isMeant(loss.port))?.port
