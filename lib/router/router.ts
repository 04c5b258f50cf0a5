import type { Link } from '../link/link.ts'
import type { Clock } from '../time/clock.ts'
import type { Seeded } from '../time/seed.ts'
import { stoppable } from '../time/stoppable-clock.ts'
import type { WebUi } from '../web-ui/port.ts'
import { formatMac, type Mac } from '../wire/address.ts'
import { bridge } from './attachment/bridge.ts'
import { type EthernetPort, ethernet } from './attachment/ethernet.ts'
import { pppoeClient } from './attachment/pppoe-client.ts'
import { switchChip } from './attachment/switch-chip.ts'
import { type Behavior, compliant } from './behavior.ts'
import type { Context } from './context.ts'
import type { Flash, Settings } from './flash.ts'
import { freshUla } from './lan/ula.ts'
import { webUi } from './services/web-ui.ts'
import { type Session, session } from './session.ts'
import { ownDuid } from './wan/own-duid.ts'

/** Seconds between frames that nothing asks for. */
const betweenWords = 7

/**
 * Called with each decision that the router has to make: a decision that it never read cannot matter. Where a decision depends on
 * something, also what that was, and what was decided.
 */
export type Asked = (decision: string, about?: { given: unknown[]; answer: unknown }) => void

export interface RouterOptions {
  clock: Clock
  random: Seeded
  wan: Link
  lan: Link[]
  behavior?: Partial<Behavior>
  asked?: Asked
  /** Its WAN is set up for PPPoE. */
  pppoe?: boolean
  /** The LAN ports are one link. */
  bridged?: boolean
  /** Called whenever the router's own promises settle: `Lab.settled`. */
  settled(): void
  /** Its ports have power, or none. */
  ports(up: boolean): void
}

export interface ReferenceRouter {
  powerOn(): void
  powerCut(): void
  /** Orderly, as from its menu. */
  reboot(): void
  /** The hidden button: factory settings; leaves it without power. */
  factoryReset(): void
  webUi: WebUi
  /** What it would write to syslog. */
  log(): readonly string[]
}

const overheard = (behavior: Behavior, asked?: Asked): Behavior =>
  asked
    ? new Proxy(behavior, {
        get(all, decision) {
          const value: unknown = Reflect.get(all, decision)
          if (typeof value !== 'function') {
            asked(String(decision))
            return value
          }
          return (...given: unknown[]) => {
            const answer = value(...given)
            asked(String(decision), { given, answer })
            return answer
          }
        },
      })
    : behavior

/** A home router that meets every requirement that the suites judge, in whatever time its clock gives. */
export function referenceRouter(options: RouterOptions): ReferenceRouter {
  const { random, bridged = false, settled } = options
  const behavior = overheard({ ...compliant, ...options.behavior }, options.asked)
  const macs = Array.from({ length: 1 + options.lan.length }, (_, index) => macOf(random, index, behavior.macs))
  const wanMac = (): Mac =>
    behavior.macs === 'WAN drawn at each boot' ? macOf(random.fork(`MAC ${starts}`), 0) : (macs[0] as Mac)
  const lines: string[] = []
  let flash = factory()
  let boots = 0
  let starts = 0
  let power: ReturnType<typeof stoppable> | undefined
  let running: Session | undefined
  let booted = false
  const [wan, ...lan] = switchChip(
    [options.wan, ...options.lan],
    () => power !== undefined && !booted && behavior.portsBridgedAtBoot,
  ) as [Link, ...Link[]]
  let restarting = false

  function factory(): Flash {
    return {
      duid: ownDuid(macs[0] as Mac, random, behavior),
      ula: freshUla(random, behavior),
      settings: {
        ipv6: behavior.ipv6ByDefault,
        firewall: behavior.firewallByDefault ? 'on' : 'off',
        prefixFlags: { onLink: true, autonomous: true },
        pinholes: [],
      },
      advertised: [],
      bindings: [],
    }
  }

  function afterReset(before: Settings): Flash {
    const fresh = factory()
    const kept = Object.fromEntries(behavior.keptOverReset.map((name) => [name, before[name]]))
    return { ...fresh, settings: { ...fresh.settings, ...kept } }
  }

  const send = (link: Link, frame: Uint8Array): void => {
    const out = behavior.tap ? behavior.tap(frame, link.name) : frame
    if (!booted) return
    for (const one of out instanceof Uint8Array ? [out] : (out ?? [])) link.send(one)
  }
  const lanMac = (index: number): Mac => macs[1 + index] as Mac
  /** A port as the running session has it: what comes while there is none is lost. */
  function portOf(link: Pick<Link, 'send' | 'onFrame' | 'onCarrier'>): EthernetPort {
    let carrier = false
    let receive: (frame: Uint8Array) => void = () => {}
    let changed: (up: boolean) => void = () => {}
    link.onFrame((frame) => running && receive(frame))
    link.onCarrier((up) => {
      if (up === carrier) return
      carrier = up
      if (running) changed(up)
    })
    return {
      up: () => carrier,
      send: link.send,
      onFrame(listener) {
        receive = listener
      },
      onCarrier(listener) {
        changed = listener
      },
    }
  }
  const guarded = (link: Link): Link => ({ ...link, name: link.name, send: (frame) => send(link, frame) })
  const wanPort = portOf(guarded(wan))
  const lanPorts = bridged
    ? [{ name: 'br-lan', mac: lanMac(0), port: portOf(bridge(lan.map(guarded), lanMac(0), () => booted)) }]
    : lan.map((link, index) => ({ name: link.name, mac: lanMac(index), port: portOf(guarded(link)) }))

  function startIpv6(): void {
    if (!power) return
    const restarts = boots
    const ctx: Context = { clock: power, random: random.fork(`boot ${boots++}`), behavior }
    running = session(ctx, {
      wan: { name: wan.name, attach: (options.pppoe ? pppoeClient : ethernet)(wanMac(), wanPort) },
      lans: lanPorts,
      flash,
      restarts,
      log: (text) => void lines.push(text),
    })
  }

  function boot(delay: number): void {
    starts++
    power = stoppable(options.clock)
    if (behavior.portsBridgedAtBoot) options.ports(true)
    power.after(delay, () => {
      booted = true
      options.ports(true)
      page.booted()
      if (behavior.portsFlicker) flicker()
      start()
      if (flash.settings.ipv6) startIpv6()
    })
  }

  function flicker(): void {
    power?.after(1, () => options.ports(false))
    power?.after(2.5, () => options.ports(true))
  }

  function start(): void {
    const clock = power
    if (!clock) return
    for (const [index, link] of [wan, ...lan].entries()) {
      const frame = behavior.says(link.name, index === 0 ? wanMac() : (macs[index] as Mac))
      if (frame) send(link, frame)
    }
    clock.after(betweenWords, start)
  }

  function dark(): void {
    restarting = false
    running?.stop()
    running = undefined
    power?.stop()
    power = undefined
    if (!booted && !behavior.portsBridgedAtBoot) return
    booted = false
    options.ports(false)
  }

  /** Final RAs on the LAN, then power off, then a boot. */
  function restart(erase: boolean, down = () => {}): void {
    if (restarting || !power) {
      down()
      return
    }
    restarting = true
    const again = () => {
      dark()
      if (erase) flash = afterReset(flash.settings)
      if (!behavior.advertisedPrefixesOutlive.includes('orderly reboot')) flash.advertised = []
      if (!behavior.pinholesStored) flash.settings.pinholes = []
      boot(behavior.resetTime + behavior.bootTime)
      down()
    }
    const begin = () => {
      if (running) running.end({ withdraw: erase, release: behavior.releaseOnReboot }, again)
      else again()
    }
    if (behavior.restartsAfter > 0) power.after(behavior.restartsAfter, begin)
    else begin()
  }

  const page = webUi({
    clock: options.clock,
    behavior,
    flash: () => flash,
    session: () => running,
    settled,
    portsFlicker: flicker,
    switchIpv6(on) {
      if (on && !running) startIpv6()
      const ending = on ? undefined : running
      // RFC 8415 section 18.2.7: IPv6 is switched off, so the leases are released.
      ending?.end({ withdraw: true, release: true }, () => {
        if (running === ending) running = undefined
        if (flash.settings.ipv6 && power) startIpv6()
      })
    },
    restart,
  })

  return {
    powerOn() {
      if (!power) boot(behavior.bootTime)
    },
    powerCut() {
      dark()
      if (!behavior.advertisedPrefixesOutlive.includes('power cut')) flash.advertised = []
    },
    reboot: () => restart(false),
    factoryReset() {
      dark()
      flash = factory()
    },
    webUi: page.ui,
    log: () => lines,
  }
}

/** Locally administered, one for each port, unless all have the same. */
function macOf(random: Seeded, port: number, macs: Behavior['macs'] = 'of one maker'): Mac {
  const bytes = new Uint8Array(6)
  if (macs === 'of several makers') {
    const [first = 0, ...rest] = random.fork(`mac of port ${port}`).bytes(6)
    bytes.set([(first & 0xfc) | 2, ...rest])
  } else bytes.set([0x02, 0xce, ...random.fork('mac').bytes(3), macs === 'one for all' ? 0 : port])
  return formatMac(bytes)
}
