import { systemError } from './errno.ts'
import { type Libc, pinned } from './libc.ts'

export interface CarrierWatch {
  close(): void
}

const AF_NETLINK = 16
const SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0o4000 | 0o2000000
const NETLINK_ROUTE = 0
const RTMGRP_LINK = 1
const RTM_NEWLINK = 16
const RTM_DELLINK = 17
const RTM_GETLINK = 18
const NLM_F_REQUEST = 1
const MSG_DONTWAIT = 0x40
const IFF_UP = 0x1
const IFF_LOWER_UP = 0x10000
const ENOBUFS = 105

/**
 * Reports whether an interface has carrier: first by a request, then at each change. Opened in the interface's namespace;
 * the packet socket itself reports nothing when the cable is disconnected.
 */
export function watchCarrier(c: Libc, index: number, notify: (up: boolean) => void): CarrierWatch {
  const fd = c.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_ROUTE)
  if (fd < 0) throw systemError('Opening a route socket', c.errno())
  const address = Buffer.alloc(12)
  address.writeUInt16LE(AF_NETLINK, 0)
  address.writeUInt32LE(RTMGRP_LINK, 8)
  if (c.bind(fd, address, address.length) < 0) {
    const error = systemError('Subscribing to link changes', c.errno())
    c.close(fd)
    throw error
  }
  const buffer = pinned(32_768)
  let last: boolean | undefined

  function ask() {
    // struct nlmsghdr, then struct ifinfomsg with nothing but the index
    const request = Buffer.alloc(32)
    request.writeUInt32LE(request.length, 0)
    request.writeUInt16LE(RTM_GETLINK, 4)
    request.writeUInt16LE(NLM_F_REQUEST, 6)
    request.writeInt32LE(index, 20)
    if (c.send(fd, request, request.length, 0) < 0) throw systemError('Asking for the carrier', c.errno())
  }

  function read() {
    for (;;) {
      const length = c.recv(fd, buffer, buffer.length, MSG_DONTWAIT)
      if (length < 0) {
        // Changes were lost because we were too slow: the present state is what counts.
        if (c.errno() === ENOBUFS) ask()
        return
      }
      for (const up of carrierIn(buffer.subarray(0, length), index)) {
        if (up === last) continue
        last = up
        notify(up)
        if (closed) return
      }
    }
  }

  let closed = false
  ask()
  const watch = c.watch(fd, read)
  return {
    close() {
      if (closed) return
      closed = true
      watch.close()
      c.close(fd)
    },
  }
}

/** The carrier of one interface in the order of the route messages. */
export function carrierIn(messages: Buffer, index: number): boolean[] {
  const seen: boolean[] = []
  for (let at = 0; at + 32 <= messages.length; ) {
    const length = messages.readUInt32LE(at)
    if (length < 16) break
    const type = messages.readUInt16LE(at + 4)
    if ((type === RTM_NEWLINK || type === RTM_DELLINK) && messages.readInt32LE(at + 20) === index) {
      const flags = messages.readUInt32LE(at + 24)
      seen.push(type === RTM_NEWLINK && (flags & IFF_UP) !== 0 && (flags & IFF_LOWER_UP) !== 0)
    }
    at += (length + 3) & ~3
  }
  return seen
}
