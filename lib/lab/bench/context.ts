import type { NodeContext } from '../../nodes/context.ts'
import type { Variety } from '../../nodes/variety.ts'
import type { Frame, Mark, Station } from '../../recording/recording.ts'
import type { Tape } from '../../recording/tape.ts'
import type { Timing } from '../../suite/timing.ts'
import type { Mac } from '../../wire/address.ts'
import type { Waits } from './waits.ts'

/** What the parts of a bench share. */
export interface BenchContext {
  node: NodeContext
  tape: Tape
  waits: Waits
  timing: Timing
  /** The DUT's MACs on the LAN, where its device folder states them. */
  dutMacs: readonly Mac[] | undefined
  mark(name: string, data?: Record<string, unknown>, frames?: (Frame | undefined)[]): Mark
  /** The MAC of a role, made and entered into the world when first asked for. */
  station(role: string, port: string): Mac
  /** The DUT bridged it from WAN to LAN, or back. */
  isBridged(frame: Frame): boolean
  variety(role: string): Variety
  /** Enters into the world what else is known of a station. */
  describe(role: string, facts: Partial<Station>): void
}
