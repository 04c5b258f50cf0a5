import type { Frame } from '../recording/recording.ts'
import type { RouterOptions } from '../suite/bench.ts'
import { addressIn, inPrefix, isLinkLocal, isMulticast, nthSubnet, prefixLength } from '../wire/address.ts'
import type { Duid } from '../wire/dhcpv6.ts'
import { duidLl } from '../wire/dhcpv6-duid.ts'
import type { Ipv6Address, Mac, Packet, PacketInit, Prefix } from '../wire/packet.ts'
import { addressBook } from './addresses.ts'
import { listeners, type NodeContext } from './context.ts'
import type { Lease } from './dhcpv6-bindings.ts'
import type { Dhcpv6Client } from './dhcpv6-client.ts'
import { dhcpv6OnInterface } from './dhcpv6-interface.ts'
import { type IpEndpoint, ipEndpoint } from './endpoint.ts'
import { quote } from './ip.ts'
import type { Port } from './port.ts'
import { type Stack, stack } from './stack.ts'

/** The host's interface identifier; the router's own on its LAN is ::1. */
const HOST_IID = '::2'
/** RFC 4443 section 3.1. */
const NO_ROUTE = 0
const ADDRESS_UNREACHABLE = 3

export interface DownstreamRouterOptions extends Omit<RouterOptions, 'port'> {
  name: string
  mac: Mac
  port: Port
}

/** A requesting router on a LAN port of the DUT, and one host on a link behind it that no capture shows. */
export interface EmulatedDownstreamRouter {
  readonly name: string
  readonly mac: Mac
  readonly duid: Duid
  readonly linkLocal: Ipv6Address
  readonly port: string
  prefixes(): Prefix[]
  leases(): Lease[]
  /** T1 of its lease in seconds, as granted; 0 without lease. */
  t1(): number
  /** The Reply that last gave it a lease. */
  lastReply(): Frame | undefined
  release(options?: { within?: number }): Promise<Frame | undefined>
  renew(options?: { within?: number }): Promise<Frame | undefined>
  start(): void
  /** Releases its leases and is unplugged. */
  leave(): void
  host: IpEndpoint & { gua(): Ipv6Address | undefined }
  /** Told of every frame that its MAC lets in. Returns how to stop. */
  onPacket(listener: (packet: Packet, frame: Frame) => void): () => void
  /** Leases, addresses or routers may have changed. Returns how to stop. */
  onChange(listener: () => void): () => void
}

export function downstreamRouter(ctx: NodeContext, options: DownstreamRouterOptions): EmulatedDownstreamRouter {
  const { name, mac, port, iaNa = false, iaPd = [{}], start = true } = options
  const duid = duidLl(mac)
  const changes = listeners<[]>()
  const net: Stack = stack(
    ctx,
    { mac, port, slaac: true, isRouter: true },
    {
      deliver: (packet, frame) => endpoint.receive(packet, frame),
      forward: (packet, frame) => fromWan(packet, frame),
      // It asks for prefixes whatever the flags of an RA say (RFC 7084 WPD-4 lets it).
      ready: () => client.start(),
      advertised() {},
      duplicated: (address) => client.decline(address),
    },
  )
  const endpoint = ipEndpoint(name, ctx, net)
  const client: Dhcpv6Client = dhcpv6OnInterface(ctx, net, endpoint, {
    duid,
    iaNa,
    iaPd,
    changed() {
      numberHost()
      changes.call()
    },
  })
  net.onChange(changes.call)

  const prefixes = (): Prefix[] => client.leases().flatMap(({ kind, value }) => (kind === 'ia-pd' ? [value] : []))
  const hostAddresses = addressBook(ctx, { changed: changes.call })
  /** The host's link has the first /64 of each prefix of the first IA_PD that has any. */
  const numberHost = (): void => {
    const delegated = client.leases().filter(({ kind, value }) => kind === 'ia-pd' && prefixLength(value) <= 64)
    const given = delegated
      .filter(({ iaid }) => iaid === delegated[0]?.iaid)
      .map((lease) => ({ lease, address: addressIn(nthSubnet(lease.value, 64, 0), HOST_IID) }))
    for (const { address, state } of hostAddresses.list()) {
      if (state !== 'preferred' || given.some((other) => other.address === address)) continue
      // RFC 7084 L-13: the host is told that the prefix is invalid, and two hours are the least that it can be told.
      hostAddresses.advertise(address, { preferredLifetime: 0, validLifetime: 0 })
    }
    for (const { address, lease } of given) hostAddresses.set(address, 'slaac', lease)
  }

  const unreachable = (packet: Packet, code: number): void => {
    const { src } = packet.ip6 ?? {}
    if (src === undefined || src === '::' || packet.icmp6?.type === 'destination-unreachable') return
    const from = net.sourceFor(src) ?? net.linkLocal
    net.send({ ip6: { src: from, dst: src }, icmp6: { type: 'destination-unreachable', code, data: quote(packet) } })
  }
  /** RFC 8200 section 3: the hop limit is all that forwarding changes. */
  const hop = (packet: Packet): Packet | undefined => {
    const { ip6 } = packet
    if (!ip6) return undefined
    if (ip6.hopLimit > 1) return { ...packet, ip6: { ...ip6, hopLimit: ip6.hopLimit - 1 } }
    const from = net.sourceFor(ip6.src) ?? net.linkLocal
    net.send({ ip6: { src: from, dst: ip6.src }, icmp6: { type: 'time-exceeded', code: 0, data: quote(packet) } })
    return undefined
  }
  const fromWan = (packet: Packet, frame: Frame): void => {
    const { ip6 } = packet
    if (!ip6 || isLinkLocal(ip6.src) || isMulticast(ip6.src)) return
    if (hostAddresses.owns(ip6.dst)) {
      const forwarded = hop(packet)
      if (forwarded) host.receive(forwarded, frame)
    } else if (prefixes().some((prefix) => inPrefix(ip6.dst, prefix))) {
      const onHostLink = hostAddresses.list().some(({ address }) => inPrefix(ip6.dst, `${address}/64`))
      // RFC 7084 WPD-5: what is not on a link of its own must not go back to where it came from.
      unreachable(packet, onHostLink ? ADDRESS_UNREACHABLE : NO_ROUTE)
    }
  }
  const fromHost = (packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame => {
    const hopLimit = (packet.ip6?.hopLimit ?? 64) - 1
    return net.send({ ...packet, ip6: { ...packet.ip6, hopLimit } }, why, sent)
  }
  const host = ipEndpoint(`${name}-host`, ctx, {
    send: fromHost,
    sourceFor: (to) => (to.includes(':') ? hostAddresses.sourceFor(to) : undefined),
    owns: hostAddresses.owns,
  })

  if (start) net.start()
  else net.plugIn()

  return {
    name,
    mac,
    duid,
    linkLocal: net.linkLocal,
    port: port.name,
    prefixes,
    leases: client.leases,
    t1: () => client.t1() ?? 0,
    lastReply: client.lastReply,
    release: ({ within = 5 } = {}) => client.release(within),
    renew: ({ within = 5 } = {}) => client.renew(within),
    start: net.start,
    leave() {
      void client.release(1)
      client.stop()
      net.stop()
      hostAddresses.clear()
    },
    host: { ...host, gua: () => hostAddresses.list().find(({ state }) => state === 'preferred')?.address },
    onPacket: net.onPacket,
    onChange: changes.add,
  }
}
