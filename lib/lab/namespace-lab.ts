import { chromiumBrowser } from './browser/chromium.ts'
import { vethCables } from './cables/veth.ts'
import type { Device } from './device.ts'
import { waitsForCpu, watchHealth } from './health/health.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { buildNamespaces, closeWith } from './namespaces/namespaces.ts'
import { runMark } from './namespaces/reap.ts'
import { softwarePower } from './power/software.ts'
import { realTime } from './time.ts'

const wan = 'wan0'

/** Router software in a namespace of this machine; `runId` names all that is made, and `close` removes it. */
export function openNamespaceLab({ lan, browser }: LabFile, device: Device, runId: string): Lab {
  const executable = device.software
  if (!executable) throw new TypeError('a namespace lab needs a device with software')
  const spaces = buildNamespaces({ runId, ports: [wan, ...lan], device: ({ dut }) => ({ executable, name: dut }) })
  try {
    const time = realTime()
    const { clock } = time
    const { browser: browserCable, ...cables } = vethCables(clock, spaces, wan, lan)
    const environment = {
      ...process.env,
      [runMark]: runId,
      DUT_WAN: wan,
      DUT_LANS: lan.join(' '),
      DUT_NODE: process.execPath,
    }
    const dut = softwarePower({
      executable,
      name: spaces.dut,
      environment,
      clock,
      commission: device.commission,
    })
    const driven = browser === 'chromium' ? chromiumBrowser(spaces, browserCable, device) : undefined
    return {
      ...time,
      ...cables,
      power: dut.power,
      browser: driven,
      watchHealth: watchHealth(waitsForCpu(spaces.dut)),
      versions: dut.versions,
      close: () => closeWith(spaces, dut, cables),
    }
  } catch (error) {
    spaces.destroy()
    throw error
  }
}
