import { decode, decodeQuotedPacket } from '../decode.ts'
import { describe, MAX_LINE } from '../describe.ts'
import { encode } from '../encode.ts'
import { ipOffset } from '../ethernet.ts'
import { differences, matches, type Pattern } from '../match.ts'
import type { Packet } from '../packet.ts'
import { dhcpv6, ra } from '../patterns.ts'

/** The most characters and values that a decoded frame may come to for each of its octets, and in addition to them. */
const GROWTH = { each: 48, beside: 4096 }

/** The longest text of a difference. */
const MAX_DIFFERENCE = 400

/** What a reader of recordings asks, with options at every depth. */
const PATTERNS: readonly Pattern[] = [
  {},
  ra({ routerLifetime: 0, rdnss: { servers: ['fe80::1'] }, prefixInformation: { prefix: '2001:db8::/64' } }),
  dhcpv6('reply', { iaPd: { iaid: 1, iaPrefix: { prefix: '2001:db8::/56', pdExclude: {} } }, dnsServers: {} }),
  { dhcp4: { options: [{ type: 'server-id', address: '192.168.1.1' }] }, ip4: { src: (src) => src.startsWith('1') } },
  { tags: [{ vid: 35 }], pppoe: { type: 'padi', tags: [{ type: 'host-uniq' }] } },
  { lcp: { type: 'configure-request', options: [{ type: 'mru', value: 1492 }] }, pap: { peerId: new Uint8Array(1) } },
  {
    dns: { answers: [{ type: 'AAAA', data: '2001:db8::1' }] },
    ext: [{ type: 'hop-by-hop' }],
    payload: new Uint8Array(1),
  },
]

/** What is wrong with how we read these octets; undefined when nothing is. */
export function fault(frame: Uint8Array): string | undefined {
  try {
    return faultOf(frame)
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error) : error}`
  }
}

function faultOf(frame: Uint8Array): string | undefined {
  const packet = decode(frame)
  if (!same(encode(packet), frame)) return 'does not encode to the same octets'
  const line = describe(packet)
  if (line.length > MAX_LINE) return `is described in ${line.length} characters`
  if (/\p{C}|\p{Zl}|\p{Zp}/u.test(line)) return `is described with controls: ${JSON.stringify(line)}`
  const size = sizeOf(packet)
  if (size > frame.length * GROWTH.each + GROWTH.beside) return `${frame.length} octets come to ${size} values`
  decodeQuotedPacket(frame.subarray(ipOffset(packet)))
  decode(frame, { cut: true })
  return PATTERNS.map((pattern) => faultOfMatch(packet, pattern)).find((found) => found !== undefined)
}

function faultOfMatch(packet: Packet, pattern: Pattern): string | undefined {
  const found = differences(packet, pattern)
  if ((found.length === 0) !== matches(packet, pattern)) return 'matches, but with differences, or the other way round'
  const long = found.find((one) => Math.max(one.path.length, one.expected.length, one.seen.length) > MAX_DIFFERENCE)
  return long && `has a difference of ${long.seen.length} characters at ${long.path.slice(0, 100)}`
}

/** Values and characters, at every depth. Octets are views of the frame and cost nothing. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1
  let size = 1
  for (const one of Object.values(value)) size += sizeOf(one)
  return size
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i])
}
