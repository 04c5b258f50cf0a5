import { accessSync, constants, existsSync } from 'node:fs'
import type { Scenario } from '../suite/scenario.ts'
import type { Device } from './device.ts'
import { InputError } from './input-error.ts'
import type { LabFile } from './lab-file.ts'

/** What keeps a run from starting. Says what was expected, what was seen and what to do. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'
}

const chromium = '/usr/bin/chromium'

/** Looks for everything that the run will need, before anything is touched. Throws for the first thing that is missing. */
export function preflight(lab: LabFile, device: Device, scenarios: readonly Scenario[]): void {
  if (lab.kind === 'memory') return
  if (process.platform !== 'linux')
    throw new PreflightError(
      `${lab.file}: network namespaces need Linux, this is ${process.platform}\n  → run labs/memory.yaml here, or this on a Linux box`,
    )
  if (process.getuid?.() !== 0)
    throw new PreflightError(
      `${lab.file}: needs root for network namespaces and raw frames, this is user ${process.getuid?.()}\n  → run it with sudo`,
    )
  if (!device.software)
    throw new InputError(
      `${device.folder}/device.yaml`,
      'software: is missing, and a namespace lab runs software',
      'name an executable that keeps the contract, see README.md',
    )
  executable(device.software)
  const pages = scenarios.some((scenario) => scenario.webUi)
  if (pages && device.webUi && !existsSync(chromium))
    throw new PreflightError(
      `${chromium} is missing, which drives the router's page\n  → npm run lab installs it, or: apt-get install --no-install-recommends chromium`,
    )
}

function executable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    throw new PreflightError(`${file} cannot be executed\n  → chmod +x ${file}`)
  }
}
