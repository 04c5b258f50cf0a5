import type { Ipv6Address, Prefix } from './packet.ts'

/** A DHCPv6 message, RFC 8415 section 8. */
export type Dhcpv6 =
  | { type: Dhcpv6MessageType | number; transactionId: number; options: Dhcpv6Option[] }
  | Dhcpv6Relay

/** RFC 8415 section 9. */
export interface Dhcpv6Relay {
  type: 'relay-forward' | 'relay-reply'
  hopCount: number
  linkAddress: Ipv6Address
  peerAddress: Ipv6Address
  options: Dhcpv6Option[]
}

export type Dhcpv6MessageType =
  | 'solicit'
  | 'advertise'
  | 'request'
  | 'confirm'
  | 'renew'
  | 'rebind'
  | 'reply'
  | 'release'
  | 'decline'
  | 'reconfigure'
  | 'information-request'

/**
 * Options in wire order. Names are the registry's, lower case. Lifetimes and timers in seconds, 0xffffffff is
 * infinity. An unknown or misshapen option is its code with the bytes; a tail that no length can explain is
 * `malformed`.
 */
export type Dhcpv6Option =
  | { type: 'client-id' | 'server-id'; duid: Duid }
  | { type: 'ia-na'; iaid: number; t1: number; t2: number; options: Dhcpv6Option[] }
  | { type: 'ia-ta'; iaid: number; options: Dhcpv6Option[] }
  | { type: 'ia-addr'; address: Ipv6Address; preferredLifetime: number; validLifetime: number; options: Dhcpv6Option[] }
  /** Option request: codes, see `dhcpv6OptionCode`. */
  | { type: 'oro'; codes: number[] }
  | { type: 'preference'; value: number }
  /** Hundredths of a second. */
  | { type: 'elapsed-time'; value: number }
  | { type: 'relay-message'; message: Uint8Array }
  /** RFC 8415 section 21.11; `info` raw. */
  | { type: 'auth'; protocol: number; algorithm: number; rdm: number; replayDetection: Uint8Array; info: Uint8Array }
  | { type: 'server-unicast'; address: Ipv6Address }
  /** RFC 8415 section 21.13. */
  | { type: 'status-code'; status: number; message: string }
  | { type: 'rapid-commit' | 'reconf-accept' }
  | { type: 'user-class' | 'vendor-class' | 'vendor-opts' | 'interface-id'; data: Uint8Array }
  | { type: 'reconf-msg'; messageType: number }
  | { type: 'dns-servers' | 'sntp-servers' | 'sip-servers'; servers: Ipv6Address[] }
  /** `raw` keeps the bytes where they are not the plain form. */
  | { type: 'domain-list' | 'sip-domains'; domains: string[]; raw?: Uint8Array }
  | { type: 'ia-pd'; iaid: number; t1: number; t2: number; options: Dhcpv6Option[] }
  | { type: 'ia-prefix'; preferredLifetime: number; validLifetime: number; prefix: Prefix; options: Dhcpv6Option[] }
  | { type: 'information-refresh-time' | 'sol-max-rt' | 'inf-max-rt'; value: number }
  | { type: 'client-fqdn' | 'ntp-server'; data: Uint8Array }
  /** RFC 6603; raw: it is read against the IA Prefix that holds it. */
  | { type: 'pd-exclude'; data: Uint8Array }
  | { type: 'aftr-name'; name: string; raw?: Uint8Array }
  | { type: 'malformed'; data: Uint8Array }
  | { type: number; data: Uint8Array }

/** Lower-case hex without separators. The bytes are opaque (RFC 8415 section 11). */
export type Duid = string
