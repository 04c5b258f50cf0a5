import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { bootId, processStart } from '../lab/namespaces/reap-lock.ts'
import { appendPlain } from '../plain-files.ts'
import { pause } from '../time/pause.ts'

/** A file with this name in a run folder: the process that writes there, when it started in ticks since boot, and the boot. */
const nameOf = (pid: number): string => `.in-use-${pid}-${processStart(pid) ?? 0}-${hasProc ? bootId() : 'unknown'}`
const named = /^\.in-use-(\d+)-\d+-.+$/
/** The file is a process's, not the run's. */
export const isClaim = (file: string): boolean => named.test(file)
const hasProc = process.platform === 'linux'

/** A recorder whose parent was killed ends by itself: this number of times it is looked for, a tenth of a second apart. */
const patience = 50

/**
 * Makes this process the only one that writes to a run folder; what it returns ends this. Throws `InputError` where
 * another process writes there. What a killed process left is removed: its pid has another process, or none.
 */
export function claimRun(run: string): () => void {
  for (let left = patience; ; left--) {
    const leave = joinRun(run)
    // Each writes its own file before it looks for others: of two, the later one sees the file of the other.
    const others = readdirSync(run, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isClaim(entry.name) && entry.name !== nameOf(process.pid))
      .map(({ name }) => name)
    const running = others.filter(isRunning)
    if (running.length === 0) {
      for (const name of others) rmSync(join(run, name), { force: true })
      return leave
    }
    leave()
    if (left === 0) {
      const pids = running.map((name) => named.exec(name)?.[1])
      throw new InputError(
        run,
        `process ${pids.join(' and ')} writes to this run`,
        'wait until it has ended, or end it',
      )
    }
    pause(0.1)
  }
}

/** For a recorder: its parent has claimed the run, and it may write there longer than its parent. */
export function joinRun(run: string): () => void {
  const file = join(run, nameOf(process.pid))
  const leave = () => {
    process.off('exit', leave)
    rmSync(file, { force: true })
  }
  appendPlain(file, '')
  process.on('exit', leave)
  return leave
}

function isRunning(name: string): boolean {
  const pid = Number(named.exec(name)?.[1])
  if (hasProc) return nameOf(pid) === name
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
