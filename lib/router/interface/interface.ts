import {
  type Ipv6Address,
  inPrefix,
  isMulticast,
  type Mac,
  network,
  parseIpv6,
  solicitedNode,
} from '../../wire/address.ts'
import { decodeReassembled } from '../../wire/decode.ts'
import { ipBytes } from '../../wire/fragment.ts'
import type { RouterAdvertisement } from '../../wire/icmpv6.ts'
import { type NdOption, ndOption } from '../../wire/nd-options.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Attach, Attachment } from '../attachment/attachment.ts'
import type { Context } from '../context.ts'
import { type AddressTable, addressTable } from './addresses.ts'
import { formed, opaqueAddress } from './interface-ids.ts'
import { type MulticastGroups, multicastGroups } from './multicast-groups.ts'
import { isNeighborDiscovery, neighborDiscoveryFaults } from './neighbor-discovery-faults.ts'
import { announceNewAddress, announceToHosts } from './new-addresses.ts'
import { reassembly } from './reassembly.ts'
import { isSolicitation, solicitationFlaw } from './solicitations.ts'

export interface InterfaceOptions {
  name: string
  attach: Attach
  /** Another router's link, not its own: new addresses are advertised there (RFC 9131). */
  isUplink?: boolean
  /** An IPv6 packet, Neighbor Solicitations and Advertisements excepted, that is for no group, for one of its groups, or for one of more than link-local scope. */
  receive(packet: Packet, octets: Uint8Array, on: NetworkInterface): void
  receive4?(packet: Packet): void
  /** Its link carries packets from now on, or no more. */
  onUp?(up: boolean): void
}

/** Multicast of more than link-local scope, RFC 4291 section 2.7. */
const isWiderThanLink = (group: Ipv6Address): boolean => ((parseIpv6(group)[1] as number) & 0xf) > 2

/** One interface of the router: addresses and groups, and the neighbors of its link. */
export interface NetworkInterface
  extends Pick<Attachment, 'mac' | 'up' | 'isUnreachable' | 'isFrom' | 'linkLayerAddressOf'> {
  readonly name: string
  readonly linkLocal: Ipv6Address
  readonly addresses: AddressTable
  readonly groups: MulticastGroups
  /** Link MTU; an RA on the WAN may lower it. */
  mtu: number
  /** Of the router's own packets. */
  hopLimit: number
  /** Begins with the link-local address; `ready` once it is past DAD (RFC 4862 section 5.3). */
  start(delay: number, ready: () => void): void
  /** Deletes its neighbors; DAD for its addresses is repeated when it is started again. */
  down(): void
  /** Sends a packet of the router's own; unicast goes to `nextHop`, or to its destination. */
  send(packet: PacketInit, nextHop?: Ipv6Address): void
  /** Sends a packet of the router's own to the station that this one came from. */
  reply(to: Packet, packet: PacketInit): void
  /** Sends an IPv4 packet of the router's own to all stations. */
  broadcast4(packet: PacketInit): void
  /** Forwards an IPv6 packet of another node. */
  forward(octets: Uint8Array, nextHop: Ipv6Address, failed: () => void): void
  /** Its own link-layer address as Neighbor Discovery names it, where its link has any. */
  named(type: 'source-link-layer' | 'target-link-layer'): NdOption[]
}

export function networkInterface(ctx: Context, options: InterfaceOptions): NetworkInterface {
  const { name } = options
  const { behavior } = ctx
  const link = options.attach(ctx, { onIp, onUp: (up) => options.onUp?.(up), solicitation, linkLocal: () => linkLocal })
  const { mac } = link
  const linkLocal = linkLocalFor()
  const reassemble = reassembly(behavior)
  let running = false

  function linkLocalFor(): Ipv6Address {
    const ids = options.isUplink ? behavior.wanLinkLocal : behavior.lanLinkLocal
    if (ids === 'fe80::1') return ids
    if (ids !== 'another at each boot') return formed('fe80::/64', mac, ids)
    return opaqueAddress('fe80::/64', mac, ctx.random.fork('link-local').bytes(8).join())
  }

  const labels = ctx.random.fork(`flow labels of ${name}`)
  /** Header fields that do not depend on the purpose of a packet. */
  const header = (): NonNullable<PacketInit['ip6']> => ({
    ...(self.hopLimit !== 64 && { hopLimit: self.hopLimit }),
    ...(behavior.ownFlowLabel === 'drawn' && { flowLabel: labels.int(2 ** 20) }),
    ...(behavior.ownTrafficClass !== 0 && { trafficClass: behavior.ownTrafficClass }),
  })

  const encoded = (packet: PacketInit): Uint8Array => ipBytes({ ...packet, ip6: { ...header(), ...packet.ip6 } })
  const transmit = (packet: PacketInit, nextHop?: Ipv6Address): void => {
    if (running) link.send(encoded(packet), nextHop)
  }
  const named: NetworkInterface['named'] = (type) =>
    link.linkLayerAddress === undefined ? [] : [{ type, mac: link.linkLayerAddress }]
  const groups = multicastGroups(ctx, ({ ip6, ...packet }) =>
    // RFC 3810 section 5.2.13: unspecified while there is no valid link-local address.
    transmit({ ...packet, ip6: { src: addresses.owns(linkLocal) ? linkLocal : '::', ...ip6 } }),
  )
  const nonces = ctx.random.fork(`nonces of ${name}`)
  /** RFC 4861 section 7.2.2. */
  const solicitor = (target: Ipv6Address): Ipv6Address =>
    (behavior.solicitsFrom === 'an address in its prefix' &&
      addresses.list().find(({ address }) => addresses.owns(address) && inPrefix(target, network(`${address}/64`)))
        ?.address) ||
    linkLocal
  const addresses: AddressTable = addressTable(ctx, {
    port: name,
    // RFC 4862 section 5.4.5: the MAC is not unique, and so nothing of this interface is.
    duplicated: (address) => address === linkLocal && self.down(),
    added: (address) => groups.join(solicitedNode(address)),
    removed: (address) => groups.leave(solicitedNode(address)),
    assigned: (address) => {
      // While it is its own: not beyond its lifetime.
      const send = (packet: PacketInit) => addresses.owns(address) && transmit(packet)
      if (options.isUplink) announceNewAddress(ctx, address, named('target-link-layer'), send)
      else if (behavior.lanAddressesAnnounced) announceToHosts(address, named('target-link-layer'), send)
    },
    probe: (target) =>
      transmit({
        ip6: { src: '::', dst: solicitedNode(target), hopLimit: 255 },
        icmp6: {
          type: 'neighbor-solicitation',
          target,
          options: behavior.dadNonce ? [{ type: 'nonce', nonce: nonces.bytes(6) }] : [],
        },
      }),
  })
  function solicitation(target: Ipv6Address, how: 'multicast' | 'unicast'): Uint8Array | undefined {
    if (!running) return undefined
    return encoded({
      ip6: { src: solicitor(target), dst: how === 'unicast' ? target : solicitedNode(target), hopLimit: 255 },
      icmp6: {
        type: 'neighbor-solicitation',
        target,
        options: how === 'unicast' && !behavior.probesNameMac ? [] : named('source-link-layer'),
      },
    })
  }

  function solicited(packet: Packet, src: Ipv6Address, target: Ipv6Address, source: Mac | undefined) {
    if (src === '::' && addresses.tentative(target)) return addresses.conflict(target)
    if (!addresses.owns(target)) return
    if (src === '::' && behavior.duplicateQuestions === 'silent') return
    if (src !== '::' && source !== undefined && behavior.solicitationMacsNoted) link.learned(src, source)
    const how = isMulticast(packet.ip6?.dst ?? '::') ? 'multicast' : 'unicast'
    if (!behavior.answersSolicitations(target, name, how)) return
    const from = behavior.answersNeighborsFrom === 'the target' || !addresses.owns(linkLocal) ? target : linkLocal
    // RFC 4861 section 7.2.4.
    const answer: PacketInit = {
      ip6: { src: from, dst: src === '::' ? 'ff02::1' : src, hopLimit: 255 },
      icmp6: {
        type: 'neighbor-advertisement',
        router: { always: true, never: false, 'when asked by multicast': how === 'multicast' }[behavior.routerFlag],
        solicited: src !== '::' || behavior.duplicateQuestions === 'as any other',
        // RFC 4429 section 3.3.
        override: !addresses.optimistic(target),
        target,
        options:
          how === 'unicast' && behavior.targetOption === 'in answers to multicast' ? [] : named('target-link-layer'),
      },
    }
    const send = () => (src === '::' ? transmit(answer) : self.reply(packet, answer))
    if (behavior.answersNeighborsAfter === 0) send()
    else ctx.clock.after(behavior.answersNeighborsAfter, () => addresses.owns(target) && send())
  }

  /** RAs that were received within one second of the first of them. */
  let second = { since: 0, count: 0 }

  /** What is malformed can kill as well as what is believed. */
  function survives(advertisement: RouterAdvertisement): boolean {
    if (ctx.clock.now() - second.since >= 1) second = { since: ctx.clock.now(), count: 0 }
    second.count++
    return behavior.survives(advertisement, second.count)
  }

  /** An RA came whose options were not as long as their kind asks for. */
  let spoilt = false

  function discovery(packet: Packet, ip6: NonNullable<Packet['ip6']>, octets: Uint8Array, reassembled: boolean): void {
    const { icmp6 } = packet
    if (icmp6?.type === 'router-advertisement' && options.isUplink && !survives(icmp6)) {
      self.down()
      return
    }
    if (icmp6?.type === 'router-advertisement') spoilt ||= icmp6.options.some(({ type }) => type === 3 || type === 5)
    if (
      !icmp6 ||
      neighborDiscoveryFaults(packet, reassembled).some((fault) => !behavior.believesDespite(fault, icmp6.type))
    )
      return
    if (icmp6.type === 'neighbor-solicitation') {
      const isUnknown = ({ type }: { type: unknown }) => typeof type === 'number'
      if (behavior.unknownOptions === 'spoil the message' && icmp6.options.some(isUnknown)) return
      const source = ndOption(icmp6, 'source-link-layer')?.mac
      // RFC 4861 section 7.1.1.
      if (ip6.src === '::' && (source !== undefined || ip6.dst !== solicitedNode(icmp6.target))) return
      if (!isMulticast(icmp6.target)) solicited(packet, ip6.src, icmp6.target, source)
    } else if (icmp6.type === 'neighbor-advertisement') {
      addresses.conflict(icmp6.target)
      link.advertised(icmp6.target, ndOption(icmp6, 'target-link-layer')?.mac, icmp6)
    } else if (icmp6.type === 'router-advertisement') {
      const source = ndOption(icmp6, 'source-link-layer')?.mac
      if (source !== undefined && behavior.raMacsNoted) link.learned(ip6.src, source)
      const heeded = behavior.optionsHeeded(icmp6.options, spoilt)
      if (heeded) options.receive({ ...packet, icmp6: { ...icmp6, options: heeded } }, octets, self)
    }
  }

  function routerSolicitation(
    packet: Packet,
    ip6: NonNullable<Packet['ip6']>,
    octets: Uint8Array,
    reassembled: boolean,
  ): void {
    const flaw = solicitationFlaw(packet)
    const fragmented = reassembled || packet.ext !== undefined
    if (fragmented && !behavior.believesDespite('fragment', 'router-solicitation')) return
    if (flaw && behavior.solicitationDiscarded(flaw)) return
    const source = packet.icmp6 && 'options' in packet.icmp6 && ndOption(packet.icmp6, 'source-link-layer')
    if (source && ip6.src !== '::') link.learned(ip6.src, source.mac)
    options.receive(packet, octets, self)
  }

  const self: NetworkInterface = {
    name,
    mac,
    linkLocal,
    addresses,
    groups,
    mtu: link.mtu,
    hopLimit: behavior.ownHopLimit,
    start(delay, ready) {
      const before = addresses.list().length > 0
      running = true
      const forever = { preferredUntil: Number.POSITIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY }
      addresses.set(linkLocal, forever, { delay, assigned: ready })
      if (before) addresses.recheck()
    },
    down() {
      running = false
      link.clear()
    },
    send(packet, nextHop) {
      const dst = packet.ip6?.dst ?? '::'
      transmit(packet, isMulticast(dst) ? undefined : (nextHop ?? dst))
    },
    reply(to, packet) {
      if (running) link.reply(to, encoded(packet))
    },
    broadcast4: (packet) => link.send(ipBytes(packet)),
    forward(octets, nextHop, failed) {
      if (running) link.send(octets, isMulticast(nextHop) ? undefined : nextHop, failed)
    },
    up: link.up,
    isUnreachable: link.isUnreachable,
    isFrom: link.isFrom,
    linkLayerAddressOf: link.linkLayerAddressOf,
    named,
  }

  function onIp(packet: Packet, octets: Uint8Array, reassembled = false): void {
    if (packet.ip4) options.receive4?.(packet)
    const { ip6 } = packet
    if (!ip6 || !running) return
    if (isMulticast(ip6.dst) && !groups.has(ip6.dst) && !isWiderThanLink(ip6.dst)) return
    const whole = isMulticast(ip6.dst) || ip6.dst === linkLocal ? reassemble(packet, octets) : undefined
    if (whole) onIp(decodeReassembled(whole, packet.eth), whole, true)
    else if (packet.icmp6?.type === 'mld-query' && ip6.hopLimit === 1) groups.queried(packet.icmp6)
    else if (isSolicitation(packet)) routerSolicitation(packet, ip6, octets, reassembled)
    else if (isNeighborDiscovery(packet)) discovery(packet, ip6, octets, reassembled)
    else options.receive(packet, octets, self)
  }

  return self
}
