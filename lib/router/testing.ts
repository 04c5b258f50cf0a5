import { type CableEnd, cable } from '../link/cable.ts'
import { seeded } from '../time/seed.ts'
import { type VirtualClock, virtualClock } from '../time/virtual-clock.ts'
import { solicitedNode } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { type Dhcpv6, option, optionsOf } from '../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { encode } from '../wire/encode.ts'
import type { NdOption } from '../wire/nd-options.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import type { Behavior } from './behavior.ts'
import { type ReferenceRouter, referenceRouter } from './router.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

export const isp = { mac: '02:aa:00:00:00:01', linkLocal: 'fe80::1' }
export const host = { mac: '02:bb:00:00:00:01', linkLocal: 'fe80::b' }
export const delegated = '2d00:200:0:100::/56'

/** The router between two bare cables: what a test of its parts needs, without the bench. */
export interface TestBed {
  clock: VirtualClock
  router: ReferenceRouter
  wan: TestEnd
  lan: TestEnd
  /** Boots it, advertises a default router and answers every DHCPv6 message with `grant`. */
  online(grant?: (message: Message) => Dhcpv6Option[] | undefined): void
}

export interface TestEnd {
  end: CableEnd
  seen: { at: number; packet: Packet }[]
  send(packet: PacketInit): void
  /** What the router sent since this was called last. */
  take(): Packet[]
}

/** What a fair server grants. */
export const grantAll = (message: Message): Dhcpv6Option[] =>
  message.options.flatMap((one): Dhcpv6Option[] => {
    const lease = { preferredLifetime: 3600, validLifetime: 7200, options: [] }
    if (one.type === 'ia-na')
      return [{ ...one, t1: 1800, t2: 2880, options: [{ type: 'ia-addr', address: '2d00:100::99', ...lease }] }]
    if (one.type === 'ia-pd')
      return [{ ...one, t1: 1800, t2: 2880, options: [{ type: 'ia-prefix', prefix: delegated, ...lease }] }]
    return []
  })

export function testBed(behavior: Partial<Behavior> = {}): TestBed {
  const clock = virtualClock()
  const [wanEnd, dutWan] = cable(clock, { names: ['wan', 'wan'] })
  const [lanEnd, dutLan] = cable(clock, { names: ['lan', 'lan'] })
  let grant: (message: Message) => Dhcpv6Option[] | undefined = grantAll
  const plug = (up: boolean) => {
    wanEnd.plug(up)
    lanEnd.plug(up)
  }
  plug(false)
  const router = referenceRouter({
    clock,
    random: seeded('test bed'),
    wan: dutWan,
    lan: [dutLan],
    behavior,
    settled() {},
    ports: plug,
  })

  const testEnd = (end: CableEnd, own: { mac: string; linkLocal: string }, more: (packet: Packet) => void): TestEnd => {
    const seen: TestEnd['seen'] = []
    let taken = 0
    const send = (packet: PacketInit): void => end.send(encode({ ...packet, eth: { src: own.mac, ...packet.eth } }))
    end.onFrame((bytes, at) => {
      const packet = decode(bytes)
      seen.push({ at, packet })
      const { icmp6, ip6, eth } = packet
      if (icmp6?.type === 'neighbor-solicitation' && ip6 && ip6.src !== '::')
        send({
          eth: { dst: eth.src },
          ip6: { src: icmp6.target, dst: ip6.src },
          icmp6: {
            type: 'neighbor-advertisement',
            solicited: true,
            override: true,
            target: icmp6.target,
            options: [{ type: 'target-link-layer', mac: own.mac }],
          },
        })
      more(packet)
    })
    return {
      end,
      seen,
      send,
      take() {
        const fresh = seen.slice(taken).map(({ packet }) => packet)
        taken = seen.length
        return fresh
      },
    }
  }

  const wan = testEnd(wanEnd, isp, ({ dhcp6, ip6, eth }) => {
    if (!dhcp6 || 'hopCount' in dhcp6 || !ip6) return
    const options = grant(dhcp6)
    const client = option(dhcp6, 'client-id')
    if (!options || !client) return
    wan.send({
      eth: { dst: eth.src },
      ip6: { src: isp.linkLocal, dst: ip6.src },
      udp: { srcPort: 547, dstPort: 546 },
      dhcp6: {
        type: dhcp6.type === 'solicit' ? 'advertise' : 'reply',
        transactionId: dhcp6.transactionId,
        options: [{ type: 'server-id', duid: '00030001aa' }, client, ...options],
      },
    })
  })
  const lan = testEnd(lanEnd, host, () => {})
  return {
    clock,
    router,
    wan,
    lan,
    online(how = grantAll) {
      grant = how
      router.powerOn()
      clock.advance(7)
      wan.send(advertisement())
      clock.advance(10)
      wan.take()
      lan.take()
    },
  }
}

/** An RA of the ISP's. */
export function advertisement(options: NdOption[] = [], routerLifetime = 1800): PacketInit {
  return {
    ip6: { src: isp.linkLocal, dst: 'ff02::1' },
    icmp6: {
      type: 'router-advertisement',
      managed: true,
      routerLifetime,
      options: [{ type: 'source-link-layer', mac: isp.mac }, ...options],
    },
  }
}

/** Values of all prefixes that a message names. */
export const namedPrefixes = (message: Message): string[] =>
  optionsOf(message, 'ia-pd').flatMap((ia) => optionsOf(ia, 'ia-prefix').map(({ prefix }) => prefix))

export const question = (target: string, from: { mac: string; linkLocal: string }): PacketInit => ({
  ip6: { src: from.linkLocal, dst: solicitedNode(target) },
  icmp6: { type: 'neighbor-solicitation', target, options: [{ type: 'source-link-layer', mac: from.mac }] },
})
