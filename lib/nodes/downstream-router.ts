import type { Frame } from '../recording/recording.ts'
import type { Comeback, RouterOptions } from '../suite/bench.ts'
import {
  addressIn,
  type Ipv6Address,
  inPrefix,
  isLinkLocal,
  isMulticast,
  isUla,
  type Mac,
  network,
  nthSubnet,
  type Prefix,
  prefixLength,
} from '../wire/address.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { addressBook } from './addresses.ts'
import { ethernet } from './attachment/ethernet.ts'
import type { Port } from './attachment/port.ts'
import { listeners, type NodeContext } from './context.ts'
import type { Lease } from './dhcpv6-bindings.ts'
import type { Dhcpv6Client } from './dhcpv6-client.ts'
import { dhcpv6OnInterface } from './dhcpv6-interface.ts'
import { type IpEndpoint, ipEndpoint } from './endpoint.ts'
import { quote } from './ip.ts'
import { type Stack, stack } from './stack.ts'
import { duidOf, plain, type Variety } from './variety.ts'

/** The host's interface identifier; the router's own on its LAN is ::1. */
const HOST_IID = '::2'
/** RFC 4443 section 3.1. */
const NO_ROUTE = 0
const ADDRESS_UNREACHABLE = 3

export interface DownstreamRouterOptions extends Omit<RouterOptions, 'port'> {
  name: string
  mac: Mac
  port: Port
  variety?: Variety
  /** Takes what is for its prefixes and not for its own hosts, where it does. */
  downlink?(packet: Packet): boolean
}

/** A requesting router on a LAN port of the DUT, and one host on a link behind it that no capture shows. */
export interface EmulatedDownstreamRouter {
  readonly name: string
  readonly mac: Mac
  readonly duid: Duid
  readonly linkLocal: Ipv6Address
  /** The port that it is plugged into, or was last. */
  readonly port: string
  /** Global ones first. */
  prefixes(): Prefix[]
  leases(): Lease[]
  /** T1 of its lease in seconds, as granted; 0 without lease. */
  t1(): number
  /** The Reply that last gave it a lease. */
  lastReply(): Frame | undefined
  release(options?: { within?: number }): Promise<Frame | undefined>
  renew(options?: { within?: number }): Promise<Frame | undefined>
  rebind(options?: { within?: number }): Promise<Frame | undefined>
  /** Solicits once; resolves with the Reply, or with an Advertise that has nothing for it. */
  solicit(options?: { within?: number }): Promise<Frame | undefined>
  /** Sends no further DHCPv6 message, but stays on the link with its leases. */
  neglect(): void
  start(): void
  /** Is unplugged without a word. */
  unplug(): void
  plugIn(how: { port?: Port; as: Comeback }): void
  send(packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame
  /** Releases its leases and is unplugged. */
  leave(): void
  host: IpEndpoint & { gua(): Ipv6Address | undefined }
  /** A host behind a second router that was given this prefix by the first. */
  cascade(prefix: Prefix): IpEndpoint & { gua(): Ipv6Address | undefined }
  /** Called with each IP packet that its link takes. Returns how to stop. */
  onPacket(listener: (packet: Packet, frame: Frame) => void): () => void
  /** Leases, addresses or routers may have changed. Returns how to stop. */
  onChange(listener: () => void): () => void
}

export function downstreamRouter(ctx: NodeContext, options: DownstreamRouterOptions): EmulatedDownstreamRouter {
  const { name, mac, iaNa = false, iaPd = [{}], acceptsReconfigure = false, start = true } = options
  const { variety = plain } = options
  let { port } = options
  let wakeUp = (): void => client.start()
  const duid = duidOf(variety, mac)
  const changes = listeners<[]>()
  const net: Stack = stack(
    ctx,
    { attach: ethernet({ mac, port: () => port }), slaac: true, isRouter: true, variety },
    {
      deliver: (packet, frame) => endpoint.receive(packet, frame),
      forward: (packet, frame) => fromWan(packet, frame),
      // It requests prefixes whatever the flags of an RA are (RFC 7084 WPD-4 permits it).
      ready: () => wakeUp(),
      duplicated: (address) => client.decline(address),
    },
  )
  const endpoint = ipEndpoint(name, ctx, net, variety)
  const client: Dhcpv6Client = dhcpv6OnInterface(ctx, net, endpoint, {
    duid,
    variety,
    iaNa,
    iaPd,
    acceptsReconfigure,
    changed() {
      numberHost()
      changes.call()
    },
  })
  net.onChange(changes.call)

  const prefixes = (): Prefix[] => {
    const held = client.leases().flatMap(({ kind, value }) => (kind === 'ia-pd' ? [value] : []))
    const isLocal = (prefix: Prefix) => isUla(network(prefix).split('/')[0] ?? '::')
    return [...held.filter((one) => !isLocal(one)), ...held.filter(isLocal)]
  }
  const hostAddresses = addressBook(ctx, { changed: changes.call })
  /** The host's link has the first /64 of each prefix of the first IA_PD that has any. */
  const numberHost = (): void => {
    const delegated = client.leases().filter(({ kind, value }) => kind === 'ia-pd' && prefixLength(value) <= 64)
    const given = delegated
      .filter(({ iaid }) => iaid === delegated[0]?.iaid)
      .map((lease) => ({ lease, address: addressIn(nthSubnet(lease.value, 64, 0), HOST_IID) }))
    for (const { address, state } of hostAddresses.list()) {
      if (state !== 'preferred' || given.some((other) => other.address === address)) continue
      // RFC 7084 L-13: the RA invalidates the prefix, and a host shortens its valid lifetime to two hours.
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
    const second = secondLevel.get(ip6.dst)
    if (hostAddresses.owns(ip6.dst) || second) {
      const forwarded = hop(packet)
      const twice = second && forwarded && hop(forwarded)
      if (second && twice) second.receive(twice, frame)
      else if (forwarded && !second) host.receive(forwarded, frame)
    } else if (prefixes().some((prefix) => inPrefix(ip6.dst, prefix)) && !options.downlink?.(packet)) {
      const onHostLink = hostAddresses.list().some(({ address }) => inPrefix(ip6.dst, `${address}/64`))
      // RFC 7084 WPD-5: what is not on a link of its own must not go back to where it came from.
      unreachable(packet, onHostLink ? ADDRESS_UNREACHABLE : NO_ROUTE)
    }
  }
  const fromBehind =
    (hops: number) =>
    (packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame => {
      const hopLimit = (packet.ip6?.hopLimit ?? 64) - hops
      return net.send({ ...packet, ip6: { ...packet.ip6, hopLimit } }, why, sent)
    }
  const host = ipEndpoint(
    `${name}-host`,
    ctx,
    {
      send: fromBehind(1),
      sourceFor: (to) => (to.includes(':') ? hostAddresses.sourceFor(to) : undefined),
      owns: hostAddresses.owns,
      mtu: net.mtu,
    },
    variety,
  )

  const secondLevel = new Map<Ipv6Address, IpEndpoint>()
  const cascade = (prefix: Prefix): IpEndpoint & { gua(): Ipv6Address } => {
    const address = addressIn(nthSubnet(prefix, 64, 0), HOST_IID)
    const behind = ipEndpoint(`${name}-second-host`, ctx, {
      send: fromBehind(2),
      sourceFor: (to) => (to.includes(':') ? address : undefined),
      owns: (other) => other === address,
      mtu: net.mtu,
    })
    secondLevel.set(address, behind)
    return { ...behind, gua: () => address }
  }

  if (start) net.start()
  else net.plugIn()

  return {
    name,
    mac,
    duid,
    linkLocal: net.linkLocal,
    get port() {
      return port.name
    },
    prefixes,
    leases: client.leases,
    t1: () => client.t1() ?? 0,
    lastReply: client.lastReply,
    release: ({ within = 5 } = {}) => client.release(within),
    renew: ({ within = 5 } = {}) => client.renew(within),
    rebind: ({ within = 5 } = {}) => client.rebind(within),
    solicit: ({ within = 5 } = {}) => client.acquire(within),
    neglect: client.pause,
    start: net.start,
    unplug() {
      client.pause()
      net.stop()
    },
    plugIn({ port: to = port, as }) {
      port = to
      if (as === 'rebooted') {
        client.stop()
        hostAddresses.clear()
      }
      wakeUp = { rebooted: client.start, rebinding: () => void client.rebind(5), silent() {} }[as]
      net.start()
    },
    send: net.send,
    leave() {
      void client.release(1)
      client.stop()
      net.stop()
      hostAddresses.clear()
    },
    host: {
      ...host,
      gua: () => hostAddresses.list().find(({ state, kind }) => state === 'preferred' && kind === 'gua')?.address,
    },
    cascade,
    onPacket: net.onPacket,
    onChange: changes.add,
  }
}
