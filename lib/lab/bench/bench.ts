import type { Link } from '../../link/link.ts'
import { openPort, type Port } from '../../nodes/attachment/port.ts'
import { isBridged, isBridgedCopy } from '../../recording/bridged.ts'
import type { Frame, Mark, World } from '../../recording/recording.ts'
import { tape as openTape } from '../../recording/tape.ts'
import { claim, the } from '../../say/claim.ts'
import type { Bench, Dut } from '../../suite/bench.ts'
import { subscribed } from '../../suite/lab-marks.ts'
import { late } from '../../suite/lateness.ts'
import type { MarkType } from '../../suite/mark.ts'
import { timing as timingOf } from '../../suite/timing.ts'
import { seeded } from '../../time/seed.ts'
import { stoppable } from '../../time/stoppable-clock.ts'
import { inPrefix, linkLocalOf } from '../../wire/address.ts'
import type { Line } from '../../wire/line.ts'
import { type Carriers, carriers } from '../health/carriers.ts'
import type { Lab } from '../lab.ts'
import { type DutState, markCommissioned } from '../state.ts'
import { stationMac } from '../world.ts'
import { bootMacs } from './boot-macs.ts'
import type { BenchContext } from './context.ts'
import { benchIsp, otherPrefixes } from './isp.ts'
import { benchLan } from './lan.ts'
import { probeSegments, segmentsOf } from './segments.ts'
import { varietyOf } from './variety.ts'
import { Blocked, becauseOf, LabBroken, LabTrouble, waits as openWaits, type Waits } from './waits.ts'

export interface BenchOptions {
  lab: Lab
  state: DutState
  world: World
  /** Where the ISP's prefixes come from, and the length of the shortest that this line may have. */
  delegation: { pool: string; shortest: number }
  device: { boot: number; apply: number }
  /** The router runs, and has no line: it comes up when the scenario begins. */
  lineIsCut: boolean
}

/** Frames of one scenario: a flood or a loop, and no course of events, goes beyond. They are kept in memory. */
const mostFrames = 100_000

/** Where the router sends a large part, the flood is its own: a node that only answers sends no more than it receives. */
function flooded(frames: readonly Frame[], port: string): Error {
  const own = frames.filter(({ from }) => from === 'dut').length
  const cause = claim`more than ${mostFrames} frames, ${own} of them the router's, the last on ${the.name(port)}: a flood or a loop`
  return own > 0.4 * frames.length ? new Blocked('DENAT-STORM', cause) : new LabTrouble(cause)
}

/** A bench around the DUT for one scenario: from here on everything is on tape. */
export interface OpenBench {
  bench: Bench
  tape: ReturnType<typeof openTape>
  waits: Waits
  /** Seconds of the lab's clock at which the recording began. */
  startedAt: number
  carriers: Carriers
  probeSegments(): void
  /** Leaves the cables; the world then names every station and segment. */
  close(): void
}

export function openBench({ lab, state, world, delegation, device, lineIsCut }: BenchOptions): OpenBench {
  const startedAt = lab.clock.now()
  const clock = stoppable({ now: () => lab.clock.now() - startedAt, after: lab.clock.after })
  const macs = new Set<string>()
  const tape = openTape(clock, (mac) => macs.has(mac))
  const waits = openWaits(clock, tape, lab.settled)
  const timing = timingOf(device)
  const random = seeded(`${world.seed}\0${world.name}\0bench`)
  const links = [lab.wan, ...lab.lan]
  const deafen = () => {
    for (const link of [...links, lab.browser?.link]) link?.onFrame(() => {})
  }

  const ctx: BenchContext = {
    node: { clock, random: random.fork('nodes'), settled: lab.settled },
    tape,
    waits,
    timing,
    dutMacs: world.device.macs,
    mark: (name, data, frames) =>
      tape.mark(name, data, frames && { more: frames.filter((frame) => frame !== undefined) }),
    station(role, port) {
      const mac = role === 'browser' && lab.browser ? lab.browser.mac : stationMac(world, role)
      macs.add(mac)
      world.stations[role] ??= { port, mac, linkLocal: linkLocalOf(mac) }
      return mac
    },
    isBridged: (frame) => isBridged(frame, world) || isBridgedCopy(frame, tape.frames),
    variety: (role) => varietyOf(world, role),
    describe: (role, facts) => {
      const station = world.stations[role] ?? { port: '', mac: '', linkLocal: '' }
      world.stations[role] = { ...station, ...facts }
    },
  }
  const { mark } = ctx

  const pulled = new Set<string>(lineIsCut ? [lab.wan.name] : [])
  /** An unplugged cable takes no frames; a real port reports this by an error. */
  const deaf = (link: Link) => clock.stopped() || pulled.has(link.name)
  const open = (link: Link, line?: Line): Port =>
    openPort(
      onClock(link, startedAt, () => deaf(link)),
      clock,
      (port, direction, at, bytes, packet, comment) => {
        if (tape.frames.length === mostFrames) {
          waits.fail(flooded(tape.frames, port))
          deafen()
        }
        const { tcp, udp, icmp6, icmp4 } = packet
        const isPage = lab.browser && [packet.eth.src, packet.eth.dst].includes(lab.browser.mac)
        // Between the browser and the DUT there are passwords: headers only, also of fragments and of what is not decoded.
        if (!isPage || !packet.payload || (!tcp && (udp || icmp6 || icmp4)))
          return tape.frame(port, direction, at, bytes, packet, comment)
        const { payload, ...headers } = packet
        const kept = bytes.subarray(0, bytes.length - (payload?.length ?? 0) - (packet.trailer?.length ?? 0))
        const frame = tape.frame(port, direction, at, kept, headers, comment)
        frame.originalLength = bytes.length
        return frame
      },
      line,
      // Nodes on the other side are no neighbors, although the DUT bridges frames while it boots.
      (frame) => !ctx.isBridged(frame),
    )
  const wanPort = open(lab.wan, world.line)
  const lanPorts = new Map(lab.lan.map((link) => [link.name, open(link)]))

  const wallClock = () => Number(lab.origin / 1_000_000_000n) + lab.clock.now()
  const { isp, internet, internet2, router } = benchIsp(
    ctx,
    wanPort,
    world.isp,
    wallClock,
    otherPrefixes(world.isp, delegation, random.fork('other prefixes')),
  )
  const lan = benchLan(ctx, lanPorts, router.serves, (address) => inPrefix(address, world.isp.internetPrefix))
  const watched = carriers(links, clock, waits, mark, (port) => {
    // A host that sees its cable come alive asks for a router again (RFC 4861 section 6.3.7).
    for (const host of lan.hosts)
      if (host.port === port) clock.after(1, () => void (host.hasDefaultRouter() || host.solicitRouter()))
  })
  joinBrowser(lab, ctx, lanPorts)
  const stopWatching = lab.watchHealth?.(clock, ({ who, from, seconds }) =>
    tape.mark(late.name, { who, from, seconds }),
  )

  const power = async (name: string, act: () => Promise<void>): Promise<Mark> => {
    if (clock.stopped()) throw new LabTrouble(claim`the scenario is over`)
    const made = mark(name)
    watched.expectLoss(device.boot * 2)
    try {
      await act()
    } catch (error) {
      throw new LabBroken(claim`${the.name(name)}: ${becauseOf(error)}`)
    }
    return made
  }
  const dut: Dut = {
    powerOn: () => power('power-on', state.power.on),
    powerCut: () => power('power-cut', state.power.cut ?? noCut),
    reboot: () => power('reboot', state.power.reboot),
    async factoryReset() {
      const made = await power('factory-reset', async () => void (await state.power.reset()))
      markCommissioned(bench.mark, state)
      return made
    },
    async begin() {
      if (!lineIsCut) return dut.powerOn()
      const made = mark(subscribed.name)
      watched.expectLoss(device.boot)
      plugIn(lab.wan.name)
      return made
    },
  }
  const pull = (port: string) => {
    if (clock.stopped() || pulled.has(port)) return
    watched.expectLoss(device.boot)
    pulled.add(port)
    lab.plug(port, false)
  }
  const plugIn = (port: string) => {
    if (!clock.stopped() && pulled.delete(port)) lab.plug(port, true)
  }
  const bench: Bench = {
    dut,
    line: {
      up() {
        const made = mark('line-up')
        plugIn(lab.wan.name)
        return made
      },
      down() {
        const made = mark('line-down')
        pull(lab.wan.name)
        return made
      },
    },
    isp,
    internet,
    internet2,
    lan: {
      ...lan,
      get segments() {
        return lan.segments
      },
      unplug(port) {
        const made = mark('lan-port-down', { port })
        pull(port)
        return made
      },
      plugIn(port) {
        const made = mark('lan-port-up', { port })
        plugIn(port)
        return made
      },
    },
    timing,
    clock,
    profile: world.profile,
    mark: (
      kind: string | MarkType<object, string>,
      data?: object,
      frames?: (Frame | undefined)[] | Record<string, Frame | undefined>,
      more: readonly (Frame | undefined)[] = [],
    ) => {
      const facts = data as Record<string, unknown> | undefined
      if (typeof kind === 'string') return mark(kind, facts, frames as (Frame | undefined)[] | undefined)
      const named = (frames ?? {}) as Record<string, Frame | undefined>
      return tape.mark(kind.name, facts, { named, more: more.filter((frame) => frame !== undefined) })
    },
    listen: (by, since) => waits.pause(since ? { ...by, forced: Math.max(0, since.at + by.forced - clock.now()) } : by),
    random: random.fork('scenario'),
  }
  return {
    bench,
    tape,
    waits,
    startedAt,
    carriers: watched,
    probeSegments: () =>
      probeSegments([...lanPorts.values()], {
        mac: ctx.station('host', [...lanPorts.keys()][0] as string),
        receive() {},
      }),
    close() {
      for (const port of pulled) plugIn(port)
      clock.stop()
      stopWatching?.()
      router.close()
      deafen()
      for (const link of links) link.onCarrier(() => {})
      const macs = bootMacs(tape.frames, tape.marks, device.boot)
      if (macs) world.bootMacs = macs
      world.segments = segmentsOf([...lanPorts.keys()], tape.frames, ctx.isBridged)
    },
  }
}

/** Scenarios that need it are left out of a run. */
const noCut = (): Promise<void> =>
  Promise.reject(new LabTrouble(claim`nothing in this lab can take the router's power away`))

/**
 * The same link, with times that count from the recording's start. Nothing is sent while it is `deaf`: so whatever a
 * scenario still does after its end does not reach the next one.
 */
function onClock(link: Link, startedAt: number, deaf: () => boolean): Link {
  return {
    ...link,
    name: link.name,
    send: (bytes) => {
      if (!deaf()) link.send(bytes)
    },
    onFrame: (listener) => link.onFrame((bytes, at) => listener(bytes, at - startedAt)),
  }
}

/** The browser's kernel reaches the DUT through the bench's switch on the first LAN port. */
function joinBrowser(lab: Lab, ctx: BenchContext, ports: Map<string, Port>): void {
  const link = lab.browser?.link
  const [name, port] = [...ports][0] ?? []
  if (!link || !name || !port) return
  const mac = ctx.station('browser', name)
  const station = { mac, receive: (_packet: unknown, _frame: unknown, bytes: Uint8Array) => link.send(bytes) }
  port.attach(station)
  link.onFrame((bytes) => void port.sendBytes(station, bytes))
}
