import { beforeEach, describe, expect, test } from 'vitest'
import { cable } from '../link/cable.ts'
import type { Frame, IspParameters } from '../recording/recording.ts'
import { tape } from '../recording/tape.ts'
import { seeded } from '../time/seed.ts'
import { virtualClock } from '../time/virtual-clock.ts'
import { linkLocalOf, multicastMac } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { option } from '../wire/dhcpv6.ts'
import { duidLl } from '../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { dnsQuery } from '../wire/dns.ts'
import { encode } from '../wire/encode.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { openPort } from './attachment/port.ts'
import { ispRouter } from './isp.ts'

const ispMac = '02:de:4a:00:00:01'
const dutMac = '00:11:22:33:44:55'
const dutLinkLocal = linkLocalOf(dutMac)
const ispLinkLocal = linkLocalOf(ispMac)
const duid = duidLl(dutMac)
const host = '2a0e:b107:2::80'
const lanHost = '2a0e:b107:100:1::5'

const parameters: IspParameters = {
  wanPrefix: '2a0e:b107:1::/64',
  internetPrefix: '2a0e:b107:2::/64',
  ra: {
    interval: 0,
    managed: true,
    other: true,
    routerLifetime: 1800,
    autonomous: false,
    onLink: true,
    preferredLifetime: 600,
    validLifetime: 1200,
    mtu: 1492,
  },
  dhcpv6: {
    answers: true,
    ignoreSolicits: 0,
    iaNa: true,
    prefixes: ['2a0e:b107:100::/56'],
    t1: 60,
    t2: 96,
    preferredLifetime: 120,
    validLifetime: 180,
    dns: true,
    domains: [],
  },
  ipv4: true,
}

/** A line with the ISP at one end and a DUT at the other that says what a test tells it. */
function line(changed: Partial<IspParameters> = {}) {
  const clock = virtualClock()
  const [benchEnd, dutEnd] = cable(clock, { names: ['wan0', 'dut'] })
  const recorded = tape(clock, (mac) => mac === ispMac)
  const port = openPort(benchEnd, clock, recorded.frame)
  const ctx = { clock, random: seeded('7'), settled: () => {}, wallClock: () => 1_760_000_000.5 + clock.now() }
  const isp = ispRouter(ctx, { port, mac: ispMac, parameters: { ...parameters, ...changed } })
  const received: { at: number; packet: Packet }[] = []
  dutEnd.onFrame((bytes, at) => received.push({ at, packet: decode(bytes) }))
  return {
    clock,
    isp,
    recorded,
    received,
    /** Sends, and gives what has come back within the time. */
    send(packet: PacketInit, seconds = 0.01): Packet[] {
      const before = received.length
      dutEnd.send(encode({ ...packet, eth: { src: dutMac, ...packet.eth } }))
      clock.advance(seconds)
      return received.slice(before).map((one) => one.packet)
    },
  }
}

/** All NSs of the ISP are answered, as by a DUT that is up. */
function answeringLine(changed: Partial<IspParameters> = {}) {
  const it = line(changed)
  const send = (packet: PacketInit): Packet[] => {
    const out = it.send(packet)
    return out.flatMap((one) => {
      if (one.icmp6?.type !== 'neighbor-solicitation') return [one]
      return it.send(advertisementFor(one.icmp6.target))
    })
  }
  return { ...it, send }
}

const advertisementFor = (target: string): PacketInit => ({
  eth: { dst: ispMac },
  ip6: { src: target, dst: ispLinkLocal },
  icmp6: {
    type: 'neighbor-advertisement',
    router: true,
    solicited: true,
    override: true,
    target,
    options: [{ type: 'target-link-layer', mac: dutMac }],
  },
})

const dhcpv6 = (type: 'solicit' | 'request' | 'renew' | 'rebind' | 'release', server?: string): PacketInit => {
  const options: Dhcpv6Option[] = [
    { type: 'client-id', duid },
    { type: 'oro', codes: [23] },
    { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [] },
    { type: 'ia-pd', iaid: 2, t1: 0, t2: 0, options: [] },
  ]
  if (server) options.push({ type: 'server-id', duid: server })
  return {
    ip6: { src: dutLinkLocal, dst: 'ff02::1:2' },
    udp: { srcPort: 546, dstPort: 547 },
    dhcp6: { type, transactionId: 7, options },
  }
}

const solicitation: PacketInit = {
  ip6: { src: dutLinkLocal, dst: 'ff02::2' },
  icmp6: { type: 'router-solicitation', options: [{ type: 'source-link-layer', mac: dutMac }] },
}

const echo = (src: string, dst: string, hopLimit = 64): PacketInit => ({
  eth: { dst: ispMac },
  ip6: { src, dst, hopLimit },
  icmp6: { type: 'echo-request', id: 1, seq: 2, data: Uint8Array.of(3) },
})

const types = (packets: Packet[]) => packets.map((packet) => packet.icmp6?.type ?? packet.dhcp6?.type)

describe('neighbors', () => {
  test('an NS for its addresses is answered, to all nodes where DAD asks', () => {
    const { send, isp } = line()
    for (const target of [ispLinkLocal, isp.address]) {
      const ns: PacketInit = {
        ip6: { src: dutLinkLocal, dst: 'ff02::1:ff00:1' },
        icmp6: { type: 'neighbor-solicitation', target, options: [{ type: 'source-link-layer', mac: dutMac }] },
      }
      expect(send(ns)).toMatchObject([
        {
          eth: { dst: dutMac },
          ip6: { src: target, dst: dutLinkLocal, hopLimit: 255 },
          icmp6: { type: 'neighbor-advertisement', router: true, solicited: true, override: true, target },
        },
      ])
      const dad: PacketInit = {
        ip6: { src: '::', dst: 'ff02::1:ff00:1' },
        icmp6: { type: 'neighbor-solicitation', target, options: [] },
      }
      expect(send(dad)).toMatchObject([{ ip6: { dst: 'ff02::1' }, icmp6: { solicited: false } }])
      expect(send({ ...ns, ip6: { ...ns.ip6, hopLimit: 254 } })).toEqual([])
    }
  })

  test('the DUT is asked once for its WAN address, three times where it is silent', () => {
    const { send, isp, clock, received } = line()
    send(solicitation)
    const packet = echo(host, '2a0e:b107:1::9')
    isp.forward(packet)
    isp.forward(packet)
    clock.advance(10)
    expect(types(received.map((one) => one.packet))).toEqual(Array(3).fill('neighbor-solicitation'))
    const sent: Frame[] = []
    const waitedFor = isp.forward(packet, 'probe', (frame) => sent.push(frame))
    expect(waitedFor.packet.icmp6?.type).toBe('neighbor-solicitation')
    clock.advance(0.1)
    expect(sent).toEqual([])
    expect(types(send(advertisementFor('2a0e:b107:1::9')))).toEqual(['echo-request'])
    expect(sent).toMatchObject([{ comment: 'probe', packet: { ip6: { dst: '2a0e:b107:1::9' } } }])
    isp.forward(packet)
    clock.advance(10)
    expect(types(received.slice(5).map((one) => one.packet))).toEqual(['echo-request'])
  })
})

describe('router advertisements', () => {
  test('as the parameters say', () => {
    const { isp, received, clock } = line()
    isp.advertise()
    clock.advance(1)
    expect(received).toHaveLength(1)
    expect(received[0]?.packet).toMatchObject({
      eth: { src: ispMac, dst: multicastMac('ff02::1') },
      ip6: { src: ispLinkLocal, dst: 'ff02::1', hopLimit: 255 },
      icmp6: {
        type: 'router-advertisement',
        managed: true,
        other: true,
        routerLifetime: 1800,
        options: [
          { type: 'source-link-layer', mac: ispMac },
          { type: 'mtu', mtu: 1492 },
          {
            type: 'prefix-information',
            prefix: '2a0e:b107:1::/64',
            onLink: true,
            autonomous: false,
            preferredLifetime: 600,
            validLifetime: 1200,
          },
        ],
      },
    })
    isp.change({ ra: { autonomous: undefined, mtu: undefined } })
    isp.advertise()
    clock.advance(1)
    expect(received[1]?.packet.icmp6).toMatchObject({ options: [{ type: 'source-link-layer' }] })
  })

  test('each interval; none at all with 0', () => {
    const { isp, received, clock, send } = line({ ra: { ...parameters.ra, interval: 10 } })
    clock.advance(35)
    expect(received.length).toBeGreaterThanOrEqual(3)
    const gaps = received.slice(1).map((one, index) => one.at - (received[index]?.at ?? 0))
    for (const gap of gaps) expect(gap).toBeCloseTo(10, 6)
    isp.change({ ra: { interval: 0 } })
    expect(send(solicitation, 60)).toEqual([])
  })

  test('a solicited one comes within half a second, multicasts keep 3 s apart', () => {
    const { received, clock, send } = line({ ra: { ...parameters.ra, interval: 1000 } })
    clock.advance(1)
    const began = clock.now()
    expect(send(solicitation, 0.6)).toHaveLength(1)
    send(solicitation, 1)
    send(solicitation, 3)
    const times = received.map((one) => one.at)
    expect(times).toHaveLength(2)
    expect(times[0]).toBeLessThan(began + 0.501)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(3)
  })
})

describe('DHCPv6 on the line', () => {
  test('answered from the link-local address to the client port', () => {
    const { send } = line()
    expect(send(dhcpv6('solicit'))).toMatchObject([
      {
        eth: { dst: dutMac },
        ip6: { src: ispLinkLocal, dst: dutLinkLocal },
        udp: { srcPort: 547, dstPort: 546 },
        dhcp6: { type: 'advertise', transactionId: 7 },
      },
    ])
  })

  test('silent when told so, for some Solicits or for all', () => {
    const { send, isp } = line({ dhcpv6: { ...parameters.dhcpv6, ignoreSolicits: 2 } })
    expect([1, 2, 3, 4].map(() => types(send(dhcpv6('solicit'))))).toEqual([[], [], ['advertise'], ['advertise']])
    isp.change({ dhcpv6: { answers: false } })
    expect(send(dhcpv6('solicit'))).toEqual([])
  })

  test('the second server knows the bindings and has a DUID of its own', () => {
    const { send, isp } = line()
    const [first, second] = isp.duids
    const granted = send(dhcpv6('request', first))[0]?.dhcp6
    isp.secondServer(true)
    expect(send(dhcpv6('renew', first))).toEqual([])
    const rebound = send(dhcpv6('rebind'))[0]?.dhcp6
    expect(granted && option(granted, 'server-id')?.duid).toBe(first)
    expect(rebound && option(rebound, 'server-id')?.duid).toBe(second)
    expect(rebound && option(rebound, 'ia-na')).toEqual(granted && option(granted, 'ia-na'))
    isp.secondServer(false)
    expect(send(dhcpv6('renew', first))).toHaveLength(1)
  })
})

describe('routes', () => {
  let it: ReturnType<typeof answeringLine>
  let arrived: [Packet, Frame][]
  beforeEach(() => {
    it = answeringLine()
    arrived = []
    it.isp.attachInternet(host, { receive: (packet, frame) => arrived.push([packet, frame]) })
    it.send(solicitation)
    it.send(dhcpv6('request', it.isp.duids[0]))
  })

  test('out: one hop less, to the host that is attached', () => {
    it.send(echo(lanHost, host))
    expect(arrived).toHaveLength(1)
    expect(arrived[0]?.[0].ip6?.hopLimit).toBe(63)
    expect(arrived[0]?.[1].packet.ip6?.hopLimit).toBe(64)
  })

  test.each([
    ['a source that was not delegated', '2a0e:b107:200::5', host, 64],
    ['a ULA', 'fd00::5', host, 64],
    ['a link-local source', dutLinkLocal, host, 64],
    ['the last hop', lanHost, host, 1],
    ['an unknown destination', lanHost, '2a0e:b107:2::81', 64],
    ['back into the delegated prefix', lanHost, '2a0e:b107:100:ff::1', 64],
  ])('out, dropped: %s', (_name, src, dst, hopLimit) => {
    expect(it.send(echo(src, dst, hopLimit))).toEqual([])
    expect(arrived).toEqual([])
  })

  test('in: by way of the lease, one hop less', () => {
    const frame = it.isp.forward(echo(host, lanHost), 'probe')
    expect(frame).toMatchObject({
      comment: 'probe',
      packet: { eth: { src: ispMac, dst: dutMac }, ip6: { hopLimit: 63 } },
    })
  })

  test('a delegation ends with its valid lifetime', () => {
    it.clock.advance(181)
    it.send(echo(lanHost, host))
    expect(arrived).toEqual([])
  })

  test('what is behind an Authentication Header is passed on, and not taken for its own', () => {
    const it = line()
    const ext: PacketInit['ext'] = [{ type: 'authentication', spi: 1, sequence: 1, icv: new Uint8Array(12) }]
    expect(it.send({ ...echo('2a0e:b107:1::9', it.isp.address), ext })).toEqual([])
    expect(types(it.send(echo('2a0e:b107:1::9', it.isp.address)))).not.toEqual([])
  })

  test('its own addresses answer echo requests, DNS and NTP', () => {
    const { isp, send } = it
    expect(send(echo(lanHost, isp.address))).toMatchObject([
      { ip6: { src: isp.address, dst: lanHost }, icmp6: { type: 'echo-reply', id: 1, seq: 2 } },
    ])
    const udp = (dstPort: number, dst: string): PacketInit => ({
      eth: { dst: ispMac },
      ip6: { src: lanHost, dst },
      udp: { srcPort: 4000, dstPort },
    })
    const query = dnsQuery({ id: 9, name: 'example.com', type: 'AAAA' })
    expect(send({ ...udp(53, isp.address), dns: query })).toMatchObject([
      { udp: { srcPort: 53, dstPort: 4000 }, dns: { id: 9, answers: [{ data: host }] } },
    ])
    const ntp = new Uint8Array(48).fill(0x23, 0, 1)
    for (const server of [isp.address, host]) {
      const [answer] = send({ ...udp(123, server), payload: ntp })
      expect(answer?.ip6?.src).toBe(server)
      const seconds = new DataView(answer?.payload?.slice().buffer ?? new ArrayBuffer(48)).getUint32(40)
      expect(seconds - 2_208_988_800).toBe(Math.floor(1_760_000_000.5 + it.clock.now()))
    }
  })
})

describe('what a scenario does', () => {
  test('sends any packet; what is left out is filled in', () => {
    const { isp, send } = line()
    send(solicitation)
    const frame = isp.send({ ip6: { dst: '2a0e:b107:1::9' }, icmp6: { type: 'echo-request', id: 1, seq: 1 } }, 'why')
    expect(frame).toMatchObject({ comment: 'why', packet: { eth: { dst: dutMac }, ip6: { src: ispLinkLocal } } })
    const other = '02:00:00:00:00:09'
    expect(isp.send({ eth: { src: other }, ip6: { src: 'fe80::9', dst: 'ff02::1' } }).packet).toMatchObject({
      eth: { src: other, dst: '33:33:00:00:00:01' },
      ip6: { src: 'fe80::9' },
    })
  })

  test('a change says what is different, and leaves the caller its own', () => {
    const { isp } = line()
    const prefixes = ['2a0e:b107:300::/56']
    const change = isp.change({ dhcpv6: { prefixes, t1: 60 }, ra: { mtu: 1492 }, ipv4: false })
    expect(change).toEqual({ dhcpv6: { prefixes }, ipv4: false })
    prefixes.push('2a0e:b107:400::/56')
    expect(isp.parameters().dhcpv6).toEqual({ ...parameters.dhcpv6, prefixes: ['2a0e:b107:300::/56'] })
    expect(isp.change({ dhcpv6: { t1: 60 } })).toEqual({})
  })

  test('the server says what a rule makes of its answer; what that grants is bound and routed', () => {
    const { isp, send } = answeringLine()
    const more = '2a0e:b107:300::/56'
    const given: Dhcpv6Option = {
      type: 'ia-prefix',
      prefix: more,
      preferredLifetime: 60,
      validLifetime: 90,
      options: [],
    }
    const asked: string[] = []
    isp.answerWith((question, usual) => {
      asked.push(`${question.type} ${usual?.type}`)
      if (!usual || question.type === 'renew') return undefined
      return {
        ...usual,
        options: usual.options.map((one) =>
          one.type === 'ia-pd' ? { ...one, t1: 100, t2: 50, options: [...one.options, given] } : one,
        ),
      }
    })
    const there = () => isp.forward({ ip6: { src: host, dst: '2a0e:b107:300::7' } }).packet.eth.dst
    send(solicitation)
    send(dhcpv6('solicit'))
    const [reply] = send(dhcpv6('request', isp.duids[0]))
    const pd = reply?.dhcp6 && option(reply.dhcp6, 'ia-pd')
    expect(pd).toMatchObject({ t1: 100, t2: 50 })
    expect(pd?.options.map((one) => 'prefix' in one && one.prefix)).toEqual(['2a0e:b107:100::/56', more])
    expect(there()).toBe(dutMac)
    expect(send(dhcpv6('renew', isp.duids[0])).filter(({ dhcp6 }) => dhcp6)).toEqual([])
    expect(asked).toEqual(['solicit advertise', 'request reply', 'renew reply'])
    isp.answerWith(undefined)
    expect(types(send(dhcpv6('renew', isp.duids[0])))).toEqual(['reply'])
  })

  test('after close nothing is sent', () => {
    const { isp, clock, received } = line({ ra: { ...parameters.ra, interval: 10 } })
    isp.close()
    clock.advance(100)
    expect(received).toEqual([])
  })

  test('a frame of the bench that leaks through the DUT is not served', () => {
    const { send, isp } = line()
    expect(send({ ...dhcpv6('solicit'), eth: { src: ispMac } })).toEqual([])
    expect(isp.address).toBe('2a0e:b107:1::1')
  })
})

test('no IPv4 where the line has none', () => {
  const arp: PacketInit = { arp: { operation: 'request', senderMac: dutMac, target: '100.64.0.1' } }
  expect(line().send(arp)).toMatchObject([{ arp: { operation: 'reply', senderMac: ispMac } }])
  expect(line({ ipv4: false }).send(arp)).toEqual([])
})

test('two plays of one seed are the same', () => {
  const play = (): [number, string][] => {
    const { received, send, isp } = line({
      ra: { ...parameters.ra, interval: 30 },
    })
    send(solicitation, 5)
    send(dhcpv6('request', isp.duids[0]), 100)
    return received.map(({ at, packet }) => [at, JSON.stringify(packet)])
  }
  expect(play()).toEqual(play())
})
