import type { Link } from '../link/link.ts'
import type { Clock } from '../time/clock.ts'
import type { WebUi } from '../web-ui/port.ts'
import type { Cables } from './cables/cables.ts'
import type { WatchHealth } from './health/health.ts'

/** An opened lab: cables to one DUT, its power, and the clock by which all happens. Its parts are those of a lab file. */
export interface Lab extends Cables {
  clock: Clock
  /** Unix time of the clock's second 0, in nanoseconds. */
  origin: bigint
  power: Power
  browser?: Browser
  /** Other nodes may be connected to its cables by mistake. */
  isShared?: true
  /** Seconds by which the wall clock was stepped since the lab was opened. */
  clockStep(): number
  /** Calls for each line of the router's console from now on, where it can be read; returns how to stop. */
  onConsole?(listener: (text: string) => void): () => void
  /** Where time is real: reports processes that the machine delayed. */
  watchHealth?: WatchHealth
  /** What runs a scenario to its end: in virtual time a caller has to make time pass. */
  drive<T>(promise: Promise<T>, openWaits: () => string[]): Promise<T>
  /** Called whenever a promise that a scenario may await was settled. */
  settled(): void
  /** The versions that the device reports of its own software, by name; read while it is on. */
  versions(): Record<string, string>
}

/** How an order leaves the DUT: without power, or on its way up. */
export type LeftAs = 'off' | 'booting'

/** The DUT's plug and its hidden reset button. Each resolves when the order was carried out, not when the DUT is up. */
export interface Power {
  on(): Promise<void>
  /** Absent where nothing can take its power away. */
  cut?(): Promise<void>
  /** Orderly, as from the DUT's menu. */
  reboot(): Promise<void>
  /** Factory settings. */
  reset(): Promise<LeftAs>
  /** Brings a router that boots with factory settings to where it can be used, if that takes more than the boot. */
  commission?(): Promise<void>
  /** Some order reaches the router over its LAN: the bench's stations must be there. */
  throughLan?: boolean
}

/** A station on the first LAN port that brings a TCP stack of its own. */
export interface Browser {
  mac: string
  link?: Link
  /** Forgets what it learned of routers and prefixes, as a host does whose cable is pulled. */
  forget?(): void
  /** Opens the device's page. `resolver` is what the LAN's RAs announce, which a device folder's URL may name. */
  open(
    folder: string,
    over: 'ipv6' | 'ipv4',
    resolver: string | undefined,
  ): Promise<{
    ui: WebUi
    /** Returns the number of places in its traces where credentials were masked. */
    close(): Promise<number>
  }>
}
