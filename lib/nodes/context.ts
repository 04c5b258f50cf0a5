import type { Clock } from '../time/clock.ts'

/** The only source of time and random numbers of a node, so that a run can be repeated. */
export interface NodeContext {
  clock: Clock
  random: Random
  /** Called when a promise that a caller may await was settled: a virtual clock then lets the caller continue. */
  settled(): void
}

/** A seeded generator. */
export interface Random {
  uniform(low: number, high: number): number
  /** An integer from 0, below `below`. */
  int(below: number): number
}

/** Something asked of a node, waiting for what comes of it. */
export interface Act<T> {
  promise: Promise<T>
  /** Only the first call counts. */
  settle(value: T): void
}

/** An act that settles by an event, or with `whenSilent()` after `within` seconds. */
export function act<T>(ctx: NodeContext, within: number, whenSilent: () => T): Act<T> {
  let resolve: (value: T) => void
  let open = true
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  const settle = (value: T): void => {
    if (!open) return
    open = false
    timer.cancel()
    resolve(value)
    ctx.settled()
  }
  const timer = ctx.clock.after(within, () => settle(whenSilent()))
  return { promise, settle }
}

/** Listeners of one kind; adding one returns how to stop it. */
export function listeners<A extends unknown[]>(): {
  add(listener: (...args: A) => void): () => void
  call(...args: A): void
} {
  const all = new Set<(...args: A) => void>()
  return {
    add(listener) {
      all.add(listener)
      return () => void all.delete(listener)
    },
    call(...args) {
      for (const listener of [...all]) listener(...args)
    },
  }
}
