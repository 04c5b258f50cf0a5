import { createHash } from 'node:crypto'
import { addressIn, eui64, formatIpv6, type Ipv6Address, type Mac, type Prefix } from '../../wire/address.ts'

/** How an interface identifier is made: RFC 4291 appendix A, RFC 7217. */
export type InterfaceIds = 'EUI-64' | 'opaque'

/** RFC 7217: the same for the same prefix and interface, and independent of the MAC. */
export function opaqueAddress(prefix: Prefix, ...from: string[]): Ipv6Address {
  const bytes = new Uint8Array(16)
  const hash = createHash('sha256').update([prefix, ...from].join(' '))
  bytes.set(hash.digest().subarray(0, 8), 8)
  // Clear of the identifiers that RFC 5453 reserves, and of the low ones that people hand out.
  bytes[8] = ((bytes[8] as number) & 0x7f) | 0x10
  return addressIn(prefix, formatIpv6(bytes))
}

export const formed = (prefix: Prefix, mac: Mac, ids: InterfaceIds): Ipv6Address =>
  ids === 'EUI-64' ? addressIn(prefix, eui64(mac)) : opaqueAddress(prefix, mac)
