import { type ChildProcess, spawn } from 'node:child_process'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'

export interface SoftwareOptions {
  /** Absolute path of an executable that keeps the contract of README.md. */
  executable: string
  /** Handed to it: the network namespace that holds its interfaces. */
  name: string
  environment: NodeJS.ProcessEnv
  clock: Clock
  /** Seconds that an order may take. */
  patience?: number
}

/** The executable behind a software DUT: each order is one call of it, and ends in bounded time. */
export interface Software {
  order(command: 'up' | 'down' | 'reboot' | 'reset'): Promise<void>
  /** Ends what is still being carried out. */
  close(): void
}

export function software({ executable, name, environment, clock, patience = 120 }: SoftwareOptions): Software {
  const running = new Set<ChildProcess>()
  return {
    order: (command) =>
      new Promise((resolve, reject) => {
        // In a process group of its own: what hangs is ended with all of its children.
        const child = spawn(executable, [command, name], {
          env: environment,
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        running.add(child)
        let said = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => {
            said = (said + chunk.toString('latin1')).slice(-1000)
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
          else reject(new LabTrouble(`\`${command}\` ${what}${lastWords(said)}`))
        }
        child.on('error', (error) => over(`could not be started: ${error.message}`))
        // Not at `close`: a daemon that it started may hold its output open, and go on writing to it.
        child.on('exit', (code, signal) => {
          if (late) over(`was not done within ${patience} s and was ended`)
          else if (code === 0) over(undefined)
          else clock.after(0.1, () => over(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`))
        })
      }),
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
function lastWords(said: string): string {
  const lines = said
    .replace(/[^\x20-\x7e\n]+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return lines.length ? `: ${lines.slice(-3).join('; ').slice(-300)}` : ', and said nothing'
}
