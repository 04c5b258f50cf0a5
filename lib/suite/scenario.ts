import type { IspParameters, World } from '../recording/recording.ts'
import type { Bench } from './bench.ts'

export type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends unknown[] ? T[K] : T[K] extends object ? DeepPartial<T[K]> : T[K]
}

/**
 * What a scenario needs of the router, which has no lease of this line in each case. `factory`: factory settings, and no
 * power; the scenario plugs it in. `cold boot`: no power, whatever it keeps from before. `new subscriber`: as that, or it
 * runs and its line comes up as another subscriber's: the scenario begins it by `dut.begin()`. `online`: begun so, and the
 * LAN host is online; after a cold boot where the clause is about a start, or about a router without a former address.
 */
export type Start = 'factory' | 'cold boot' | 'new subscriber' | 'online' | 'online from a cold boot'

/** One subscriber: the line, and the stations of the home. */
export interface WorldSpec {
  name: string
  /** Where this line differs from BASE (`suites/requirements/README.md`). Prefixes left out are chosen by the seed. */
  isp?: DeepPartial<IspParameters>
  /** Behavior of stations that this world needs, by role; the others are drawn (`variety` of `world.json`). */
  variety?: World['variety']
  /** Length of the delegated prefix, 56 by default; longer where the upstream has a longer prefix. */
  delegatedLength?: number | 'none'
}

export interface ScenarioSpec {
  /** What happens, in a sentence or two for a reader of the report. */
  story: string
  world: WorldSpec
  from: Start
  /** Boots and factory resets in the course of it. */
  restarts?: { boots: number; resets?: number }
  /**
   * What the lab or the device folder must have, or the scenario is left out. `subnets`: a delegated prefix shorter
   * than /64. `power-cut`: something can take the router's power away. `link-of-many`: other nodes can join its WAN.
   */
  needs?: ('two-lan-ports' | 'subnets' | 'power-cut' | 'link-of-many')[]
  /** It is of use for a product of this role only. */
  role?: 'gateway' | 'wireless-router'
  /** It uses the router's page, over this family; without a page object it is left out. */
  webUi?: 'ipv6' | 'ipv4'
  /**
   * What ends with a factory reset only, or with a boot: settings that it made by the page, or addresses that the router
   * does not use since others claimed them.
   */
  leaves?: 'settings' | 'claimed addresses'
  profile?: 'full'
  /** The former scenario that it was a part of: recordings of older runs count for this one too. */
  formerly?: string
  /** Seconds without the boot, where it is far from 25: several labs take the longest first. */
  takes?: number
}

export interface Scenario extends ScenarioSpec {
  name: string
  play(bench: Bench): Promise<void>
}

/** Whether a recording of that name shows what this scenario shows. */
export const isShownBy = ({ name, formerly }: Scenario, recorded: string): boolean =>
  recorded === name || recorded === formerly

/** A course of events. It acts, waits and marks; it never judges. */
export function scenario(name: string, spec: ScenarioSpec, play: (bench: Bench) => Promise<void>): Scenario {
  return { name, ...spec, play }
}
