import { describe, expect, it } from 'vitest'
import { linkLocalOf } from '../wire/address.ts'
import type { Dhcpv4Option } from '../wire/dhcpv4-options.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import type { Station } from './attachment/port.ts'
import { type EmulatedLanHost, lanHost } from './lan-host.ts'
import { type TestLink, testLink } from './test-link.ts'

const ROUTER = '02:00:00:00:00:fe'
const MAC = '02:00:00:00:00:0a'
const ADDRESS = '2a0e:b107:1:1::abcd'

function host(link: TestLink, options: Partial<Parameters<typeof lanHost>[1]> = {}): EmulatedLanHost {
  return lanHost(link.ctx, { name: 'host', mac: MAC, port: link.port, ...options })
}

function advertise(link: TestLink, flags: { managed: boolean; other: boolean }): void {
  link.inject({
    eth: { src: ROUTER },
    ip6: { src: linkLocalOf(ROUTER), dst: 'ff02::1' },
    icmp6: {
      ...{ type: 'router-advertisement', code: 0, hopLimit: 64, preference: 'medium', routerLifetime: 1800 },
      ...{ reachableTime: 0, retransTimer: 0, ...flags },
      options: [{ type: 'source-link-layer', mac: ROUTER }],
    },
  })
}

/** Gives this to whoever asks, and its resolver besides. */
function dhcpv6Server(link: TestLink, grant: Dhcpv6Option): void {
  const station: Station = {
    mac: ROUTER,
    receive({ eth, ip6, dhcp6 }) {
      if (!dhcp6 || !('transactionId' in dhcp6) || !ip6) return
      const client = dhcp6.options.filter(({ type }) => type === 'client-id')
      link.port.send(station, {
        eth: { dst: eth.src },
        ip6: { src: linkLocalOf(ROUTER), dst: ip6.src },
        udp: { srcPort: 547, dstPort: 546 },
        dhcp6: {
          type: dhcp6.type === 'solicit' ? 'advertise' : 'reply',
          transactionId: dhcp6.transactionId,
          options: [
            ...client,
            { type: 'server-id', duid: '0001' },
            ...(dhcp6.type === 'information-request' ? [] : [grant]),
            { type: 'dns-servers', servers: ['2a0e:b107::53'] },
          ],
        },
      })
    },
  }
  link.port.attach(station)
}

const iaNa = (options: Dhcpv6Option[]): Dhcpv6Option => ({ type: 'ia-na', iaid: 1, t1: 0, t2: 0, options })
const GRANT = iaNa([{ type: 'ia-addr', address: ADDRESS, preferredLifetime: 100, validLifetime: 200, options: [] }])
const REFUSAL = iaNa([{ type: 'status-code', status: 2, message: '' }])
const sent = (link: TestLink) =>
  link.frames.flatMap(({ packet }) => (packet.dhcp6 && packet.eth.src === MAC ? packet.dhcp6.type : []))

describe('DHCPv6 on a LAN host', () => {
  it('gets an address when M is set, after DAD', () => {
    const link = testLink()
    dhcpv6Server(link, GRANT)
    const a = host(link)
    advertise(link, { managed: true, other: false })
    link.clock.advance(0.9)
    expect(sent(link)).toEqual([])
    link.clock.advance(5)
    expect(sent(link)).toEqual(['solicit', 'request'])
    expect(a.gua()).toBe(ADDRESS)
    expect(a.resolvers()).toEqual(['2a0e:b107::53'])
    link.clock.advance(50)
    expect(sent(link).at(-1)).toBe('renew')
    a.leave()
    expect(sent(link).at(-1)).toBe('release')
  })

  it('asks for information when only O is set, or when it wants no more', () => {
    for (const [flags, dhcpv6] of [
      [{ managed: false, other: true }, 'stateful'],
      [{ managed: true, other: false }, 'stateless'],
    ] as const) {
      const link = testLink()
      dhcpv6Server(link, GRANT)
      const a = host(link, { dhcpv6 })
      link.clock.advance(2)
      advertise(link, flags)
      link.clock.advance(5)
      expect(sent(link)).toEqual(['information-request'])
      expect(a.resolvers()).toEqual(['2a0e:b107::53'])
    }
  })

  it('declines an address that somebody has', () => {
    const link = testLink()
    dhcpv6Server(link, GRANT)
    const a = host(link)
    a.onPacket(({ dhcp6 }) => {
      if (dhcp6?.type !== 'reply') return
      link.clock.after(0.5, () =>
        link.inject({
          eth: { src: '02:00:00:00:00:0b' },
          ip6: { src: ADDRESS, dst: 'ff02::1' },
          icmp6: {
            ...{ type: 'neighbor-advertisement', code: 0, router: false, solicited: false, override: true },
            target: ADDRESS,
            options: [],
          },
        }),
      )
    })
    link.clock.advance(2)
    advertise(link, { managed: true, other: false })
    link.clock.advance(4)
    expect(sent(link)).toContain('decline')
    expect(a.gua()).toBeUndefined()
  })

  it('reports what its one request for an address came to', async () => {
    const cases: [Dhcpv6Option | undefined, string | undefined, number][] = [
      [GRANT, 'reply', 2],
      [REFUSAL, 'advertise', 1],
      [undefined, undefined, 2],
    ]
    for (const [grant, answer, messages] of cases) {
      const link = testLink()
      if (grant) dhcpv6Server(link, grant)
      const a = host(link, { start: false })
      const frame = await link.play(a.requestAddress({ within: 3 }))
      expect(frame?.packet.dhcp6?.type).toBe(answer)
      link.clock.advance(20)
      expect(sent(link)).toHaveLength(messages)
      if (answer === 'reply') expect(a.gua()).toBe(ADDRESS)
    }
  })

  it('asks once for information, with the codes it is told', async () => {
    const link = testLink()
    dhcpv6Server(link, GRANT)
    const a = host(link)
    link.clock.advance(2)
    const frame = await link.play(a.informationRequest({ codes: [23] }))
    expect(frame?.packet.dhcp6?.type).toBe('reply')
    expect(link.frames.find(({ packet }) => packet.dhcp6)?.packet.dhcp6?.options).toContainEqual({
      type: 'oro',
      codes: [23],
    })
  })
})

/** Gives 192.168.1.x to the host whose MAC ends so. */
function dhcpv4Server(link: TestLink): void {
  const own = '192.168.1.1'
  const station: Station = {
    mac: ROUTER,
    receive({ arp, dhcp4 }) {
      if (arp?.operation === 'request' && arp.target === own) {
        const reply = { senderMac: ROUTER, sender: own, targetMac: arp.senderMac, target: arp.sender }
        link.port.send(station, { arp: { operation: 'reply', ...reply } })
      }
      if (!dhcp4) return
      const asked = dhcp4.options.find(({ type }) => type === 'message-type')
      const discover = asked && 'value' in asked && asked.value === 'discover'
      const options: Dhcpv4Option[] = [
        { type: 'message-type', value: discover ? 'offer' : 'ack' },
        { type: 'server-id', address: own },
        { type: 'lease-time', seconds: 600 },
        { type: 'subnet-mask', address: '255.255.255.0' },
        { type: 'routers', addresses: [own] },
        { type: 'dns-servers', addresses: [own] },
        { type: 'end' },
      ]
      link.port.send(station, {
        ip4: { src: own, dst: '255.255.255.255' },
        udp: { srcPort: 67, dstPort: 68 },
        dhcp4: { ...dhcp4, op: 'reply', yiaddr: `192.168.1.${Number.parseInt(dhcp4.chaddr.slice(-2), 16)}`, options },
      })
    },
  }
  link.port.attach(station)
}

describe('IPv4 on a LAN host', () => {
  it('gets an address and renews it', () => {
    const link = testLink()
    dhcpv4Server(link)
    const a = host(link, { dhcpv4: true })
    link.clock.advance(1)
    expect(a.ipv4()).toBe('192.168.1.10')
    expect(a.resolvers()).toEqual(['192.168.1.1'])
    link.clock.advance(301)
    const requests = link.frames.filter(({ packet }) => packet.dhcp4?.op === 'request')
    expect(requests.map(({ packet }) => packet.dhcp4?.ciaddr)).toEqual(['0.0.0.0', '0.0.0.0', '192.168.1.10'])
  })

  it('pings and connects on its link, and goes by its router elsewhere', async () => {
    const link = testLink()
    dhcpv4Server(link)
    const a = host(link, { dhcpv4: true })
    const b = host(link, { name: 'b', mac: '02:00:00:00:00:0b', dhcpv4: true })
    b.serveTcp(80)
    link.clock.advance(1)
    expect((await link.play(a.ping('192.168.1.11')))?.packet).toMatchObject({ ip4: { src: '192.168.1.11' } })
    expect((await link.play(a.connect('192.168.1.11', 80, { bytes: 3000 }))).outcome).toBe('connected')
    a.udp('198.18.0.1', { from: 5000, to: 5001 })
    link.clock.advance(1)
    expect(link.frames.findLast(({ packet }) => packet.udp?.dstPort === 5001)?.packet.eth.dst).toBe(ROUTER)
  })
})
