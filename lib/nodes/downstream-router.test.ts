import { describe, expect, it } from 'vitest'
import { linkLocalOf, multicastMac } from '../wire/address.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { Station } from './attachment/port.ts'
import { downstreamRouter } from './downstream-router.ts'
import { internetHost } from './internet-host.ts'
import { type TestLink, testLink } from './test-link.ts'

const DUT = '02:00:00:00:00:fe'
const ROUTER = '02:00:00:00:00:0a'
const HOST = '2a0e:b107:1:10::2'
const FAR = '2a0e:b107:ffff::1'

/** A DUT's LAN side: answers NS, sends one RA, delegates one prefix of its choice, and routes to one far host. */
function dut(link: TestLink) {
  let grant: Dhcpv6Option[] = []
  const far = internetHost(link.ctx, {
    name: 'far',
    address: FAR,
    send: (packet) => link.port.send(station, { ...packet, eth: { dst: ROUTER } }),
  })
  const station: Station = {
    mac: DUT,
    receive(packet, frame) {
      const { eth, ip6, icmp6, dhcp6 } = packet
      if (icmp6?.type === 'neighbor-solicitation' && icmp6.target === linkLocalOf(DUT)) {
        link.port.send(station, {
          eth: { dst: eth.src },
          ip6: { src: icmp6.target, dst: ip6?.src },
          icmp6: {
            ...{ type: 'neighbor-advertisement', code: 0, router: true, solicited: true, override: true },
            target: icmp6.target,
            options: [{ type: 'target-link-layer', mac: DUT }],
          },
        })
      }
      if (dhcp6 && 'transactionId' in dhcp6 && eth.dst === multicastMac('ff02::1:2')) {
        const client = dhcp6.options.filter(({ type }) => type === 'client-id')
        link.port.send(station, {
          eth: { dst: eth.src },
          ip6: { src: linkLocalOf(DUT), dst: ip6?.src },
          udp: { srcPort: 547, dstPort: 546 },
          dhcp6: {
            type: dhcp6.type === 'solicit' ? 'advertise' : 'reply',
            transactionId: dhcp6.transactionId,
            options: [...client, { type: 'server-id', duid: '0001' }, { type: 'preference', value: 255 }, ...grant],
          },
        })
      }
      if (ip6?.dst === FAR) far.receive(packet, frame)
    },
  }
  link.port.attach(station)
  return {
    far,
    station,
    grant(prefixes: [prefix: string, preferred: number, valid: number][]) {
      const options = prefixes.map(([prefix, preferredLifetime, validLifetime]) => {
        return { type: 'ia-prefix' as const, prefix, preferredLifetime, validLifetime, options: [] }
      })
      grant = [{ type: 'ia-pd', iaid: 1, t1: 1000, t2: 1600, options }]
    },
    advertise() {
      link.port.send(station, {
        ip6: { src: linkLocalOf(DUT), dst: 'ff02::1' },
        icmp6: {
          ...{ type: 'router-advertisement', code: 0, hopLimit: 64, managed: false, other: true, preference: 'medium' },
          ...{ routerLifetime: 1800, reachableTime: 0, retransTimer: 0 },
          options: [{ type: 'source-link-layer', mac: DUT }],
        },
      })
    },
  }
}

function scene() {
  const link = testLink()
  const gateway = dut(link)
  gateway.grant([['2a0e:b107:1:10::/60', 2000, 4000]])
  const router = downstreamRouter(link.ctx, { name: 'inner', mac: ROUTER, port: link.port })
  link.clock.advance(1.5)
  gateway.advertise()
  link.clock.advance(3)
  const fromDut = (packet: PacketInit) => link.port.send(gateway.station, { eth: { dst: ROUTER }, ...packet })
  return { link, gateway, router, fromDut }
}

describe('a downstream router', () => {
  it('gets a prefix and numbers its host', () => {
    const { router } = scene()
    expect(router.prefixes()).toEqual(['2a0e:b107:1:10::/60'])
    expect(router.host.gua()).toBe(HOST)
    expect(router.t1()).toBe(1000)
    expect(router.lastReply()?.packet.dhcp6?.type).toBe('reply')
  })

  it('forwards both ways, a hop each', async () => {
    const { link, gateway, router } = scene()
    gateway.far.serveTcp(80)
    const reply = await link.play(router.host.ping(FAR))
    expect(reply?.packet.ip6).toMatchObject({ src: FAR, dst: HOST })
    const ping = link.frames.find(({ packet }) => packet.icmp6?.type === 'echo-request')?.packet
    expect(ping).toMatchObject({ eth: { src: ROUTER, dst: DUT }, ip6: { src: HOST, hopLimit: 63 } })
    expect((await link.play(router.host.connect(FAR, 80, { bytes: 5000 }))).outcome).toBe('connected')
    router.host.serveUdp(7)
    gateway.far.udp(HOST, { from: 5000, to: 7 }, { hopLimit: 2 })
    link.clock.advance(0.1)
    expect(link.frames.at(-1)?.packet).toMatchObject({ ip6: { src: HOST, hopLimit: 63 }, udp: { srcPort: 7 } })
  })

  it('answers for what it can not forward', () => {
    const { link, fromDut } = scene()
    const udp = { udp: { srcPort: 1, dstPort: 2 } }
    const answers = [
      { ip6: { src: FAR, dst: '2a0e:b107:1:10::99' }, ...udp },
      { ip6: { src: FAR, dst: '2a0e:b107:1:1f::1' }, ...udp },
      { ip6: { src: FAR, dst: HOST, hopLimit: 1 }, ...udp },
      { ip6: { src: FAR, dst: '2a0e:b107:1:20::1' }, ...udp },
    ].map((packet) => {
      const { number } = fromDut(packet)
      link.clock.advance(0.1)
      const icmp6 = link.frames.slice(number).find(({ packet: { ip6 } }) => ip6?.dst === FAR)?.packet.icmp6
      return icmp6 && `${icmp6.type} ${icmp6.code}`
    })
    expect(answers).toEqual(['destination-unreachable 3', 'destination-unreachable 0', 'time-exceeded 0', undefined])
  })

  it('renumbers its host, and still uses the old address while it is valid', async () => {
    const { link, gateway, router } = scene()
    gateway.grant([
      ['2a0e:b107:1:10::/60', 0, 0],
      ['2a0e:b107:2:10::/60', 2000, 4000],
    ])
    expect((await link.play(router.renew()))?.packet.dhcp6?.type).toBe('reply')
    expect(router.prefixes()).toEqual(['2a0e:b107:2:10::/60'])
    expect(router.host.gua()).toBe('2a0e:b107:2:10::2')
    const reply = await link.play(router.host.ping(FAR, { from: HOST }))
    expect(reply?.packet.ip6?.dst).toBe(HOST)
  })

  it('releases, and has no prefix then', async () => {
    const { link, router } = scene()
    expect((await link.play(router.release()))?.packet.dhcp6?.type).toBe('reply')
    expect(router.prefixes()).toEqual([])
    expect(router.host.gua()).toBeUndefined()
  })

  it('says a Release as it leaves, and nothing after', () => {
    const { link, router } = scene()
    router.leave()
    expect(link.frames.at(-1)?.packet.dhcp6?.type).toBe('release')
    const { length } = link.frames
    link.clock.advance(5000)
    expect(link.frames.slice(length).filter(({ packet }) => packet.eth.src === ROUTER)).toEqual([])
  })

  it('is unplugged without a word, and comes back as one that kept its lease', () => {
    const { link, gateway, router, fromDut } = scene()
    const { length } = link.frames
    router.unplug()
    link.clock.advance(20)
    expect(link.frames.length).toBe(length)
    expect(router.prefixes()).toEqual(['2a0e:b107:1:10::/60'])
    router.plugIn({ as: 'silent' })
    link.clock.advance(2)
    gateway.advertise()
    fromDut({ ip6: { src: FAR, dst: HOST }, icmp6: { type: 'echo-request', id: 1, seq: 1, data: new Uint8Array(1) } })
    link.clock.advance(2)
    const answered = link.frames.slice(length).filter(({ packet }) => packet.eth.src === ROUTER)
    expect(answered.some(({ packet }) => packet.icmp6?.type === 'echo-reply')).toBe(true)
    expect(answered.some(({ packet }) => packet.dhcp6)).toBe(false)
  })

  it.each([
    ['rebinding', 'rebind'],
    ['rebooted', 'solicit'],
  ] as const)('comes back %s', (as, type) => {
    const { link, router } = scene()
    router.unplug()
    const { length } = link.frames
    router.plugIn({ as })
    link.clock.advance(4)
    const first = link.frames.slice(length).find(({ packet }) => packet.eth.src === ROUTER && packet.dhcp6)
    expect(first?.packet.dhcp6?.type).toBe(type)
    expect(router.prefixes()).toEqual(['2a0e:b107:1:10::/60'])
  })

  it('neglects its lease, and is still there', () => {
    const { link, router } = scene()
    router.neglect()
    const { length } = link.frames
    link.clock.advance(4500)
    expect(link.frames.slice(length).filter(({ packet }) => packet.eth.src === ROUTER && packet.dhcp6)).toEqual([])
    expect(router.prefixes()).toEqual([])
  })

  it('passes a prefix on: a host two routers down is two hops away', async () => {
    const { link, router } = scene()
    const deep = router.cascade('2a0e:b107:1:11::/64')
    const reply = await link.play(deep.ping(FAR))
    expect(reply?.packet.ip6).toMatchObject({ src: FAR, dst: '2a0e:b107:1:11::2' })
    const ping = link.frames.find(({ packet }) => packet.icmp6?.type === 'echo-request')?.packet
    expect(ping).toMatchObject({ eth: { src: ROUTER }, ip6: { src: '2a0e:b107:1:11::2', hopLimit: 62 } })
  })

  it('hints at a length or at a prefix', () => {
    for (const hint of [60, '2a0e:b107:1:10::/64'] as const) {
      const link = testLink()
      downstreamRouter(link.ctx, { name: 'inner', mac: ROUTER, port: link.port, iaPd: [{ hint }] })
      link.clock.advance(4)
      const solicit = link.frames.find(({ packet }) => packet.dhcp6)?.packet.dhcp6
      const ia = solicit && 'options' in solicit && solicit.options.find(({ type }) => type === 'ia-pd')
      const prefix = typeof hint === 'number' ? `::/${hint}` : hint
      expect(ia).toMatchObject({ options: [{ type: 'ia-prefix', prefix, validLifetime: 0 }] })
    }
  })
})
