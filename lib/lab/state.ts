import type { Recording } from '../recording/recording.ts'
import { claim, the } from '../say/claim.ts'
import type { Bench } from '../suite/bench.ts'
import { type Former, formerOf, keepsFormerLease } from '../suite/former.ts'
import { commissioned, factoryReset, pageAsked, poweredOn } from '../suite/lab-marks.ts'
import { marked } from '../suite/mark.ts'
import type { Scenario, Start } from '../suite/scenario.ts'
import { timing } from '../suite/timing.ts'
import { LabBroken } from './bench/waits.ts'
import { endLease } from './between.ts'
import type { Lab, LeftAs, Power } from './lab.ts'
import { foreignServer } from './silence.ts'

/** What is known of the DUT between two scenarios: nothing, or that it runs with factory settings, as good as new once it is booted. */
export type Standing = 'unknown' | 'online' | 'to be booted'

/** How a scenario begins. A line that was cut comes up as another subscriber's. */
export type Beginning = 'factory reset' | 'power cut' | 'line cut'

/** Factory resets, and boots: power-on, a restart, and what follows a reset by the page. */
export interface Counts {
  resets: number
  boots: number
}

/** Seconds that a router takes for it: as its device folder states, or as measured. */
export interface Paces {
  boot: number
  reset: number
}

/** As measured, the last time. `reset` includes what commissioning takes. */
export type Measured = Partial<Paces & { commission: number }>

/** What each beginning costs, with the boot that follows it. */
export const costs: Record<Beginning, Counts> = {
  'factory reset': { resets: 1, boots: 1 },
  'power cut': { resets: 0, boots: 1 },
  'line cut': { resets: 0, boots: 0 },
}

/** Seconds for which the line is cut. */
const cut = timing({ boot: 0, apply: 0 }).lineCut.forced
/** Seconds in which a lease ends, at most. */
const leaseEnds = 8

export const secondsOf = ({ resets, boots }: Counts, { reset, boot }: Paces): number => resets * reset + boots * boot

/** Seconds until the router is where a scenario begins, and booted. */
export function secondsTo(beginning: Beginning, paces: Paces): number {
  const line = { 'factory reset': 0, 'power cut': cut + leaseEnds, 'line cut': 2 * cut + leaseEnds }
  return secondsOf(costs[beginning], paces) + line[beginning]
}

/**
 * The cheapest way to what a scenario needs. Only a factory reset leads out of `unknown`, and where it takes seconds it
 * is the cheapest.
 */
export function beginningOf(from: Start, standing: Standing, paces: Paces): Beginning {
  if (standing === 'unknown' || from === 'factory') return 'factory reset'
  const kept = standing === 'online' && (from === 'new subscriber' || from === 'online') ? 'line cut' : 'power cut'
  return secondsTo(kept, paces) < secondsTo('factory reset', paces) ? kept : 'factory reset'
}

/** Calls of the page that leave the router other than it was. */
export const changes = new Set(['setIpv6', 'setFirewall', 'setPrefixFlags', 'setUla', 'openPinhole', 'closePinhole'])

/** Settings were changed by the page, and no factory reset has come since. */
function leavesSettings(recording: Recording): boolean {
  const calls = marked(recording, pageAsked)
  const resets = [...marked(recording, factoryReset), ...calls.filter(({ call }) => call === 'factoryReset')]
  const last = Math.max(0, ...resets.map(({ mark }) => mark.at))
  return calls.some(({ call, mark }) => changes.has(call) && mark.at > last)
}

/** What a scenario leaves behind, if it ends as it should. */
export function standingAfter({ leaves }: Pick<Scenario, 'leaves'>): Standing {
  if (leaves === 'settings') return 'unknown'
  return leaves === 'claimed addresses' ? 'to be booted' : 'online'
}

type OnLineBetween = <T>(act: (bench: Bench) => Promise<T>) => Promise<T>

/** The DUT of one lab from scenario to scenario: the only code that powers and resets it, and cuts its line in between. */
export interface DutState {
  power: Power
  counts: Readonly<Counts>
  measured: Readonly<Measured>
  /** It was seen to keep a lease of a former line: from then on it is reset for each scenario. */
  keepsLeases(): boolean
  /** How the next scenario begins, unless the router keeps a lease in spite of the cut. */
  next(from: Start): Beginning
  /**
   * Brings it to where a scenario begins, before anything is recorded. A router that sends nothing when the lease of
   * the previous line ends is reset. `onLineBetween`: acts on a bench that is no subscriber's.
   */
  prepare(from: Start, onLineBetween: OnLineBetween): Promise<Beginning>
  /** What it may still know of the scenarios since its last factory reset. */
  former(): Former | undefined
  /** It restarts by its page. */
  restartsByPage(erased: boolean): void
  /** Commissions a router that restarts with factory settings, where this has a command. */
  commission(): Promise<void>
  /** After a scenario that did not end as it should, or if the router kept a former lease, it is reset. */
  ended(scenario: Scenario, recording: Recording): void
}

/** Seconds in which a router that was ordered to boot goes down, at most. */
const goesDown = 10

/** A router that was ordered to boot sends its last frames before its ports lose carrier. Some switch chips keep it. */
function carrierLost({ lan, clock, settled }: Lab, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      for (const port of lan) port.onCarrier(() => {})
      timer.cancel()
      resolve()
      settled()
    }
    const timer = clock.after(seconds, end)
    for (const port of lan) port.onCarrier((up) => !up && end())
  })
}

/** Seconds in which a router or a server answers. */
const answersWithin = 3

async function mustBeSilent(lab: Lab): Promise<void> {
  const found = await foreignServer(lab, answersWithin)
  if (found === undefined) return
  throw new LabBroken(
    claim`another router or DHCP server is connected, and sends while the router under test is off (${the.text(found)}): pull its cable`,
  )
}

/** Seconds from power to the first frame, the last time. */
function bootIn(recording: Recording): number | undefined {
  const power = marked(recording, poweredOn).at(-1)?.mark
  const first = power && recording.frames.find(({ from, at }) => from === 'dut' && at > power.at)
  return first && first.at - power.at
}

/** After a factory reset. */
export function markCommissioned(mark: Bench['mark'], { measured }: Pick<DutState, 'measured'>): void {
  if (measured.commission !== undefined) mark(commissioned, { seconds: measured.commission })
}

/** `stated`: as long as nothing was measured. `before`: of the same router on a lab before. */
export function dutState(lab: Lab, stated: Paces, before?: Pick<DutState, 'measured' | 'keepsLeases'>): DutState {
  const counts = { resets: 0, boots: 0 }
  const measured: Measured = { ...before?.measured }
  let standing: Standing = 'unknown'
  let former: Former | undefined
  let keepsLeases = before?.keepsLeases() ?? false
  const erased = () => {
    counts.resets++
    former = undefined
  }
  async function commission(): Promise<void> {
    if (!lab.power.commission) return
    const begun = lab.clock.now()
    await lab.power.commission()
    measured.commission = lab.clock.now() - begun
  }
  /** An earlier order makes it boot: its next power-on needs none. */
  let isBooting = false
  const goDown = async (): Promise<LeftAs> => {
    if (lab.power.cut) {
      await lab.power.cut()
      return 'off'
    }
    await lab.power.reboot()
    return 'booting'
  }
  const { cut: cutPower } = lab.power
  const power: Power = {
    async on() {
      counts.boots++
      if (!isBooting) await lab.power.on()
      isBooting = false
    },
    ...(cutPower && {
      cut() {
        isBooting = false
        return cutPower()
      },
    }),
    reboot() {
      counts.boots++
      return lab.power.reboot()
    },
    async reset() {
      erased()
      const begun = lab.clock.now()
      // Without a line, so that it learns nothing of a subscriber.
      if (lab.power.commission) lab.plug(lab.wan.name, false)
      let left = await lab.power.reset()
      if (lab.power.commission) {
        if (left === 'off') await lab.power.on()
        await commission()
        left = await goDown()
        lab.plug(lab.wan.name, true)
      }
      isBooting = left === 'booting'
      measured.reset = lab.clock.now() - begun
      return left
    },
  }
  const cutLine = () =>
    new Promise<void>((resolve) => {
      lab.plug(lab.wan.name, false)
      lab.clock.after(cut, () => {
        resolve()
        lab.settled()
      })
    })
  const next = (from: Start): Beginning =>
    keepsLeases ? 'factory reset' : beginningOf(from, standing, { ...stated, ...measured })
  return {
    power,
    counts,
    measured,
    keepsLeases: () => keepsLeases,
    next,
    async prepare(from, onLineBetween) {
      const wanted = next(from)
      // Until a scenario has ended nothing is known.
      standing = 'unknown'
      if (wanted !== 'factory reset') await cutLine()
      const beginning = wanted === 'factory reset' || (await onLineBetween(endLease)) ? wanted : 'factory reset'
      // An order that reaches it over the LAN needs the stations there.
      const ordered = <T>(order: () => Promise<T>): Promise<T> =>
        lab.power.throughLan ? onLineBetween(order) : order()
      if (beginning === 'factory reset') {
        await ordered(power.reset)
        if (lab.isShared && counts.resets === 1 && !isBooting) await mustBeSilent(lab)
      }
      if (beginning === 'power cut') isBooting = (await ordered(goDown)) === 'booting'
      if (isBooting) await carrierLost(lab, goesDown)
      if (beginning === 'line cut') await cutLine()
      return beginning
    },
    former: () => former,
    restartsByPage(isReset) {
      counts.boots++
      if (isReset) erased()
    },
    commission,
    ended(scenario, recording) {
      keepsLeases ||= keepsFormerLease(recording)
      former = formerOf(recording, former)
      const isKnown = recording.outcome.end === 'complete' && !leavesSettings(recording)
      standing = isKnown ? standingAfter(scenario) : 'unknown'
      const boot = bootIn(recording)
      if (boot !== undefined) measured.boot = boot
    },
  }
}
