import type { Ipv6Address, Mac, Prefix } from './packet.ts'

/**
 * Neighbor Discovery options. An unknown or misshapen option is its number with the bytes after type and length;
 * a tail that no length can explain is `malformed`.
 */
export type NdOption =
  | { type: 'source-link-layer' | 'target-link-layer'; mac: Mac }
  | PrefixInformation
  | { type: 'redirected-header'; data: Uint8Array }
  | { type: 'mtu'; reserved?: number; mtu: number }
  /** RFC 4191 section 2.3. `octets` is the option's length where it is not the shortest that holds the prefix. */
  | { type: 'route-information'; prefix: Prefix; preference: 'low' | 'medium' | 'high' | 'reserved'; reservedFlags?: number; lifetime: number; octets?: number }
  /** RFC 8106 section 5.1, lifetime in seconds. */
  | { type: 'rdnss'; reserved?: number; lifetime: number; servers: Ipv6Address[] }
  /** RFC 8106 section 5.2; `raw` keeps the name bytes where they are not the plain form (compression, odd padding). */
  | { type: 'dnssl'; reserved?: number; lifetime: number; domains: string[]; raw?: Uint8Array }
  /** RFC 8781 section 4; lifetime in seconds, a multiple of 8. `plc` 0..5 is /96 /64 /56 /48 /40 /32. */
  | { type: 'pref64'; lifetime: number; plc: number; prefix: Ipv6Address }
  /** RFC 3971 section 5.3. */
  | { type: 'nonce'; nonce: Uint8Array }
  | { type: 'malformed'; data: Uint8Array }
  | { type: number; data: Uint8Array }

/** PIO, RFC 4861 section 4.6.2; P flag from RFC 9762. Lifetimes in seconds, 0xffffffff is infinity. */
export interface PrefixInformation {
  type: 'prefix-information'
  prefix: Prefix
  onLink: boolean
  autonomous: boolean
  /** R flag, RFC 6275. */
  routerAddress?: boolean
  /** P flag, RFC 9762. */
  pdPreferred?: boolean
  /** Remaining flag bits in place, where not 0. */
  reservedFlags?: number
  validLifetime: number
  preferredLifetime: number
  /** The second reserved word, where not 0. */
  reserved?: number
}
