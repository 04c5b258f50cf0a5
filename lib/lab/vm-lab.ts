import { resolve } from 'node:path'
import { chromiumBrowser } from './browser/chromium.ts'
import { tapCables } from './cables/taps.ts'
import type { Device } from './device.ts'
import { waitsForCpu, watchHealth } from './health/health.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { buildNamespaces, closeWith } from './namespaces/namespaces.ts'
import { ipBatch } from './namespaces/netns.ts'
import { runMark } from './namespaces/reap.ts'
import { machinePower } from './power/machine.ts'
import { realTime } from './time.ts'

const wan = 'wan0'

/** A router image in a virtual machine; `runId` names all that is made, and `close` removes it. */
export async function openVmLab({ lan, browser }: LabFile, device: Device, runId: string): Promise<Lab> {
  const spec = device.machine
  if (!spec) throw new TypeError('a lab of kind vm needs a device with a machine')
  const spaces = buildNamespaces({ runId, ports: [] })
  try {
    const time = realTime()
    const { clock } = time
    const tapOf = (port: string) => `d${runId}${port}`
    const ports = [wan, ...lan]
    // A card of the machine that is no port of the lab has a cable as well, which leads nowhere.
    ipBatch(
      [...new Set([...ports, ...spec.ports])].flatMap((port) => [
        `tuntap add dev ${tapOf(port)} mode tap`,
        `link set dev ${tapOf(port)} up`,
      ]),
      spaces.bench,
    )
    const machine = machinePower({
      ...{ spec, clock, tapOf, netns: spaces.bench },
      fileOf: (name) => resolve(device.folder, name),
      environment: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, [runMark]: runId },
    })
    const { browser: browserCable, ...cables } = tapCables(clock, spaces, { ports, tapOf, plug: machine.plug })
    let heard = 0
    for (const link of [cables.wan, ...cables.lan]) link.onFrame(() => void heard++)
    const accelerator = await machine.accelerator(() => heard > 0)
    const driven = browser === 'chromium' ? chromiumBrowser(spaces, browserCable, device) : undefined
    return {
      ...time,
      ...cables,
      power: machine.power,
      ...(driven && { browser: driven }),
      onConsole: machine.onConsole,
      // The machine's own threads: what waits for a CPU answers late.
      watchHealth: watchHealth(waitsForCpu(spaces.bench)),
      versions: () => ({ accelerator }),
      close: () => closeWith(spaces, machine, cables),
    }
  } catch (error) {
    spaces.destroy()
    throw error
  }
}
