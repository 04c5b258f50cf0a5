import { closeSync, openSync, readdirSync } from 'node:fs'
import { systemError } from './errno.ts'
import { libc } from './libc.ts'
import { LinkError } from './link.ts'

const namespaces = '/run/netns'
const cloneNewNet = 0x40000000

/**
 * Runs `fn` inside a named network namespace. It must be synchronous: a socket keeps the namespace that it was opened
 * in, and so does a child process, but this thread returns. No name means right here.
 */
export function inNetns<T>(name: string | undefined, fn: () => T): T {
  if (name === undefined) return fn()
  const there = openNamespace(name)
  try {
    const here = openSync('/proc/thread-self/ns/net', 'r')
    try {
      hop(there, `Entering the network namespace ${name}`)
      try {
        return fn()
      } finally {
        hop(here, `Leaving the network namespace ${name}`)
      }
    } finally {
      closeSync(here)
    }
  } finally {
    closeSync(there)
  }
}

function hop(fd: number, what: string) {
  const c = libc()
  if (c.setns(fd, cloneNewNet) < 0) throw systemError(what, c.errno())
}

function openNamespace(name: string): number {
  try {
    return openSync(`${namespaces}/${name}`, 'r')
  } catch (cause) {
    const known = netnsNames().join(', ') || 'none'
    throw new LinkError(`Expected a network namespace ${name}, there are: ${known}. Make it with \`ip netns add\``, {
      cause,
    })
  }
}

/** The named network namespaces of this machine. */
export function netnsNames(): string[] {
  try {
    return readdirSync(namespaces)
  } catch {
    return []
  }
}
