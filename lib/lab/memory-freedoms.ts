import { freedoms as all } from '../router/freedoms/all.ts'
import type { Freedom } from '../router/freedoms/freedom.ts'
import { incompatible as pairs } from '../router/freedoms/incompatible.ts'

/** Routers that use what clauses leave open, for a memory lab, by area. */
export const freedoms: Readonly<Record<string, readonly Freedom[]>> = all

/** Names of freedoms that no router can have together, and why. */
export const incompatible: readonly [one: string, other: string, reason: string][] = pairs
