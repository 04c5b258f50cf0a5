import { createRequire } from 'node:module'
import { interfaces } from './errno.ts'
import { LinkError } from './link.ts'

/** ICMPv6 as an ordinary program of this host has it: messages without frames, from an address that the kernel picks. */
export interface Icmpv6Socket {
  /** One listener. `message` begins at the ICMPv6 type. */
  onMessage(listener: (message: Uint8Array, source: string) => void): void
  /** One listener, called when nothing more will come. */
  onError(listener: (error: LinkError) => void): void
  /** With hop limit 255; the kernel fills in the checksum. */
  send(message: Uint8Array, destination: string): Promise<void>
  close(): void
}

/** What we use of the package raw-socket, which brings no types. */
interface RawSocket {
  on(event: 'message', listener: (message: Buffer, source: string) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  setOption(level: number, option: number, value: number): void
  setOption(level: number, option: number, value: Buffer, length: number): void
  send(message: Buffer, offset: number, length: number, to: string, sent: (error: Error | null) => void): void
  close(): void
}

interface RawSocketPackage {
  createSocket(options: { addressFamily: number; protocol: number; bufferSize: number }): RawSocket
  AddressFamily: { IPv6: number }
  Protocol: { ICMPv6: number }
}

const SOL_SOCKET = 1
const SO_BINDTODEVICE = 25
const IPPROTO_IPV6 = 41
const IPV6_UNICAST_HOPS = 16
const IPV6_MULTICAST_HOPS = 18
/** RFC 4861 section 6.1: ND with less has crossed a router, and is ignored. */
const hopLimit = 255

/**
 * Nothing native holds a raw-socket: what only its own callbacks refer to is collected as garbage while it waits, and
 * the process ends without a word.
 */
const held = new Set<RawSocket>()

/** Receives what arrives on one interface of the namespace that this thread is in. */
export function openIcmpv6Socket(name: string): Icmpv6Socket {
  if (!interfaces().includes(name))
    throw new LinkError(
      `Expected an interface ${name}, there are: ${interfaces().join(', ')}. Name one of these, or make it`,
    )
  const socket = open(loadRawSocket())
  try {
    const device = Buffer.from(`${name}\0`)
    socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, device, device.length)
    socket.setOption(IPPROTO_IPV6, IPV6_UNICAST_HOPS, hopLimit)
    socket.setOption(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hopLimit)
  } catch (cause) {
    socket.close()
    throw new LinkError(`${name}: setting up an ICMPv6 socket: ${messageOf(cause)}`, { cause })
  }
  held.add(socket)
  return {
    onMessage: (listener) => socket.on('message', listener),
    onError: (listener) =>
      socket.on('error', (cause) =>
        listener(new LinkError(`${name}: the ICMPv6 socket broke: ${messageOf(cause)}`, { cause })),
      ),
    send: (message, destination) =>
      new Promise((resolve, reject) => {
        const bytes = Buffer.from(message)
        socket.send(bytes, 0, bytes.length, destination, (cause) => {
          if (cause) reject(new LinkError(`${name}: sending to ${destination}: ${messageOf(cause)}`, { cause }))
          else resolve()
        })
      }),
    close() {
      held.delete(socket)
      socket.close()
    },
  }
}

function open(raw: RawSocketPackage): RawSocket {
  try {
    return raw.createSocket({
      addressFamily: raw.AddressFamily.IPv6,
      protocol: raw.Protocol.ICMPv6,
      bufferSize: 65_535,
    })
  } catch (cause) {
    throw new LinkError(
      `Opening an ICMPv6 socket: ${messageOf(cause)}: it needs root or CAP_NET_RAW. Run this as root, with sudo for instance`,
      { cause },
    )
  }
}

/** Optional, and compiled where it is installed: looked for when it is wanted. */
function loadRawSocket(): RawSocketPackage {
  try {
    return createRequire(import.meta.url)('raw-socket')
  } catch (cause) {
    throw new LinkError(
      `This needs the optional npm package raw-socket, which does not load (${messageOf(cause)}). It is compiled on this machine: \`apt-get install make g++ python3\`, then \`npm ci\` and \`npm rebuild raw-socket\``,
      { cause },
    )
  }
}

const messageOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message.split('\n', 1)[0] : cause) as string
