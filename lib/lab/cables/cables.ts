import type { Link } from '../../link/link.ts'

/** The cables between the bench and the DUT, at the bench's end. */
export interface Cables {
  wan: Link
  lan: Link[]
  /** Pulls the cable of this port, or plugs it in. */
  plug(port: string, inserted: boolean): void
  close(): void
}

/** Cables of a bench in a network namespace, which has a browser as well. */
export interface BenchCables extends Cables {
  /** The bench's end of the browser's cable. */
  browser: Link
}
