import type { Item } from './review.ts'
import { type Standing, standings } from './standing.ts'

/** A row per cause of the new prefix, a column per node that observes the old one; a cell has its worst standing. */
export interface Renumbering {
  causes: string[]
  observers: string[]
  /** Absent where no case is judged. */
  at: (cause: string, observer: string) => Standing | undefined
}

/** Of the cases that are named `CAUSE, OBSERVER`. */
export function renumberingOf(items: readonly Item[]): Renumbering {
  const cells = new Map<string, Standing>()
  const [causes, observers] = [new Set<string>(), new Set<string>()]
  for (const { case: name, entry, standing } of items) {
    const [cause, observer] = name.split(', ')
    if (entry?.area !== 'renumbering' || !cause || !observer) continue
    causes.add(cause)
    observers.add(observer)
    const key = `${cause}, ${observer}`
    const before = cells.get(key) ?? standing
    cells.set(key, standings.indexOf(before) <= standings.indexOf(standing) ? before : standing)
  }
  return {
    causes: [...causes],
    observers: [...observers],
    at: (cause, observer) => cells.get(`${cause}, ${observer}`),
  }
}
