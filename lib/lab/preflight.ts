import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Scenario } from '../suite/scenario.ts'
import { pageObject } from './browser/page-object.ts'
import type { Device } from './device.ts'
import { InputError } from './input-error.ts'
import type { LabFile } from './lab-file.ts'
import { cardsNamed, mustBeFree } from './namespaces/find-cards.ts'
import { abilitiesOf, type Driver, driversOf, plugOf, secretsOf } from './power/driver.ts'
import { qemu } from './power/machine.ts'

/** The reason why a run cannot start. States what was expected, what was seen and what to do. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'
}

/** What is asked of the machine, apart from it so that every answer can be tried. */
export interface Machine {
  platform: string
  uid: number | undefined
  has(file: string): boolean
  /** A person can be asked. */
  terminal: boolean
}

const thisMachine = (): Machine => ({
  platform: process.platform,
  uid: process.getuid?.(),
  has: existsSync,
  terminal: process.stdin.isTTY === true,
})

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
  if (lab.cables === 'cards') {
    mustBeAble(lab, device, machine)
    cardsNamed(lab)
    mustBeFree(lab.file, "the router's plug", { plug: plugOf(driversOf(lab, device).power) })
  }
  if (lab.cables === 'taps') mustHaveMachine(lab, device, machine)
  if (lab.cables === 'veth' && !device.software)
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

function mustHaveMachine(lab: LabFile, { folder, machine: spec }: Device, machine: Machine): void {
  const file = `${folder}/device.yaml`
  if (!spec)
    throw new InputError(file, 'machine: is missing, and a lab of kind vm runs one', 'see labs/devices/debian-vm')
  if (!machine.has(qemu))
    throw new PreflightError(
      `${lab.file}: ${qemu} is missing\n  → apt-get install --no-install-recommends qemu-system-x86 qemu-utils`,
    )
  for (const port of ['wan0', ...lab.lan])
    if (!spec.ports.includes(port))
      throw new InputError(
        file,
        `machine.ports: has no ${port}`,
        `name it there, or other \`lan\` ports in ${lab.file}`,
      )
  for (const name of [spec.image, spec.kernel, spec.initrd, spec.firmware])
    if (name !== undefined && !machine.has(resolve(folder, name)))
      throw new InputError(file, `machine: ${resolve(folder, name)} does not exist`, imageRemedy(folder))
}

/** Images are not part of this project: comments of the device folder name where each comes from. */
const imageRemedy = (folder: string): string => `see the comments of ${folder}/device.yaml for how to get it`

/** What a router in a box is switched and reset by can do it, and has its credentials. */
function mustBeAble(lab: LabFile & { cables: 'cards' }, device: Device, machine: Machine): void {
  const { power, reset } = driversOf(lab, device)
  const [plug, button] = [abilitiesOf(power), abilitiesOf(reset)]
  if (!button.reset)
    throw new InputError(
      lab.file,
      `${nameOf(reset)} cannot reset the router to factory settings`,
      'add `reset-by:` with a driver that can, such as `reset-by: { web-ui: {} }` or `reset-by: { manual: {} }`',
    )
  if ((plug.asks || button.asks) && !machine.terminal)
    throw new InputError(
      lab.file,
      'its power needs a person, and there is no terminal to ask at',
      'run it in a terminal, or name another driver: `power: { command: ... }`',
    )
  for (const name of [power, reset].flatMap(secretsOf))
    if (!process.env[name])
      throw new InputError(lab.file, `${nameOf(power)} needs the environment variable ${name}`, `export ${name}`)
  if ([power, reset].some((driver) => driver['web-ui']) && (lab.browser === 'none' || !device.webUi))
    throw new InputError(
      lab.file,
      "the driver web-ui needs a browser and the device folder's web-ui.ts",
      'name another driver',
    )
}

const nameOf = (driver: Driver): string => `the driver ${Object.keys(driver).join()}`
