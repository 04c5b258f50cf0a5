import { type Bench, claim, type Frame, flawed, markOf, z } from 'denat'
import { errorAbout } from '../errors.ts'
import { farEnd } from '../firewall/far-end.ts'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'

type Packet = Parameters<Bench['lan']['host']['send']>[0]

/** Good routers send few errors a second: seconds from one probe to the next. */
const apart = 2
/** The greatest number of tries: some send one error in ten seconds. */
const probes = 6

/** Probes of one kind, and behind them the error about one of them where it is `answered`. */
export const errorProbe = markOf('error-probe', { data: { name: z.string(), answered: z.boolean() } })
/** A packet that no error is due about. */
export const untoldSent = markOf('untold', { data: { name: z.string() }, frames: ['sent'] })
export const burstSent = markOf('burst', { data: { port: z.number(), probes: z.number() } })

/** What no error is sent about, RFC 4443 section 2.4 e, by the names of its cases; the UDP source port distinguishes them. */
export const untold = {
  'an ICMPv6 error': 0,
  'a Redirect': 0,
  'a multicast destination': 41043,
  'an unknown option to a multicast destination': 41044,
  'a link-layer multicast': 41045,
  'the unspecified source': 41046,
  'a multicast source': 41047,
} as const

/** Those of them that no node may send. */
const flawedOnes: readonly string[] = ['a Redirect', 'a link-layer multicast', 'a multicast source']

/** RFC 4443 sections 2.4, 3.1 and 3.3: errors of the router's own, and what it must not send any about. */
export async function routerErrors(bench: Bench): Promise<void> {
  const { isp, lan, internet, mark, timing, listen } = bench
  const host = lan.host
  const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
  const datagram = (srcPort: number, size: number): Packet => ({
    udp: { srcPort, dstPort: 33434 },
    payload: new Uint8Array(size).fill(0x43),
  })
  const dying = (srcPort: number, size: number): Packet => ({
    ip6: { src: inside, dst: outside, hopLimit: 1 },
    ...datagram(srcPort, size),
  })
  /** Until the sender receives an error. */
  const provoke = async (
    name: string,
    send: () => Promise<Frame>,
    awaits: Bench['isp']['awaits'],
    type: Parameters<typeof errorAbout>[0] = 'time-exceeded',
  ): Promise<void> => {
    const sent: Frame[] = []
    let error: Frame | undefined
    while (!error && sent.length < probes) {
      const probe = await send()
      sent.push(probe)
      error = await awaits(errorAbout(type, probe), { since: probe, by: timing.answer() })
      await listen(timing.after(apart, claim`one error probe at a time`), probe)
    }
    mark(errorProbe, { name, answered: error !== undefined }, {}, [...sent, error])
  }
  const fromHost = (name: string, packet: Packet) => () => host.send(packet, name)
  const provokeTimeExceeded = (name: string, packet: Packet) => provoke(name, fromHost(name, packet), host.awaits)

  await provokeTimeExceeded('hop limit 1', dying(41040, 8))
  await provokeTimeExceeded('hop limit 1, 1500 octets', dying(41041, 1452))
  const filtered = 'filtered destination'
  const unrouted = { ip6: { src: inside, dst: 'fd99:9999:9999::1' }, ...datagram(41042, 8) }
  await provoke(filtered, fromHost(filtered, unrouted), host.awaits, 'destination-unreachable')

  await host.send({
    ip6: { src: inside, dst: outside },
    udp: { srcPort: 41048, dstPort: 5048 },
    payload: new Uint8Array(8),
  })
  const inward = () =>
    internet.send(
      {
        ip6: { dst: inside, src: outside, hopLimit: 2 },
        udp: { srcPort: 5048, dstPort: 41048 },
        payload: new Uint8Array(8),
      },
      'arrives with hop limit 1',
    )
  await provoke('hop limit 1 from outside', inward, isp.awaits)

  const quoted = Uint8Array.of(0x60, 0, 0, 0, 0, 0, 59, 64, ...new Uint8Array(32))
  const gateway = lan.gateway()
  const packets: Record<keyof typeof untold, Packet> = {
    'an ICMPv6 error': {
      ip6: { src: inside, dst: outside, hopLimit: 1 },
      icmp6: { type: 'destination-unreachable', code: 4, data: quoted },
    },
    'a Redirect': {
      ip6: { src: inside, dst: outside, hopLimit: 1 },
      icmp6: { type: 'redirect', target: inside, destination: inside, options: [] },
    },
    'a multicast destination': { ip6: { src: inside, dst: 'ff02::1', hopLimit: 1 }, ...datagram(41043, 8) },
    'an unknown option to a multicast destination': {
      ip6: { src: inside, dst: 'ff02::1', hopLimit: 64 },
      // 0xde: discard, and report unless the destination is a group (RFC 8200 section 4.2).
      ext: [{ type: 'destination-options', options: [{ type: 0xde, data: new Uint8Array(4) }] }],
      ...datagram(41044, 8),
    },
    'a link-layer multicast': { ...dying(41045, 8), eth: { dst: '33:33:00:00:00:01' } },
    'the unspecified source': { ...dying(41046, 8), ip6: { src: '::', dst: outside, hopLimit: 1 } },
    'a multicast source': { ...dying(41047, 8), ip6: { src: 'ff0e::1', dst: outside, hopLimit: 1 } },
  }
  for (const [name, packet] of Object.entries(packets)) {
    const to = packet.eth ?? (gateway && !packet.ip6?.dst?.startsWith('ff') && { dst: gateway.mac })
    const probe = await host.send(
      { ...packet, ...(to && { eth: to }) },
      flawedOnes.includes(name) ? flawed(name) : `no error is due: ${name}`,
    )
    mark(untoldSent, { name }, { sent: probe })
    await listen(timing.after(apart, claim`one error probe at a time`), probe)
  }
  await provokeTimeExceeded('hop limit 1, again', dying(41049, 8))

  await listen(timing.after(3, claim`the limit of errors recovers`))
  const burst = mark(burstSent, { port: 41050, probes: 10 })
  for (let probe = 0; probe < 10; probe++) await host.send(dying(41050, 8))
  await listen(timing.answer(), burst)
  await proveStillOnline(bench, 'router errors')
}
