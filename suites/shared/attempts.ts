import type { Evidence } from 'denat'
import { attempted } from '../scenarios/web-ui.ts'

/** The last attempt to open this connection at one step: a setting takes its time. */
export function lastAttempt({ at, every }: Evidence, step: string, target: string) {
  const isIt = ({ when, name }: { when: string; name: string }) => when === step && name === target
  return every(attempted).findLast(isIt) ?? at(attempted, isIt)
}
