import type { Ipv6Address, Prefix } from './address.ts'
import type { Duid } from './dhcpv6-duid.ts'

/**
 * Options in wire order. Names are the registry's, lower case. Lifetimes and timers in seconds, 0xffffffff is
 * infinity. An unknown or misshapen option is its code with the bytes; a tail that no length can explain is
 * `malformed`.
 */
export type Dhcpv6Option =
  | { type: 'client-id' | 'server-id'; duid: Duid }
  | { type: 'ia-na'; iaid: number; t1: number; t2: number; options: Dhcpv6Option[] }
  /** RFC 8415 section 21.5, as `server-unicast` (section 21.12) obsoleted by RFC 9915: who receives it ignores it. */
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
  /** RFC 8415 section 21.13; `raw` keeps the message where it is not UTF-8. */
  | { type: 'status-code'; status: number; message: string; raw?: Uint8Array }
  | { type: 'rapid-commit' | 'reconf-accept' }
  /** RFC 8415 section 21.15; `overrun` is what is left where a class would be longer than the option. */
  | { type: 'user-class'; classes: Uint8Array[]; overrun?: Uint8Array }
  /** RFC 8415 section 21.16. */
  | { type: 'vendor-class'; enterprise: number; classes: Uint8Array[]; overrun?: Uint8Array }
  | { type: 'vendor-opts' | 'interface-id'; data: Uint8Array }
  | { type: 'reconf-msg'; messageType: number }
  | { type: 'dns-servers' | 'sntp-servers' | 'sip-servers'; servers: Ipv6Address[] }
  /** `raw` keeps the bytes where the names don't give them back (a dot inside a label); it is what is sent. */
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

/** The names of typed options. */
export type Dhcpv6OptionName = Exclude<Dhcpv6Option['type'], number | 'malformed'>

/** The option of one name, also where several share a shape. */
export type Dhcpv6OptionOf<T extends Dhcpv6OptionName> = Dhcpv6Option extends infer O
  ? O extends { type: unknown }
    ? T extends O['type']
      ? O & { type: T }
      : never
    : never
  : never
