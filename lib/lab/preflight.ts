import { existsSync } from 'node:fs'
import type { Scenario } from '../suite/scenario.ts'
import { pageObject } from './browser/page-object.ts'
import type { Device } from './device.ts'
import { InputError } from './input-error.ts'
import type { LabFile } from './lab-file.ts'

/** The reason why a run cannot start. States what was expected, what was seen and what to do. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'
}

/** What is asked of the machine, apart from it so that every answer can be tried. */
export interface Machine {
  platform: string
  uid: number | undefined
  has(file: string): boolean
}

const thisMachine = (): Machine => ({ platform: process.platform, uid: process.getuid?.(), has: existsSync })

const chromium = '/usr/bin/chromium'

/** Looks for everything that the run will need, before anything is touched. Throws for the first thing that is missing. */
export async function preflight(
  lab: LabFile,
  device: Device,
  scenarios: readonly Scenario[],
  machine = thisMachine(),
): Promise<void> {
  if (lab.cables === 'memory') return
  if (machine.platform !== 'linux')
    throw new PreflightError(
      `${lab.file}: network namespaces need Linux, this is ${machine.platform}\n  → run labs/memory.yaml here, or this on Linux`,
    )
  if (machine.uid !== 0)
    throw new PreflightError(
      `${lab.file}: needs root for network namespaces and raw frames, this is user ${machine.uid}\n  → run it with sudo`,
    )
  if (!device.software)
    throw new InputError(
      `${device.folder}/device.yaml`,
      'software: is missing, and a namespace lab runs software',
      'name an executable that implements the commands in README.md',
    )
  if (lab.browser === 'none' || !device.webUi || !scenarios.some((scenario) => scenario.webUi)) return
  await pageObject(device.webUi.module)
  if (!machine.has(chromium))
    throw new PreflightError(
      `${chromium} is missing, which operates the router's page\n  → npm run lab installs it, or: apt-get install --no-install-recommends chromium; or name \`browser: none\` in the lab file`,
    )
}
