import { type Claim, claim } from '../say/claim.ts'
import type { Part } from '../suite/verdict.ts'

/** A part of the router, in words, and what to look at there. */
export interface PartText {
  name: Claim
  next: Claim
}

/** The texts for the parts that the packets of a verdict point at. */
export const partTexts: Record<Part, PartText> = {
  link: {
    name: claim`the router as a whole: its ports, its power, or IPv6 as a whole`,
    next: claim`Is the router on, are its ports those of the lab file, and is IPv6 on after a factory reset?`,
  },
  'wan-ra': {
    name: claim`the RA client and SLAAC on the WAN`,
    next: claim`Compare the RAs of the ISP on the WAN with what the router does after them: its Router Solicitations, its addresses, its default route.`,
  },
  'wan-dhcpv6': {
    name: claim`the DHCPv6 client on the WAN`,
    next: claim`Follow the DHCPv6 messages on the WAN (filter: dhcpv6): does the router start, request IA_PD, and take what the server grants?`,
  },
  'lan-ra': {
    name: claim`the sender of Router Advertisements on the LAN`,
    next: claim`Look at the RAs on the LAN (filter: icmpv6.type == 134): does the daemon run, and does it know the delegated prefix?`,
  },
  'lan-dhcpv6': {
    name: claim`the DHCPv6 server on the LAN`,
    next: claim`Follow the DHCPv6 messages on the LAN (filter: dhcpv6): does the server listen, and does it know the delegated prefix?`,
  },
  neighbors: {
    name: claim`Neighbor Discovery and MLD`,
    next: claim`Look at the Neighbor Solicitations and Advertisements around the frames (filter: icmpv6.type >= 135): which address is looked for, and what is the answer?`,
  },
  routes: {
    name: claim`the routes`,
    next: claim`Read the routing table of the router at this moment: is there a route for the destination, and does it name the right next hop?`,
  },
  firewall: {
    name: claim`the firewall and its state table`,
    next: claim`Read the rules and the states of the firewall for the addresses and ports of these frames.`,
  },
  forwarding: {
    name: claim`forwarding`,
    next: claim`Compare the packet on both sides of the router: what is changed, lost or sent although it should not be?`,
  },
  icmpv6: {
    name: claim`ICMPv6: errors and echo`,
    next: claim`Look at the ICMPv6 messages of the router around the frames: type, code, source and quoted packet.`,
  },
  dns: {
    name: claim`the DNS proxy, and the resolvers that are announced`,
    next: claim`Compare the query on the LAN with the query on the WAN and with both answers (filter: dns).`,
  },
  pcp: {
    name: claim`the PCP server`,
    next: claim`Look at requests and responses on UDP 5351, and at the rules of the firewall that they open.`,
  },
  ipv4: {
    name: claim`IPv4: DHCPv4 and ARP`,
    next: claim`Look at the DHCPv4 and ARP packets on this port.`,
  },
  page: {
    name: claim`the web page of the router`,
    next: claim`Open the pictures and the trace of the page in the report, and compare them with the packets.`,
  },
}
