import type { Link } from '../../link/link.ts'
import type { RealClock } from '../../time/real-clock.ts'
import type { Namespaces } from '../namespaces/namespaces.ts'
import { ipBatch } from '../namespaces/netns.ts'
import { benchPorts } from './bench-port.ts'
import type { BenchCables } from './cables.ts'

/** Taps in the bench's namespace, whose other ends are network cards of a virtual machine. */
export function tapCables(
  clock: RealClock,
  spaces: Namespaces,
  {
    ports,
    tapOf,
    plug,
  }: { ports: readonly string[]; tapOf(port: string): string; plug(port: string, inserted: boolean): void },
): BenchCables {
  const open = benchPorts(clock, spaces)
  const [wan, ...lan] = ports.map((port) => open(port, tapOf(port))) as unknown as [Link, ...Link[]]
  const browser = open('browser', spaces.browserPort)
  return {
    wan,
    lan,
    browser,
    plug(port, inserted) {
      // Both ends see it: here, and the card of the machine.
      ipBatch([`link set dev ${tapOf(port)} ${inserted ? 'up' : 'down'}`], spaces.bench)
      plug(port, inserted)
    },
    close() {
      for (const socket of [wan, ...lan, browser]) socket.close()
    },
  }
}
