import type { Timer } from './clock.ts'

export interface Event extends Timer {
  readonly at: number
  readonly fn: () => void
}

/** Events by time; those of one time in the order of their making. A binary heap. */
export interface EventQueue {
  add(at: number, fn: () => void): Event
  /** Takes the next event that was not cancelled. */
  take(): Event | undefined
  /** The time of the next event. */
  next(): number | undefined
}

/** A class, as there is one for each frame and timer of a run. */
class Entry implements Event {
  state: 'waiting' | 'taken' | 'cancelled' = 'waiting'
  constructor(
    readonly at: number,
    readonly order: number,
    readonly fn: () => void,
    private readonly cancelled: () => void,
  ) {}

  cancel(): void {
    if (this.state !== 'waiting') return
    this.state = 'cancelled'
    this.cancelled()
  }
}

export function eventQueue(): EventQueue {
  let heap: Entry[] = []
  let made = 0
  let cancelled = 0

  function sink(start: number) {
    const entry = heap[start]
    let index = start
    for (;;) {
      const left = heap[2 * index + 1]
      const right = heap[2 * index + 2]
      const child = left && right && before(right, left) ? right : left
      if (!entry || !child || !before(child, entry)) break
      heap[index] = child
      index = child === left ? 2 * index + 1 : 2 * index + 2
    }
    if (entry) heap[index] = entry
  }

  function rise(entry: Entry) {
    let index = heap.push(entry) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (!parent || !before(entry, parent)) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  function removeFirst() {
    const last = heap.pop()
    if (!last || heap.length === 0) return
    heap[0] = last
    sink(0)
  }

  /** A timer that is restarted for every packet must not leave its old entries behind for hours. */
  function sweep() {
    if (cancelled < 64 || cancelled * 2 < heap.length) return
    heap = heap.filter((entry) => entry.state === 'waiting')
    cancelled = 0
    for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(index)
  }

  function cancelOne() {
    cancelled++
    sweep()
  }

  function skipCancelled() {
    while (heap[0]?.state === 'cancelled') {
      removeFirst()
      cancelled--
    }
  }

  return {
    add(at, fn) {
      const entry = new Entry(at, made++, fn, cancelOne)
      rise(entry)
      return entry
    },
    take() {
      skipCancelled()
      const first = heap[0]
      removeFirst()
      if (first) first.state = 'taken'
      return first
    },
    next() {
      skipCancelled()
      return heap[0]?.at
    },
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
