import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processStart } from './namespaces/reap-lock.ts'

/** The process that made the folder, when it started, in ticks since boot, and the PID namespace that it is seen in. */
const ownerName = (pid: number): string | undefined => {
  const start = processStart(pid)
  return start && `denat-${pid}-${start}-${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}-`
}
const named = /^denat-(\d+)-\d+-(\d+)-[A-Za-z0-9]{6}$/

/**
 * Makes a folder that no other user may enter, and the temporary directory of all that this process starts: profiles of
 * Chromium, what Java unpacks. It is removed when the process ends.
 */
export function takeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), ownerName(process.pid) ?? 'denat-'))
  process.env.TMPDIR = folder
  process.on('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // What was started may still write there: the next start removes it.
    }
  })
  return folder
}

/** Removes the folders of processes that were killed, and returns them. */
export function reapScratch(parent = tmpdir()): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync(parent).flatMap((name) => {
    const [, pid, space] = named.exec(name) ?? []
    const folder = join(parent, name)
    if (pid === undefined || !isOurs(folder) || !isSeen(space) || isOwner(name, Number(pid))) return []
    rmSync(folder, { recursive: true, force: true })
    return [folder]
  })
}

const isOwner = (name: string, pid: number): boolean => name.startsWith(ownerName(pid) ?? '/')

/** Of a container that shares the folder no process is seen here. */
const isSeen = (space: string | undefined): boolean => readlinkSync('/proc/self/ns/pid') === `pid:[${space}]`

/** Another user may give a folder of theirs such a name. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === process.getuid?.()
}
