import type { Frame } from '../recording/recording.ts'
import type { Ipv6Address } from '../wire/address.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'
import { type IpEndpoint, ipEndpoint } from './endpoint.ts'
import { ETHERNET_MTU, type IpLayer } from './ip.ts'
import type { Variety } from './variety.ts'

export interface InternetHostOptions {
  name: string
  address: Ipv6Address
  /** Of the narrowest link on the way to the DUT; that of Ethernet unless given. */
  mtu?(): number
  /** Hands a packet to the ISP's router, which sends it to the DUT. */
  send: IpLayer['send']
  variety?: Variety
}

/** A host of the emulated Internet. The ISP's router calls `receive` with packets for its address. */
export interface EmulatedInternetHost extends IpEndpoint {
  readonly address: Ipv6Address
  /** Any IPv6 packet; the source is its address unless given. */
  send(packet: PacketInit, why?: string): Frame
}

export function internetHost(
  ctx: NodeContext,
  { name, address, mtu = () => ETHERNET_MTU, send, variety }: InternetHostOptions,
): EmulatedInternetHost {
  const sendFrom = (packet: PacketInit, why?: string): Frame =>
    send({ ...packet, ip6: { src: address, ...packet.ip6 } }, why)
  const endpoint = ipEndpoint(
    name,
    ctx,
    {
      send,
      sourceFor: (to) => (to.includes(':') ? address : undefined),
      owns: (candidate) => candidate === address,
      mtu,
    },
    variety,
  )
  return { ...endpoint, address, send: sendFrom }
}
