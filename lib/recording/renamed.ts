import { eui64, formatIpv6, formatMac, parseIpv6, parseMac } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { isRelay } from '../wire/dhcpv6.ts'
import { authenticated, keyIn, replayOf } from '../wire/dhcpv6-auth.ts'
import { encode } from '../wire/encode.ts'
import { ipOffset } from '../wire/ethernet.ts'
import { decodeOn } from '../wire/line.ts'
import { type Frame, lineAt, type Recording } from './recording.ts'

/** Octets that stand for others, of the same length and with the same sum: checksums stay right, wherever they are. */
type Pairs = [Buffer, Buffer][]

/** The first 48 bits of all prefixes of the lab that a recording names: fewer are met by chance. */
function prefixPairs({ frames, marks, world }: Recording): Pairs {
  const content = JSON.stringify([marks, world, frames.map(({ packet: { ip6, icmp6, dhcp6 } }) => [ip6, icmp6, dhcp6])])
  const named = new Set([...content.matchAll(/2d00:([123])00:([0-9a-f]*):/g)].map(([text]) => text))
  return [...named].map((text) => {
    const from = Buffer.from(parseIpv6(`${text.replace(/::?$/, '')}::`)).subarray(0, 6)
    const to = Buffer.from(from)
    to.set([0x10, (from[2] as number) - 1, 0xf0], 1)
    return [from, to]
  })
}

/** What the one octet loses the other gains. */
function moved(octets: Uint8Array, from: number, to: number): Buffer {
  const other = Buffer.from(octets)
  const [a, b] = [other[from] as number, other[to] as number]
  const by = b > 0x7f ? -Math.min(0x13, 0xff - a, b) : Math.min(0x13, a, 0xff - b)
  other[from] = a - by
  other[to] = b + by
  return other
}

/** A MAC, and what is made of it: the interface identifier, the solicited-node group and its MAC. */
function macPairs(mac: string): Pairs {
  const old = Buffer.from(parseMac(mac))
  const forms = (octets: Buffer) => {
    const [first = 0, ...rest] = octets
    const last = octets.subarray(3)
    return [
      octets,
      Buffer.from([first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...last]),
      Buffer.from([0, 0, 0, 1, 0xff, ...last]),
      Buffer.from([0x33, 0x33, 0xff, ...last]),
    ]
  }
  const fresh = forms(moved(old, 3, 5))
  return forms(old).map((form, index) => [form, fresh[index] as Buffer])
}

function replaced(octets: Uint8Array, pairs: Pairs): Buffer {
  const before = Buffer.from(octets)
  const after = Buffer.from(octets)
  for (const [from, to] of pairs)
    for (let at = before.indexOf(from); at >= 0; at = before.indexOf(from, at + 1)) after.set(to, at)
  return after
}

const isAddress = (text: string): boolean => /^[0-9a-f:]*::?[0-9a-f:]*$/.test(text) && text.length > 1

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

/** The same in what is written: MACs, addresses and prefixes, DUIDs; other text stays. */
function textWith(text: string, pairs: Pairs): string {
  if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) return formatMac(replaced(parseMac(text), pairs))
  if (/^([0-9a-f]{2}){7,}$/.test(text)) return replaced(Buffer.from(text, 'hex'), pairs).toString('hex')
  const [address = '', length] = text.split('/')
  const octets = isAddress(address) && attempt(() => parseIpv6(address))
  if (!octets) return text
  return [formatIpv6(replaced(octets, pairs)), length].filter((part) => part !== undefined).join('/')
}

function written<T>(value: T, pairs: Pairs): T {
  if (typeof value === 'string') return textWith(value, pairs) as T
  if (Array.isArray(value)) return value.map((one) => written(one, pairs)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written(one, pairs)])) as T
}

/** Other transaction-ids, which only a Reconfigure lacks. */
function withTransaction(bytes: Buffer, { packet }: Frame): Buffer {
  const { dhcp6, ext } = packet
  if (!dhcp6 || ext?.length || !('transactionId' in dhcp6) || dhcp6.transactionId === 0) return bytes
  const at = ipOffset(packet) + 40 + 8 + 1
  bytes.set(moved(bytes.subarray(at, at + 3), 0, 2), at)
  return bytes
}

const messageOf = ({ packet: { dhcp6 } }: Frame) => (dhcp6 && !isRelay(dhcp6) ? [dhcp6] : [])

/** Whether an address that is not formed from the MAC has the same solicited-node group: then neither can be renamed alone. */
function sharesGroup(mac: string, interfaceIds: ReadonlySet<string>): boolean {
  const own = interfaceIdOf(eui64(mac))
  return [...interfaceIds].some((id) => id.endsWith(own.slice(10)) && id !== own)
}

const interfaceIdOf = (address: string): string => Buffer.from(parseIpv6(address)).toString('hex', 8)

/** The last 64 bits of each address that is used or asked for. */
const interfaceIdsOf = (frames: readonly Frame[]): Set<string> =>
  new Set(
    frames
      .flatMap(({ packet: { ip6, icmp6 } }) => [ip6?.src, icmp6 && 'target' in icmp6 ? icmp6.target : undefined])
      .flatMap((address) => (address ? interfaceIdOf(address) : [])),
  )

/** Another lab with another router: MACs, addresses, prefixes and transaction-ids are others, each always the same. */
export function renamed(recording: Recording): Recording {
  const { frames, marks, world } = recording
  const macs = new Set(frames.flatMap(({ packet: { eth } }) => (eth.src ? [eth.src] : [])))
  for (const { mac } of Object.values(world.stations)) if (mac) macs.add(mac)
  const interfaceIds = interfaceIdsOf(frames)
  const alone = [...macs].filter((mac) => !sharesGroup(mac, interfaceIds))
  const pairs = [...prefixPairs(recording), ...alone.flatMap(macPairs)]
  const keys = frames.flatMap((frame) => messageOf(frame).flatMap((message) => keyIn(message) ?? []))
  /** A Reconfigure proves its names by a digest. */
  const proven = (bytes: Uint8Array, frame: Frame): Uint8Array => {
    const [message] = messageOf(frame)
    const key = message && keys.find((one) => replayOf(message, one) !== undefined)
    if (!message || !key) return bytes
    const packet = decode(bytes)
    const options = (packet.dhcp6 as typeof message).options.filter(({ type }) => type !== 'auth')
    const { checksum, ...udp } = packet.udp ?? { checksum: 0, srcPort: 547, dstPort: 546 }
    const dhcp6 = authenticated({ ...message, options }, key, Number(replayOf(message, key)))
    return encode({ ...packet, udp, dhcp6 })
  }
  const frameOf = (frame: Frame): Frame => {
    const bytes = proven(Uint8Array.from(withTransaction(replaced(frame.bytes, pairs), frame)), frame)
    return {
      ...frame,
      bytes,
      packet: decodeOn(lineAt(world, frame.port), bytes, { cut: frame.originalLength !== undefined }),
    }
  }
  return { ...recording, frames: frames.map(frameOf), marks: written(marks, pairs), world: written(world, pairs) }
}
