import type { Port } from '../../nodes/attachment/port.ts'
import { downstreamRouter, type EmulatedDownstreamRouter } from '../../nodes/downstream-router.ts'
import { type EmulatedLanHost, lanHost } from '../../nodes/lan-host.ts'
import type { Frame } from '../../recording/recording.ts'
import { claim, the } from '../../say/claim.ts'
import type { DownstreamRouter, Lan, LanHost, Wait } from '../../suite/bench.ts'
import { type Mac, prefixContains } from '../../wire/address.ts'
import type { BenchContext } from './context.ts'
import { neighborAsked } from './neighbor-asked.ts'
import { segmentsOf } from './segments.ts'
import { dutOn, onTheWire, patient, sightings, udpTo } from './sightings.ts'
import { Blocked } from './waits.ts'

/**
 * The LAN side of the bench: hosts and downstream routers on the DUT's LAN ports. `isServed`: an address within a prefix
 * that the line delegates now, not one from earlier; `isFar`: one of the Internet.
 */
export function benchLan(
  ctx: BenchContext,
  ports: Map<string, Port>,
  isServed: (address: string) => boolean,
  isFar: (address: string) => boolean,
): Omit<Lan, 'unplug' | 'plugIn'> & { hosts: EmulatedLanHost[] } {
  const { waits, tape, timing, node, mark } = ctx
  const names = [...ports.keys()]
  const first = names[0] as string
  const hosts: EmulatedLanHost[] = []
  const portOf = (name: string): Port => {
    const port = ports.get(name)
    if (!port) throw new RangeError(`the lab has no LAN port "${name}": it has ${names.join(', ')}`)
    return port
  }

  /** What the DUT (or a neighbor through it) puts on a station's port for it. */
  const reaches = (port: string, mac: Mac) => (frame: Frame) =>
    frame.port === port &&
    frame.packet.eth.src !== mac &&
    !ctx.isBridged(frame) &&
    (frame.packet.eth.dst === mac ||
      frame.packet.eth.dst.startsWith('33:33') ||
      frame.packet.eth.dst === 'ff:ff:ff:ff:ff:ff')

  function join(name: string, { port = first, ...options }: Parameters<Lan['join']>[1] = {}): LanHost {
    const mac = ctx.station(name, port)
    const host = lanHost(node, { name, mac, port: portOf(port), variety: ctx.variety(name), ...options })
    ctx.describe(name, { linkLocal: host.linkLocal, duid: host.duid })
    hosts.push(host)
    const at = sightings(waits, tape, claim`at ${the.name(name)}`, reaches(port, mac))
    const isOnline = () =>
      host.hasDefaultRouter() &&
      host
        .addresses()
        .some(
          ({ kind, state, source, address }) =>
            kind === 'gua' && state === 'preferred' && source !== 'adopted' && isServed(address),
        )
    const settles = async ({ since, by }: Omit<Wait, 'or'>): Promise<Frame | undefined> =>
      waits.until(
        () => (isOnline() ? (host.lastAdvertisement() ?? tape.frames.at(-1)) : undefined),
        by,
        `${name} to be online`,
        since,
      )
    return {
      ...host,
      awaits: at.awaits,
      ...patient(waits, host),
      informationRequest: (options) => waits.during(timing.client, host.informationRequest(options)),
      requestAddress: (options) => waits.during(timing.client, host.requestAddress(options)),
      renewAddress: (options) => waits.during(timing.client, host.renewAddress(options)),
      send: (packet, why) => onTheWire(waits, host.send(packet, why), packet),
      udp: (to, udpPorts, how) => onTheWire(waits, host.udp(to, udpPorts, how), udpTo(to, udpPorts)),
      settles,
      async online(wait: Wait) {
        const frame = await settles(wait)
        if (frame) return frame
        const addresses = host.addresses().map((one) => claim`${the.address(one.address)} (${the.name(one.state)})`)
        throw new Blocked(
          wait.or,
          claim`${the.name(name)} is not online: default router ${host.hasDefaultRouter() ? claim`known` : claim`unknown`}, addresses ${addresses.length > 0 ? the.list(addresses) : claim`none`} (${wait.by.why})`,
        )
      },
      solicitNeighbor: (target: string, { times }: { times?: number } = {}) =>
        neighborAsked(
          target,
          { src: host.linkLocal, mac, send: host.send },
          (answer, since) => at.awaits(answer, { since, by: timing.answer() }),
          times,
        ),
      leave() {
        host.leave()
        return mark('left', { name })
      },
    }
  }

  function joinRouter(
    name: string,
    { port = first, ...options }: Parameters<Lan['joinRouter']>[1] = {},
  ): DownstreamRouter {
    const mac = ctx.station(name, port)
    const router = downstreamRouter(node, {
      name,
      mac,
      port: portOf(port),
      start: false,
      variety: ctx.variety(name),
      ...options,
    })
    ctx.describe(name, { linkLocal: router.linkLocal, duid: router.duid })
    const reached = (frame: Frame) => reaches(router.port, mac)(frame)
    const at = sightings(waits, tape, claim`at ${the.name(name)}`, reached)
    const holding = (outer: string | undefined) => () => {
      const held = router.prefixes().some((prefix) => !outer || prefixContains(outer, prefix))
      return held ? router.lastReply() : undefined
    }
    const again = async (ask: () => Promise<Frame | undefined>) => (router.prefixes().length > 0 ? ask() : undefined)
    const behind = (host: EmulatedDownstreamRouter['host']): DownstreamRouter['host'] => ({
      ...host,
      ...patient(waits, host),
      awaits: sightings(
        waits,
        tape,
        claim`at ${the.name(host.name)}`,
        (frame) => reached(frame) && frame.packet.ip6?.dst === host.gua(),
      ).awaits,
      udp: (to, udpPorts, how) => onTheWire(waits, host.udp(to, udpPorts, how), udpTo(to, udpPorts)),
    })
    return {
      ...router,
      get port() {
        return router.port
      },
      host: behind(router.host),
      cascade: (prefix) => behind(router.cascade(prefix)),
      awaits: at.awaits,
      async delegated(wait: Wait) {
        const reply = await waits.until(holding(undefined), wait.by, `${name} to have a prefix`, wait.since)
        if (!reply) throw new Blocked(wait.or, claim`${the.name(name)} got no prefix (${wait.by.why})`)
        return reply
      },
      moves: (outer: string, { since, by }: Omit<Wait, 'or'>) =>
        waits.until(holding(outer), by, `${name} to have a prefix in ${outer}`, since),
      start() {
        const started = mark('plugged-in', { name })
        router.start()
        return started
      },
      // A Reply may be lost while its next hop is asked for.
      renew: async (options) => (await router.renew(options)) ?? again(() => router.renew(options)),
      rebind: async (options) => (await router.rebind(options)) ?? again(() => router.rebind(options)),
      neglect() {
        router.neglect()
        return mark('neglects', { name })
      },
      unplug() {
        router.unplug()
        return mark('unplugged', { name })
      },
      plugIn({ port: to = router.port, as }) {
        const made = mark('plugged-in', { name, port: to, as })
        router.plugIn({ port: portOf(to), as })
        return made
      },
      send: (packet, why) => onTheWire(waits, router.send(packet, why), packet),
      leave() {
        router.leave()
        return mark('left', { name })
      },
    }
  }

  const host = join('host')
  const onFirst = sightings(waits, tape, claim`on the LAN`, (frame) => frame.port === first && frame.from === 'dut')
  return {
    host,
    hosts,
    join,
    joinRouter,
    get segments() {
      return segmentsOf(names, tape.frames, ctx.isBridged)
    },
    gateway: dutOn(tape, first, isFar, ctx.dutMacs),
    ...onFirst,
    send(packet, { port = first, why } = {}) {
      return portOf(port).send({ mac: ctx.station('host', first), receive() {} }, packet, why)
    },
  }
}
