import { createRequire } from 'node:module'
import { endianness } from 'node:os'
import type Koffi from 'koffi'
import { LinkError } from './link.ts'

/** The system calls that raw frames need. Each returns what C returns; -1 is explained by `errno`. */
export interface Libc {
  socket(family: number, type: number, protocol: number): number
  bind(fd: number, address: Uint8Array, length: number): number
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number
  recv(fd: number, bytes: Uint8Array, length: number, flags: number): number
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number, timeout: null): number
  ioctl(fd: number, request: number, argument: Uint8Array): number
  setns(fd: number, type: number): number
  close(fd: number): number
  if_nametoindex(name: string): number
  /** Of the last call that failed: read it at once. */
  errno(): number
  /** Only of `pinned` memory: small buffers may be moved. */
  address(memory: Uint8Array): bigint
  /** Calls back while the descriptor has something to read. */
  watch(fd: number, readable: () => void): { close(): void }
}

/** Memory that stays where it is for as long as it is referenced: V8 keeps arrays of up to 64 bytes on its own heap. */
export function pinned(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(Math.max(length, 128)))
}

let loaded: Libc | undefined

export function libc(): Libc {
  loaded ??= load()
  return loaded
}

/** The layouts and numbers in this folder are those of 64-bit little-endian Linux. */
const architectures = ['x64', 'arm64', 'riscv64', 'loong64']

function load(): Libc {
  if (process.platform !== 'linux') {
    throw new LinkError(
      `Raw Ethernet ports need Linux (AF_PACKET), this is ${process.platform}: use the memory lab, or a Linux host`,
    )
  }
  if (!architectures.includes(process.arch) || endianness() !== 'LE') {
    throw new LinkError(
      `Raw Ethernet ports know 64-bit little-endian machines (${architectures.join(', ')}), this is ${process.arch}: use the memory lab, or another host`,
    )
  }
  const koffi = loadKoffi()
  const c = koffi.load(null)
  return {
    socket: c.func('int socket(int, int, int)'),
    bind: c.func('int bind(int, const void *, unsigned int)'),
    setsockopt: c.func('int setsockopt(int, int, int, const void *, unsigned int)'),
    getsockopt: c.func('int getsockopt(int, int, int, void *, void *)'),
    send: c.func('long send(int, const void *, size_t, int)'),
    recv: c.func('long recv(int, void *, size_t, int)'),
    recvmmsg: c.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
    ioctl: c.func('int ioctl(int, unsigned long, void *)'),
    setns: c.func('int setns(int, int)'),
    close: c.func('int close(int)'),
    if_nametoindex: c.func('unsigned int if_nametoindex(const char *)'),
    errno: () => koffi.errno(),
    address: (memory) => koffi.address(memory),
    watch: (fd, readable) => watch(koffi, fd, readable),
  }
}

function watch(koffi: typeof Koffi, fd: number, readable: () => void): { close(): void } {
  let closed = false
  // koffi's types leave the status out. Below 0 there was an error on the socket, such as an interface that went down,
  // and libuv has stopped watching: without a new start the port would stay deaf when the interface is up again.
  const onEvent = (status: unknown) => {
    readable()
    if (!closed && typeof status === 'number' && status < 0) handle.start({ readable: true }, onEvent)
  }
  const handle = koffi.node.poll(fd, { readable: true }, onEvent)
  return {
    close() {
      closed = true
      handle.close()
    },
  }
}

/** Loaded when the first port is opened, so that the memory lab runs where koffi does not. */
function loadKoffi(): typeof Koffi {
  try {
    return createRequire(import.meta.url)('koffi')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new LinkError(
      `Raw Ethernet ports need the package koffi, which does not load (${why}): run \`npm ci\` with optional dependencies`,
      { cause },
    )
  }
}
