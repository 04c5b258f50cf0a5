import type { ControlLayer } from './ppp-options.ts'

/** Where decoding stopped making sense. `offset` counts from the first byte of the frame. */
export interface Malformed {
  layer: Layer
  offset: number
  reason: string
}

export type Layer =
  | 'eth'
  | 'tags'
  | 'pppoe'
  | 'ppp'
  | ControlLayer
  | 'arp'
  | 'ip4'
  | 'icmp4'
  | 'ip6'
  | 'ext'
  | 'icmp6'
  | 'udp'
  | 'tcp'
  | 'dhcp6'
  | 'dhcp4'
  | 'dns'
