import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cardSchema } from './cards.ts'
import { NamespaceError, netnsPrefix } from './netns.ts'

/** Kept in memory by the system, so that a reboot clears it with all that it names. */
export const lockFolder = '/run/denat'

const lockSchema = z.strictObject({
  runId: z.string().regex(/^[a-z0-9]{1,6}$/),
  pid: z.int().positive(),
  /** When the owner started, in ticks since boot: pids are used again. */
  startTime: z.string(),
  bootId: z.string(),
  namespaces: z.array(z.string()),
  /** The software DUT, whose `down NAME` must be called before its namespace goes. */
  device: z.strictObject({ executable: z.string().startsWith('/'), name: z.string().min(1) }).optional(),
  /** Network cards that are in the first namespace, as they were before. */
  cards: z.array(cardSchema).optional(),
  /** What switches the power of its router: no other run may. */
  plug: z.string().optional(),
  /** Unix time in milliseconds. */
  since: z.number().optional(),
})

/** The owner of the namespaces: written before they are made, so that a killed run is found. */
export type RunLock = z.infer<typeof lockSchema>
export type LockedDevice = NonNullable<RunLock['device']>

export function takeLock(
  made: Pick<RunLock, 'runId' | 'namespaces' | 'device' | 'cards' | 'plug' | 'since'>,
  folder = lockFolder,
): RunLock {
  const lock: RunLock = { ...made, pid: process.pid, startTime: processStart(process.pid) ?? '', bootId: bootId() }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = lockFile(lock.runId, folder)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(lock, null, 2)}\n`, { mode: 0o600 })
  try {
    // A link either is made, whole, or there was one.
    linkSync(draft, file)
  } catch (cause) {
    throw new NamespaceError(
      `Expected the run id ${lock.runId} to be free, but ${file} is there (${cause}): take another`,
      { cause },
    )
  } finally {
    rmSync(draft, { force: true })
  }
  return lock
}

export function dropLock(runId: string, folder = lockFolder): void {
  rmSync(lockFile(runId, folder), { force: true })
}

/** Reads a lock. Throws when it may not be trusted: what it names is run and deleted as root. */
export function readLock(file: string): RunLock {
  const { uid, mode } = statSync(file)
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new NamespaceError(
      `Expected ${file} to be ours alone, but other users may write it: check it, then remove it`,
    )
  }
  return parseLock(readFileSync(file, 'utf8'), file)
}

export function parseLock(text: string, file: string): RunLock {
  const parsed = lockSchema.safeParse(json(text))
  if (!parsed.success) {
    throw new NamespaceError(
      `${file} is no lock of this version: remove it, and what it names, manually\n${z.prettifyError(parsed.error)}`,
    )
  }
  const others = parsed.data.namespaces.filter((name) => !name.startsWith(`${netnsPrefix}${parsed.data.runId}-`))
  if (others.length > 0)
    throw new NamespaceError(`${file} names objects that are not its run's: ${others.join(', ')}. Remove it`)
  return parsed.data
}

/** A lock is valid as long as the process that took it. */
export function isAlive(lock: RunLock): boolean {
  return lock.bootId === bootId() && processStart(lock.pid) === lock.startTime
}

/** When a process started, in ticks since boot; undefined when it has exited, also as a zombie. */
export function processStart(pid: number): string | undefined {
  try {
    return startTimeIn(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat. The second field is the command: in brackets, and it may hold brackets and spaces itself. */
export function startTimeIn(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || state === 'X' ? undefined : fields[18]
}

export function lockFile(runId: string, folder = lockFolder): string {
  return join(folder, `${runId}.json`)
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
