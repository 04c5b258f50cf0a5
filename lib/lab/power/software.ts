import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { Power } from '../lab.ts'

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
  const running = new Set<ChildProcess>()
  const order = (command: 'up' | 'down' | 'reboot' | 'reset' | 'commission'): Promise<void> =>
    new Promise((resolve, reject) => {
      // In a process group of its own: what hangs is ended with all of its children.
      const child = spawn(executable, [command, name], {
        env: environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      running.add(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output = (output + chunk.toString('latin1')).slice(-1000)
        })
      let late = false
      const timer = clock.after(patience, () => {
        late = true
        end(child)
      })
      const over = (what: string | undefined) => {
        timer.cancel()
        running.delete(child)
        if (what === undefined) resolve()
        else reject(new LabTrouble(quoted(`\`${command}\` ${what}${lastWords(output)}`)))
      }
      child.on('error', (error) => over(`could not be started: ${error.message}`))
      // Not at `close`: a daemon that it started may hold its output open, and go on writing to it.
      child.on('exit', (code, signal) => {
        if (late) over(`did not end within ${patience} s and was killed`)
        else if (code === 0) over(undefined)
        else clock.after(0.1, () => over(code === null ? `was killed by ${signal}` : `ended with exit code ${code}`))
      })
    })
  return {
    power: {
      on: () => order('up'),
      cut: () => order('down'),
      reboot: () => order('reboot'),
      reset: () => order('reset'),
      ...(commission && { commission: () => order('commission') }),
    },
    versions: () => versionsOf(options),
    close() {
      for (const child of running) end(child)
    },
  }
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}

/** The last lines of what it printed, fit for a message: it may print anything. */
function lastWords(output: string): string {
  const lines = output
    .replace(/[^\x20-\x7e\n]+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return lines.length ? `: ${lines.slice(-3).join('; ').slice(-300)}` : ', without output'
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
