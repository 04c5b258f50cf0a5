import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cable } from '../../link/cable.ts'
import type { Port } from '../../nodes/attachment/port.ts'
import { openPort } from '../../nodes/attachment/port.ts'
import { downstreamRouter } from '../../nodes/downstream-router.ts'
import { internetHost } from '../../nodes/internet-host.ts'
import { type IspContext, ispRouter } from '../../nodes/isp.ts'
import { lanHost } from '../../nodes/lan-host.ts'
import { framesIn } from '../../recording/read-capture.ts'
import type { IspParameters } from '../../recording/recording.ts'
import { tape } from '../../recording/tape.ts'
import { seeded } from '../../time/seed.ts'
import { virtualClock } from '../../time/virtual-clock.ts'
import { linkLocalOf } from '../address.ts'
import { decode } from '../decode.ts'
import { encode } from '../encode.ts'
import { OURS } from '../golden-ours.ts'
import { addressed } from './addressed.ts'
import { corpusOf } from './corpus.ts'

const golden = new URL('../golden/', import.meta.url)
const captured = readdirSync(golden)
  .filter((file) => file.endsWith('.pcap'))
  .flatMap((file) => framesIn(readFileSync(new URL(file, golden))))
const mac = '02:00:00:00:00:0a'
const hostile = '02:de:4a:00:00:66'
const ADDRESS = '2001:db8:1::a'

const parameters: IspParameters = {
  wanPrefix: '2001:db8:1::/64',
  internetPrefix: '2001:db8:2::/64',
  ra: {
    interval: 30,
    managed: true,
    other: true,
    routerLifetime: 1800,
    autonomous: true,
    onLink: true,
    preferredLifetime: 600,
    validLifetime: 1200,
  },
  dhcpv6: {
    answers: true,
    ignoreSolicits: 0,
    iaNa: true,
    prefixes: ['2001:db8:100::/56'],
    t1: 60,
    t2: 96,
    preferredLifetime: 120,
    validLifetime: 180,
    dns: true,
    domains: ['example.com'],
  },
  ipv4: true,
}

const NODES: { [name: string]: (ctx: IspContext, port: Port) => void } = {
  'a LAN host with every client and server that it has': (ctx, port) => {
    const host = lanHost(ctx, { name: 'host', mac, port, dhcpv4: true })
    host.adopt(ADDRESS)
    host.serveTcp(80)
  },
  'a downstream router': (ctx, port) => void downstreamRouter(ctx, { name: 'downstream', mac, port, iaNa: true }),
  'the ISP, with a host on the Internet': (ctx, port) => {
    const isp = ispRouter(ctx, { port, mac, parameters, interfaceId: 10 })
    const address = '2001:db8:2::80'
    isp.attachInternet(address, internetHost(ctx, { name: 'internet', address, send: isp.send }))
  },
}

function play(name: string) {
  const clock = virtualClock()
  const [bench, dut] = cable(clock, { names: ['lan0', 'dut'] })
  const recorded = tape(clock, (one) => one === mac)
  const ctx = { clock, random: seeded(name), settled() {}, wallClock: () => 1_767_225_600 }
  NODES[name]?.(ctx, openPort(bench, clock, recorded.frame))
  clock.advance(5)
  return { clock, dut, recorded }
}

test.each(Object.entries(NODES))('%s takes hostile frames for what they are', (name) => {
  const { clock, dut, recorded } = play(name)
  const dice = seeded(name)
  const corpus = corpusOf([...captured, ...Object.values(OURS).map(encode)])
  const node = { mac, addresses: [linkLocalOf(mac), ADDRESS, '2001:db8:2::80'], ipv4: '192.168.1.2' }
  for (let i = 0; i < 400; i++) {
    const frame = dice.int(8) === 0 ? dice.pick(corpus.frames) : corpus.next(dice)
    const sent = addressed(frame, node, hostile, dice).subarray(0, 1514)
    if (sent.length < 14) continue
    expect(() => {
      dut.send(sent)
      clock.advance(0.02)
    }, Buffer.from(sent).toString('hex')).not.toThrow()
  }

  const before = recorded.frames.length
  dut.send(
    encode({
      eth: { src: hostile, dst: mac },
      ip6: { src: linkLocalOf(hostile), dst: linkLocalOf(mac) },
      icmp6: { type: 'neighbor-solicitation', target: linkLocalOf(mac) },
    }),
  )
  clock.advance(0.1)
  const answers = recorded.frames.slice(before).map(({ bytes }) => decode(bytes).icmp6?.type)
  expect(answers).toContain('neighbor-advertisement')
})

/** Fragments of one packet, as offset and octets; the last one of the list says that it ends the packet. */
const FINDS: [name: string, fragments: [offset: number, octets: number][]][] = [
  [
    'a last fragment that ends before the first one does',
    [
      [0, 1400],
      [8, 8],
    ],
  ],
  ['fragments that come to more than 65535 octets', Array.from({ length: 47 }, (_, i) => [i * 1400, 1400])],
]

test.each(FINDS)('%s', (_name, fragments) => {
  const { clock, dut } = play('a LAN host with every client and server that it has')
  for (const [i, [offset, octets]] of fragments.entries()) {
    const more = i + 1 < fragments.length
    const ext = [{ type: 'fragment' as const, nextHeader: 17, offset, more, id: 7 }]
    const ip6 = { src: linkLocalOf(hostile), dst: linkLocalOf(mac) }
    dut.send(encode({ eth: { src: hostile, dst: mac }, ip6, ext, payload: new Uint8Array(octets) }))
  }
  clock.advance(1)
})
