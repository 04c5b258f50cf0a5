import type { Port } from '../../nodes/attachment/port.ts'
import { internetHost } from '../../nodes/internet-host.ts'
import { type IspRouter, ispRouter } from '../../nodes/isp.ts'
import { lineMtu } from '../../nodes/isp-parameters.ts'
import { upstreamRouter } from '../../nodes/upstream-router.ts'
import type { Frame, IspParameters } from '../../recording/recording.ts'
import { claim, the } from '../../say/claim.ts'
import type { InternetHost, Isp } from '../../suite/bench.ts'
import type { Seeded } from '../../time/seed.ts'
import { addressIn, inPrefix, prefixLength } from '../../wire/address.ts'
import { describePattern } from '../../wire/describe-pattern.ts'
import { matches, type Pattern } from '../../wire/match.ts'
import { dhcpv6 } from '../../wire/patterns.ts'
import { anySubnet } from '../world.ts'
import type { BenchContext } from './context.ts'
import { asked, neighborAsked } from './neighbor-asked.ts'
import { dutOn, onTheWire, patient, sightings, udpTo } from './sightings.ts'
import { Blocked } from './waits.ts'

export interface BenchIsp {
  isp: Isp
  internet: InternetHost
  internet2: InternetHost
  router: IspRouter
}

/** The WAN side of the bench: the ISP's router and two hosts beyond it. */
export function benchIsp(
  ctx: BenchContext,
  port: Port,
  parameters: IspParameters,
  wallClock: () => number,
  freshPrefix: () => string,
): BenchIsp {
  const { waits, tape, timing, mark } = ctx
  const mac = ctx.station('isp', port.name)
  const router = ispRouter({ ...ctx.node, wallClock }, { port, mac, parameters, variety: ctx.variety('isp') })
  ctx.describe('isp', { linkLocal: router.linkLocal, address: router.address, duid: router.duids[0] })

  const host = (name: string, index: number): InternetHost => {
    const address = addressIn(parameters.internetPrefix, index)
    const node = internetHost(ctx.node, {
      name,
      address,
      mtu: () => lineMtu(router.parameters(), port.line),
      send: router.forward,
      variety: ctx.variety(name),
    })
    router.attachInternet(address, node)
    // It has no link of its own: on the wire its frames are the ISP's.
    ctx.describe(name, { port: port.name, mac, linkLocal: router.linkLocal, address })
    const at = sightings(
      waits,
      tape,
      claim`at ${the.name(name)}`,
      (frame) => frame.port === port.name && frame.from === 'dut' && frame.packet.ip6?.dst === address,
    )
    return {
      ...node,
      ...patient(waits, node),
      awaits: at.awaits,
      send: (packet, why) => onTheWire(waits, node.send(packet, why), packet),
      udp: (to, ports, how) => onTheWire(waits, node.udp(to, ports, how), udpTo(to, ports)),
    }
  }
  const onLine = (frame: Frame) => frame.port === port.name && frame.from === 'dut' && !ctx.isBridged(frame)
  const isFar = (address: string) => inPrefix(address, parameters.internetPrefix)
  const onWan = sightings(waits, tape, claim`on the WAN`, onLine)

  const customer = dutOn(tape, port.name, isFar)
  const answered = (answer: Pattern, since: Frame) => onWan.awaits(answer, { since, by: timing.answer() })

  const isp: Isp = {
    get parameters() {
      return router.parameters()
    },
    get address() {
      return router.address
    },
    linkLocal: router.linkLocal,
    get otherResolver() {
      return router.otherResolver
    },
    change: (change) => mark('isp-change', router.change(change)),
    customer,
    joinRouter(name) {
      const other = upstreamRouter(ctx.node, {
        port,
        mac: ctx.station(name, port.name),
        variety: ctx.variety(name),
        forward: router.enter,
      })
      ctx.describe(name, { linkLocal: other.linkLocal })
      return {
        name,
        ...other,
        answers(on) {
          other.answers(on)
          return mark('router-answers', { name, on })
        },
      }
    },
    secondServer(answers) {
      router.secondServer(answers)
      return mark('second-server', { answers, duid: router.duids[1] })
    },
    answerWith(why, rule, comment = () => why) {
      router.answerWith(rule, comment)
      return mark('isp-answers', { why })
    },
    otherPrefix: freshPrefix,
    advertise: router.advertise,
    solicitNeighbor: (target, { times } = {}) =>
      neighborAsked(target, { src: router.linkLocal, mac, send: router.send }, answered, times),
    fence: async () => {
      const dut = customer()
      return dut && asked(() => router.fence(dut.linkLocal, `is ${dut.linkLocal} there?`), answered)
    },
    send: router.send,
    ...onWan,
    grants: (prefix, { since, by }) =>
      waits.frame(
        (frame) => frame.port === port.name && frame.direction === 'out',
        dhcpv6('reply', { iaPd: { iaPrefix: { prefix, validLifetime: (seconds) => Number(seconds) > 0 } } }),
        since,
        by,
        `a Reply that contains ${prefix}`,
      ),
    latest(pattern, { or }) {
      const frame = tape.frames.findLast((one) => one.port === port.name && matches(one.packet, pattern))
      if (!frame) throw new Blocked(or, claim`on the WAN: ${the.packet(describePattern(pattern))} was not seen`)
      return frame
    },
  }
  return { isp, router, internet: host('internet', 0x80), internet2: host('internet2', 0x81) }
}

/** Prefixes of the pool that this subscriber never had, from anywhere in it; none is shorter than the line may have. */
export function otherPrefixes(
  parameters: IspParameters,
  { pool, shortest }: { pool: string; shortest: number },
  random: Seeded,
): (length?: number) => string {
  const used = new Set(parameters.dhcpv6.prefixes)
  const usual = prefixLength(parameters.dhcpv6.prefixes[0] ?? '::/56')
  return (length = usual) => {
    for (;;) {
      const candidate = anySubnet(pool, Math.max(length, shortest), random)
      if (used.has(candidate)) continue
      used.add(candidate)
      return candidate
    }
  }
}
