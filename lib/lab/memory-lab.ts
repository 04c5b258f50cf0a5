import { cable } from '../link/cable.ts'
import { vlan } from '../router/attachment/vlan.ts'
import { type Behavior, compliant } from '../router/behavior.ts'
import { type Asked, referenceRouter } from '../router/router.ts'
import { seeded } from '../time/seed.ts'
import { virtualClock } from '../time/virtual-clock.ts'
import type { Device } from './device.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'

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
  boot: 3 * compliant.bootTime,
  apply: 5,
  known: [],
}

export interface MemoryLabOptions {
  /** Of the router's own chance: identities, delays. */
  seed: string
  /** Where it differs from the compliant router. */
  behavior?: Partial<Behavior>
  /** Told of each decision that the router has to make. */
  asked?: Asked
  bridged?: boolean
}

/** No browser is in between, so this MAC is never seen. */
const unusedMac = '02:be:00:00:00:00'
/** 2026-01-01: recordings of one seed are the same at all times. */
const origin = 1_767_225_600_000_000_000n

/** The reference router on in-process cables, in virtual time: no root, no sockets, the same every time. */
export function openMemoryLab(lab: LabFile, { seed, behavior, asked, bridged = false }: MemoryLabOptions): Lab {
  const clock = virtualClock()
  const lay = (name: string) => cable(clock, { names: [name, name], seed: `${seed}\0${name}` })
  const [wan, dutWan] = lay('wan0')
  const lans = lab.lan.map(lay)
  let powered = false
  const pulled = new Set<string>()

  const plug = (): void => {
    for (const bench of [wan, ...lans.map(([end]) => end)]) bench.plug(powered && !pulled.has(bench.name))
  }
  plug()
  const router = referenceRouter({
    clock,
    random: seeded(`${seed}\0router`),
    wan: lab.line.vlan === undefined ? dutWan : vlan(dutWan, lab.line.vlan),
    lan: lans.map(([, dut]) => dut),
    behavior,
    asked,
    bridged,
    settled: clock.settled,
    ports(up) {
      powered = up
      plug()
    },
  })
  return {
    clock,
    origin,
    wan,
    lan: lans.map(([bench]) => bench),
    power: {
      on: async () => router.powerOn(),
      cut: async () => router.powerCut(),
      reboot: async () => router.reboot(),
      reset: async () => router.factoryReset(),
    },
    plug(port, inserted) {
      if (inserted) pulled.delete(port)
      else pulled.add(port)
      plug()
    },
    browser: { mac: unusedMac, open: async () => ({ ui: router.webUi, close: async () => {} }) },
    clockStep: () => 0,
    drive: clock.drive,
    settled: clock.settled,
    versions: () => ({}),
    close: router.powerCut,
  }
}
