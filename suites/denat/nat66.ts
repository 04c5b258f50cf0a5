import { anyOf, claim, type Frame, invariant, the } from 'denat'

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

export const requirements = [
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
          claim`The addresses and ports of a host are the same on the LAN and on the WAN.`,
          claim`${the.name(sender(frame))} was changed to ${the.name(sender(candidate))}`,
          frame,
          candidate,
        )
      else crossed.push([frame, same])
    }
    const [first] = crossed
    if (!first)
      return notApplicable(
        claim`In this recording the router forwards no packet of a host to the Internet.`,
        ...recording.frames.slice(0, 1),
      )
    for (const pair of crossed.slice(0, 4))
      judge.met(
        claim`The addresses and ports of a host are the same on the LAN and on the WAN.`,

        ...pair,
      )
    judge.note(claim`${crossed.length} packets compared`)
  }),
]
