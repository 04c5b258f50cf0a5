import { cable } from '../../link/cable.ts'
import type { Link } from '../../link/link.ts'
import type { Clock } from '../../time/clock.ts'
import type { Cables } from './cables.ts'

/** What lies between the bench and the DUT, such as a switch, or a DUT of a difficult kind. */
export type Between = (cables: MemoryCables, clock: Clock) => MemoryCables

export interface MemoryCables extends Cables {
  /** The other ends: the ports of a DUT in this process. */
  dut: { wan: Link; lan: Link[] }
  /** Whether the DUT's ports are up. They are down until it is on. */
  raise(up: boolean): void
}

/** Cables inside this process, on any clock. */
export function memoryCables(clock: Clock, lanPorts: readonly string[], seed: string): MemoryCables {
  const lay = (name: string) => cable(clock, { names: [name, name], seed: `${seed}\0${name}` })
  const [wan, dutWan] = lay('wan0')
  const lans = lanPorts.map(lay)
  const pulled = new Set<string>()
  let raised = false
  const plugAll = (): void => {
    for (const end of [wan, ...lans.map(([bench]) => bench)]) end.plug(raised && !pulled.has(end.name))
  }
  plugAll()
  return {
    wan,
    lan: lans.map(([bench]) => bench),
    dut: { wan: dutWan, lan: lans.map(([, dut]) => dut) },
    plug(port, inserted) {
      if (inserted) pulled.delete(port)
      else pulled.add(port)
      plugAll()
    },
    raise(up) {
      raised = up
      plugAll()
    },
    close() {},
  }
}
