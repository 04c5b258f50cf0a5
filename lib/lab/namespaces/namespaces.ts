import { inNetns } from '../../link/network-namespace.ts'
import { disableOffloads } from '../../link/offload.ts'
import { type Card, takeCard } from './cards.ts'
import { createNetns, ipBatch, NamespaceError, writeSysctls } from './netns.ts'
import { browserInterface, type NamespacePlan, namespacePlan } from './plan.ts'
import { removeRun } from './reap.ts'
import { type LockedDevice, lockFolder, takeLock } from './reap-lock.ts'

export interface NamespaceOptions {
  /** 1 to 6 lower-case letters and digits; no other run on this machine may have it. */
  runId: string
  /** The DUT's interfaces. */
  ports: string[]
  /** The software DUT, so that the process that reaps can call its `down NAME`. */
  device?: (names: { dut: string }) => LockedDevice
  lockFolder?: string
  /** Network cards of this machine that become ports of the bench. */
  cards?: Card[]
  /** Name of what switches the router's power, where another run could have it. */
  plug?: string | undefined
  /** Unix time in milliseconds at which the lab was opened. */
  since?: number
}

/**
 * Three network namespaces. Each of the DUT's ports has a cable to the bench, and so has the browser: there is no
 * kernel bridge, the bench itself is the switch between browser and DUT and thus sees every frame, with its direction.
 */
export interface Namespaces {
  bench: string
  /** The DUT's ports are down in it, as those of a box without power. */
  dut: string
  browser: string
  /** The interface in the bench's namespace that leads to a port of the DUT's. */
  benchPort(port: string): string
  /** The interface in the bench's namespace that leads to the browser. */
  browserPort: string
  /** What the browser sends from. */
  browserMac: string
  /** Pulls the DUT's plug, ends what runs inside and removes all. May be called twice. */
  destroy(): void
}

export function buildNamespaces(options: NamespaceOptions): Namespaces {
  const folder = options.lockFolder ?? lockFolder
  const plan = namespacePlan(options.runId, options.ports)
  const { bench, dut, browser, browserPort, browserMac } = plan
  const lock = takeLock(
    {
      runId: options.runId,
      namespaces: [bench, dut, browser],
      device: options.device?.({ dut }),
      cards: options.cards,
      plug: options.plug,
      since: options.since,
    },
    folder,
  )
  try {
    carryOut(plan)
    for (const card of options.cards ?? []) takeCard(card, bench)
  } catch (error) {
    removeRun(lock, folder)
    throw error
  }
  let gone = false
  return {
    bench,
    dut,
    browser,
    browserPort,
    browserMac,
    benchPort(port) {
      const name = plan.benchPorts[port]
      if (name === undefined) {
        throw new NamespaceError(`Expected one of the ports ${options.ports.join(', ')}, got ${port}`)
      }
      return name
    },
    destroy() {
      if (gone) return
      gone = true
      const { problems } = removeRun(lock, folder)
      if (problems.length > 0) throw new NamespaceError(`Removing run ${lock.runId}: ${problems.join('; ')}`)
    },
  }
}

/** Closes the parts of a lab in order, and removes the namespaces whatever happens on the way. */
export function closeWith(spaces: Namespaces, ...parts: { close(): void }[]): void {
  const [first, ...rest] = parts
  try {
    first?.close()
  } finally {
    if (rest.length > 0) closeWith(spaces, ...rest)
    else spaces.destroy()
  }
}

function carryOut(plan: NamespacePlan) {
  for (const name of [plan.bench, plan.dut, plan.browser]) createNetns(name)
  // Before there are interfaces: an interface sends as soon as it is up.
  for (const [netns, settings] of Object.entries(plan.sysctls)) writeSysctls(netns, settings)
  ipBatch(plan.cables)
  for (const [netns, names] of Object.entries(plan.offloadsOff)) {
    inNetns(netns, () => {
      for (const name of names) mustBePlain(netns, name, disableOffloads(name))
    })
  }
  for (const [netns, names] of Object.entries(plan.up)) {
    ipBatch(
      names.map((name) => `link set dev ${name} up`),
      netns,
    )
  }
}

function mustBePlain(netns: string, name: string, on: string[]) {
  if (on.length === 0) return
  throw new NamespaceError(
    `Expected ${name} in ${netns} without offloads, but ${on.join(', ')} stayed on: use another kernel`,
  )
}

/** Gives the browser its IPv4 address; IPv6 it configures by itself. */
export function configureBrowser(netns: string, { ipv4, gateway }: { ipv4: string; gateway?: string }): void {
  ipBatch(
    [
      `address flush dev ${browserInterface} to 0.0.0.0/0`,
      `address add ${ipv4} dev ${browserInterface}`,
      ...(gateway ? [`route replace default via ${gateway} dev ${browserInterface}`] : []),
    ],
    netns,
  )
}
