import { chromiumBrowser } from './browser/chromium.ts'
import { cardCables } from './cables/cards.ts'
import type { Device } from './device.ts'
import { watchHealth } from './health/health.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { cardState } from './namespaces/cards.ts'
import { cardsNamed, mustBeFree } from './namespaces/find-cards.ts'
import { buildNamespaces, closeWith } from './namespaces/namespaces.ts'
import { boxPower } from './power/box.ts'
import { driversOf, plugOf } from './power/driver.ts'
import type { Around } from './power/manual.ts'
import { realTime } from './time.ts'

export type PhysicalLab = Extract<LabFile, { cables: 'cards' }>

/** A router in a box, on network cards of this machine; `close` puts the cards back as they were. */
export function openPhysicalLab(
  lab: PhysicalLab,
  device: Device,
  runId: string,
  { askPerson, environment }: Around,
): Lab {
  const found = cardsNamed(lab)
  const time = realTime()
  const drivers = driversOf(lab, device)
  const spaces = buildNamespaces({
    ...{ runId, ports: [], cards: [...found.values()].map(cardState) },
    ...{ plug: plugOf(drivers.power), since: Number(time.origin / 1_000_000n) },
  })
  try {
    // Another run may have taken it since it was looked for.
    mustBeFree(lab.file, "the router's plug", { plug: plugOf(drivers.power) }, runId)
    const { clock } = time
    const names = new Map([...found].map(([card, { ifname }]) => [card, ifname]))
    const { browser: browserCable, ...cables } = cardCables(clock, spaces, { cards: lab.cards, names })
    const browser = lab.browser === 'chromium' ? chromiumBrowser(spaces, browserCable, device) : undefined
    const box = boxPower({
      ...drivers,
      clock,
      environment,
      within: (command) => ['ip', 'netns', 'exec', spaces.browser, ...command],
      browser,
      askPerson,
      commission: device.setUp,
    })
    return {
      ...time,
      ...cables,
      isShared: true,
      power: box.power,
      ...(browser && { browser }),
      watchHealth: watchHealth(),
      versions: () => ({}),
      close: () => closeWith(spaces, box, cables),
    }
  } catch (error) {
    spaces.destroy()
    throw error
  }
}
