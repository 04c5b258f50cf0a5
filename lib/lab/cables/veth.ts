import type { RealClock } from '../../time/real-clock.ts'
import type { Namespaces } from '../namespaces/namespaces.ts'
import { ipBatch } from '../namespaces/netns.ts'
import { benchPorts } from './bench-port.ts'
import type { BenchCables } from './cables.ts'

/** The kernel's virtual cables (veth), which end in the bench's namespace. */
export function vethCables(clock: RealClock, spaces: Namespaces, wanPort: string, lanPorts: string[]): BenchCables {
  const open = benchPorts(clock, spaces)
  const onPort = (name: string) => open(name, spaces.benchPort(name))
  const wan = onPort(wanPort)
  const lan = lanPorts.map(onPort)
  const browser = open('browser', spaces.browserPort)
  return {
    wan,
    lan,
    browser,
    plug: (port, inserted) =>
      ipBatch([`link set dev ${spaces.benchPort(port)} ${inserted ? 'up' : 'down'}`], spaces.bench),
    close() {
      for (const socket of [wan, ...lan, browser]) socket.close()
    },
  }
}
