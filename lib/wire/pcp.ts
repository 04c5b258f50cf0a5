import { formatIpv6, type Ipv6Address, parseIpv6 } from './address.ts'

/** The port of a server, RFC 6887 section 19. */
export const pcpPort = 5351
const version = 2
const mapOpcode = 1
const responseBit = 0x80
const length = 24 + 36

/** A MAP request or response, RFC 6887 sections 7 and 11, without options. */
export interface PcpMap {
  type: 'request' | 'response'
  /** Seconds; 0 in a request deletes. */
  lifetime: number
  /** Of a request. */
  client?: Ipv6Address
  /** Of a response: 0 is SUCCESS. */
  result?: number
  /** Seconds for which the server has kept its state; of a response: RFC 6887 section 8.5. */
  epoch?: number
  /** 12 octets. */
  nonce: Uint8Array
  protocol: number
  internalPort: number
  externalPort: number
  external: Ipv6Address
}

export function encodePcpMap(map: PcpMap): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes[0] = version
  bytes[1] = mapOpcode | (map.type === 'response' ? responseBit : 0)
  bytes[3] = map.result ?? 0
  view.setUint32(4, map.lifetime)
  if (map.type === 'request') bytes.set(parseIpv6(map.client ?? '::'), 8)
  else view.setUint32(8, map.epoch ?? 0)
  bytes.set(map.nonce.subarray(0, 12), 24)
  bytes[36] = map.protocol
  view.setUint16(40, map.internalPort)
  view.setUint16(42, map.externalPort)
  bytes.set(parseIpv6(map.external), 44)
  return bytes
}

/** Undefined for anything else. */
export function decodePcpMap(bytes: Uint8Array): PcpMap | undefined {
  if (bytes.length < length || bytes[0] !== version || ((bytes[1] as number) & 0x7f) !== mapOpcode) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const isResponse = ((bytes[1] as number) & responseBit) !== 0
  return {
    type: isResponse ? 'response' : 'request',
    lifetime: view.getUint32(4),
    ...(isResponse ? { result: bytes[3] as number, epoch: view.getUint32(8) } : { client: formatIpv6(bytes, 8) }),
    nonce: bytes.slice(24, 36),
    protocol: bytes[36] as number,
    internalPort: view.getUint16(40),
    externalPort: view.getUint16(42),
    external: formatIpv6(bytes, 44),
  }
}
