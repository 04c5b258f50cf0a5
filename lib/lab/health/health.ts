import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import type { Clock, Timer } from '../../time/clock.ts'

/** The process that waited, from when, and how long at most. Seconds of the clock. */
export interface Lateness {
  who: 'bench' | 'dut'
  from: number
  seconds: number
}

/** Reports waits from now on; returns how to stop. */
export type WatchHealth = (clock: Clock, report: (lateness: Lateness) => void) => () => void

/** How often a timer is compared with the clock, and how often the waits are reported. Seconds. */
const look = 0.01
const span = 1
/** A shorter wait is one that a quiet machine has as well. Seconds. */
const worthReporting = 0.02

/**
 * Watches what the machine keeps waiting in real time: our own timers, as an event loop that stands still answers
 * late; and, where `waited` is given, the DUT's processes, as other software on the machine waits first.
 */
export const watchHealth =
  (waited?: () => number): WatchHealth =>
  (clock, report) => {
    let from = clock.now()
    let longest = 0
    let due = from + look
    const tick = () => {
      const now = clock.now()
      longest = Math.max(longest, now - due)
      if (now - from >= span) {
        if (longest >= worthReporting) report({ who: 'bench', from, seconds: longest })
        const dut = waited?.() ?? 0
        if (dut >= worthReporting) report({ who: 'dut', from, seconds: dut })
        from = now
        longest = 0
      }
      due = clock.now() + look
      timer = clock.after(look, tick)
    }
    waited?.()
    let timer: Timer = clock.after(look, tick)
    return () => timer.cancel()
  }

/**
 * How long a thread in a network namespace waited for a CPU since the last call, the most of any: `/proc` counts it
 * for each thread. Seconds. A thread that came and went in between is not seen.
 */
export function waitsForCpu(netns: string): () => number {
  let before = new Map<string, number>()
  const inode = `net:[${statSync(`/run/netns/${netns}`).ino}]`
  return () => {
    const now = new Map<string, number>()
    let longest = 0
    for (const thread of threadsIn(inode)) {
      const waited = waitOf(thread)
      if (waited === undefined) continue
      now.set(thread, waited)
      longest = Math.max(longest, waited - (before.get(thread) ?? waited))
    }
    before = now
    return longest
  }
}

/** Folders of the threads whose process is in this namespace. */
const threadsIn = (inode: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      // It may end while we look.
      attempt(() => {
        if (readlinkSync(`/proc/${pid}/ns/net`) !== inode) return []
        return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
      }, []),
    )

/** Seconds that a thread was ready to run and did not: the second figure of `schedstat`, in nanoseconds. */
const waitOf = (thread: string): number | undefined =>
  attempt(() => {
    const [, waited] = readFileSync(`${thread}/schedstat`, 'utf8').split(' ')
    return waited === undefined ? undefined : Number(waited) / 1e9
  }, undefined)

function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act()
  } catch {
    return otherwise
  }
}
