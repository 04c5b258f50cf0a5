import type { Packet } from '../wire/packet.ts'
import { isCopy } from './bridged.ts'
import type { Frame, World } from './recording.ts'

type Seen = Pick<Frame, 'port' | 'from' | 'packet' | 'at' | 'bytes'>

const isOnWan = ({ port }: Seen): boolean => port.startsWith('wan')

/** What only a router sends: to hosts, or as the forwarder of other nodes' packets. */
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

/** The vendor part of the MAC, without its group and local bits. */
const maker = (mac: string): string => `${(Number.parseInt(mac.slice(0, 2), 16) & 0xfc).toString(16)}${mac.slice(2, 8)}`

/** VRRP's virtual routers, RFC 5798 section 7.3. */
const isVirtualRouter = (mac: string): boolean => mac.startsWith('00:00:5e:00:0')

/** What is known of the router's MACs besides what it sends. */
export interface KnownMacs {
  /** All that it has on the LAN, as its device folder states them. */
  stated?: readonly string[] | undefined
  /** Those that sent on the LAN while it booted, when no other node could send through it. */
  atBoot?: readonly string[] | undefined
}

export const knownMacs = ({ device, bootMacs }: Pick<World, 'device' | 'bootMacs'>): KnownMacs => ({
  stated: device.macs,
  atBoot: bootMacs,
})

/**
 * MACs on the LAN that are neither the bench's nor the router's: other nodes send there too, such as a phone on the
 * router's Wi-Fi. On the WAN all are the router's, except those whose frames there are copies of frames on the LAN: the
 * router bridged them while it booted. On the LAN the router's are those that its device folder states. Where
 * it states none, they are those that send what only a router sends, and those of the same vendor, such as further
 * interfaces, that sent while it booted. Where no MAC sends such a frame on any port, no MAC on the LAN is the router's.
 */
export function strangers(
  frames: readonly Seen[],
  isFar: (address: string) => boolean,
  known: KnownMacs = {},
): Set<string> {
  const found = strangersSoFar(isFar, known)
  for (const frame of frames) found.see(frame)
  return found.macs()
}

/** The same, while frames come in. */
export function strangersSoFar(
  isFar: (address: string) => boolean,
  { stated, atBoot }: KnownMacs = {},
): { see(frame: Seen): void; macs(): Set<string> } {
  const routers = new Set(stated)
  const onWan = new Map<string, Seen[]>()
  const onLan = new Map<string, Seen[]>()
  const isBridged = (mac: string, sent: readonly Seen[]): boolean =>
    sent.every((frame) => onLan.get(mac)?.some((one) => isCopy(one, frame)))
  return {
    see(frame) {
      if (frame.from !== 'dut') return
      const { src } = frame.packet.eth
      const side = isOnWan(frame) ? onWan : onLan
      const before = side.get(src)
      if (before) before.push(frame)
      else side.set(src, [frame])
      if (!stated && !routers.has(src) && isRouters(frame.packet, isFar)) routers.add(src)
    },
    macs() {
      const ofWan = [...onWan].filter(([mac, sent]) => !isBridged(mac, sent)).map(([mac]) => mac)
      const own = new Set([...routers, ...ofWan])
      const makers = new Set(stated ? [] : [...own].map(maker))
      const isOwn = (mac: string) =>
        own.has(mac) || isVirtualRouter(mac) || (makers.has(maker(mac)) && (atBoot?.includes(mac) ?? true))
      return new Set([...onLan.keys()].filter((mac) => !isOwn(mac)))
    },
  }
}
