import { type Behavior, compliant } from '../router/behavior.ts'
import type { Asked } from '../router/router.ts'
import { seeded } from '../time/seed.ts'
import { directBrowser } from './browser/direct.ts'
import { type Between, memoryCables } from './cables/memory.ts'
import type { Device } from './device.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { referencePower } from './power/reference.ts'
import { virtualTime } from './time.ts'

/** What the reference router is, in the words of a device folder. */
export const referenceDevice: Device = {
  // It has none: all that is known of it is here.
  folder: '',
  facts: {
    name: 'Reference router',
    vendor: 'denat',
    model: 'in-process, virtual time',
    role: 'gateway',
    capabilities: ['ntp', 'pcp', 'pcp-server', 'simple-security', 'stateful-dhcpv6', 'ula', 'web-ui'],
    lacks: ['464xlat', '6rd', 'ds-lite', 'ipv4aas', 'ipv6-mostly', 'pppoe', 'tunnel-filter', 'wan-vlan'],
  },
  commission: false,
  boot: 3 * compliant.bootTime,
  reset: compliant.bootTime,
  apply: 5,
  known: [],
}

export interface MemoryLabOptions {
  /** Of the router's own chance: identities, delays. */
  seed: string
  /** Where it differs from the compliant router. */
  behavior?: Partial<Behavior>
  /** Called for each decision that the router has to make. */
  asked?: Asked
  bridged?: boolean
  box?: Between | undefined
  /** Seconds that a factory reset takes. */
  reset?: number | undefined
}

/** The reference router on cables of this process, in virtual time: no root, no sockets, the same every time. */
export function openMemoryLab(
  { lan, line, browser }: LabFile,
  { seed, behavior, asked, bridged = false, box = (cables) => cables, reset }: MemoryLabOptions,
): Lab {
  const time = virtualTime()
  const cables = box(memoryCables(time.clock, lan, seed), time.clock)
  const { clock, settled } = time
  const random = seeded(`${seed}\0router`)
  const { power, webUi } = referencePower({ clock, random, cables, line, settled, behavior, asked, bridged, reset })
  return {
    ...time,
    ...cables,
    power,
    ...(browser === 'direct' && { browser: directBrowser(webUi) }),
    versions: () => ({}),
    close: () => void power.cut?.(),
  }
}
