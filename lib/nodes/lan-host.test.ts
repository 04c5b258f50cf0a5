import { describe, expect, it } from 'vitest'
import { linkLocalOf } from '../wire/address.ts'
import { dnsAnswer } from '../wire/dns.ts'
import type { PacketInit } from '../wire/packet.ts'
import { lanHost } from './lan-host.ts'
import { type TestLink, testLink } from './test-link.ts'

const ROUTER = '02:00:00:00:00:fe'
const PREFIX = '2a0e:b107:1:1::/64'
const GUA = '2a0e:b107:1:1:0:ff:fe00:a'
const A = '02:00:00:00:00:0a'
const B = '02:00:00:00:00:0b'

function ra(
  more: { routerLifetime?: number; preferredLifetime?: number; validLifetime?: number; managed?: boolean } = {},
) {
  const { routerLifetime = 1800, preferredLifetime = 3600, validLifetime = 7200, managed = false } = more
  return {
    eth: { src: ROUTER },
    ip6: { src: linkLocalOf(ROUTER), dst: 'ff02::1' },
    icmp6: {
      ...{ type: 'router-advertisement', code: 0, hopLimit: 64, managed, other: false, preference: 'medium' },
      ...{ routerLifetime, reachableTime: 0, retransTimer: 0 },
      options: [
        { type: 'source-link-layer', mac: ROUTER },
        {
          type: 'prefix-information',
          prefix: PREFIX,
          onLink: true,
          autonomous: true,
          preferredLifetime,
          validLifetime,
        },
        { type: 'rdnss', lifetime: 600, servers: ['2a0e:b107::53'] },
      ],
    },
  } satisfies PacketInit
}

function host(link: TestLink, name: string, mac: string, options = {}) {
  return lanHost(link.ctx, { name, mac, port: link.port, ...options })
}

const states = (of: ReturnType<typeof host>) => of.addresses().map(({ address, state }) => `${address} ${state}`)

describe('a LAN host', () => {
  it('does DAD for its link-local address, then solicits routers three times', () => {
    const link = testLink()
    const a = host(link, 'a', A)
    expect(states(a)).toEqual([`${linkLocalOf(A)} tentative`])
    link.clock.advance(30)
    const sent = link.frames.map(({ packet }) => packet.icmp6?.type)
    expect(sent.filter((type) => type !== 'mld2-report')).toEqual([
      'neighbor-solicitation',
      'router-solicitation',
      'router-solicitation',
      'router-solicitation',
    ])
    const dad = link.frames.find(({ packet }) => packet.icmp6?.type === 'neighbor-solicitation')?.packet
    expect(dad?.ip6).toMatchObject({ src: '::', dst: 'ff02::1:ff00:a', hopLimit: 255 })
    expect(dad?.eth.dst).toBe('33:33:ff:00:00:0a')
    expect(dad?.icmp6).toMatchObject({ options: [] })
    const report = link.frames[0]?.packet
    expect(report).toMatchObject({
      ip6: { src: '::', dst: 'ff02::16', hopLimit: 1 },
      icmp6: { type: 'mld2-report', records: [{ type: 4, group: 'ff02::1:ff00:a', sources: [] }] },
    })
    expect(report?.malformed).toBeUndefined()
  })

  it('numbers itself from an RA, deprecates and gives up its address in time', () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(1.5)
    link.inject(ra({ preferredLifetime: 10, validLifetime: 20 }))
    expect(a.isOnline()).toBe(false)
    link.clock.advance(1.5)
    expect(a.gua()).toBe(GUA)
    expect(a.isOnline()).toBe(true)
    expect(a.resolvers()).toEqual(['2a0e:b107::53'])
    expect(a.lastAdvertisement()?.packet.icmp6?.type).toBe('router-advertisement')
    link.clock.advance(9)
    expect(states(a)).toContain(`${GUA} deprecated`)
    expect(a.gua()).toBeUndefined()
    link.clock.advance(10)
    expect(states(a)).toEqual([`${linkLocalOf(A)} preferred`])
  })

  it('lets no RA cut a valid lifetime short of two hours, but takes the preferred lifetime', () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(1.5)
    link.inject(ra({ preferredLifetime: 86400, validLifetime: 86400 }))
    link.clock.advance(2)
    link.inject(ra({ preferredLifetime: 0, validLifetime: 0, routerLifetime: 0 }))
    expect(a.addresses().find(({ address }) => address === GUA)).toMatchObject({
      state: 'deprecated',
      preferredLifetime: 0,
      validLifetime: 7200,
    })
    expect(a.hasDefaultRouter()).toBe(false)
  })

  it('gives up an address that somebody defends', () => {
    const link = testLink()
    const first = host(link, 'first', A)
    link.clock.advance(2)
    const second = host(link, 'second', B)
    second.adopt('fe80::1')
    link.inject({
      eth: { src: B },
      ip6: { src: '::', dst: 'ff02::1:ff00:a' },
      icmp6: { type: 'neighbor-solicitation', code: 0, target: linkLocalOf(A), options: [] },
    })
    expect(link.frames.at(-1)?.packet).toMatchObject({
      ip6: { src: linkLocalOf(A), dst: 'ff02::1' },
      icmp6: { type: 'neighbor-advertisement', solicited: false, override: true, target: linkLocalOf(A) },
    })
    // In DAD itself: the other's DAD is a conflict.
    link.inject({
      eth: { src: A },
      ip6: { src: '::', dst: 'ff02::1:ff00:b' },
      icmp6: { type: 'neighbor-solicitation', code: 0, target: linkLocalOf(B), options: [] },
    })
    link.clock.advance(2)
    expect(states(second)).toEqual(['fe80::1 preferred'])
    expect(first.addresses()).toHaveLength(1)
  })

  it('plugged in silently it says nothing until told', async () => {
    const link = testLink()
    const a = host(link, 'a', A, { start: false })
    link.inject(ra())
    link.clock.advance(10)
    expect(link.frames.filter(({ packet }) => packet.eth.src === A)).toEqual([])
    const rs = a.solicitRouter({ from: '::' })
    expect(rs.packet).toMatchObject({ eth: { src: A }, ip6: { src: '::', dst: 'ff02::2' } })
  })

  it('pings a neighbor, which resolves and answers', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    const b = host(link, 'b', B)
    link.clock.advance(2)
    const reply = await link.play(a.ping(b.linkLocal))
    expect(reply?.packet).toMatchObject({ eth: { src: B, dst: A }, icmp6: { type: 'echo-reply' } })
    const { question, answer } = await link.play(a.solicitNeighbor(b.linkLocal))
    expect(question.packet).toMatchObject({ ip6: { dst: 'ff02::1:ff00:b' }, icmp6: { target: b.linkLocal } })
    expect(answer?.packet.icmp6).toMatchObject({ type: 'neighbor-advertisement', solicited: true })
    expect(await link.play(a.solicitNeighbor('fe80::beef'))).not.toHaveProperty('answer')
    expect(await link.play(a.ping('fe80::dead'))).toBeUndefined()
    const asked = link.frames.filter(
      ({ packet: { icmp6 } }) => icmp6 && 'target' in icmp6 && icmp6.target === 'fe80::dead',
    )
    expect(asked).toHaveLength(3)
  })

  it('discards what is behind an Authentication Header: it has no key', async () => {
    const link = testLink()
    const b = host(link, 'b', B)
    b.serveUdp(7)
    link.clock.advance(2)
    const said = (ext: PacketInit['ext'], layer: PacketInit) => {
      const before = link.frames.length
      link.inject({
        eth: { src: A, dst: B },
        ip6: { src: linkLocalOf(A), dst: b.linkLocal, hopLimit: 255 },
        ext,
        ...layer,
      })
      link.clock.advance(1)
      return link.frames.slice(before).filter(({ packet }) => packet.eth.dst === A)
    }
    const solicitation: PacketInit = { icmp6: { type: 'neighbor-solicitation', target: b.linkLocal } }
    const layers: PacketInit[] = [
      solicitation,
      { icmp6: { type: 'echo-request', id: 1, seq: 1 } },
      { udp: { srcPort: 7, dstPort: 7 }, payload: new Uint8Array(1) },
      { udp: { srcPort: 7, dstPort: 8 } },
    ]
    for (const layer of layers)
      expect(said([{ type: 'authentication', spi: 1, sequence: 1, icv: new Uint8Array(12) }], layer)).toEqual([])
    expect(said([], solicitation)).not.toEqual([])
  })

  it('sends big pings in fragments and puts the answer together', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    const b = host(link, 'b', B)
    link.clock.advance(2)
    const reply = await link.play(a.ping(b.linkLocal, { size: 4000 }))
    expect(reply?.packet.ext).toMatchObject([{ type: 'fragment', more: false }])
    expect(link.frames.every(({ bytes }) => bytes.length <= 1514)).toBe(true)
  })

  it('asks its resolver by way of its router', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(2)
    link.inject(ra())
    link.clock.advance(2)
    const answer = a.resolve('www.example', { within: 1 })
    const query = link.frames.findLast(({ packet }) => packet.udp)?.packet
    expect(query).toMatchObject({
      eth: { dst: ROUTER },
      ip6: { src: GUA, dst: '2a0e:b107::53', hopLimit: 64 },
      udp: { dstPort: 53 },
      dns: { type: 'query', questions: [{ name: 'www.example', type: 'AAAA' }] },
    })
    expect(await link.play(answer)).toBeUndefined()
  })

  it('believes the resolver that it asked, and nobody else', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(2)
    link.inject(ra())
    link.clock.advance(2)
    const answered = async (src: string) => {
      const answer = a.resolve('www.example', { within: 1 })
      const { dns, udp } = link.frames.findLast(({ packet }) => packet.udp)?.packet ?? {}
      if (!dns || !udp) throw new Error('nothing was asked')
      link.inject({
        eth: { src: ROUTER, dst: A },
        ip6: { src, dst: GUA },
        udp: { srcPort: 53, dstPort: udp.srcPort },
        dns: dnsAnswer(dns),
      })
      return link.play(answer)
    }
    expect(await answered('2a0e:b107::53')).toBeDefined()
    expect(await answered('2a0e:b107::54')).toBeUndefined()
  })

  it('serves TCP and UDP, refuses other ports', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    const b = host(link, 'b', B)
    b.serveTcp(80)
    b.serveUdp(7)
    link.clock.advance(2)
    const opened = await link.play(a.connect(b.linkLocal, 80, { bytes: 50_000 }))
    expect(opened.outcome).toBe('connected')
    expect(opened.syn.packet.tcp?.flags).toBe('syn')
    expect(opened.answer?.packet.tcp?.flags).toBe('syn+ack')
    const ends = link.frames.filter(({ packet }) => packet.tcp?.flags.includes('fin'))
    expect(ends.map(({ packet }) => packet.eth.src)).toEqual([A, B])
    expect(link.frames.some(({ packet }) => packet.tcp?.flags.includes('rst'))).toBe(false)
    const refused = await link.play(a.connect(b.linkLocal, 81))
    expect(refused.outcome).toBe('refused')
    expect(refused.answer?.packet.tcp?.flags).toBe('rst+ack')
    b.ignoreTcp(82)
    expect((await link.play(a.connect(b.linkLocal, 82, { within: 2 }))).outcome).toBe('silent')

    a.udp(b.linkLocal, { from: 5000, to: 7 })
    link.clock.advance(0.1)
    expect(link.frames.at(-1)?.packet).toMatchObject({ eth: { src: B }, udp: { srcPort: 7, dstPort: 5000 } })
    a.udp(b.linkLocal, { from: 5000, to: 9 })
    link.clock.advance(0.1)
    expect(link.frames.at(-1)?.packet).toMatchObject({ icmp6: { type: 'destination-unreachable', code: 4 } })
  })

  it('tries a silent TCP server once a second and reports silence', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(2)
    link.inject(ra())
    link.clock.advance(2)
    const silent = await link.play(a.connect('2a0e:b107:2::1', 80, { within: 3.5 }))
    expect(silent.outcome).toBe('silent')
    expect(silent.syn.packet.eth.dst).toBe(ROUTER)
    expect(link.frames.filter(({ packet }) => packet.tcp?.flags === 'syn')).toHaveLength(4)
  })

  it('finds a smaller path MTU', async () => {
    const link = testLink()
    const a = host(link, 'a', A)
    link.clock.advance(2)
    link.inject(ra())
    link.clock.advance(2)
    void a.ping('2a0e:b107:2::1', { size: 1400 })
    const big = link.frames.findLast(({ packet }) => packet.icmp6?.type === 'echo-request')?.bytes as Uint8Array
    link.inject({
      eth: { src: ROUTER, dst: A },
      ip6: { src: linkLocalOf(ROUTER), dst: GUA },
      icmp6: { type: 'packet-too-big', code: 0, mtu: 1280, data: big.slice(14, 1246) },
    })
    void a.ping('2a0e:b107:2::1', { size: 1400 })
    expect(link.frames.slice(-2).map(({ packet }) => packet.ext?.[0]?.type)).toEqual(['fragment', 'fragment'])
    expect(link.frames.at(-2)?.bytes.length).toBeLessThanOrEqual(1294)
  })

  it('discards datagrams in silence, and sends what a rule makes of its packets', () => {
    const link = testLink()
    const [a, b] = [host(link, 'a', A), host(link, 'b', B)]
    link.clock.advance(2)
    b.discardUdp(9)
    a.udp(b.linkLocal, { from: 5000, to: 9 })
    link.clock.advance(0.1)
    expect(link.frames.at(-1)?.packet.udp).toMatchObject({ srcPort: 5000, dstPort: 9 })
    a.shape((packet) => ({ ...packet, ip6: { ...packet.ip6, flowLabel: 0xabcde } }))
    a.udp(b.linkLocal, { from: 5000, to: 9 })
    expect(link.frames.at(-1)?.packet).toMatchObject({ ip6: { flowLabel: 0xabcde }, udp: { dstPort: 9 } })
    a.shape()
    a.udp(b.linkLocal, { from: 5000, to: 9 })
    expect(link.frames.at(-1)?.packet.ip6?.flowLabel).toBe(0)
  })
})
