import type { Behavior } from '../behavior.ts'

/** A conforming router that differs from the reference router: proof that judgements raise no false alarms. */
export interface Freedom {
  name: string
  /** The clause that permits it: document and section, and what they leave open. */
  clause: string
  /** The first decision is the freedom; others are what it takes to show it. */
  behavior: Partial<Behavior>
  /** What may warn, or not apply, by id or `ID · case`; each with the reason. Nothing else may differ from a pass. */
  warns?: Record<string, string>
}

/** Requirements that do not apply to a router with this freedom, and why. */
export const notApplicable = (why: string, ...ids: string[]): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [id, `not applicable: ${why}`]))
