import { execFileSync } from 'node:child_process'
import { openPacketSocket } from '../link/packet-socket.ts'
import { realClock } from '../time/real-clock.ts'
import { openPage } from './browser/page.ts'
import type { Device } from './device.ts'
import { waitsForCpu, watchHealth } from './health/health.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { buildNamespaces, configureBrowser } from './namespaces/namespaces.ts'
import { ipBatch } from './namespaces/netns.ts'
import { runMark } from './namespaces/reap.ts'
import { software } from './power/software.ts'

/** Router software in a namespace of this machine; `runId` names all that is made, and `close` removes it. */
export function openNamespaceLab(lab: LabFile, device: Device, runId: string): Lab {
  const executable = device.software
  if (!executable) throw new TypeError('a namespace lab needs a device with software')
  const wan = 'wan0'
  const spaces = buildNamespaces({
    runId,
    ports: [wan, ...lab.lan],
    device: ({ dut }) => ({ executable, name: dut }),
  })
  try {
    const clock = realClock()
    const open = (port: string) =>
      openPacketSocket({ interface: spaces.benchPort(port), netns: spaces.bench, clock, name: port })
    const sockets = { wan: open(wan), lan: lab.lan.map(open) }
    const page = openPacketSocket({ interface: spaces.browserPort, netns: spaces.bench, clock, name: 'browser' })
    const environment = {
      ...process.env,
      [runMark]: runId,
      DUT_WAN: wan,
      DUT_LANS: lab.lan.join(' '),
      DUT_NODE: process.execPath,
    }
    const dut = software({ executable, name: spaces.dut, environment, clock })
    const ipv4 = device.facts.url4 && new URL(device.facts.url4).hostname
    if (ipv4) configureBrowser(spaces.browser, { ipv4: `${ipv4.replace(/\.\d+$/, '.250')}/24` })
    const { webUi } = device
    return {
      clock,
      origin: clock.origin,
      wan: sockets.wan,
      lan: sockets.lan,
      power: {
        on: () => dut.order('up'),
        cut: () => dut.order('down'),
        reboot: () => dut.order('reboot'),
        reset: () => dut.order('reset'),
      },
      plug: (port, inserted) =>
        ipBatch([`link set dev ${spaces.benchPort(port)} ${inserted ? 'up' : 'down'}`], spaces.bench),
      ...(webUi
        ? {
            browser: {
              mac: spaces.browserMac,
              link: page,
              forget: () => ipBatch(['link set dev eth0 down', 'link set dev eth0 up'], spaces.browser),
              open: (folder, over, resolver) => openPage({ webUi, over, netns: spaces.browser, folder, resolver }),
            },
          }
        : {}),
      clockStep: clock.step,
      watchHealth: watchHealth(waitsForCpu(spaces.dut)),
      drive: (promise) => promise,
      settled() {},
      versions: () => softwareVersions(executable, spaces.dut, environment),
      close() {
        dut.close()
        try {
          for (const socket of [sockets.wan, ...sockets.lan, page]) socket.close()
        } finally {
          spaces.destroy()
        }
      },
    }
  } catch (error) {
    spaces.destroy()
    throw error
  }
}

/** Of the packages that the device says it is made of; what can't be asked is left out. */
function softwareVersions(executable: string, dut: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const ask = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      killSignal: 'SIGKILL',
    })
  try {
    const packages = ask(executable, 'pkgs', dut)
      .split(/\s+/)
      .filter((name) => /^[a-z0-9][a-z0-9.+-]+$/.test(name))
    if (packages.length === 0) return {}
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg's
    const lines = ask('dpkg-query', '-W', '-f', '${Package} ${Version}\\n', ...packages)
    return Object.fromEntries(
      lines
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    )
  } catch {
    return {}
  }
}
