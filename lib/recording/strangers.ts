import type { Packet } from '../wire/packet.ts'
import type { Frame } from './recording.ts'

type Seen = Pick<Frame, 'port' | 'from' | 'packet'>

const isOnWan = ({ port }: Seen): boolean => port.startsWith('wan')

/** What only a router says: to hosts, or for others whose packets it hands on. */
function isRouters({ icmp6, dhcp6, udp, ip6 }: Packet, isFar: (address: string) => boolean): boolean {
  switch (icmp6?.type) {
    case 'router-advertisement':
    case 'redirect':
    case 'destination-unreachable':
    case 'packet-too-big':
    case 'time-exceeded':
      return true
    case 'neighbor-advertisement':
      if (icmp6.router) return true
  }
  if (dhcp6 && ['advertise', 'reply', 'reconfigure', 'relay-reply'].includes(String(dhcp6.type))) return true
  // DHCPv4 and DNS answers.
  if (udp && [67, 53].includes(udp.srcPort)) return true
  return ip6 !== undefined && isFar(ip6.src)
}

/** Group and locally administered bits aside, who made the interface. */
const maker = (mac: string): string => `${(Number.parseInt(mac.slice(0, 2), 16) & 0xfc).toString(16)}${mac.slice(2, 8)}`

/** VRRP's virtual routers, RFC 5798 section 7.3. */
const isVirtualRouter = (mac: string): boolean => mac.startsWith('00:00:5e:00:0')

/**
 * MACs on the LAN that are neither the bench's nor the router's: others speak there too. The line has the router alone at
 * its end. On the LAN the router's are those that say what only a router says, and those of the same maker, as of
 * further interfaces. Where no MAC says such a thing on any port, all on the LAN are strangers.
 */
export function strangers(frames: readonly Seen[], isFar: (address: string) => boolean): Set<string> {
  const found = strangersSoFar(isFar)
  for (const frame of frames) found.see(frame)
  return found.macs()
}

/** The same, while frames come in. */
export function strangersSoFar(isFar: (address: string) => boolean): { see(frame: Seen): void; macs(): Set<string> } {
  const own = new Set<string>()
  const others = new Set<string>()
  return {
    see(frame) {
      if (frame.from !== 'dut') return
      const { src } = frame.packet.eth
      if (isOnWan(frame)) own.add(src)
      else others.add(src)
      if (!own.has(src) && isRouters(frame.packet, isFar)) own.add(src)
    },
    macs() {
      const makers = new Set([...own].map(maker))
      return new Set([...others].filter((mac) => !own.has(mac) && !makers.has(maker(mac)) && !isVirtualRouter(mac)))
    },
  }
}
