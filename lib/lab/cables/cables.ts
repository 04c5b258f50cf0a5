import type { Link } from '../../link/link.ts'

/** The cables between the bench and the DUT, at the bench's end. */
export interface Cables {
  wan: Link
  lan: Link[]
  /** Pulls the cable of this port, or plugs it in. */
  plug(port: string, inserted: boolean): void
  close(): void
}
