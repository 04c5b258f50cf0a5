import type { Frame, Recording } from '../recording/recording.ts'
import { inPrefix } from '../wire/address.ts'
import { isFrame, type Look } from './coverage.ts'
import { isWan } from './query.ts'
import { dhcpv6OptionsOf, iaPrefixes, quoted } from './read.ts'
import type { Sought } from './sought.ts'
import type { Part } from './verdict.ts'

/** What the claim that decided has looked at, in its order, and what it looked for where that is missing. */
export interface Deciding {
  looks: readonly Look[]
  sought?: Sought
  /** What was claimed to be there did not come. */
  missing?: true
}

/** A packet, or the pattern of one that did not come. */
interface Message {
  icmp6?: unknown
  dhcp6?: unknown
  dhcp4?: unknown
  dns?: unknown
  arp?: unknown
  udp?: unknown
  tcp?: unknown
  ip6?: unknown
  ppp?: unknown
}

const field = (layer: unknown, name: string): unknown =>
  typeof layer === 'object' && layer !== null ? (layer as Record<string, unknown>)[name] : undefined

const neighborDiscovery = ['neighbor-solicitation', 'neighbor-advertisement', 'redirect']
const errors = ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem']
const pcpPort = 5351

/** Which part sends or answers such a message on this side; undefined: the message passes through, or may be anything. */
function partFor({ icmp6, dhcp6, dhcp4, dns, arp, udp, ppp }: Message, onWan: boolean): Part | undefined {
  const type = field(icmp6, 'type')
  if (dhcp6) return onWan ? 'wan-dhcpv6' : 'lan-dhcpv6'
  if (type === 'router-solicitation' || type === 'router-advertisement') return onWan ? 'wan-ra' : 'lan-ra'
  if (typeof type === 'string' && neighborDiscovery.includes(type)) return 'neighbors'
  if (typeof type === 'string' && type.startsWith('multicast-listener')) return 'neighbors'
  if (typeof type === 'string' && errors.includes(type)) return 'icmpv6'
  if (dns) return 'dns'
  if (field(udp, 'dstPort') === pcpPort || field(udp, 'srcPort') === pcpPort) return 'pcp'
  if (dhcp4 || arp) return 'ipv4'
  if (ppp && !icmp6 && !udp) return 'link'
  return undefined
}

const passes = ({ icmp6, udp, tcp, ip6 }: Message): boolean => Boolean(udp ?? tcp ?? icmp6 ?? ip6)

/** What the bench sent to pass through the router: an error in it is about the packets of others. */
const partAsked = ({ packet, port }: Frame): Part | undefined => {
  const part = partFor(packet, isWan(port))
  return part === 'icmpv6' ? undefined : part
}

/** Seconds after a packet in which the router shows what it did with it. */
const soon = 1.5

/** RFC 4443 section 3.1: administratively prohibited, source address failed a policy, reject route. */
const prohibited: readonly unknown[] = [1, 5, 6]

/** Why the router did not pass on this packet, from what it sent instead. */
function notPassed(stimulus: Frame, { frames }: Recording): Part {
  const dst = stimulus.packet.ip6?.dst
  if (dst === undefined) return 'forwarding'
  const after = frames.filter(
    ({ from, at, number }) => from === 'dut' && number > stimulus.number && at - stimulus.at <= soon,
  )
  for (const frame of after) {
    const { icmp6, ip6 } = frame.packet
    if (icmp6?.type === 'neighbor-solicitation' && 'target' in icmp6 && icmp6.target === dst) return 'routes'
    if (icmp6?.type === 'destination-unreachable' && quoted(frame)?.ip6?.dst === dst)
      return prohibited.includes(icmp6.code) ? 'firewall' : 'routes'
    // It goes back to where it came from.
    if (ip6?.dst === dst && frame.port === stimulus.port) return 'routes'
  }
  if (!isWan(stimulus.port)) return 'routes'
  // A prefix that the router has delegated needs a route to the router that holds it.
  const isDelegated = frames.some(
    (frame) =>
      frame.from === 'dut' &&
      !isWan(frame.port) &&
      frame.packet.dhcp6?.type === 'reply' &&
      iaPrefixes(frame).some(({ prefix }) => inPrefix(dst, prefix)),
  )
  return isDelegated ? 'routes' : 'firewall'
}

/** The answer to a packet that the router passed on, where the router did not pass on the answer. */
function lostReply({ packet: { ip6 }, port, number, at }: Frame, { frames }: Recording): Frame | undefined {
  if (!ip6) return undefined
  const replies = frames.filter(
    (one) =>
      one.number > number && one.at - at <= soon && one.packet.ip6?.src === ip6.dst && one.packet.ip6?.dst === ip6.src,
  )
  const reply = replies.find((one) => one.direction === 'out' && one.port === port)
  return reply && !replies.some(({ from }) => from === 'dut') ? reply : undefined
}

/** The first step on a router's way to be online that it never takes in this recording. */
function missingStep({ frames }: Recording): Part | undefined {
  const sent = frames.filter(({ from }) => from === 'dut')
  if (sent.length === 0) return 'link'
  const [wan, lan] = [sent.filter(({ port }) => isWan(port)), sent.filter(({ port }) => !isWan(port))]
  if (!wan.some(({ packet }) => packet.ip6)) return 'wan-ra'
  if (!wan.some((frame) => isClients(frame) && dhcpv6OptionsOf(frame, 'ia-pd').length > 0)) return 'wan-dhcpv6'
  const granted = frames.find(
    (frame) =>
      isWan(frame.port) &&
      frame.direction === 'out' &&
      frame.packet.dhcp6?.type === 'reply' &&
      iaPrefixes(frame).some(({ validLifetime }) => validLifetime > 0),
  )
  const advertises = lan.some(({ packet }) => packet.icmp6?.type === 'router-advertisement')
  return granted && !advertises ? 'lan-ra' : undefined
}

const isClients = ({ packet: { dhcp6 } }: Frame): boolean => dhcp6 !== undefined && !('hopCount' in dhcp6)

/** The frames that a claim looked at; a mark stands for the frames that it names. */
const framesOf = (looks: readonly Look[], { frames }: Recording): Frame[] =>
  looks.flatMap((look) => (isFrame(look) ? [look] : (look.frames ?? []).flatMap((number) => frames[number - 1] ?? [])))

/**
 * The part of the router that is probably wrong, from the packets of a verdict: their side, protocol and sender. Undefined:
 * they do not show it.
 */
export function partOf({ looks, sought, missing }: Deciding, recording: Recording): Part | undefined {
  const frames = framesOf(looks, recording)
  if (frames.length === 0 && looks.some((look) => !isFrame(look) && /page|setting/.test(look.mark))) return 'page'
  const step = missing ? missingStep(recording) : undefined
  if (step) return step
  const sent = frames.findLast(({ from }) => from === 'dut')
  const given = frames.findLast(({ direction }) => direction === 'out')
  if (sought) {
    const port = (sought.among[0] ?? given ?? sent)?.port
    const part = port === undefined ? undefined : partFor(sought.pattern, isWan(port))
    if (part) return part
    if (given && passes(sought.pattern)) return partAsked(given) ?? notPassed(given, recording)
  }
  // What the router sent is wrong, unless something is missing: then what it was sent had no right answer.
  if (!missing && sent && !(given && isErrorAbout(sent, given))) {
    const part = partFor(sent.packet, isWan(sent.port))
    if (part) return part
    if (given && given.number > sent.number) return partAsked(given) ?? notPassed(given, recording)
    const reply = lostReply(sent, recording)
    if (reply) return notPassed(reply, recording)
    if (passes(sent.packet)) return given && isWan(given.port) && !isWan(sent.port) ? 'firewall' : 'forwarding'
  }
  if (given && passes(given.packet)) return partAsked(given) ?? notPassed(given, recording)
  return missingStep(recording)
}

/** The router answers a packet that it should have passed on. */
const isErrorAbout = (sent: Frame, { packet: { ip6 } }: Frame): boolean =>
  sent.packet.icmp6?.type === 'destination-unreachable' && ip6 !== undefined && quoted(sent)?.ip6?.dst === ip6.dst
