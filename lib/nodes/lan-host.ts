import type { Frame } from '../recording/recording.ts'
import type { Exchange, HostAddress, JoinOptions, ResolveOptions } from '../suite/bench.ts'
import type { Ipv4Address, Ipv6Address, Mac } from '../wire/address.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import { dnsQuery, encodeDns } from '../wire/dns.ts'
import type { RouterAdvertisement } from '../wire/icmpv6.ts'
import type { PacketInit } from '../wire/packet.ts'
import { INFINITY, RETRANS_TIMER } from './addresses.ts'
import { ethernet } from './attachment/ethernet.ts'
import type { Port } from './attachment/port.ts'
import { act, listeners, type NodeContext } from './context.ts'
import type { Dhcpv6Client } from './dhcpv6-client.ts'
import { dhcpv6OnInterface } from './dhcpv6-interface.ts'
import { type IpEndpoint, ipEndpoint } from './endpoint.ts'
import { type Stack, stack } from './stack.ts'
import { duidOf, plain, type Variety } from './variety.ts'

export interface LanHostOptions extends Omit<JoinOptions, 'port'> {
  name: string
  mac: Mac
  port: Port
  variety?: Variety
}

/** A host on a LAN port of the DUT. */
export interface EmulatedLanHost extends IpEndpoint {
  readonly mac: Mac
  readonly duid: Duid
  readonly linkLocal: Ipv6Address
  readonly port: string
  addresses(): HostAddress[]
  gua(): Ipv6Address | undefined
  ula(): Ipv6Address | undefined
  ipv4(): Ipv4Address | undefined
  /** Resolvers from RDNSS, DHCPv6 and DHCPv4, in this order. */
  resolvers(): string[]
  hasDefaultRouter(): boolean
  /** A global address past DAD, and a default router. */
  isOnline(): boolean
  /** The last RA with a router lifetime. */
  lastAdvertisement(): Frame | undefined
  solicitRouter(options?: { from?: '::' }): Frame
  /** One NS to the solicited-node group, and the NA that it got within a second. */
  solicitNeighbor(address: Ipv6Address): Promise<Exchange>
  informationRequest(options?: { codes?: number[]; within?: number }): Promise<Frame | undefined>
  requestAddress(options?: { within?: number }): Promise<Frame | undefined>
  renewAddress(options?: { within?: number }): Promise<Frame | undefined>
  resolve(name: string, options?: ResolveOptions): Promise<Frame | undefined>
  adopt(address: Ipv6Address): void
  send(packet: PacketInit, why?: string): Frame
  /** Releases its DHCPv6 lease and is unplugged. */
  leave(): void
  /** Addresses, routers or resolvers may have changed. Returns how to stop. */
  onChange(listener: () => void): () => void
}

export function lanHost(ctx: NodeContext, options: LanHostOptions): EmulatedLanHost {
  const { name, mac, port, slaac = true, dhcpv6 = 'stateful', dhcpv4 = false, start = true } = options
  const { acceptsReconfigure = false, variety = plain } = options
  const duid = duidOf(variety, mac)
  const changes = listeners<[]>()
  let configuration: 'none' | 'other' | 'managed' = 'none'

  /** M and O are obeyed when they come, and not undone when they go (RFC 4861 section 4.2). */
  const configure = (ra: RouterAdvertisement): void => {
    if (dhcpv6 === 'stateful' && ra.managed && configuration !== 'managed') {
      configuration = 'managed'
      client.start()
    } else if (dhcpv6 !== 'none' && (ra.managed || ra.other) && configuration === 'none') {
      configuration = 'other'
      client.inform()
    }
  }
  let pendingFlags: RouterAdvertisement | undefined
  const net: Stack = stack(
    ctx,
    { attach: ethernet({ mac, port: () => port }), slaac, isRouter: false, variety },
    {
      deliver: (packet, frame) => endpoint.receive(packet, frame),
      ready() {
        if (pendingFlags) configure(pendingFlags)
      },
      advertised(ra) {
        if (!start) return
        if (net.owns(net.linkLocal)) configure(ra)
        else pendingFlags = ra
      },
      duplicated: (address) => client.decline(address),
    },
  )
  const endpoint = ipEndpoint(name, ctx, net, variety)
  const client: Dhcpv6Client = dhcpv6OnInterface(ctx, net, endpoint, {
    duid,
    variety,
    iaNa: true,
    iaPd: [],
    acceptsReconfigure,
    changed: changes.call,
  })
  net.onChange(changes.call)

  /** A host that sends must be able to receive the answer. */
  const announce = (): void => {
    if (!net.addresses.list().some(({ address }) => address === net.linkLocal)) adopt(net.linkLocal)
  }
  const adopt = (address: Ipv6Address): void =>
    net.addresses.set(address, 'adopted', { preferredLifetime: INFINITY, validLifetime: INFINITY })
  const preferred = (kind: HostAddress['kind']): Ipv6Address | undefined =>
    net.addresses.list().find((address) => address.kind === kind && address.state === 'preferred')?.address
  const resolvers = (): string[] => [
    ...new Set([...net.routes.resolvers(), ...client.resolvers(), ...(net.ipv4.lease()?.resolvers ?? [])]),
  ]

  if (start) net.start()
  else net.plugIn()
  if (start && dhcpv4) net.ipv4.start()

  return {
    ...endpoint,
    mac,
    duid,
    linkLocal: net.linkLocal,
    port: port.name,
    addresses: net.addresses.list,
    gua: () => preferred('gua'),
    ula: () => preferred('ula'),
    ipv4: () => net.ipv4.lease()?.address,
    resolvers,
    hasDefaultRouter: net.routes.hasDefaultRouter,
    isOnline: () => preferred('gua') !== undefined && net.routes.hasDefaultRouter(),
    lastAdvertisement: net.routes.lastAdvertisement,
    solicitRouter: ({ from } = {}) => net.solicitRouter(from),
    async solicitNeighbor(target) {
      announce()
      const answer = act<Frame | undefined>(ctx, RETRANS_TIMER, () => undefined)
      const stop = net.onPacket(({ icmp6 }, frame) => {
        if (icmp6?.type === 'neighbor-advertisement' && icmp6.target === target) answer.settle(frame)
      })
      const question = net.solicitNeighbor(target)
      const answered = await answer.promise
      stop()
      return { question, ...(answered && { answer: answered }) }
    },
    informationRequest({ codes, within = 3 } = {}) {
      announce()
      return client.informOnce({ codes, within })
    },
    requestAddress({ within = 5 } = {}) {
      announce()
      return client.acquire(within)
    },
    renewAddress: ({ within = 5 } = {}) => client.renew(within),
    async resolve(question, { server = resolvers()[0], type = 'AAAA', flags, edns, tcp = false, within = 3 } = {}) {
      const srcPort = endpoint.freePort()
      const id = ctx.random.int(0x10000)
      const data = encodeDns(dnsQuery({ id, name: question, type, ...(flags && { flags }), ...(edns && { edns }) }))
      if (tcp) {
        if (server === undefined) return undefined
        const prefixed = Uint8Array.of(data.length >> 8, data.length & 0xff, ...data)
        const enough = (received: Uint8Array) =>
          received.length >= 2 && received.length >= 2 + (received[0] ?? 0) * 0x100 + (received[1] ?? 0)
        return (await endpoint.ask(server, 53, { data: prefixed, enough, within })).complete
      }
      const answer = act<Frame | undefined>(ctx, within, () => {
        close()
        return undefined
      })
      const close = endpoint.bindUdp(srcPort, ({ dns, ip6 }, frame) => {
        if (dns?.id !== id || dns.type !== 'response') return
        // RFC 5452 section 9.1: an answer from another source is ignored.
        if (ip6?.src !== server) return
        close()
        answer.settle(frame)
      })
      if (server !== undefined) endpoint.udp(server, { from: srcPort, to: 53 }, { data })
      return answer.promise
    },
    adopt,
    send: net.sendFrame,
    leave() {
      void client.release(1)
      client.stop()
      net.stop()
    },
    onPacket: net.onPacket,
    onChange: changes.add,
  }
}
