import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { MatrixRow } from './kill-matrix.ts'

export interface MatrixOrder {
  seed: string
  /** On every scenario where its decision is asked for; else on those alone that its violations are judged on. */
  everywhere: boolean
  /** Of mutants. */
  names: readonly string[]
}

/** A row of the kill matrix, as the process sends it that played it. */
export interface PlayedRow extends Pick<MatrixRow, 'decided'> {
  name: string
  /** What the suite says of the mutant otherwise than it should: one line each. */
  deviations: string[]
}

/**
 * Plays mutants in one process for each core, so that the suites are loaded and the reference router is played no more
 * often than that. Each row comes as soon as it is played, in about the order of the names; it rejects where its process
 * ends before.
 */
export function playMatrix({ names, ...order }: MatrixOrder): ReadonlyMap<string, Promise<PlayedRow>> {
  const shares = Math.min(availableParallelism(), names.length)
  return new Map(
    Array.from({ length: shares }, (_, share) => names.filter((_name, index) => index % shares === share)).flatMap(
      (some) => rowsOf({ ...order, names: some }),
    ),
  )
}

function rowsOf(order: MatrixOrder): [name: string, Promise<PlayedRow>][] {
  // A play makes many objects that die young.
  const child = fork(new URL('matrix-worker.mjs', import.meta.url), { execArgv: ['--max-semi-space-size=64'] })
  // Each row is a listener of its own, until its process ends.
  child.setMaxListeners(0)
  child.send(order)
  return order.names.map((name) => {
    const row = new Promise<PlayedRow>((resolve, reject) => {
      child.on('message', (played: PlayedRow) => played.name === name && resolve(played))
      child.on('exit', () => reject(new Error(`the process that plays ${name} ended before it was played`)))
    })
    // Who awaits it hears of it; the others need not.
    row.catch(() => {})
    return [name, row]
  })
}
