import { inTable } from '../say/render.ts'
import type { Part } from '../suite/verdict.ts'

/** The text for an area, for a reviewer without knowledge of the catalogue's words. */
export interface Area {
  /** The group that it is shown in. */
  group: string
  name: string
  /** The part of the router that answers for it, where no packet shows which one does. */
  component: string
  /** That part, where it is one of those that packets point at. */
  part?: Part
}

const areas: Record<string, Area> = {
  'wan-link': { group: 'WAN', name: 'Access link', component: "the router's WAN link layer (Ethernet, VLAN, PPPoE)" },
  'wan-ra': {
    group: 'WAN',
    name: 'Router advertisements from the ISP',
    component: "the router's RA client and SLAAC on the WAN",
    part: 'wan-ra',
  },
  'wan-dhcpv6': {
    group: 'WAN',
    name: 'DHCPv6 client',
    component: "the router's DHCPv6 client on the WAN",
    part: 'wan-dhcpv6',
  },
  'wan-pd': {
    group: 'WAN',
    name: 'Prefix delegation from the ISP',
    component: "the router's DHCPv6 client (prefix delegation) on the WAN",
    part: 'wan-dhcpv6',
  },
  'lan-ra': {
    group: 'LAN',
    name: 'Router advertisements to hosts',
    component: "the router's RA sender on the LAN",
    part: 'lan-ra',
  },
  'lan-dhcpv6': {
    group: 'LAN',
    name: 'DHCPv6 server',
    component: "the router's DHCPv6 server on the LAN",
    part: 'lan-dhcpv6',
  },
  ula: {
    group: 'LAN',
    name: 'Unique local addresses',
    component: "the router's ULA prefix: its RA sender and routes",
    part: 'lan-ra',
  },
  'lan-pd': {
    group: 'Prefix sub-delegation (地址前缀二次分发)',
    name: 'Sub-delegation of prefixes to downstream routers',
    component: "the router's DHCPv6 server (prefix delegation) on the LAN, and the routes that it sets",
    part: 'lan-dhcpv6',
  },
  renumbering: {
    group: 'Renumbering',
    name: 'Change of the delegated prefix',
    component: 'the path from the DHCPv6 client on the WAN to the RA sender and the DHCPv6 server on the LAN',
  },
  forwarding: {
    group: 'Forwarding and ICMPv6',
    name: 'Forwarding',
    component: "the router's IPv6 forwarding",
    part: 'forwarding',
  },
  icmpv6: {
    group: 'Forwarding and ICMPv6',
    name: 'ICMPv6',
    component: "the router's ICMPv6 errors and echo",
    part: 'icmpv6',
  },
  firewall: {
    group: 'Firewall',
    name: 'Firewall',
    component: "the router's IPv6 firewall and its state table",
    part: 'firewall',
  },
  dns: {
    group: 'DNS',
    name: 'DNS',
    component: "the router's DNS proxy, and the resolvers that it announces",
    part: 'dns',
  },
  transition: {
    group: 'Transition technologies',
    name: 'Transition technologies',
    component: "the router's tunnels and translators",
  },
  denat: {
    group: 'de-NAT (网络去NAT)',
    name: 'de-NAT',
    component: "the router's forwarding and firewall between LAN and Internet",
  },
  'web-ui': {
    group: 'Web UI',
    name: 'Web UI',
    component: "the router's web page, compared with the wire",
    part: 'page',
  },
  ipv6plus: {
    group: 'IPv6+',
    name: 'IPv6+',
    component: "the router's handling of extension headers",
    part: 'forwarding',
  },
  robustness: {
    group: 'Robustness and performance',
    name: 'Robustness',
    component: "the router's packet parsing and table limits",
  },
  performance: { group: 'Robustness and performance', name: 'Performance', component: "the router's forwarding path" },
}

export const areaNames: readonly string[] = Object.values(areas).map(({ name }) => name)

/** An area that a private catalogue brings along is shown under its own name. */
export const areaOf = (area: string): Area =>
  inTable(areas, area) ?? { group: area, name: area, component: `the router's ${area}` }
