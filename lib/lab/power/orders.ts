import { type ChildProcess, spawn } from 'node:child_process'
import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'

/** A program and its arguments; no shell reads them. */
export type Command = readonly [program: string, ...given: string[]]

/** Programs of a lab's owner that carry out orders, each in bounded time. */
export interface Orders {
  /** Resolves when the program has ended with 0; `name` is for messages. Throws `LabTrouble` with its last words. */
  carryOut(command: Command, name: string): Promise<void>
  /** Ends what is still being carried out. */
  close(): void
}

/** `patience`: seconds that an order may take. */
export function orders({
  clock,
  environment,
  patience,
}: {
  clock: Clock
  environment: NodeJS.ProcessEnv
  patience: number
}): Orders {
  const running = new Set<ChildProcess>()
  return {
    carryOut: ([program, ...given], name) =>
      new Promise((resolve, reject) => {
        // In a process group of its own: what hangs is ended with all of its children.
        const child = spawn(program, given, { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
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
          else reject(new LabTrouble(quoted(`\`${name}\` ${what}${lastWords(output)}`)))
        }
        child.on('error', (error) => over(`could not be started: ${error.message}`))
        // Not at `close`: a daemon that it started may hold its output open, and go on writing to it.
        child.on('exit', (code, signal) => {
          if (late) over(`did not end within ${patience} s and was killed`)
          else if (code === 0) over(undefined)
          else clock.after(0.1, () => over(code === null ? `was killed by ${signal}` : `ended with exit code ${code}`))
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
function lastWords(output: string): string {
  const lines = output
    .replace(/[^\x20-\x7e\n]+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return lines.length ? `: ${lines.slice(-3).join('; ').slice(-300)}` : ', without output'
}
