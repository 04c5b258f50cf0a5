import type { Frame, IspParameters } from '../recording/recording.ts'
import { addressIn, type Ipv6Address, inPrefix, isLinkLocal, isMulticast, type Mac } from '../wire/address.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import { isAuthenticated } from '../wire/extension-headers.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import type { Attachment } from './attachment/attachment.ts'
import { ethernet } from './attachment/ethernet.ts'
import type { Port } from './attachment/port.ts'
import { pppoeServer } from './attachment/pppoe-server.ts'
import type { NodeContext } from './context.ts'
import { type IspChange, lineMtu, merge } from './isp-parameters.ts'
import { gateway4 } from './services/dhcpv4-server.ts'
import { type AnswerRule, dhcpv6Service } from './services/dhcpv6-service.ts'
import { answerDns, dnsManners, dnsOverTcp } from './services/dns-server.ts'
import { answerIpv4 } from './services/ipv4-gateway.ts'
import { answerNtp } from './services/ntp-server.ts'
import { advertisementOf, routerAdvertiser } from './services/router-advertiser.ts'
import { stack } from './stack.ts'
import { tcpPorts } from './tcp.ts'
import { duidOf, elsewhere, interfaceIds, linkLocalBy, plain, type Variety } from './variety.ts'

const ALL_NODES: Ipv6Address = 'ff02::1'
const HOP_LIMIT = 64
const DNS_PORT = 53
/** The A record of all names: public, so that no DUT considers it a rebinding attack, and without a host. */
const INTERNET4 = '20.0.0.1'

/** A second resolver, next to the router on the WAN link. */
const otherResolverId = 0x53

export interface IspContext extends NodeContext {
  /** Unix time in seconds, for NTP. */
  wallClock(): number
}

export interface IspOptions {
  port: Port
  mac: Mac
  variety?: Variety
  parameters: IspParameters
  /** The low half of its address on the WAN link. */
  interfaceId?: Ipv6Address | number
  /** Takes what is for no host that is attached; left out, it is lost. */
  uplink?: AttachedHost
}

/** An emulated host behind the ISP's router; the packet's hop limit is what is left of it there. */
export interface AttachedHost {
  receive(packet: Packet, frame: Frame): void
}

export interface IspRouter {
  readonly mac: Mac
  readonly linkLocal: Ipv6Address
  /** On the WAN link, in the present prefix. */
  readonly address: Ipv6Address
  /** Another resolver, which answers as `address` does. */
  readonly otherResolver: Ipv6Address
  /** Of the first and of the second server. */
  readonly duids: readonly [Duid, Duid]
  parameters(): IspParameters
  /** Serves the line differently from now on. Returns what is different, to be marked. */
  change(change: IspChange): IspChange
  secondServer(answers: boolean): void
  answerWith(rule: AnswerRule | undefined, why?: () => string): void
  /** An RA now; with `interval: 0` as well. */
  advertise(why?: string): Frame
  /** Sends as it is, to the DUT; the link-local source is filled in. */
  send(packet: PacketInit, why?: string): Frame
  /**
   * Routes a packet of an Internet host to the DUT, one hop on. Returns its frame, or that of the NS that it has to
   * wait for; `sent` is called with its own frame, now or then.
   */
  forward(packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame
  /** Whether packets for this address find their way to it now: it is out of a live lease, or of the WAN link's prefix. */
  serves(address: Ipv6Address): boolean
  /** A packet that another router at the far end of the line forwards to the Internet. */
  enter(packet: Packet, frame: Frame): void
  /** The first host that is attached is where all names live. */
  attachInternet(address: Ipv6Address, host: AttachedHost): void
  /** What the DUT answers after all that it sent before: `Attachment.fence`. */
  fence: Attachment['fence']
  /** Stops all timers and leaves the port. */
  close(): void
}

/** The ISP's router at the other end of the DUT's line, and the way to the emulated Internet. */
export function ispRouter(ctx: IspContext, options: IspOptions): IspRouter {
  const { port, mac, variety = plain } = options
  const linkLocal = ispLinkLocal(variety, mac)
  const duids = [
    duidOf(variety, mac),
    duidOf(variety, elsewhere(variety, 'second server'), 'DUID of the second server'),
  ] as const
  const interfaceId = options.interfaceId ?? variety.pick('address', [1, 0x2e, 0xfffe])
  const manners = dnsManners(variety)
  const internet = new Map<Ipv6Address, AttachedHost>()
  let parameters = structuredClone(options.parameters)
  /** The DUT's link-local address. */
  let customer: Ipv6Address | undefined

  const address = () => addressIn(parameters.wanPrefix, interfaceId)
  const otherResolver = () => addressIn(parameters.wanPrefix, otherResolverId)
  const isOwn = (destination: Ipv6Address) => [linkLocal, address(), otherResolver()].includes(destination)
  const addresses = () => [linkLocal, address(), otherResolver(), ...(parameters.ipv4 ? [gateway4] : [])]
  const net = stack(
    ctx,
    {
      // A frame of the bench's from the DUT's port: a switch chip that bridges LAN and WAN while it boots.
      attach: (port.line.pppoe ? pppoeServer : ethernet)({
        mac,
        linkLocal,
        port: () => port,
        accepts: ({ direction, from }) => direction === 'out' || from === 'dut',
      }),
      slaac: false,
      isRouter: true,
      variety,
      infrastructure: { linkLocal, addresses, nextHop },
    },
    {
      deliver,
      forward: enter,
      receive4,
      solicited: (packet) => advertiser.solicited(packet),
    },
  )
  const dhcpv6 = dhcpv6Service(
    ctx.clock,
    duids,
    { linkLocal, resolver: address, parameters: () => parameters },
    variety,
  )
  const advertiser = routerAdvertiser(
    ctx,
    () => parameters.ra.interval,
    (why, to) => {
      const advertisement = (dst: Ipv6Address): PacketInit => ({
        ip6: { src: linkLocal, dst },
        icmp6: advertisementOf(parameters, net.linkLayerAddress, variety),
      })
      return to?.ip6 ? net.reply(to, advertisement(to.ip6.src), why) : net.sendFrame(advertisement(ALL_NODES), why)
    },
    variety,
  )
  const tcp = tcpPorts(ctx, {
    send: net.send,
    sourceFor: address,
    mtu: () => lineMtu(parameters, port.line),
  })
  tcp.serve(
    DNS_PORT,
    dnsOverTcp((query) => answerDns(query, namedHost(), 'TCP')),
  )
  net.onPacket(({ ip6 }, { from }) => {
    if (from === 'dut' && ip6 && isLinkLocal(ip6.src)) customer = ip6.src
  })
  net.plugIn()

  function receive4(packet: Packet, toGroup: boolean): void {
    if (!parameters.ipv4 || packet.malformed || isAuthenticated(packet) || (toGroup && !packet.dhcp4)) return
    const answer = answerIpv4(packet, answerUdp)
    if (answer) net.reply(packet, answer)
  }

  function enter(packet: Packet, frame: Frame): void {
    const { ip6 } = packet
    if (ip6 && !isLinkLocal(ip6.dst) && !isMulticast(ip6.dst) && mayEnter(ip6.src)) toInternet(packet, ip6, frame)
  }

  /** Ingress filter, RFC 2827: nothing enters from addresses that were not given to this line. */
  function mayEnter(source: Ipv6Address): boolean {
    return (
      inPrefix(source, parameters.wanPrefix) || dhcpv6.isLeased(source) || dhcpv6.delegationOf(source) !== undefined
    )
  }

  function toInternet(packet: Packet, ip6: NonNullable<Packet['ip6']>, frame: Frame): void {
    if (ip6.hopLimit <= 1) return
    // For any destination: time servers are configured by name, and all names have the address of the Internet host.
    const time = packet.udp?.dstPort === 123 && !isAuthenticated(packet) ? answerUdp(packet) : undefined
    if (time) reply(packet, ip6, time)
    // What is for the DUT's own prefixes is lost here: sent back, it would loop.
    else
      (internet.get(ip6.dst) ?? options.uplink)?.receive(
        { ...packet, ip6: { ...ip6, hopLimit: ip6.hopLimit - 1 } },
        frame,
      )
  }

  function deliver(packet: Packet, frame: Frame): void {
    const { ip6, icmp6 } = packet
    if (!ip6 || packet.malformed || isAuthenticated(packet)) return
    if (icmp6?.type === 'echo-request' && !icmp6.badChecksum && isOwn(ip6.dst)) {
      const { id, seq, data } = icmp6
      net.send({
        ip6: { src: ip6.dst, dst: ip6.src, hopLimit: HOP_LIMIT },
        icmp6: { type: 'echo-reply', id, seq, data },
      })
    }
    const dhcp = dhcpv6.receive(packet)
    if (dhcp) for (let n = 0; n < dhcp.times; n++) net.reply(packet, dhcp.packet, dhcp.why)
    if (packet.tcp?.dstPort === DNS_PORT && isOwn(ip6.dst)) tcp.receive(packet, frame)
    if (packet.udp?.badChecksum || !isOwn(ip6.dst)) return
    const answer = answerUdp(packet)
    if (answer) reply(packet, ip6, answer)
  }

  /** Where all names live. */
  function namedHost() {
    const [aaaa] = internet.keys()
    return { aaaa, a: INTERNET4, manners }
  }

  /** DNS and NTP: what answers, without addresses and ports. */
  function answerUdp({ udp, dns, payload }: Packet): PacketInit | undefined {
    if (udp?.dstPort === DNS_PORT && dns?.type === 'query') return { dns: answerDns(dns, namedHost()) }
    const time = udp?.dstPort === 123 && payload && answerNtp(payload, ctx.wallClock())
    return time ? { payload: time } : undefined
  }

  function reply({ udp }: Packet, ip6: NonNullable<Packet['ip6']>, answer: PacketInit): void {
    net.send({
      ip6: { src: ip6.dst, dst: ip6.src, hopLimit: HOP_LIMIT },
      udp: { srcPort: udp?.dstPort, dstPort: udp?.srcPort },
      ...answer,
    })
  }

  /** On-link or by its lease; packets to all other addresses are sent to the DUT, the only node on the line. */
  function nextHop(destination: Ipv6Address): Ipv6Address {
    const onLink =
      isLinkLocal(destination) || inPrefix(destination, parameters.wanPrefix) || dhcpv6.isLeased(destination)
    return (onLink ? destination : dhcpv6.delegationOf(destination)?.via) ?? customer ?? destination
  }

  return {
    mac,
    linkLocal,
    get address() {
      return address()
    },
    get otherResolver() {
      return otherResolver()
    },
    duids,
    parameters: () => structuredClone(parameters),
    serves: (at) => inPrefix(at, parameters.wanPrefix) || dhcpv6.delegationOf(at) !== undefined,
    change(change) {
      const [next, changed] = merge(parameters, change)
      const before = parameters
      parameters = next
      if (before.ra.interval !== next.ra.interval) advertiser.reschedule()
      if (before.dhcpv6.ignoreSolicits !== next.dhcpv6.ignoreSolicits) dhcpv6.forgetSolicits()
      return changed
    },
    secondServer: dhcpv6.secondServer,
    answerWith: dhcpv6.answerWith,
    advertise: (why = 'the ISP advertises a change') => advertiser.advertise(why),
    send: net.sendToPeer,
    forward(packet, why, sent) {
      const hopLimit = Math.max(0, (packet.ip6?.hopLimit ?? HOP_LIMIT) - 1)
      return net.send({ ...packet, ip6: { ...packet.ip6, hopLimit } }, why, sent)
    },
    enter,
    fence: net.fence,
    attachInternet: (at, host) => void internet.set(at, host),
    close() {
      advertiser.close()
      net.stop()
    },
  }
}

/** Many routers of ISPs are simply fe80::1. */
function ispLinkLocal(variety: Variety, mac: Mac): Ipv6Address {
  return variety.pick('link-local address', ['by interface identifier', 'fe80::1']) === 'fe80::1'
    ? 'fe80::1'
    : linkLocalBy(interfaceIds(variety, mac))
}
