import type { Frame, Mark, Recording } from '../recording/recording.ts'
import { inPrefix, isLinkLocal, isUla, prefixContains, prefixLength } from '../wire/address.ts'
import { dhcpv6, ra } from '../wire/patterns.ts'
import { lanView, wanView } from './query.ts'
import { granted, iaPrefixes, isOneHopOn, ndOptionsOf, pios, raOf, receiverOf, senderOf } from './read.ts'

/** While something holds, in seconds of a recording. */
export interface Held {
  from: number
  to: number
}

/** Under what a router is tried: read from what was recorded, whatever the scenario meant. */
export type Condition = (recording: Recording) => Held[]

const ever = Number.POSITIVE_INFINITY

/** The state at each of these moments holds until the next. */
function while_<T>(settings: readonly { at: number; value: T }[], fits: (value: T) => boolean): Held[] {
  return settings.flatMap(({ at, value }, index) =>
    fits(value) ? [{ from: at, to: settings[index + 1]?.at ?? ever }] : [],
  )
}

/** Without the option it is that of Ethernet. */
const ethernet = 1500

/** Of the line, as the ISP's RAs have it. */
const mtu =
  (wanted: number): Condition =>
  (recording) =>
    while_(
      wanView(recording)
        .toDut.all(ra())
        .filter((frame) => senderOf(frame) === recording.world.stations.isp?.mac)
        .map((frame) => ({ at: frame.at, value: ndOptionsOf(frame, 'mtu')[0]?.mtu ?? ethernet })),
      (value) => value === wanted,
    )

/** By its page; a router that was reset has it on. */
const firewall =
  (wanted: 'on' | 'off'): Condition =>
  ({ marks }) => {
    const settings = marks.flatMap(({ mark, at, data }): { at: number; value: unknown }[] => {
      if (mark === 'factory-reset') return [{ at, value: 'on' }]
      const [level] = (mark === 'web-ui' && data?.call === 'setFirewall' ? data.given : []) as unknown[]
      if (!level) return []
      const done = marks.find((one) => one.mark === 'web-ui-done' && one.data?.call === 'setFirewall' && one.at >= at)
      return [{ at: done?.at ?? ever, value: level }]
    })
    return while_(settings, (value) => value === wanted)
  }

const segments =
  (fits: (count: number) => boolean): Condition =>
  ({ world }) =>
    fits(world.segments.length) ? [{ from: 0, to: ever }] : []

/** On the LAN, as the router's RAs have it. */
const ula =
  (wanted: boolean): Condition =>
  (recording) =>
    while_(
      lanView(recording)
        .fromDut.all(ra())
        .filter((frame) => raOf(frame).routerLifetime > 0)
        .map((frame) => ({
          at: frame.at,
          value: pios(frame).some(
            ({ prefix, validLifetime }) => validLifetime > 0 && isUla(prefix.split('/')[0] ?? ''),
          ),
        })),
      (value) => value === wanted,
    )

/** Replies that leave the client with a prefix. */
const grants = (recording: Recording): Frame[] =>
  wanView(recording)
    .toDut.all(dhcpv6('reply', { iaPd: {} }))
    .filter((reply) => granted(reply).length > 0)

const leased =
  <T>(value: (reply: Frame) => T, fits: (value: T) => boolean): Condition =>
  (recording) =>
    while_(
      grants(recording).map((reply) => ({ at: reply.at, value: value(reply) })),
      fits,
    )

const delegated = (fits: (length: number) => boolean): Condition =>
  leased((reply) => Math.min(...granted(reply).map(prefixLength)), fits)

/** Seconds. A lease that is shorter has to be extended during the recording. */
const long = 600
const lifetimes = (fits: (valid: number) => boolean): Condition =>
  leased((reply) => Math.min(...iaPrefixes(reply).flatMap((one) => one.validLifetime || [])), fits)

/** From the Reply that gives it a prefix until that has run out, or its cable is pulled. */
const downstream: Condition = (recording) => {
  const { marks, world } = recording
  return lanView(recording)
    .fromDut.all(dhcpv6('reply', { iaPd: {} }))
    .filter((reply) => granted(reply).length > 0)
    .map((reply) => {
      const [name] = Object.entries(world.stations).find(([, { mac }]) => mac === receiverOf(reply)) ?? []
      const leaves = ({ mark, at, data }: Mark) =>
        at > reply.at && (mark === 'left' || mark === 'unplugged') && data?.name === name
      const lasts = Math.max(...iaPrefixes(reply).map(({ validLifetime }) => validLifetime))
      return { from: reply.at, to: Math.min(reply.at + lasts, marks.find(leaves)?.at ?? ever) }
    })
}

/** Both ends, without which a packet belongs to no flow. */
function flowOf({ packet: { ip6, udp, tcp, icmp6 } }: Frame): string | undefined {
  if (!ip6 || isLinkLocal(ip6.src)) return undefined
  const echo = icmp6?.type === 'echo-request' && 'id' in icmp6 ? `echo ${icmp6.id}` : undefined
  const ports = udp ? `udp ${udp.srcPort} ${udp.dstPort}` : tcp ? `tcp ${tcp.srcPort} ${tcp.dstPort}` : echo
  return ports && `${ip6.src} ${ip6.dst} ${ports}`
}

/** Seconds between the packets of a flow that is in use. */
const apart = 5
/** Packets that make a flow. */
const several = 4

/** A host sends packets of one flow to the Internet again and again, the first of which the router forwards. */
const traffic: Condition = (recording) => {
  const { internetPrefix } = recording.world.isp
  const runs = new Map<string, Frame[]>()
  const held: Held[] = []
  const close = (run: readonly Frame[]) => {
    const [first, last] = [run[0], run.at(-1)]
    if (!first || !last || run.length < several) return
    const crossed = wanView(recording).fromDut.first({}, { after: first })
    const out = wanView(recording)
      .fromDut.all({ ip6: { dst: first.packet.ip6?.dst } }, { after: first })
      .some((frame) => isOneHopOn(frame, first))
    if (crossed && out) held.push({ from: first.at, to: last.at })
  }
  for (const frame of lanView(recording).toDut.all({ ip6: {} })) {
    const flow = inPrefix(frame.packet.ip6?.dst ?? '::', internetPrefix) ? flowOf(frame) : undefined
    if (!flow) continue
    const run = runs.get(flow) ?? []
    if (frame.at - (run.at(-1)?.at ?? frame.at) > apart) {
      close(run)
      runs.set(flow, [frame])
    } else runs.set(flow, [...run, frame])
  }
  for (const run of runs.values()) close(run)
  return held
}

/** From the Reply that brings another prefix to the last RA that takes back the one before. */
const renumbering: Condition = (recording) => {
  const withdrawals = lanView(recording).fromDut.all(ra({ prefixInformation: { preferredLifetime: 0 } }))
  return newPrefixes(recording).flatMap(({ reply, before }) => {
    const last = withdrawals.findLast(
      (frame) =>
        frame.at > reply.at &&
        pios(frame).some(
          ({ prefix, preferredLifetime }) =>
            preferredLifetime === 0 && before.some((one) => prefixContains(one, prefix)),
        ),
    )
    return last ? [{ from: reply.at, to: last.at }] : []
  })
}

/** Replies with a prefix that was never granted before, and what had been until then. */
export function newPrefixes(recording: Recording): { reply: Frame; before: string[] }[] {
  const known = new Set<string>()
  return grants(recording).flatMap((reply) => {
    const before = [...known]
    const fresh = granted(reply).filter((prefix) => !known.has(prefix))
    for (const prefix of fresh) known.add(prefix)
    return before.length > 0 && fresh.length > 0 ? [{ reply, before }] : []
  })
}

/** By kind, the values of each; the word after a kind with one value means that it is present. */
export const conditions: Record<string, Condition> = {
  'MTU 1500': mtu(1500),
  'MTU 1492': mtu(1492),
  'MTU 1280': mtu(1280),
  'firewall on': firewall('on'),
  'firewall off': firewall('off'),
  'one LAN': segments((count) => count === 1),
  'several LANs': segments((count) => count > 1),
  'ULA on': ula(true),
  'ULA off': ula(false),
  '/56 or shorter': delegated((length) => length <= 56),
  '/57 to /63': delegated((length) => length > 56 && length < 64),
  '/64': delegated((length) => length === 64),
  'downstream router': downstream,
  'traffic running': traffic,
  'renumbering under way': renumbering,
  'long leases': lifetimes((valid) => valid > long),
  'short leases': lifetimes((valid) => valid <= long),
}
