import type { Pinhole, PrefixFlags } from '../web-ui/port.ts'
import type { Ipv6Address, Prefix } from '../wire/address.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'

/** An address of an IA_NA or a prefix of an IA_PD, with the ends of its lifetimes as points in time. */
export interface Lease {
  kind: 'ia-na' | 'ia-pd'
  /** `address`, or `prefix/length`. */
  value: string
  preferredUntil: number
  validUntil: number
  /** RFC 6603: for the WAN link alone. */
  excluded?: Prefix
}

/** A lease that this router's own server gave. */
export interface Binding {
  kind: 'ia-na' | 'ia-pd'
  duid: Duid
  iaid: number
  /** Where it was asked from: the next hop of what it holds. */
  client: Ipv6Address
  lan: number
  leases: { value: string; preferredUntil: number; validUntil: number }[]
  /** Addresses that were declined: RFC 8415 section 18.3.8. */
  declined: number
}

/** A prefix that was advertised on a LAN: RFC 9096 section 3.5 wants it stored. */
export interface AdvertisedPrefix {
  prefix: Prefix
  lan: number
  onLink: boolean
  autonomous: boolean
  validUntil: number
}

export interface Settings {
  ipv6: boolean
  firewall: 'on' | 'off'
  prefixFlags: PrefixFlags
  /** `lan` is the LAN that the host was on when the pinhole was made. */
  pinholes: (Pinhole & { lan: number })[]
}

interface Granted {
  server: Duid
  leases: Lease[]
}

/** What survives without power. A factory reset replaces it. */
export interface Flash {
  duid: Duid
  ula: Prefix
  /** The user has chosen it. */
  ulaChosen?: boolean
  settings: Settings
  /** What the ISP's server granted last. */
  lease?: Granted
  /** Addresses, where they are asked for apart from prefixes. */
  addresses?: Granted
  advertised: AdvertisedPrefix[]
  bindings: Binding[]
}
