import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { netnsNames } from '../../link/network-namespace.ts'
import { giveCardBack } from './cards.ts'
import { deleteNetns, endProcesses } from './netns.ts'
import { dropLock, isAlive, lockFolder, type RunLock, readLock } from './reap-lock.ts'

/** In the environment of whatever a run starts for its DUT, with the run's id: so it is found wherever it went. */
export const runMark = 'DENAT_RUN'

export interface Reaped {
  runId: string
  /** Namespaces that were there and are gone. */
  removed: string[]
  /** What did not go as it should; the lock stays when a namespace does. */
  problems: string[]
}

/** The lock of the run that has this network card now, or switches this plug. */
export function holderOf(
  { card, plug }: { card?: string; plug?: string },
  { folder = lockFolder, besides = '' } = {},
): RunLock | undefined {
  const has = ({ cards = [], ...lock }: RunLock) =>
    (card !== undefined && cards.some(({ name, mac }) => name === card || mac === card.toLowerCase())) ||
    (plug !== undefined && lock.plug === plug)
  return lockFiles(folder)
    .flatMap((file) => {
      try {
        return [readLock(join(folder, file))]
      } catch {
        return []
      }
    })
    .find((lock) => lock.runId !== besides && isAlive(lock) && has(lock))
}

/** Removes what killed runs left behind, and nothing else. Every start calls it first. */
export function reapLeftovers(folder = lockFolder): Reaped[] {
  return lockFiles(folder).flatMap((file) => {
    try {
      const lock = readLock(join(folder, file))
      return isAlive(lock) ? [] : [removeRun(lock, folder)]
    } catch (error) {
      return [{ runId: file.replace(/\.json$/, ''), removed: [], problems: [String(error)] }]
    }
  })
}

/** Pulls the DUT's plug, ends what runs in the run's namespaces, removes them, then the lock. */
export function removeRun(lock: RunLock, folder = lockFolder): Reaped {
  const problems: string[] = []
  const attempt = (what: () => void) => {
    try {
      what()
    } catch (error) {
      problems.push(String(error))
    }
  }
  const there = lock.namespaces.filter((name) => netnsNames().includes(name))
  const device = lock.device
  if (device && there.length > 0) {
    // It knows of processes that have left the namespace, of mounts and of pid files; we don't. Reset: its flash memory.
    for (const command of ['down', 'reset'])
      attempt(() =>
        execFileSync(device.executable, [command, device.name], {
          env: { ...commandEnvironment(), [runMark]: lock.runId },
          stdio: 'pipe',
          timeout: 30_000,
          killSignal: 'SIGKILL',
        }),
      )
  }
  attempt(() => endProcesses(`run ${lock.runId}`, () => processesOf(lock.runId)))
  const [first] = lock.namespaces
  for (const card of lock.cards ?? [])
    if (first !== undefined && there.includes(first)) attempt(() => giveCardBack(card, first))
  for (const name of there) attempt(() => deleteNetns(name))
  const left = netnsNames()
  if (!lock.namespaces.some((name) => left.includes(name))) dropLock(lock.runId, folder)
  return { runId: lock.runId, removed: there.filter((name) => !left.includes(name)), problems }
}

/** Not the whole environment: it may hold the password of another device. */
const commandEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(?:PATH|HOME|DUT_.*)$/.test(name)))

function processesOf(runId: string): number[] {
  const mark = `${runMark}=${runId}`
  const marked = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && marked(name))
    .map(Number)
}

function lockFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.json'))
  } catch {
    return []
  }
}
