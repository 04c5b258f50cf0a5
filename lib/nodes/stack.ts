import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import {
  addressIn,
  type Ipv6Address,
  inPrefix,
  isLinkLocal,
  isMulticast,
  type Mac,
  network,
  prefixLength,
  solicitedNode,
} from '../wire/address.ts'
import { isAuthenticated } from '../wire/extension-headers.ts'
import type { RouterAdvertisement } from '../wire/icmpv6.ts'
import type { NdOption } from '../wire/nd-options.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { type AddressBook, addressBook, INFINITY } from './addresses.ts'
import type { Attach, Attachment } from './attachment/attachment.ts'
import { listeners, type NodeContext } from './context.ts'
import { isValidDiscovery } from './discovery-checks.ts'
import { type IpLayer, isIpv4 } from './ip.ts'
import { type Ipv4Stack, ipv4Stack } from './ipv4.ts'
import { multicastListener } from './multicast-listener.ts'
import { type Routes, routes } from './routes.ts'
import { interfaceIds, linkLocalBy, type Variety } from './variety.ts'

/** MAX_RTR_SOLICITATIONS and RTR_SOLICITATION_INTERVAL, RFC 4861 section 10. */
const ROUTER_SOLICITATIONS = 3
const ROUTER_SOLICITATION_INTERVAL = 4

export interface StackOptions {
  attach: Attach
  /** Configures addresses from RAs. */
  slaac: boolean
  /** Sets the R flag of its NAs. */
  isRouter: boolean
  variety: Variety
  infrastructure?: Infrastructure
}

/** A router that is on its link before the DUT: its addresses need no DAD, it receives all groups and reports none. */
export interface Infrastructure {
  linkLocal: Ipv6Address
  /** All that it has at present, of IPv4 too. */
  addresses(): Ipv6Address[]
  /** The neighbor that takes packets for this destination. */
  nextHop(destination: Ipv6Address): Ipv6Address
}

export interface StackEvents {
  /** An IP packet for one of its addresses or groups. */
  deliver(packet: Packet, frame: Frame): void
  /** A unicast packet for an address that it doesn't have; a host drops it. */
  forward?(packet: Packet, frame: Frame): void
  /** Any IPv4 packet, in place of a host's IPv4. */
  receive4?(packet: Packet, toGroup: boolean): void
  /** DAD of its link-local address is complete: it may send. */
  ready?(): void
  advertised?(advertisement: RouterAdvertisement, frame: Frame): void
  /** A valid Router Solicitation came. */
  solicited?(packet: Packet): void
  duplicated?(address: Ipv6Address): void
}

/** An interface with IPv6 and IPv4 on it: addresses, routes, and the neighbors of its link. */
export interface Stack extends IpLayer {
  readonly linkLocal: Ipv6Address
  readonly addresses: AddressBook
  readonly routes: Routes
  readonly ipv4: Ipv4Stack
  /** Plugs it in: DAD of the link-local address, then Router Solicitations. */
  start(): void
  /** Plugs it in without a word: it has no address, and takes none from RAs. */
  plugIn(): void
  stop(): void
  solicitRouter(from?: '::'): Frame
  /** An NS to the solicited-node group. */
  solicitNeighbor(target: Ipv6Address): Frame
  /** A packet as it is; where it names no MAC and is for no group, to the default router. */
  sendFrame(packet: PacketInit, why?: string): Frame
  /** A packet as it is, to the DUT at the other end of the line; its link-local address is the source unless given. */
  sendToPeer(packet: PacketInit, why?: string): Frame
  /** To the station that this packet came from. */
  reply(to: Packet, packet: PacketInit, why?: string): Frame
  fence: Attachment['fence']
  /** Of Neighbor Discovery; none on a link without addresses. */
  readonly linkLayerAddress: Mac | undefined
  onChange(listener: () => void): () => void
  /** Called with each IP packet that its link takes. */
  onPacket(listener: (packet: Packet, frame: Frame) => void): () => void
}

export function stack(ctx: NodeContext, options: StackOptions, events: StackEvents): Stack {
  const { slaac, isRouter, infrastructure } = options
  const link: Attachment = options.attach(ctx, {
    onIp,
    onUp: () => started && assignLinkLocal(),
    sourceFor: (neighbor) => (isIpv4(neighbor) ? ipv4.lease()?.address : (addresses.sourceFor(neighbor) ?? linkLocal)),
    owns: (address) => owns(address) || ipv4.lease()?.address === address,
  })
  const interfaceId = interfaceIds(options.variety, link.mac)
  const linkLocal = infrastructure?.linkLocal ?? linkLocalBy(interfaceId)
  const received = listeners<[Packet, Frame]>()
  const changes = listeners<[]>()
  let started = false
  let ready = false
  let solicitation: Timer | undefined

  const linkLayer = (type: 'source-link-layer' | 'target-link-layer'): NdOption[] =>
    link.linkLayerAddress === undefined ? [] : [{ type, mac: link.linkLayerAddress }]
  const transmit = (packet: PacketInit, why?: string): Frame => link.send(packet, undefined, { why })
  const groups = multicastListener(ctx, ({ ip6, ...packet }) =>
    transmit({ ...packet, ip6: { src: addresses.owns(linkLocal) ? linkLocal : '::', ...ip6 } }),
  )
  const addresses: AddressBook = addressBook(ctx, {
    added: (address) => groups.join(solicitedNode(address)),
    removed: (address) => groups.leave(solicitedNode(address)),
    solicit(target) {
      // RFC 4862 section 5.4.2.
      transmit({
        ip6: { src: '::', dst: solicitedNode(target) },
        icmp6: { type: 'neighbor-solicitation', code: 0, target, options: [] },
      })
    },
    duplicated: (address) => events.duplicated?.(address),
    assigned(address) {
      if (announces && !isLinkLocal(address)) announce(address)
    },
    changed: () => changed(),
  })
  /** RFC 9131 section 6.1.2: routers of the link learn a new address unasked. */
  const announces = options.variety.pick('new addresses', ['not announced', 'announced']) === 'announced'
  const announce = (target: Ipv6Address): void => {
    transmit({
      ip6: { src: target, dst: 'ff02::2' },
      icmp6: {
        type: 'neighbor-advertisement',
        code: 0,
        router: isRouter,
        solicited: false,
        override: false,
        target,
        options: linkLayer('target-link-layer'),
      },
    })
  }
  const solicitNeighbor = (target: Ipv6Address): Frame =>
    transmit({
      ip6: { src: addresses.sourceFor(target) ?? linkLocal, dst: solicitedNode(target) },
      icmp6: { type: 'neighbor-solicitation', code: 0, target, options: linkLayer('source-link-layer') },
    })
  const table = routes(ctx, link)
  const ipv4 = ipv4Stack(ctx, link, () => changes.call())

  const assignLinkLocal = (): void =>
    addresses.set(linkLocal, 'slaac', { preferredLifetime: INFINITY, validLifetime: INFINITY })
  const solicitRouter = (from?: '::'): Frame => {
    const src = from ?? (addresses.owns(linkLocal) ? linkLocal : '::')
    const options = src === '::' ? [] : linkLayer('source-link-layer')
    return transmit({ ip6: { src, dst: 'ff02::2' }, icmp6: { type: 'router-solicitation', code: 0, options } })
  }
  const solicitRouters = (left: number): void => {
    if (left === 0) return
    solicitRouter()
    solicitation = ctx.clock.after(ROUTER_SOLICITATION_INTERVAL, () => solicitRouters(left - 1))
  }
  const changed = (): void => {
    if (started && !ready && addresses.owns(linkLocal)) {
      ready = true
      solicitRouters(ROUTER_SOLICITATIONS)
      events.ready?.()
    }
    changes.call()
  }

  const receiveSolicitation = (packet: Packet, src: Ipv6Address, target: Ipv6Address, options: NdOption[]): void => {
    const source = linkLayerOf(options, 'source-link-layer')
    // Both are in DAD: neither gets the address (RFC 4862 section 5.4.3).
    if (src === '::') addresses.duplicate(target)
    // RFC 4861 section 7.2.3.
    if (!owns(target)) return
    if (src !== '::' && source !== undefined) link.learned(src, source)
    // RFC 4861 section 7.2.4: a node in DAD has no address to answer to.
    const answer: PacketInit = {
      ip6: { src: target, dst: src === '::' ? 'ff02::1' : src },
      icmp6: {
        type: 'neighbor-advertisement',
        code: 0,
        router: isRouter,
        solicited: src !== '::',
        override: true,
        target,
        options: linkLayer('target-link-layer'),
      },
    }
    if (src === '::') transmit(answer)
    else link.reply(packet, answer)
  }
  const receiveAdvertisement = (from: Ipv6Address, ra: RouterAdvertisement, frame: Frame): void => {
    // RFC 4861 section 6.3.7: one with a lifetime ends the soliciting.
    if (ra.routerLifetime > 0) solicitation?.cancel()
    const source = linkLayerOf(ra.options, 'source-link-layer')
    if (source !== undefined) link.learned(from, source)
    table.advertised(from, ra, frame)
    for (const option of slaac && started ? ra.options : []) {
      if (option.type !== 'prefix-information' || !option.autonomous) continue
      const { prefix, preferredLifetime, validLifetime } = option
      // RFC 4862 section 5.5.3 b, c, d; an Ethernet interface identifier has 64 bits.
      if (inPrefix('fe80::', prefix) || preferredLifetime > validLifetime || prefixLength(prefix) !== 64) continue
      addresses.advertise(addressIn(prefix, interfaceId(network(prefix))), { preferredLifetime, validLifetime })
    }
    events.advertised?.(ra, frame)
    changes.call()
  }
  const receiveIcmp6 = (packet: Packet, frame: Frame): void => {
    const { icmp6, ip6, ext, malformed } = packet
    if (!icmp6 || !ip6 || malformed || icmp6.badChecksum) return
    if (icmp6.type === 'mld-query' && ip6.hopLimit === 1 && ext) groups.query(icmp6)
    if (!isValidDiscovery(packet)) return
    switch (icmp6.type) {
      case 'neighbor-solicitation':
        receiveSolicitation(packet, ip6.src, icmp6.target, icmp6.options)
        break
      case 'neighbor-advertisement':
        addresses.duplicate(icmp6.target)
        link.answered(icmp6.target, linkLayerOf(icmp6.options, 'target-link-layer'), icmp6)
        break
      case 'router-solicitation': {
        const source = linkLayerOf(icmp6.options, 'source-link-layer')
        if (isRouter && ip6.src !== '::' && source !== undefined) link.learned(ip6.src, source)
        events.solicited?.(packet)
        break
      }
      case 'router-advertisement':
        receiveAdvertisement(ip6.src, icmp6, frame)
    }
  }

  const owns = (address: Ipv6Address): boolean =>
    infrastructure ? infrastructure.addresses().includes(address) : addresses.owns(address)
  const listensTo = (group: Ipv6Address): boolean => (infrastructure ? isMulticast(group) : groups.listensTo(group))

  function onIp(packet: Packet, frame: Frame, toGroup: boolean): void {
    received.call(packet, frame)
    if (packet.ip4 && events.receive4) events.receive4(packet, toGroup)
    else if (packet.ip4 && !isAuthenticated(packet) && ipv4.receive(packet)) events.deliver(packet, frame)
    const dst = packet.ip6?.dst
    if (dst === undefined) return
    if (owns(dst) || listensTo(dst)) {
      if (!isAuthenticated(packet)) receiveIcmp6(packet, frame)
      events.deliver(packet, frame)
    } else if (!isMulticast(dst) && !toGroup) {
      events.forward?.(packet, frame)
    }
  }

  /** To the neighbor that is the way to `destination`. */
  const toward = (destination: Ipv6Address, packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame => {
    if (isMulticast(destination)) return link.send(packet, undefined, { why, sent })
    const nextHop = infrastructure?.nextHop(destination) ?? table.nextHop(destination) ?? destination
    return link.send(packet, nextHop, { why, sent })
  }

  /** RFC 6724 section 4: a link-local address is a candidate for any destination, and the last choice. */
  const sourceFor = (to: Ipv6Address): Ipv6Address | undefined =>
    addresses.sourceFor(to) ?? (addresses.owns(linkLocal) ? linkLocal : undefined)

  return {
    linkLocal,
    addresses,
    routes: table,
    ipv4,
    plugIn: link.plugIn,
    start() {
      started = true
      link.plugIn()
    },
    stop() {
      started = ready = false
      solicitation?.cancel()
      ipv4.stop()
      addresses.clear()
      table.clear()
      groups.clear()
      link.unplug()
    },
    solicitRouter,
    solicitNeighbor,
    mtu: table.mtu,
    owns: (address) => owns(address) || ipv4.lease()?.address === address,
    sourceFor: (to) => (to.includes(':') ? sourceFor(to) : ipv4.lease()?.address),
    send(packet, why, sent) {
      const { ip6 } = packet
      if (!ip6) return ipv4.send(packet, why, sent)
      const hopLimit = ip6.hopLimit ?? table.hopLimit()
      return toward(ip6.dst ?? '::', { ...packet, ip6: { ...ip6, hopLimit } }, why, sent)
    },
    sendFrame(packet, why) {
      if (!packet.ip6) return transmit(packet, why)
      const ip6 = { ...packet.ip6, src: packet.ip6.src ?? sourceFor(packet.ip6.dst ?? '::') ?? linkLocal }
      if (packet.eth?.dst !== undefined) return transmit({ ...packet, ip6 }, why)
      return toward(ip6.dst ?? '::', { ...packet, ip6 }, why)
    },
    sendToPeer: ({ ip6, ...packet }, why) =>
      link.toPeer({ ...packet, ...(ip6 && { ip6: { src: linkLocal, ...ip6 } }) }, why),
    reply: link.reply,
    fence: link.fence,
    linkLayerAddress: link.linkLayerAddress,
    onChange: changes.add,
    onPacket: received.add,
  }
}

function linkLayerOf(options: NdOption[], type: 'source-link-layer' | 'target-link-layer'): Mac | undefined {
  for (const option of options) if (option.type === type && 'mac' in option) return option.mac
  return undefined
}
