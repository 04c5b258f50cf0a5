import type { Frame, Mark, Recording } from '../recording/recording.ts'
import { isLinkLocal, isMulticast, multicastMac } from '../wire/address.ts'
import {
  carrier,
  factoryReset,
  ispAnswers,
  ispChanged,
  lineDown,
  lineUp,
  pageAnswered,
  pageAsked,
  powerCut,
  poweredOn,
  rebooted,
  subscribed,
} from './lab-marks.ts'
import { isMarkOf } from './mark.ts'

const broadcast = 'ff:ff:ff:ff:ff:ff'

/** Why a router sends a frame: what it answers, which timer it keeps, what it passes on. */
export interface Explanation {
  name: string
  clause: string
  /** True: the frame is of this kind, and what it needs was there. */
  explains(frame: Frame, traffic: Traffic): boolean
  /** True: the clause lets the frame come by itself at just this time, with no cause. */
  isFree?(frame: Frame, traffic: Traffic): boolean
}

/** A recording as explanations look at it. Times in seconds. */
export interface Traffic {
  recording: Recording
  /** `wan`, or the LAN segment's ports. Frames of one link have one. */
  linkOf(frame: Pick<Frame, 'port'>): string
  /** The newest frame at most `seconds` before this one that fits. */
  before(frame: Frame, seconds: number, fits: (other: Frame) => boolean): Frame | undefined
  /** The first frame at most `seconds` after this one that fits. */
  after(frame: Frame, seconds: number, fits: (other: Frame) => boolean): Frame | undefined
  /** Whether it comes from the router's own MAC on this link, to one of the bench's or to the MAC of its group. */
  isFramed(frame: Frame): boolean
  /** Whether it is a MAC of the bench, or one that a neighbor has advertised. */
  isStation(mac: string): boolean
  /** Whether the router was seen to try or to answer for this address. */
  isOwn(address: string): boolean
  /** Whether the router often uses this source address on the link of that frame. */
  isUsual(frame: Frame, address: string): boolean
  /** Whether the router was restarted, a setting of its page changed, or the line changed, at most this time before. */
  isMarked(frame: Frame, seconds: number): boolean
  /** Whether the router sent its first frame on this link after a restart, or one of its cables was connected or removed, at most this time before. */
  isFresh(frame: Frame, seconds: number): boolean
  /** When it sent its first frame there after its last restart. */
  freshSince(frame: Frame): number | undefined
}

export function explanation(
  name: string,
  clause: string,
  explains: Explanation['explains'],
  isFree?: Explanation['isFree'],
): Explanation {
  return { name, clause, explains, ...(isFree && { isFree }) }
}

const isChange = isMarkOf(ispChanged, ispAnswers, lineDown, lineUp, subscribed, carrier, powerCut, factoryReset)
const isCarrier = isMarkOf(carrier)
const isLineUp = isMarkOf(lineUp, subscribed)
const isRestart = isMarkOf(poweredOn, rebooted, pageAsked, pageAnswered)

/** Frames of the router that no explanation fits, and copies of those on other ports of a bridge. */
export function unexplained(recording: Recording, explanations: readonly Explanation[]): Frame[] {
  const traffic = trafficOf(recording)
  return recording.frames.filter((frame) => frame.from === 'dut' && !isExplained(frame, traffic, explanations))
}

export const isExplained = (frame: Frame, traffic: Traffic, explanations: readonly Explanation[]): boolean =>
  traffic.isFramed(frame) && explanations.some(({ explains }) => explains(frame, traffic))

/** Claim by one frame in a hundred at least, and twice, it is no accident. */
const usual = { share: 0.01, times: 2 }

/** What is usual of each link, as `link value`: the values that enough of the router's frames there have. */
function usualOf(frames: readonly Frame[], linkOf: (port: string) => string, value: (frame: Frame) => string) {
  const counts = new Map<string, number>()
  const all = new Map<string, number>()
  for (const frame of frames) {
    if (frame.from !== 'dut') continue
    const link = linkOf(frame.port)
    const key = `${link} ${value(frame)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    all.set(link, (all.get(link) ?? 0) + 1)
  }
  const isOften = (key: string, count: number) =>
    count >= Math.max(usual.times, usual.share * (all.get(key.split(' ')[0] as string) ?? 0))
  return new Set([...counts].flatMap(([key, count]) => (isOften(key, count) ? [key] : [])))
}

export function trafficOf(recording: Recording): Traffic {
  const { frames, marks, world } = recording
  const links = new Map(world.segments.flatMap((ports) => ports.map((port) => [port, ports.join('+')] as const)))
  const linkOfPort = (port: string) => links.get(port) ?? 'wan'
  const macs = usualOf(frames, linkOfPort, ({ packet }) => packet.eth.src)
  const addresses = usualOf(frames, linkOfPort, ({ packet }) => packet.ip6?.src ?? '')
  const own = new Set(
    frames.flatMap(({ from, packet: { icmp6, ip6 } }) => {
      if (from !== 'dut' || !icmp6 || !ip6) return []
      if (icmp6.type === 'neighbor-advertisement') return [icmp6.target]
      if (icmp6.type !== 'neighbor-solicitation') return []
      // A node resolves a neighbor from an address of its own.
      return [ip6.src === '::' ? icmp6.target : ip6.src]
    }),
  )
  // A packet that it forwards has the source address of another node.
  const theirs = new Set(frames.flatMap(({ from, packet: { ip6 } }) => (from === 'bench' && ip6 ? [ip6.src] : [])))
  for (const key of addresses) {
    const address = key.slice(key.indexOf(' ') + 1)
    if (!theirs.has(address)) own.add(address)
  }
  const stations = new Set([...Object.values(world.stations).map(({ mac }) => mac), ...frames.flatMap(announcedIn)])
  const every = [...new Set(['wan', ...links.values()])]
  const fresh = marks.flatMap((mark) => beginnings(mark, frames, every, linkOfPort)).sort((a, b) => a.at - b.at)
  return {
    recording,
    linkOf: ({ port }) => linkOfPort(port),
    isFramed({ port, packet: { eth, ip6 } }) {
      if (!macs.has(`${linkOfPort(port)} ${eth.src}`)) return false
      if (ip6 && isMulticast(ip6.dst)) return eth.dst === multicastMac(ip6.dst) || stations.has(eth.dst)
      return stations.has(eth.dst) || eth.dst === broadcast
    },
    isStation: (mac) => stations.has(mac),
    isOwn: (address) => own.has(address),
    isUsual: ({ port }, address) => addresses.has(`${linkOfPort(port)} ${address}`),
    before(frame, seconds, fits) {
      for (let i = frame.number - 2; i >= 0; i--) {
        const other = frames[i] as Frame
        if (frame.at - other.at > seconds) return undefined
        if (fits(other)) return other
      }
      return undefined
    },
    after(frame, seconds, fits) {
      for (let i = frame.number; i < frames.length; i++) {
        const other = frames[i] as Frame
        if (other.at - frame.at > seconds) return undefined
        if (fits(other)) return other
      }
      return undefined
    },
    isMarked: (frame, seconds) =>
      marks.some((mark) => (isRestart(mark) || isChange(mark)) && frame.at >= mark.at && frame.at - mark.at <= seconds),
    isFresh(frame, seconds) {
      const since = this.freshSince(frame)
      return since !== undefined && frame.at - since <= seconds
    },
    freshSince: (frame) => fresh.findLast(({ at, link }) => frame.at >= at && link === linkOfPort(frame.port))?.at,
  }
}

/** MACs that a neighbor advertises: RFC 4861 section 4.6.1. */
const announcedIn = ({ from, packet: { icmp6 } }: Frame): string[] =>
  from === 'bench' && icmp6?.type === 'neighbor-advertisement'
    ? icmp6.options.flatMap((one) => (one.type === 'target-link-layer' ? [one.mac] : []))
    : []

/** A router that starts announces its addresses and its groups within this time. Seconds. */
const starting = 4

/** When what a mark stands for begins on each link that it is about: a port may come up long after the power. */
function beginnings(
  mark: Mark,
  frames: readonly Frame[],
  links: readonly string[],
  linkOf: (port: string) => string,
): { at: number; link: string }[] {
  const { at } = mark
  if (isCarrier(mark)) return [{ at, link: linkOf(carrier.read(mark).port) }]
  if (isLineUp(mark)) return [{ at, link: 'wan' }]
  if (!isRestart(mark)) return []
  const sent = frames.filter((frame) => frame.from === 'dut' && frame.at >= at)
  const isAlone = (frame: Frame) => !sent.some((other) => other !== frame && Math.abs(other.at - frame.at) <= starting)
  return links.flatMap((link) => {
    const here = sent.filter(({ port }) => linkOf(port) === link)
    const started = here.find((frame) => !isAlone(frame))
    // The old system may still send after the order to restart: DAD of its addresses shows the new start.
    const tried = clusters(here.filter(({ packet }) => packet.ip6?.src === '::')).filter(isStart)
    return [started, ...tried.map(([first]) => first)].flatMap((first) => (first ? [{ at: first.at, link }] : []))
  })
}

/** Frames of one kind that follow each other closely. */
function clusters(frames: readonly Frame[]): Frame[][] {
  const all: Frame[][] = []
  for (const frame of frames) {
    const last = all.at(-1)
    if (last && frame.at - (last.at(-1) as Frame).at <= 2) last.push(frame)
    else all.push([frame])
  }
  return all
}

/** The detection of a link-local address, and reports from the unspecified one: RFC 3810 section 5.2.13 has them before that alone. */
const isStart = (cluster: readonly Frame[]): boolean =>
  cluster.some(({ packet: { icmp6 } }) => icmp6?.type === 'mld2-report' || icmp6?.type === 'mld1-report') &&
  cluster.some(({ packet: { icmp6 } }) => icmp6?.type === 'neighbor-solicitation' && isLinkLocal(icmp6.target))
