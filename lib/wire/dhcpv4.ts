import type { Ipv4Address, Mac } from './packet.ts'

/** RFC 2131 section 2. `sname` and `file` are raw and given only where not all zero. */
export interface Dhcpv4 {
  op: 'request' | 'reply' | number
  htype: number
  hlen: number
  hops: number
  xid: number
  secs: number
  flags: number
  ciaddr: Ipv4Address
  yiaddr: Ipv4Address
  siaddr: Ipv4Address
  giaddr: Ipv4Address
  chaddr: Mac
  /** The ten bytes after the MAC, where not all zero. */
  chaddrPadding?: Uint8Array
  sname?: Uint8Array
  file?: Uint8Array
  options: Dhcpv4Option[]
  /** Bytes after the End option (padding, as a rule). */
  padding?: Uint8Array
}

/** RFC 2132. Unknown or misshapen options keep code and bytes. */
export type Dhcpv4Option =
  | { type: 'message-type'; value: 'discover' | 'offer' | 'request' | 'decline' | 'ack' | 'nak' | 'release' | 'inform' | number }
  | { type: 'subnet-mask' | 'requested-address' | 'server-id'; address: Ipv4Address }
  | { type: 'routers' | 'dns-servers' | 'ntp-servers'; addresses: Ipv4Address[] }
  | { type: 'lease-time' | 't1' | 't2' | 'v6only-preferred'; seconds: number }
  | { type: 'parameter-list'; codes: number[] }
  | { type: 'host-name' | 'domain-name' | 'message'; text: string }
  | { type: 'client-id'; data: Uint8Array }
  | { type: 'pad' | 'end' }
  | { type: 'malformed'; data: Uint8Array }
  | { type: number; data: Uint8Array }
