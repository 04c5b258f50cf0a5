/** What an entry may presuppose (`applies-when`), and a product may state to have or to lack. */
export const capabilities = [
  '464xlat',
  '6rd',
  'ds-lite',
  'ipv4aas',
  'ipv6-mostly',
  'managed',
  'ntp',
  'pcp',
  'pcp-server',
  'pppoe',
  'simple-security',
  'stateful-dhcpv6',
  'tunnel-filter',
  'ula',
  'wan-vlan',
  'web-ui',
] as const

export type Capability = (typeof capabilities)[number]
