import {
  anyOf,
  dhcpv6OptionsOf,
  type Frame,
  factoryReset,
  invariant,
  isLinkLocal,
  isRelay,
  isUla,
  pageAsked,
  poweredOn,
  ra,
} from 'denat'
import { ulaFence, ulaIn } from '../scenarios/evening/end-to-end.ts'
import { links } from './frames.ts'

const neighborDiscovery = anyOf(
  'router-solicitation',
  'router-advertisement',
  'neighbor-solicitation',
  'neighbor-advertisement',
  'redirect',
)

invariant('RFC4861-4-ND255', (evidence) => {
  const { judge, given } = evidence
  const sent = links(evidence)
    .flatMap((link) => link.fromDut.all({ icmp6: { type: neighborDiscovery } }))
    // A Redirect from an address that is not link-local is none of the router's (RFC 4861 section 8.1): it passes through.
    .filter(({ packet: { ip6, icmp6 } }) => icmp6?.type !== 'redirect' || isLinkLocal(ip6?.src ?? '::'))
  given(sent[0], 'RFC7084-W-2')
  judge.each(sent, 'Every Neighbor Discovery message of the router has hop limit 255.', (frame) =>
    frame.packet.ip6?.hopLimit === 255 ? undefined : `hop limit ${frame.packet.ip6?.hopLimit}`,
  )
})

invariant('RFC8200-8.1-CHECKSUM', (evidence) => {
  const { judge, given } = evidence
  const sent = links(evidence)
    .flatMap((link) => link.fromDut.all({ ip6: {} }))
    .filter(({ packet, originalLength }) => (packet.icmp6 || packet.udp || packet.tcp) && originalLength === undefined)
  given(sent[0], 'RFC7084-W-2')
  judge.each(sent, 'Every ICMPv6, UDP and TCP packet that the router sends has the right checksum.', ({ packet }) =>
    (packet.icmp6 ?? packet.udp ?? packet.tcp)?.badChecksum ? 'a wrong checksum' : undefined,
  )
})

invariant('RFC4861-4.2-RASOURCE', (evidence) => {
  const { judge, given, lan } = evidence
  const sent = lan.fromDut.all(ra())
  given(sent[0], 'RFC7084-L-1')
  judge.each(sent, 'Every Router Advertisement comes from a link-local address.', (frame) =>
    isLinkLocal(frame.packet.ip6?.src ?? '::') ? undefined : `source ${frame.packet.ip6?.src}`,
  )
})

/** A recording begins with a factory reset; where there is another one, the DUID is judged up to it. */
invariant('RFC7084-W-5', ({ wan, judge, given, every }) => {
  const [power] = every(poweredOn)
  const byPage = every(pageAsked).filter(({ call }) => call === 'factoryReset')
  const reset = [...byPage, ...every(factoryReset)].find(({ mark }) => power && mark.at > power.mark.at)
  // A relay's message holds a client's, a server's names one, and neither is one.
  const own = wan.fromDut
    .all({ dhcp6: {} }, { ...(reset && { before: reset.mark }) })
    .filter(({ packet: { dhcp6 } }) => dhcp6 && !isRelay(dhcp6) && dhcp6.type !== 'advertise' && dhcp6.type !== 'reply')
  const sent = own.filter((frame) => dhcpv6OptionsOf(frame, 'client-id').length > 0)
  const first = given(sent[0], 'RFC7084-WAA-3')
  const duid = dhcpv6OptionsOf(first, 'client-id')[0]?.duid
  judge.each(sent, `From one factory reset to the next the DHCPv6 client has one DUID (${duid}).`, (frame) => {
    const now = dhcpv6OptionsOf(frame, 'client-id')[0]?.duid
    return now === duid ? undefined : `DUID ${now}`
  })
})

invariant('RFC7084-ULA-4', ({ wan, lan, judge, given, at, every }) => {
  const sent = wan.fromDut.all({ ip6: {} })
  given(sent[0], 'RFC7084-W-2')
  judge.each(sent, 'No packet with a unique local source or destination leaves on the WAN.', ({ packet }) => {
    const { src = '::', dst = '::' } = packet.ip6 ?? {}
    return isUla(src) || isUla(dst) ? `${src} to ${dst}` : undefined
  })
  const inward = every(ulaIn)
  if (inward.length === 0) return
  const fence = given(at(ulaFence).answer, 'DENAT-DEFAULT-1')
  for (const { source, target, mark } of inward)
    judge.absent(
      lan.fromDut.all({ ip6: { src: source, dst: target } }),
      `A packet from ${source} to ${target} that comes in by the WAN does not reach the LAN.`,
      { fence, since: mark },
    )
})

/** Forwarding takes no longer than this, the DUT's neighbor resolution included. Seconds. */
const transit = 4

/** What stays the same when a packet is forwarded, whatever happens to its addresses and ports. */
function content({ packet }: Frame): string | undefined {
  const { icmp6, udp, tcp, payload } = packet
  const bytes = (data?: Uint8Array) => Buffer.from(data ?? []).toString('hex')
  if (icmp6?.type === 'echo-request' && 'data' in icmp6) return `echo ${icmp6.seq} ${bytes(icmp6.data)}`
  if (tcp) return `tcp ${tcp.seq} ${tcp.ack} ${tcp.flags} ${bytes(payload)}`
  if (udp) return `udp ${bytes(payload)}`
  return undefined
}

/** Source with port or identifier, as the far end sees it. */
function sender({ packet }: Frame): string {
  const { ip6, icmp6, udp, tcp } = packet
  const port = udp?.srcPort ?? tcp?.srcPort ?? (icmp6 && 'id' in icmp6 ? icmp6.id : '')
  return `${ip6?.src} port ${port}`
}

invariant('DENAT-NONAT66-1', ({ wan, lan, world, judge, notApplicable, recording }) => {
  const internet = ['internet', 'internet2'].map((role) => world.stations[role]?.address)
  const flow = { ip6: { dst: anyOf(...internet) } }
  const out = wan.fromDut.all(flow)
  const sent = lan.toDut.all(flow)
  const byContent = new Map<string, Frame[]>()
  for (const frame of out) {
    const key = `${frame.packet.ip6?.dst} ${frame.packet.udp?.dstPort ?? frame.packet.tcp?.dstPort ?? ''} ${content(frame)}`
    byContent.set(key, [...(byContent.get(key) ?? []), frame])
  }
  // Another host's packet with the same content is that host's, whether or not this one's was forwarded.
  const senders = new Set(sent.map(sender))
  const crossed: [Frame, Frame][] = []
  for (const frame of sent) {
    const what = content(frame)
    if (!what) continue
    const key = `${frame.packet.ip6?.dst} ${frame.packet.udp?.dstPort ?? frame.packet.tcp?.dstPort ?? ''} ${what}`
    const candidates = (byContent.get(key) ?? []).filter((one) => one.at >= frame.at && one.at < frame.at + transit)
    const same = candidates.find((one) => sender(one) === sender(frame))
    const candidate = same ?? candidates.find((one) => !senders.has(sender(one)))
    if (!candidate) continue
    if (!same)
      judge.holds(
        false,
        'Addresses and ports of a host are the same on the LAN and on the WAN.',
        `${sender(frame)} became ${sender(candidate)}`,
        frame,
        candidate,
      )
    else crossed.push([frame, same])
  }
  const [first] = crossed
  if (!first)
    return notApplicable(
      "No host's packet to the Internet crosses the router in this recording.",
      ...recording.frames.slice(0, 1),
    )
  for (const pair of crossed.slice(0, 4))
    judge.holds(true, 'Addresses and ports of a host are the same on the LAN and on the WAN.', '', ...pair)
  judge.note(`${crossed.length} packets compared`)
})
