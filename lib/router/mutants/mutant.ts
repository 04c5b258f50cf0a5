import type { Behavior } from '../behavior.ts'

/** A router with one defect: proof that the requirements it violates can fail, and that no other does. */
export interface Mutant {
  name: string
  /** The defect, as an engineer would describe it. */
  story: string
  /** Ids that must fail in every case, or `ID · case`. Everything else passes, or is blocked by one of these. */
  violates: string[]
  /** Those of them that come to a warning although they are no SHOULD: the limit holds, and its goal does not. */
  warns?: string[]
  /** What no longer applies to it, though it applies to the reference router: `ID`, or `ID · case`. */
  silences?: string[]
  /**
   * Ids, or `ID · case`, whose verdict depends on what a seed draws, such as the options of the ISP's RAs. Under the first
   * seed they are as declared; under another one they may pass, fail, be blocked, or no longer apply.
   */
  sometimes?: string[]
  /** A scenario whose recording shows the violated invariant, so that not all scenarios need to run. */
  shownIn?: string
  behavior: Partial<Behavior>
}
