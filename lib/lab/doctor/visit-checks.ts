import type { Frame, Recording } from '../../recording/recording.ts'
import { strangers } from '../../recording/strangers.ts'
import { render } from '../../say/render.ts'
import { carrier, poweredOn } from '../../suite/lab-marks.ts'
import { latenessIn } from '../../suite/lateness.ts'
import { marked } from '../../suite/mark.ts'
import { matches } from '../../wire/match.ts'
import { dhcpv6, rs } from '../../wire/patterns.ts'
import { isServers } from '../silence.ts'
import type { Measured, Paces } from '../state.ts'
import { type Check, failed, ok, warning } from './check.ts'
import { isOnline, isSignedIn, silence } from './visit.ts'

export interface VisitOptions {
  ports: readonly string[]
  /** Something can take the router's power away. */
  canCut: boolean
  /** Its page can be operated. */
  withPage: boolean
  /** Seconds, as the device folder states them, and as measured. */
  stated: Paces
  measured: Measured
}

/** What the recording of a visit shows of the lab. */
export function visitChecks(recording: Recording, { ports, canCut, withPage, ...times }: VisitOptions): Check[] {
  const begun = marked(recording, silence)[0]?.mark.at
  const power = marked(recording, poweredOn)[0]?.mark.at
  if (begun === undefined || power === undefined)
    return [failed('power', outcomeOf(recording), 'see `power` and `reset-by` of the lab file or of device.yaml')]
  const received = recording.frames.filter(({ direction }) => direction === 'in')
  const before = received.filter(({ at }) => at >= begun && at < power)
  const after = received.filter(({ at }) => at >= power)
  const checks = [
    ...(canCut ? [silent(before)] : []),
    ...ports.map((port) => speaks(port, after, power, recording)),
    roles(after, ports),
    paces(times),
    health(recording),
    others(recording),
  ].filter((check) => check !== undefined)
  const online = reaches(recording)
  return [...checks, online, ...(withPage && online.state === 'ok' ? [page(recording)] : [])]
}

const macsOf = (frames: readonly Frame[]): string =>
  [...new Set(frames.map(({ port, packet }) => `${packet.eth.src} on ${port}`))].slice(0, 4).join(', ')

function silent(before: readonly Frame[]): Check {
  const name = 'power off'
  if (before.length === 0) return ok(name, 'no frame on any port')
  const announces = before.some(({ packet }) => isServers(packet))
  return failed(
    name,
    `${before.length} frames while the router was off: ${macsOf(before)}`,
    announces
      ? 'a router or a DHCP server is connected to this segment: pull its cable'
      : 'the power driver does not take the power away, or another node is connected: pull its cable',
  )
}

function speaks(port: string, after: readonly Frame[], power: number, recording: Recording): Check {
  const first = after.find((frame) => frame.port === port)
  if (first) return ok(port, `first frame ${(first.at - power).toFixed(1)} s after power, from ${first.packet.eth.src}`)
  const isUp = marked(recording, carrier).findLast((one) => one.port === port)?.up
  return isUp === false
    ? failed(port, 'has no carrier', 'plug the cable in, at both ends')
    : failed(port, 'carrier, but no frame', 'is the cable at the right port of the router, and the VLAN right?')
}

/** A port on which the router solicits is its WAN, one on which it advertises is a LAN. */
function roles(after: readonly Frame[], [wan = 'wan0', ...lan]: readonly string[]): Check | undefined {
  const name = 'cables'
  const advertises = new Set(after.filter(({ packet }) => isServers(packet)).map(({ port }) => port))
  const solicits = new Set(
    after
      .filter(({ packet }) => matches(packet, rs()) || matches(packet, dhcpv6('solicit')) || packet.udp?.srcPort === 68)
      .map(({ port }) => port),
  )
  const isOnly = (port: string, one: Set<string>, other: Set<string>) => one.has(port) && !other.has(port)
  const swapped = lan.find((port) => isOnly(port, solicits, advertises))
  if (isOnly(wan, advertises, solicits))
    return failed(
      name,
      `the router advertises on ${wan}${swapped ? ` and solicits on ${swapped}` : ''}`,
      swapped
        ? `exchange ${wan} and ${swapped} in the lab file, or the cables`
        : `${wan} leads to a LAN port: move the cable`,
    )
  if (solicits.has(wan))
    return ok(
      name,
      `the router solicits on ${wan}${advertises.size > 0 ? `, and advertises on ${[...advertises].sort().join(', ')}` : ''}`,
    )
  return warning(name, `the router solicits nothing on ${wan}`, 'is its WAN set to DHCP, and IPv6 on?')
}

/** A router that is slower than its device folder states would be taken for one that is silent. */
function paces({ stated, measured }: Pick<VisitOptions, 'stated' | 'measured'>): Check | undefined {
  const name = 'times'
  const { boot, reset } = measured
  if (boot === undefined || reset === undefined) return undefined
  const seen = `boot ${boot.toFixed(1)} s, reset ${reset.toFixed(1)} s; device.yaml states at most ${stated.boot} s and ${stated.reset} s`
  const remedy = `state boot: ${Math.ceil(1.5 * boot)} and reset: ${Math.max(1, Math.ceil(1.5 * reset))} in device.yaml`
  return boot > stated.boot || reset > stated.reset ? failed(name, seen, remedy) : ok(name, seen)
}

function health(recording: Recording): Check {
  const name = 'frames'
  const { drops, unsummed = 0, frames } = recording
  const late = latenessIn(recording, 0, frames.at(-1)?.at ?? 0)
  if (drops > 0) return failed(name, `${drops} frames were lost by the capture`, 'end other programs on this machine')
  if (unsummed > 0)
    return failed(
      name,
      `${unsummed} frames came without their checksums`,
      'turn off the offloads of the port at the other end: ethtool -K PORT tx off',
    )
  const worst = Math.max(late.bench, late.dut)
  if (worst > 0.2)
    return warning(
      name,
      `this machine was late by ${worst.toFixed(1)} s`,
      'end other programs: verdicts about times would be inconclusive',
    )
  return ok(name, `${frames.length} recorded, none lost, all with checksums`)
}

function others(recording: Recording): Check | undefined {
  const { world } = recording
  const found = strangers(recording.frames, () => false, { stated: world.device.macs, atBoot: world.bootMacs })
  if (found.size === 0) return undefined
  return warning(
    'other nodes',
    `${[...found].slice(0, 4).join(', ')} on the LAN`,
    'disconnect them, or state the MACs of the router in device.yaml: macs',
  )
}

function reaches(recording: Recording): Check {
  const online = marked(recording, isOnline)[0]
  if (online) return ok('online', `a host has IPv6 ${online.seconds.toFixed(1)} s after power`)
  return failed(
    'online',
    outcomeOf(recording),
    'is IPv6 on in the factory settings, and the WAN set to DHCP? see `denat watch` too',
  )
}

function page(recording: Recording): Check {
  const signedIn = marked(recording, isSignedIn)[0]
  if (signedIn) return ok('page', `signed in, and read the status (online: ${signedIn.online})`)
  return failed('page', outcomeOf(recording), 'try the page object: web-ui.ts, the url and the password of device.yaml')
}

/** How the visit ended, in words. */
function outcomeOf({ outcome }: Recording): string {
  if (outcome.end === 'complete') return 'it was not reached'
  const { because } = outcome as { because?: Parameters<typeof render>[0] }
  return because ? render(because) : outcome.end
}
