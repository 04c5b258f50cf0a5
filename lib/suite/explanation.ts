import type { Frame, Mark, Recording } from '../recording/recording.ts'
import { isMulticast, multicastMac } from '../wire/address.ts'

const broadcast = 'ff:ff:ff:ff:ff:ff'

/** Why a router sends a frame: what it answers, which timer it keeps, what it passes on. */
export interface Explanation {
  name: string
  clause: string
  /** True: the frame is of this kind, and what it needs was there. */
  explains(frame: Frame, traffic: Traffic): boolean
}

/** A recording as explanations look at it. Times in seconds. */
export interface Traffic {
  recording: Recording
  /** `wan`, or the LAN segment's ports. Frames of one link have one. */
  linkOf(frame: Frame): string
  /** The newest frame at most `seconds` before this one that fits. */
  before(frame: Frame, seconds: number, fits: (other: Frame) => boolean): Frame | undefined
  /** The first frame at most `seconds` after this one that fits. */
  after(frame: Frame, seconds: number, fits: (other: Frame) => boolean): Frame | undefined
  /** Whether it comes from the router's own MAC on this link, to one of the bench's or to the MAC of its group. */
  isFramed(frame: Frame): boolean
  /** Whether the router was seen to try or to answer for this address. */
  isOwn(address: string): boolean
  /** Whether the router often speaks from this address on the link of that frame. */
  isUsual(frame: Frame, address: string): boolean
  /** Whether somebody restarted the router, set something in its page, or changed the line, at most so long before. */
  isMarked(frame: Frame, seconds: number): boolean
  /** Whether the router began to speak after a restart, or a cable of this link came or went, at most so long before. */
  isFresh(frame: Frame, seconds: number): boolean
  /** When it last began to speak there. */
  freshSince(frame: Frame): number | undefined
}

const registered: Explanation[] = []
export const explanations: readonly Explanation[] = registered

/** Registers, and does nothing else. */
export function explanation(name: string, clause: string, explains: Explanation['explains']): void {
  registered.push({ name, clause, explains })
}

const changes = new Set(['isp-change', 'isp-answers', 'line-down', 'line-up', 'carrier', 'factory-reset'])
const restarts = new Set(['power-on', 'reboot', 'web-ui', 'web-ui-done'])

/** Frames of the router that no explanation fits, and copies of those on other ports of a bridge. */
export function unexplained(recording: Recording): Frame[] {
  const traffic = trafficOf(recording)
  return recording.frames.filter((frame) => frame.from === 'dut' && !isExplained(frame, traffic))
}

export const isExplained = (frame: Frame, traffic: Traffic): boolean =>
  traffic.isFramed(frame) && explanations.some(({ explains }) => explains(frame, traffic))

/** Said by one frame in a hundred at least, and twice, it is no accident. */
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
      if (from !== 'dut' || !icmp6) return []
      if (icmp6.type === 'neighbor-advertisement') return [icmp6.target]
      return icmp6.type === 'neighbor-solicitation' && ip6?.src === '::' ? [icmp6.target] : []
    }),
  )
  const stations = new Set(Object.values(world.stations).map(({ mac }) => mac))
  const fresh = marks.flatMap((mark) => beginnings(mark, frames)).sort((a, b) => a.at - b.at)
  return {
    recording,
    linkOf: ({ port }) => linkOfPort(port),
    isFramed({ port, packet: { eth, ip6 } }) {
      if (!macs.has(`${linkOfPort(port)} ${eth.src}`)) return false
      if (ip6 && isMulticast(ip6.dst)) return eth.dst === multicastMac(ip6.dst) || stations.has(eth.dst)
      return stations.has(eth.dst) || eth.dst === broadcast
    },
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
      marks.some(
        ({ mark, at }) => (restarts.has(mark) || changes.has(mark)) && frame.at >= at && frame.at - at <= seconds,
      ),
    isFresh(frame, seconds) {
      const since = this.freshSince(frame)
      return since !== undefined && frame.at - since <= seconds
    },
    freshSince: (frame) =>
      fresh.findLast(({ at, port }) => frame.at >= at && (!port || linkOfPort(port) === linkOfPort(frame.port)))?.at,
  }
}

/** When what a mark tells of begins on the wire; `port` where it is about one cable. */
function beginnings({ mark, at, data }: Mark, frames: readonly Frame[]): { at: number; port?: string }[] {
  if (mark === 'carrier') return [{ at, port: String(data?.port) }]
  if (mark === 'line-up') return [{ at, port: 'wan0' }]
  if (!restarts.has(mark)) return []
  const awake = frames.find((frame) => frame.from === 'dut' && frame.at >= at)
  return awake ? [{ at: awake.at }] : []
}
