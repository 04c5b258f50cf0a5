import type { Link } from '../../link/link.ts'
import { trunk } from '../../link/trunk.ts'
import type { RealClock } from '../../time/real-clock.ts'
import type { Cards } from '../lab-file.ts'
import type { Namespaces } from '../namespaces/namespaces.ts'
import { ipBatch } from '../namespaces/netns.ts'
import { benchPorts } from './bench-port.ts'
import type { BenchCables } from './cables.ts'

/** Network cards that are in the bench's namespace; `names` has the interface of each card that the lab file names. */
export function cardCables(
  clock: RealClock,
  spaces: Namespaces,
  { cards, names }: { cards: Cards; names: ReadonlyMap<string, string> },
): BenchCables {
  const open = benchPorts(clock, spaces)
  const interfaces = new Map(Object.entries(cards).map(([port, { card }]) => [port, names.get(card) ?? card]))
  const trunks = new Map([...new Set(interfaces.values())].map((name) => [name, trunk(open(name, name))]))
  const ports = new Map(
    Object.entries(cards).map(([port, { vlan }]) => {
      const made = trunks.get(interfaces.get(port) as string)?.port(port, vlan)
      if (!made) throw new RangeError(`no card for ${port}`)
      return [port, made]
    }),
  )
  const [wan, ...lan] = [...ports.values()] as unknown as [Link, ...Link[]]
  const isShared = (port: string): boolean =>
    cards[port]?.vlan !== undefined ||
    [...interfaces].some(([other, name]) => other !== port && name === interfaces.get(port))
  const browser = open('browser', spaces.browserPort)
  return {
    wan,
    lan,
    browser,
    plug(port, inserted) {
      // Behind a switch the card is that of other ports as well, also where one of them has no VLAN.
      if (isShared(port)) ports.get(port)?.plug(inserted)
      else ipBatch([`link set dev ${interfaces.get(port)} ${inserted ? 'up' : 'down'}`], spaces.bench)
    },
    close() {
      for (const socket of [...ports.values(), browser]) socket.close()
    },
  }
}
