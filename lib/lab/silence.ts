import { linkLocalOf, multicastMac } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { describe } from '../wire/describe.ts'
import { encode } from '../wire/encode.ts'
import { matches } from '../wire/match.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { ra } from '../wire/patterns.ts'
import type { Lab } from './lab.ts'

const mac = '02:de:4a:00:00:fe'
const [none, linkLocal] = ['0.0.0.0', linkLocalOf(mac)]

/** What a router or a server answers, wherever it is. */
const questions: PacketInit[] = [
  {
    eth: { src: mac, dst: multicastMac('ff02::2') },
    ip6: { src: linkLocal, dst: 'ff02::2', hopLimit: 255 },
    icmp6: { type: 'router-solicitation', options: [] },
  },
  {
    eth: { src: mac, dst: multicastMac('ff02::1:2') },
    ip6: { src: linkLocal, dst: 'ff02::1:2', hopLimit: 1 },
    udp: { srcPort: 546, dstPort: 547 },
    dhcp6: {
      type: 'information-request',
      transactionId: 0xde4a,
      options: [
        { type: 'elapsed-time', value: 0 },
        { type: 'oro', codes: [23] },
      ],
    },
  },
  {
    eth: { src: mac, dst: 'ff:ff:ff:ff:ff:ff' },
    ip4: { src: none, dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      ...{ op: 'request', htype: 1, hlen: 6, hops: 0, xid: 0xde4a, secs: 0, flags: 0x8000 },
      ...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, chaddr: mac },
      options: [{ type: 'message-type', value: 'discover' }, { type: 'end' }],
    },
  },
]

/** An RA, or a message of a DHCP server. */
export const isServers = (packet: Packet): boolean =>
  matches(packet, ra()) || packet.udp?.srcPort === 67 || packet.udp?.srcPort === 547

/**
 * Asks on each port for a router and for DHCP servers, and listens for this number of seconds: what answers while the router under
 * test is off is connected by mistake. Gives its first frame.
 */
export function foreignServer({ wan, lan, clock, settled }: Lab, seconds: number): Promise<string | undefined> {
  const ports = [wan, ...lan]
  return new Promise((resolve) => {
    const end = (found?: string) => {
      for (const port of ports) port.onFrame(() => {})
      timer.cancel()
      resolve(found)
      settled()
    }
    const timer = clock.after(seconds, () => end())
    for (const port of ports) {
      port.onFrame((frame) => {
        const packet = decode(frame)
        if (isServers(packet)) end(`${packet.eth.src} on ${port.name}: ${describe(packet)}`)
      })
      for (const question of questions) port.send(encode(question))
    }
  })
}
