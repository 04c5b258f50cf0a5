import { formatIpv6, type Ipv6Address, isLinkLocal, isMulticast } from '../../wire/address.ts'
import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import { encodeDhcpv6 } from '../../wire/dhcpv6.ts'
import { isAuthenticated } from '../../wire/extension-headers.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'
import { isSolicitation } from '../interface/solicitations.ts'
import { type IcmpErrors, unreachable } from '../transit/icmp-errors.ts'
import { answerTcp } from './page-service.ts'

/** RFC 8200 section 4.7. */
const noNextHeader = 59
/** Where Next Header lies in an IPv6 header: RFC 8200 section 3. */
const nextHeaderAt = 6

const port = { dns: 53, time: 123, pcp: 5351, client: 546, server: 547 }

export interface DeliveryNeeds {
  wan: NetworkInterface
  lans: NetworkInterface[]
  errors: IcmpErrors
  /** Sends a packet of the router's own on its way. */
  originate(dst: Ipv6Address, packet: PacketInit): void
  advertised(packet: Packet): void
  solicited(lan: number, packet: Packet): void
  dhcpv6Client(message: Dhcpv6, unicast: boolean): void
  dhcpv6Server(lan: number, message: Dhcpv6, client: Ipv6Address, unicast: boolean): Dhcpv6 | undefined
  /** The response to a PCP request from the LAN. */
  pcpRequest(from: Ipv6Address, request: Uint8Array): Uint8Array | undefined
  /** False: the port is not open yet. */
  dnsQuery(from: Ipv6Address, fromPort: number, at: Ipv6Address, payload: Uint8Array): boolean
  dnsAnswer(from: Ipv6Address, toPort: number, payload: Uint8Array): boolean
  /** DNS over TCP, of a host and of the ISP's resolver; false where no connection is known. */
  dnsSegment(packet: Packet): void
  dnsSegmentBack(packet: Packet): boolean
  timeAnswer(from: Ipv6Address, toPort: number): boolean
}

/** The first option that this router does not know and may not skip (RFC 8200 section 4.2), and where it is. */
function unknownOption({ ext = [] }: Packet): { option: number; pointer: number } | undefined {
  const [header] = ext
  if (header?.type !== 'hop-by-hop' && header?.type !== 'destination-options') return undefined
  let pointer = 40 + 2
  for (const { type, data } of header.options) {
    if (type === 'malformed') return undefined
    if (type >> 6 > 0) return { option: type, pointer }
    pointer += type === 0 ? 1 : 2 + data.length
  }
  return undefined
}

/** A DNS query over TCP (RFC 7766) comes back as a response with RCODE 5. */
function refusedQuery(query: Uint8Array): Uint8Array {
  const response = query.slice()
  response.set([0x80, 5], 4)
  return response
}

/** What the router does with packets for itself, by the interface that they came by. */
export function localDelivery({ behavior, clock }: Context, needs: DeliveryNeeds) {
  const { wan, lans, errors } = needs

  /** RFC 6092 REC-50: nothing is offered to the Internet. */
  function offersManagement(at: Ipv6Address, on: NetworkInterface): boolean {
    if (on !== wan) return behavior.pageOverIpv6
    if (behavior.managementOnWan === 'both') return true
    if (isLinkLocal(at)) return behavior.managementOnWan === 'link-local'
    return behavior.managementOnWan === (wan.addresses.owns(at) ? 'WAN address' : 'LAN address')
  }

  function soon(seconds: number, act: () => void): void {
    if (seconds > 0) clock.after(seconds, act)
    else act()
  }

  function answer(packet: Packet, on: NetworkInterface, reply: PacketInit): void {
    const { src = '::', dst = '::' } = packet.ip6 ?? {}
    const isToGlobal = reply.icmp6 !== undefined && !isLinkLocal(src)
    const astray = isToGlobal && behavior.echoAnsweredFrom === 'its usual source'
    const addressed = { ...reply, ip6: { ...reply.ip6, ...(!astray && { src: dst }), dst: src } }
    if (isLinkLocal(src)) on.reply(packet, addressed)
    else needs.originate(src, addressed)
  }

  function udp(packet: Packet, octets: Uint8Array, on: NetworkInterface, ip6: NonNullable<Packet['ip6']>): void {
    const { udp: header, dhcp6, payload } = packet
    if (!header || header.badChecksum || packet.malformed?.layer === 'udp') return
    const lan = lans.indexOf(on)
    if (header.dstPort === port.client && on === wan) {
      if (dhcp6) needs.dhcpv6Client(dhcp6, !isMulticast(ip6.dst))
    } else if (header.dstPort === port.server && (lan >= 0 || behavior.dhcpv6ServerOnWan)) {
      const reply = dhcp6 && needs.dhcpv6Server(Math.max(0, lan), dhcp6, ip6.src, !isMulticast(ip6.dst))
      if (!reply) return
      const answered = {
        ip6: { src: on.linkLocal, dst: ip6.src },
        udp: { srcPort: behavior.serverPort, dstPort: header.srcPort === port.server ? port.server : port.client },
        payload: encodeDhcpv6(reply),
      }
      soon(behavior.answersAfter, () => on.send(answered))
    } else if (
      header.dstPort === port.dns &&
      !isMulticast(ip6.dst) &&
      (on !== wan || behavior.dnsOnWan.includes('udp'))
    ) {
      const isOpen = payload && needs.dnsQuery(ip6.src, header.srcPort, ip6.dst, payload)
      if (isOpen === false) errors.send(packet, octets, { type: 'destination-unreachable', code: unreachable.port })
    } else if (header.dstPort === port.pcp && (on !== wan || behavior.pcpOnWan) && !isMulticast(ip6.dst)) {
      const response = payload && needs.pcpRequest(ip6.src, payload)
      if (response) answer(packet, on, { udp: { srcPort: port.pcp, dstPort: header.srcPort }, payload: response })
    } else if (header.srcPort === port.dns && payload && needs.dnsAnswer(ip6.src, header.dstPort, payload)) {
      return
    } else if (header.srcPort === port.time && needs.timeAnswer(ip6.src, header.dstPort)) {
      return
    } else if (on !== wan || behavior.closedPortsReported) {
      errors.send(packet, octets, { type: 'destination-unreachable', code: unreachable.port })
    }
  }

  /** RFC 8200 section 4.4: type 0 is an unknown type (RFC 5095). The pointer is known for a first extension header only. */
  function isRoutedOn(packet: Packet, octets: Uint8Array, ip6: NonNullable<Packet['ip6']>): boolean {
    const header = packet.ext?.find((one) => one.type === 'routing')
    if (!header || header.segmentsLeft === 0) return false
    if (header.routingType === 0 && behavior.routingType0 === 'processed') {
      const dst = formatIpv6(header.data, header.data.length - 16)
      needs.originate(dst, { ...packet, ip6: { ...ip6, dst }, ext: [{ ...header, segmentsLeft: 0 }] })
    } else if (packet.ext?.[0] === header && !isMulticast(ip6.dst))
      errors.send(packet, octets, { type: 'parameter-problem', code: 0, pointer: 40 + 2 })
    return true
  }

  return (packet: Packet, octets: Uint8Array, on: NetworkInterface): void => {
    const { ip6, icmp6, tcp } = packet
    if (!ip6 || isAuthenticated(packet) || isRoutedOn(packet, octets, ip6)) return
    if (behavior.ownUnknownOptions === 'dropped' && packet.ext?.some(({ type }) => type === 'destination-options'))
      return
    const unknown = unknownOption(packet)
    if (unknown) {
      // RFC 8200 section 4.2: 10 and 11 cause an error, 01 does not.
      if (unknown.option >> 6 > 1) errors.send(packet, octets, { type: 'parameter-problem', code: 2, ...unknown })
      return
    }
    if (isSolicitation(packet)) {
      if (on !== wan) needs.solicited(lans.indexOf(on), packet)
      else if (behavior.advertisesOn === 'the LAN, and the WAN when asked')
        on.send({ ip6: { src: on.linkLocal, dst: ip6.src }, icmp6: { type: 'router-advertisement', options: [] } })
    } else if (icmp6?.type === 'router-advertisement') {
      // Neighbor Discovery was checked by the interface that it came by.
      if (on === wan) needs.advertised(packet)
    } else if (icmp6) {
      if (icmp6.badChecksum || packet.malformed) return
      if (icmp6.type === 'echo-request' && !isMulticast(ip6.dst) && (on === wan || behavior.echoAnsweredOnLan))
        soon(behavior.echoAnsweredAfter, () =>
          answer(packet, on, { icmp6: { ...icmp6, type: 'echo-reply', checksum: undefined } }),
        )
      // RFC 4443 section 2.4 b; a Parameter Problem would be the word for an error of unknown type.
      else if (typeof icmp6.type === 'number' && icmp6.type >= 128 && !behavior.unknownInformationalDiscarded)
        errors.send(packet, octets, { type: 'parameter-problem', code: 1, pointer: 40 })
    } else if (packet.udp) udp(packet, octets, on, ip6)
    else if (tcp?.dstPort === port.dns && !isMulticast(ip6.dst) && on !== wan && behavior.dnsOverTcp)
      needs.dnsSegment(packet)
    else if (tcp?.srcPort === port.dns && on === wan && needs.dnsSegmentBack(packet)) return
    else if (tcp && !isMulticast(ip6.dst)) {
      const segment = offersManagement(ip6.dst, on)
        ? answerTcp(packet)
        : tcp.dstPort === port.dns && behavior.dnsOnWan.includes('tcp')
          ? answerTcp(packet, [port.dns], refusedQuery)
          : on === wan && behavior.closedTcpPortsOnWan === 'reset'
            ? answerTcp(packet, [])
            : undefined
      if (segment) answer(packet, on, segment)
    } else if (
      behavior.unknownHeaderReported &&
      !packet.ext &&
      ip6.nextHeader !== noNextHeader &&
      !isMulticast(ip6.dst)
    )
      errors.send(packet, octets, { type: 'parameter-problem', code: 1, pointer: nextHeaderAt })
  }
}
