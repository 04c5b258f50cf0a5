import { systemError } from './errno.ts'
import { type Libc, libc, pinned } from './libc.ts'

/** What a network card does to frames so that a capture no longer shows what is on the wire. */
const offloads = [
  { name: 'tx checksumming', get: 0x16, set: 0x17 },
  { name: 'scatter-gather', get: 0x18, set: 0x19 },
  { name: 'TCP segmentation', get: 0x1e, set: 0x1f },
  { name: 'generic segmentation', get: 0x23, set: 0x24 },
  { name: 'generic receive', get: 0x2b, set: 0x2c },
] as const

/** ETHTOOL_GFLAGS and ETHTOOL_SFLAGS hold what came later, large receive among it. */
const getFlags = 0x25
const setFlags = 0x26
const largeReceive = 1 << 15
const largeReceiveName = 'large receive'

const AF_INET = 2
const SOCK_DGRAM = 2
const SIOCETHTOOL = 0x8946
const EOPNOTSUPP = 95

/** Turns offloads off on an interface of the present namespace, and gives the names of those that stay on. */
export function disableOffloads(name: string): string[] {
  return withEthtool(name, (call) => {
    for (const { set } of offloads) call(set, 0)
    const flags = call(getFlags, 0)
    if (flags !== undefined) call(setFlags, flags & ~largeReceive)
    return stillOn(call)
  })
}

/** Turns offloads on again, by the names that `offloadsOn` returned. */
export function enableOffloads(name: string, names: readonly string[]): void {
  withEthtool(name, (call) => {
    for (const { name, set } of offloads) if (names.includes(name)) call(set, 1)
    const flags = call(getFlags, 0)
    if (flags !== undefined && names.includes(largeReceiveName)) call(setFlags, flags | largeReceive)
  })
}

/** The offloads that are on, by name. */
export function offloadsOn(name: string): string[] {
  return withEthtool(name, stillOn)
}

type Call = (command: number, value: number) => number | undefined

function stillOn(call: Call): string[] {
  const on: string[] = offloads.filter(({ get }) => call(get, 0)).map(({ name }) => name)
  if ((call(getFlags, 0) ?? 0) & largeReceive) on.push(largeReceiveName)
  return on
}

/** A call gives the value that the driver answers with, or undefined where it does not know the command. */
function withEthtool<T>(name: string, use: (call: Call) => T): T {
  const c = libc()
  const fd = c.socket(AF_INET, SOCK_DGRAM, 0)
  if (fd < 0) throw systemError(`${name}: opening a control socket`, c.errno())
  // struct ifreq: name, pointer; struct ethtool_value: command, value
  const value = pinned(8)
  const request = pinned(40)
  request.write(name.slice(0, 15), 'latin1')
  request.writeBigUInt64LE(c.address(value), 16)
  try {
    return use((command, argument) => {
      value.writeUInt32LE(command, 0)
      value.writeUInt32LE(argument, 4)
      if (c.ioctl(fd, SIOCETHTOOL, request) === 0) return value.readUInt32LE(4)
      const errno = c.errno()
      if (errno === EOPNOTSUPP) return undefined
      throw systemError(`${name}: offload command 0x${command.toString(16)}`, errno)
    })
  } finally {
    c.close(fd)
  }
}

const getLink = 0x0a

/** Whether the interface has carrier now: link changes are reported up to a second late, and short ones not at all. */
export function linkDetected(c: Libc, fd: number, name: string): boolean {
  const value = pinned(8)
  const request = pinned(40)
  request.write(name.slice(0, 15), 'latin1')
  request.writeBigUInt64LE(c.address(value), 16)
  value.writeUInt32LE(getLink, 0)
  return c.ioctl(fd, SIOCETHTOOL, request) === 0 && value.readUInt32LE(4) !== 0
}
