import { copyWindow } from '../recording/bridged.ts'
import type { Frame, Mark, Recording } from '../recording/recording.ts'
import { knownMacs, strangers } from '../recording/strangers.ts'
import { inPrefix } from '../wire/address.ts'
import { matches, type Pattern } from '../wire/match.ts'
import { blocked } from './judge.ts'
import { once } from './once.ts'
import { senderOf } from './read.ts'
import type { Sought } from './sought.ts'

/** A point in a recording. */
export type Moment = Frame | Mark

export interface Where {
  after?: Moment
  before?: Moment
}

/** Frames of one place and one sender, in time order. */
export interface Query {
  all(pattern?: Pattern, where?: Where): Frame[]
  first(pattern?: Pattern, where?: Where): Frame | undefined
  last(pattern?: Pattern, where?: Where): Frame | undefined
  /**
   * The first, for a claim that it is present: where it is missing the verdict names the nearest frame. `isIt` checks
   * what a pattern cannot express.
   */
  seek(pattern: Pattern, where?: Where, isIt?: (frame: Frame) => boolean): Sought
}

/** A link of the DUT: its WAN, or one LAN segment. */
export interface LinkView {
  name: string
  ports: string[]
  /** What carries IP packets there: PPP has no link-layer addresses and no groups. */
  carrier: 'Ethernet' | 'PPP'
  fromDut: Query
  toDut: Query
  /** Both directions. */
  frames: Query
}

export interface LanView {
  segments: LinkView[]
  /** The segment that a station of the bench is on, by its role. */
  of(role: string): LinkView
  /** All segments together. */
  fromDut: Query
  toDut: Query
  frames: Query
}

const isFrame = (moment: Moment): moment is Frame => 'bytes' in moment

/** After a mark that names frames means after the first of them: a mark is made when its event is over. */
export function isAfter(frame: Frame, moment: Moment): boolean {
  if (isFrame(moment)) return frame.number > moment.number
  const first = moment.frames?.[0]
  if (first !== undefined) return frame.number > first
  return frame.at > moment.at || (frame.at === moment.at && frame.number > moment.number)
}

export function isBefore(frame: Frame, moment: Moment): boolean {
  if (isFrame(moment)) return frame.number < moment.number
  return frame.at < moment.at || (frame.at === moment.at && frame.number <= moment.number)
}

/** Layers that distinguish messages, the most specific first. */
const layers = ['dhcp6', 'icmp6', 'dns', 'dhcp4', 'arp', 'tcp', 'udp', 'ip4'] as const

const isObject = (value: unknown): value is { type?: unknown } => typeof value === 'object' && value !== null

/** What a packet must be to match the pattern, as a key of the frames by kind; undefined: it may be anything. */
function kindAsked(pattern: Pattern): string | undefined {
  const layer = layers.find((one) => isObject(pattern[one]))
  if (!layer) return undefined
  const { type } = pattern[layer] as { type?: unknown }
  return typeof type === 'string' || typeof type === 'number' ? `${layer} ${type}` : layer
}

function byKind(frames: readonly Frame[]): Map<string, Frame[]> {
  const kinds = new Map<string, Frame[]>()
  const add = (kind: string, frame: Frame) => {
    const some = kinds.get(kind)
    if (some) some.push(frame)
    else kinds.set(kind, [frame])
  }
  for (const frame of frames)
    for (const layer of layers) {
      const message: unknown = frame.packet[layer]
      if (!isObject(message)) continue
      add(layer, frame)
      add(`${layer} ${message.type}`, frame)
    }
  return kinds
}

function query(all: readonly Frame[]): Query {
  let kinds: Map<string, Frame[]> | undefined
  /** Of those that may match: hundreds of judgements ask for one kind of message each. */
  const candidates = (pattern: Pattern | undefined): readonly Frame[] => {
    const kind = pattern && kindAsked(pattern)
    if (kind === undefined) return all
    kinds ??= byKind(all)
    return kinds.get(kind) ?? []
  }
  const fits = (frame: Frame, pattern: Pattern | undefined) => !pattern || matches(frame.packet, pattern)
  return {
    all: (pattern, where = {}) => within(candidates(pattern), where).filter((frame) => fits(frame, pattern)),
    first: (pattern, where = {}) => within(candidates(pattern), where).find((frame) => fits(frame, pattern)),
    last: (pattern, where = {}) => within(candidates(pattern), where).findLast((frame) => fits(frame, pattern)),
    seek: (pattern, where = {}, isIt = () => true) => ({
      first: within(candidates(pattern), where).find((frame) => fits(frame, pattern) && isIt(frame)),
      pattern,
      get among() {
        return within(all, where)
      },
    }),
  }
}

/** Frames are in the order of their numbers, which is that of time. */
function within(frames: readonly Frame[], { after, before }: Where): Frame[] {
  const from = after ? firstThat(frames, (frame) => isAfter(frame, after)) : 0
  const to = before ? firstThat(frames, (frame) => !isBefore(frame, before)) : frames.length
  return frames.slice(from, to)
}

/** The place of the first frame for which this holds, as it does for all that follow it. */
function firstThat(frames: readonly Frame[], holds: (frame: Frame) => boolean): number {
  let low = 0
  let high = frames.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(frames[middle] as Frame)) high = middle
    else low = middle + 1
  }
  return low
}

const equalBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** What the DUT multicasts on a segment comes out of each of its ports: it counts once. */
function withoutCopies(frames: readonly Frame[], ports: readonly string[]): Frame[] {
  if (ports.length < 2) return [...frames]
  const kept: Frame[] = []
  for (const frame of frames) {
    let copy = false
    for (let i = kept.length - 1; i >= 0; i--) {
      const other = kept[i] as Frame
      if (frame.at - other.at > copyWindow) break
      if (other.port !== frame.port && other.direction === 'in' && equalBytes(other.bytes, frame.bytes)) copy = true
    }
    if (!copy) kept.push(frame)
  }
  return kept
}

function linkView(name: string, ports: string[], recording: Recording): LinkView {
  const others = strangersIn(recording)
  const on = recording.frames.filter((frame) => ports.includes(frame.port) && !others.has(senderOf(frame)))
  const fromDut = withoutCopies(
    on.filter((frame) => frame.from === 'dut'),
    ports,
  )
  const toDut = on.filter((frame) => frame.direction === 'out')
  const keep = new Set([...fromDut, ...toDut])
  return {
    name,
    ports,
    carrier: on.some(({ packet: { ppp, ip6 } }) => ppp && ip6) ? 'PPP' : 'Ethernet',
    fromDut: query(fromDut),
    toDut: query(toDut),
    frames: query(on.filter((frame) => keep.has(frame))),
  }
}

export const isWan = (port: string): boolean => port.startsWith('wan')

/** Nodes that send on the LAN, other than the bench and the router. */
export const strangersIn = once(({ frames, world }: Recording) =>
  strangers(frames, (address) => inPrefix(address, world.isp.internetPrefix), knownMacs(world)),
)

export const wanView = once((recording: Recording): LinkView => {
  const ports = [...new Set(recording.frames.map((frame) => frame.port).filter(isWan))]
  return linkView('WAN', ports, recording)
})

export const lanView = once((recording: Recording): LanView => {
  const segments = recording.world.segments.map((ports) => linkView(ports.join('+'), ports, recording))
  const together = (pick: (link: LinkView) => Query): Query =>
    query(segments.flatMap((segment) => pick(segment).all()).sort((a, b) => a.number - b.number))
  return {
    segments,
    of(role) {
      const station = recording.world.stations[role]
      const segment = segments.find((link) => station && link.ports.includes(station.port))
      if (segment) return segment
      const { outcome } = recording
      // The scenario stopped before it was plugged in.
      if (outcome.end === 'blocked') throw blocked(outcome.by, outcome.because)
      throw new TypeError(`no station "${role}" on a LAN segment of this recording`)
    },
    fromDut: together((link) => link.fromDut),
    toDut: together((link) => link.toDut),
    frames: together((link) => link.frames),
  }
})
