import { execFileSync } from 'node:child_process'
import { readlinkSync, writeFileSync } from 'node:fs'
import { inNetns, netnsNames } from '../../link/network-namespace.ts'
import { pause } from '../../time/pause.ts'

/** The machine's network cannot be set up or removed. States what was tried, the result and what to do. */
export class NamespaceError extends Error {
  override readonly name = 'NamespaceError'
}

/** All namespaces of ours begin with this; no other is ever deleted. */
export const netnsPrefix = 'dn-'

/** Runs lines of `ip` in one process, inside a namespace or right here. */
export function ipBatch(lines: string[], netns?: string): void {
  if (lines.length > 0) inNetns(netns, () => ip(['-batch', '-'], lines.join('\n')))
}

/** Writes kernel settings, named as in `sysctl`, inside a namespace. */
export function writeSysctls(netns: string, settings: Record<string, string | number>): void {
  inNetns(netns, () => {
    for (const [name, value] of Object.entries(settings)) {
      const file = `/proc/sys/${name.replaceAll('.', '/')}`
      try {
        writeFileSync(file, String(value))
      } catch (cause) {
        throw new NamespaceError(`Setting ${name}=${value} in ${netns}: ${cause}: run as root on a kernel with IPv6`, {
          cause,
        })
      }
    }
  })
}

export function createNetns(name: string): void {
  mustBeOurs(name)
  ip(['netns', 'add', name])
}

/** Ends what runs inside and removes the namespace. One that is not there is no error. */
export function deleteNetns(name: string): void {
  mustBeOurs(name)
  if (!netnsNames().includes(name)) return
  endProcesses(name, () => processesIn(name))
  try {
    ip(['netns', 'delete', name])
  } catch (error) {
    // Another start may reap the same leftovers.
    if (netnsNames().includes(name)) throw error
  }
}

/** Processes inside a namespace; they outlive its name, so they go first. */
export function processesIn(name: string): number[] {
  const ours = readlinkSync('/proc/thread-self/ns/net')
  const theirs = inNetns(name, () => readlinkSync('/proc/thread-self/ns/net'))
  // A name that stands for the namespace that we live in ourselves holds the whole machine.
  if (ours === theirs) return []
  return ip(['netns', 'pids', name]).split('\n').filter(Boolean).map(Number)
}

/** Ends the processes of a place: politely, and then by force. Throws when it is not empty even so. */
export function endProcesses(place: string, running: () => number[]): void {
  for (const [signal, seconds] of [
    ['SIGTERM', 1],
    ['SIGKILL', 3],
  ] as const) {
    for (let waited = 0; waited < seconds; waited += 0.02) {
      const pids = running()
      if (pids.length === 0) return
      if (waited === 0 || signal === 'SIGKILL') for (const pid of pids) kill(pid, signal)
      pause(0.02)
    }
  }
  throw new NamespaceError(
    `Expected ${place} to be empty, but these still run: ${running()}: they hang in the kernel, reboot`,
  )
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL') {
  try {
    process.kill(pid, signal)
  } catch {
    // It went by itself.
  }
}

function mustBeOurs(name: string) {
  if (!name.startsWith(netnsPrefix)) {
    throw new NamespaceError(
      `Expected a namespace ${netnsPrefix}..., got ${name}: denat does not make or delete others`,
    )
  }
}

/** Runs `ip`, here. Returns what it prints. */
export function ip(args: string[], input?: string): string {
  try {
    return execFileSync('ip', args, { input, encoding: 'utf8', stdio: 'pipe' })
  } catch (cause) {
    const { code, stderr } = cause as { code?: string; stderr?: string }
    if (code === 'ENOENT')
      throw new NamespaceError('Expected the command `ip`, found none: install iproute2', { cause })
    const seen = (stderr ?? String(cause)).trim()
    const remedy = /not permitted|denied/i.test(seen) ? ': run as root, in a container with --privileged' : ''
    throw new NamespaceError(`\`ip ${args.join(' ')}\`${input ? ` of\n${input}\n` : ' '}failed: ${seen}${remedy}`, {
      cause,
    })
  }
}
