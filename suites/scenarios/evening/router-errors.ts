import { type Bench, type Frame, flawed, icmpv6 } from 'denat'
import { farEnd } from './far-end.ts'

type Packet = Parameters<Bench['lan']['host']['send']>[0]

/** Good routers send few errors a second: one probe in so many seconds. */
const apart = 2
/** So often at the most: some send one error in ten seconds. */
const probes = 6

/** What no error is sent about, RFC 4443 section 2.4 e, by the names of its cases; the UDP source port tells them apart. */
export const untold = {
  'an ICMPv6 error': 0,
  'a Redirect': 0,
  'a multicast destination': 41043,
  'an unknown option to a multicast destination': 41044,
  'a link-layer multicast': 41045,
  'the unspecified source': 41046,
  'a multicast source': 41047,
} as const

/** Those of them that nobody may send. */
const flawedOnes: readonly string[] = ['a Redirect', 'a link-layer multicast', 'a multicast source']

/** RFC 4443 sections 2.4, 3.1 and 3.3: errors of the router's own, and what it must not send any about. */
export async function routerErrors(bench: Bench): Promise<void> {
  const { isp, lan, internet, mark, timing, listen } = bench
  const host = lan.host
  const [inside = '::', outside] = [host.gua(), farEnd(bench)]
  const datagram = (srcPort: number, size: number): Packet => ({
    udp: { srcPort, dstPort: 33434 },
    payload: new Uint8Array(size).fill(0x43),
  })
  const dying = (srcPort: number, size: number): Packet => ({
    ip6: { src: inside, dst: outside, hopLimit: 1 },
    ...datagram(srcPort, size),
  })
  /** Until the host is told. */
  const provoke = async (name: string, packet: Packet, told = icmpv6('time-exceeded')): Promise<void> => {
    const sent: Frame[] = []
    let answer: Frame | undefined
    while (!answer && sent.length < probes) {
      const probe = await host.send(packet, name)
      sent.push(probe)
      answer = await host.hears(told, { since: probe, by: timing.answer() })
      await listen(timing.after(apart, 'one error probe at a time'), probe)
    }
    mark('error-probe', { name, answered: answer !== undefined }, [...sent, answer])
  }

  await provoke('hop limit 1', dying(41040, 8))
  await provoke('hop limit 1, 1500 octets', dying(41041, 1452))
  const foreign = 'fd99:9999:9999::1'
  await provoke(
    'filtered destination',
    { ip6: { src: inside, dst: foreign }, ...datagram(41042, 8) },
    icmpv6('destination-unreachable'),
  )

  await host.send({
    ip6: { src: inside, dst: outside },
    udp: { srcPort: 41048, dstPort: 5048 },
    payload: new Uint8Array(8),
  })
  const inward: Frame[] = []
  let told: Frame | undefined
  while (!told && inward.length < probes) {
    const probe = await internet.send(
      {
        ip6: { dst: inside, src: outside, hopLimit: 2 },
        udp: { srcPort: 5048, dstPort: 41048 },
        payload: new Uint8Array(8),
      },
      'arrives with hop limit 1',
    )
    inward.push(probe)
    told = await isp.hears(icmpv6('time-exceeded'), { since: probe, by: timing.answer() })
    await listen(timing.after(apart, 'one error probe at a time'), probe)
  }
  mark('error-probe', { name: 'hop limit 1 from outside', answered: told !== undefined }, [...inward, told])

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
      // 0xde: discard, and tell unless the destination is a group (RFC 8200 section 4.2).
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
    mark('untold', { name }, [probe])
    await listen(timing.after(apart, 'one error probe at a time'), probe)
  }
  await provoke('hop limit 1, again', dying(41049, 8))

  await listen(timing.after(3, 'the limit of errors recovers'))
  const burst = mark('burst', { port: 41050, probes: 10 })
  for (let probe = 0; probe < 10; probe++) await host.send(dying(41050, 8))
  await listen(timing.answer(), burst)
  mark('still-online', { when: 'router errors' }, [await host.ping(internet.address)])
}
