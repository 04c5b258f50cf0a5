import type { Mark, Recording } from '../recording/recording.ts'
import { factoryReset, pageAnswered, pageAsked, powerCut, poweredOn, rebooted, subscribed } from './lab-marks.ts'
import { marked } from './mark.ts'

/** Moments at which the router starts, or starts on another line. */
export const restartsOf = (recording: Recording): Mark[] =>
  [poweredOn, subscribed, powerCut, rebooted, factoryReset]
    .flatMap((type) => marked(recording, type).map(({ mark }) => mark))
    .sort((a, b) => a.at - b.at)

/** The same, and moments at which a setting is changed in the page. */
export function interruptionsOf(recording: Recording): Mark[] {
  const calls = [...marked(recording, pageAsked), ...marked(recording, pageAnswered)]
  const changes = calls.filter(({ call }) => call !== 'status' && call !== 'signIn').map(({ mark }) => mark)
  return [...restartsOf(recording), ...changes].sort((a, b) => a.at - b.at)
}
