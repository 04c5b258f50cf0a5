import { execFileSync } from 'node:child_process'
import type { Clock } from '../../time/clock.ts'
import type { Power } from '../lab.ts'
import { orders } from './orders.ts'

export interface SoftwareOptions {
  /** Absolute path of an executable with the commands of README.md. */
  executable: string
  /** An argument: the network namespace with its interfaces. */
  name: string
  environment: NodeJS.ProcessEnv
  clock: Clock
  /** It has this command, too. */
  commission?: boolean
  /** Seconds that an order may take. */
  patience?: number
}

/** The executable behind a software DUT: each order is one call of it, and ends in bounded time. */
export interface Software {
  power: Power
  /** The versions that the device reports of its own software, by name; read while it is on. */
  versions(): Record<string, string>
  /** Ends what is still being carried out. */
  close(): void
}

export function softwarePower(options: SoftwareOptions): Software {
  const { executable, name, environment, clock, commission = false, patience = 120 } = options
  const { carryOut, close } = orders({ clock, environment, patience })
  const order = (command: 'up' | 'down' | 'reboot' | 'reset' | 'commission') =>
    carryOut([executable, command, name], command)
  return {
    power: {
      on: () => order('up'),
      cut: () => order('down'),
      reboot: () => order('reboot'),
      async reset() {
        await order('reset')
        return 'off'
      },
      ...(commission && { commission: () => order('commission') }),
    },
    versions: () => versionsOf(options),
    close,
  }
}

/** Versions of the packages that the device reports; those that cannot be read are left out. */
function versionsOf({ executable, name, environment: env }: SoftwareOptions): Record<string, string> {
  const ask = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      killSignal: 'SIGKILL',
    })
  try {
    const packages = ask(executable, 'pkgs', name)
      .split(/\s+/)
      .filter((word) => /^[a-z0-9][a-z0-9.+-]+$/.test(word))
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
