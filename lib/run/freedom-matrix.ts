import { freedoms } from '../lab/memory-freedoms.ts'
import type { Variant, Verdicts } from './variants.ts'
import { verdictText } from './verdict-text.ts'

export type Freedom = (typeof freedoms)[string][number]

/** Every freedom, in all areas. */
export const allFreedoms: readonly Freedom[] = Object.values(freedoms).flat()

/** The decision that a freedom is about: two values of one are two freedoms, and count once. */
export const knobOf = ({ behavior }: Pick<Freedom, 'behavior'>): string => Object.keys(behavior)[0] ?? ''

export type Excuses = Readonly<Record<string, string>>

export const isExcused = (excuses: Excuses, key: string): boolean =>
  key in excuses || (key.split(' · ')[0] as string) in excuses

/** Verdicts against a conforming router, by key. */
export function falseAlarms(reference: Verdicts, { verdicts }: Pick<Variant, 'verdicts'>, excuses: Excuses): string[] {
  const failed = (id: string): boolean =>
    [...verdicts].some(([key, { verdict }]) => key.startsWith(`${id} · `) && verdict === 'warn')
  return [...verdicts]
    .filter(([key, { verdict, cause, blockedBy = '' }]) => {
      if (verdict === 'pass' || verdict === reference.get(key)?.verdict) return false
      // What follows from what is excused is excused with it.
      if (cause === 'blocked' && isExcused(excuses, blockedBy) && failed(blockedBy)) return false
      return !((verdict === 'warn' || verdict === 'not-applicable') && isExcused(excuses, key))
    })
    .map(([key]) => key)
}

/** An alarm as text. */
export const lineOf = (key: string, verdicts: Verdicts): string => `${key}: ${verdictText(verdicts.get(key))}`
