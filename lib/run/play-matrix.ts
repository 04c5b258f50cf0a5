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

/** A row of the kill matrix, as the process that ran it sends it. */
export interface PlayedRow extends Pick<MatrixRow, 'decided'> {
  name: string
  /** Verdicts that differ from the mutant's declaration: one line each. */
  deviations: string[]
}

/**
 * Runs mutants in one process per core, so that the suites are loaded and the reference router is run only once per core.
 * Each row arrives as soon as it is done, in about the order of the names; it rejects where its process
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
  // A run makes many objects with a short lifetime.
  const child = fork(new URL('matrix-worker.mjs', import.meta.url), { execArgv: ['--max-semi-space-size=64'] })
  // Each row is a listener of its own, until its process ends.
  child.setMaxListeners(0)
  child.send(order)
  return order.names.map((name) => {
    const row = new Promise<PlayedRow>((resolve, reject) => {
      child.on('message', (played: PlayedRow) => played.name === name && resolve(played))
      child.on('exit', () => reject(new Error(`the process that runs ${name} ended before its row was done`)))
    })
    // The error reaches the caller that awaits the row; others do not need it.
    row.catch(() => {})
    return [name, row]
  })
}
