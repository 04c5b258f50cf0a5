import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { LinkError } from './link.ts'

/** What to do about it, where the number alone is not enough. */
const remedies: Record<string, string> = {
  EPERM: 'run as root, or with CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN',
  EACCES: 'run as root, or with CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN',
  ENODEV: 'the interface was removed while the lab ran: find the program that removed it',
  ENXIO: 'the interface was removed while the lab ran: find the program that removed it',
  ENETDOWN: 'the interface is down: `ip link set IF up`',
  EMSGSIZE: "the frame is longer than the interface's MTU: fragment it, or raise the MTU",
  EINVAL: 'the frame has no complete Ethernet header, or this kernel lacks what was asked for (4.20 is needed)',
  ENOPROTOOPT: 'this kernel lacks what was asked for: 4.20 is needed',
  EAGAIN: 'the send queue is full: send slower',
  ENOBUFS: 'the send queue is full: send slower',
  EMFILE: 'too many open files: close ports, or raise `ulimit -n`',
}

/** A call of the kernel's failed: in what, with what, and what to do. */
export function systemError(what: string, errno: number): LinkError {
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`
  const remedy = remedies[name]
  return new LinkError(`${what}: ${name}${remedy ? `: ${remedy}` : ''}`)
}

/** The counters of each interface of the namespace that this thread is in; /sys would show those of the namespace that mounted it. */
function counters(): Map<string, number[]> {
  const lines = readFileSync('/proc/thread-self/net/dev', 'utf8').matchAll(/^\s*([^:\s]+):(.*)$/gm)
  return new Map([...lines].map(([, name = '', rest = '']) => [name, rest.trim().split(/\s+/).map(Number)]))
}

export function interfaces(): string[] {
  return [...counters().keys()]
}

/** Frames that an interface received and no socket took; undefined where there is no such interface. */
export function droppedBy(name: string): number | undefined {
  const [, , , dropped] = counters().get(name) ?? []
  return dropped
}
