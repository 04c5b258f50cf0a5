import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realClock } from '../time/real-clock.ts'
import { freshSeed } from '../time/seed.ts'
import { LinkError } from './link.ts'
import { inNetns } from './network-namespace.ts'
import { disableOffloads, offloadsOn } from './offload.ts'
import { openPacketSocket, type PacketSocket } from './packet-socket.ts'

/** Two namespaces with a cable between `p0` in one and `p1` in the other. */
const id = freshSeed().slice(0, 4)
const here = `dn-${id}-a`
const there = `dn-${id}-b`
const ip = (lines: string[]) => execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') })
const inside = (netns: string, line: string) => execFileSync('ip', ['-n', netns, ...line.split(' ')])

const clock = realClock()
const open: PacketSocket[] = []
const port = (netns: string, name: string, more = {}) => {
  const socket = openPacketSocket({ interface: name, netns, clock, ...more })
  open.push(socket)
  return socket
}
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
/** The limit is the test's own: how long it takes is the machine's affair. */
async function until(holds: () => boolean) {
  while (!holds()) await seconds(0.005)
}

/** A frame of the experimental EtherType, with a number in it. */
function frame(number: number, length = 60): Uint8Array {
  const bytes = new Uint8Array(length)
  bytes.set([0x02, 0, 0, 0, 0, 0x0b, 0x02, 0, 0, 0, 0, 0x0a, 0x88, 0xb5])
  new DataView(bytes.buffer).setUint32(14, number)
  return bytes
}
const numberOf = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(14)

beforeAll(() => {
  ip([
    `netns add ${here}`,
    `netns add ${there}`,
    `link add name p0 netns ${here} mtu 9000 type veth peer name p1 netns ${there} mtu 9000`,
  ])
  for (const [netns, name] of [
    [here, 'p0'],
    [there, 'p1'],
  ] as const) {
    inNetns(netns, () => {
      execFileSync('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1'])
      disableOffloads(name)
    })
    inside(netns, `link set ${name} up`)
  }
})

afterAll(() => {
  for (const socket of open) socket.close()
  ip([`netns del ${here}`, `netns del ${there}`])
})

describe('a packet socket', () => {
  test('carries frames of all sizes, unchanged and in order', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    const received: Uint8Array[] = []
    b.onFrame((bytes) => received.push(bytes))
    a.onFrame(() => expect.fail('a port must not hear itself'))
    const sent = [14, 60, 64, 65, 590, 1514, 1518, 9014].map((length, n) => frame(n, Math.max(length, 18)))
    for (const bytes of sent) a.send(bytes)
    await until(() => received.length === sent.length)
    expect(received).toEqual(sent)
    expect(a.counters()).toMatchObject({ sent: 8, received: 0 })
    expect(b.counters()).toEqual({ sent: 0, received: 8, overflowed: 0, dropped: 0, truncated: 0, unsummed: 0 })
    a.close()
    b.close()
    b.close()
    expect(() => a.send(frame(1))).toThrow(/expected an open port/)
  })

  test('stamps each reply after its request, on the clock of the sender', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    b.onFrame((bytes) => b.send(bytes))
    const trips: [sent: number, received: number, told: number][] = []
    let sent = 0
    const ping = () => {
      sent = clock.now()
      a.send(frame(trips.length))
    }
    a.onFrame((_, at) => {
      trips.push([sent, at, clock.now()])
      if (trips.length < 2_000) ping()
    })
    ping()
    await until(() => trips.length === 2_000)
    expect(trips.filter(([request, reply]) => !(reply > request))).toEqual([])
    expect(trips.every(([, at], i) => i === 0 || at >= (trips[i - 1]?.[1] ?? 0))).toBe(true)
    // Our clock may be behind the kernel's by what it did not see of a tick.
    expect(trips.filter(([, at, noticedAt]) => at > noticedAt + 0.1)).toEqual([])
    a.close()
    b.close()
  })

  test('gives VLAN tags back, one or two of them', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    const received: Uint8Array[] = []
    b.onFrame((bytes) => received.push(bytes))
    const tagged = frame(0)
    tagged.set([0x81, 0x00, 0x60, 0x07, 0x86, 0xdd], 12)
    const twice = frame(0)
    twice.set([0x88, 0xa8, 0x00, 0x02, 0x81, 0x00, 0x0f, 0xff, 0x08, 0x00], 12)
    const priority = frame(0)
    priority.set([0x81, 0x00, 0xe0, 0x00, 0x88, 0x64], 12)
    for (const bytes of [tagged, twice, priority]) a.send(bytes)
    await until(() => received.length === 3)
    expect(received).toEqual([tagged, twice, priority])
    a.close()
    b.close()
  })

  test('counts what it lost', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1', { buffer: 8_192, maxFrame: 1_518 })
    for (let n = 0; n < 1_000; n++) a.send(frame(n, 1_000))
    let received = 0
    b.onFrame(() => received++)
    await until(() => received + b.drops() >= 1_000)
    const lost = b.drops()
    expect(lost).toBeGreaterThan(0)
    expect(received + lost).toBe(1_000)
    expect(b.drops()).toBe(lost)
    a.send(frame(0, 1_519))
    await until(() => b.counters().truncated === 1)
    expect(b.drops()).toBe(lost + 1)
    b.close()
    expect(b.drops()).toBe(lost + 1)
    a.close()
  })

  test('counts what its interface lost, and not what only others had no use for', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    let received = 0
    b.onFrame(() => received++)
    const tagged = frame(0)
    tagged.set([0x81, 0x00, 0xe0, 0x00, 0x88, 0xb5], 12)
    a.send(tagged)
    await until(() => received === 1)
    expect(b.drops()).toBe(0)
    inside(there, 'link set p1 mtu 1500')
    a.send(frame(1, 2_000))
    inside(there, 'link set p1 mtu 9000')
    a.send(frame(2))
    await until(() => received === 2)
    expect(b.counters()).toMatchObject({ received: 2, dropped: 1, overflowed: 0 })
    expect(b.drops()).toBe(1)
    a.close()
    b.close()
  })

  test('goes on after a handler that throws', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    const received: number[] = []
    const thrown: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => thrown.push(error))
    try {
      for (let n = 0; n < 5; n++) a.send(frame(n))
      b.onFrame((bytes) => {
        received.push(numberOf(bytes))
        if (received.length === 2) throw new Error('a handler of ours')
      })
      await until(() => received.length === 5)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const other of others) process.on('uncaughtException', other)
    }
    expect(received).toEqual([0, 1, 2, 3, 4])
    expect(thrown).toEqual([new Error('a handler of ours')])
    a.close()
    b.close()
  })

  test('may be closed by its own handler', async () => {
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    let received = 0
    for (let n = 0; n < 5; n++) a.send(frame(n))
    b.onFrame(() => {
      received++
      b.close()
    })
    await until(() => received > 0)
    await seconds(0.05)
    expect(received).toBe(1)
    a.close()
  })

  test('tells carrier, at first and at each change', async () => {
    const a = port(here, 'p0')
    const noticedAt: boolean[] = []
    let inCall = true
    a.onCarrier((up) => {
      expect(inCall).toBe(false)
      noticedAt.push(up)
    })
    inCall = false
    await until(() => noticedAt.length === 1)
    inside(there, 'link set p1 down')
    await until(() => noticedAt.length === 2)
    // A port without carrier takes frames and loses them, like an unplugged cable.
    a.send(frame(1))
    inside(there, 'link set p1 up')
    await until(() => noticedAt.length === 3)
    expect(noticedAt).toEqual([true, false, true])
    const late: boolean[] = []
    a.onCarrier((up) => late.push(up))
    await until(() => late.length === 1)
    expect(late).toEqual([true])
    let received = 0
    const b = port(there, 'p1')
    b.onFrame(() => received++)
    a.send(frame(2))
    await until(() => received === 1)
    inside(here, 'link set p0 down')
    expect(() => a.send(frame(3))).toThrow(/ENETDOWN: the interface is down/)
    inside(here, 'link set p0 up')
    await until(() => late.at(-1) === true && late.length === 3)
    a.send(frame(4))
    await until(() => received === 2)
    a.close()
    b.close()
  })

  test('hears again after its interface was down, before the start or in between', async () => {
    inside(there, 'link set p1 down')
    const a = port(here, 'p0')
    const b = port(there, 'p1')
    const received: number[] = []
    b.onFrame((bytes) => received.push(numberOf(bytes)))
    await seconds(0.05)
    for (const number of [1, 2, 3]) {
      const carrier: boolean[] = []
      b.onCarrier((up) => carrier.push(up))
      inside(there, 'link set p1 up')
      await until(() => carrier.at(-1) === true)
      a.send(frame(number))
      await until(() => received.length === number)
      inside(there, 'link set p1 down')
      await until(() => carrier.at(-1) === false)
    }
    inside(there, 'link set p1 up')
    expect(received).toEqual([1, 2, 3])
    a.close()
    b.close()
  })

  test.each<[string, () => unknown, RegExp]>([
    ['an interface that is not there', () => port(here, 'wan0'), /Expected an interface wan0 in .*there are: lo, p0\./],
    [
      'a namespace that is not there',
      () => port('dn-none', 'p0'),
      new RegExp(`Expected a network namespace dn-none, there are:.*${here}`),
    ],
    [
      'a frame above the MTU',
      () => port(here, 'p0').send(frame(1, 9_100)),
      /p0: sending a frame of 9100 bytes: EMSGSIZE/,
    ],
    ['half a header', () => port(here, 'p0').send(new Uint8Array(13)), /EINVAL/],
  ])('says what is wrong with %s', (_, act, message) => {
    expect(act).toThrow(LinkError)
    expect(act).toThrow(message)
  })

  test('tells checksums that were left to a card, unless offloads are off', async () => {
    const b = port(there, 'p1')
    b.onFrame(() => {})
    inside(here, 'addr add 192.0.2.1/24 dev p0')
    inside(here, 'neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev p0')
    // A kernel's own datagram: a raw frame is sent as it is, whatever is on.
    const unsummed = async () => {
      const before = b.counters()
      inNetns(here, () => execFileSync('bash', ['-c', 'echo hello > /dev/udp/192.0.2.2/9']))
      await until(() => b.counters().received > before.received)
      return b.counters().unsummed - before.unsummed
    }
    expect(inNetns(here, () => offloadsOn('p0'))).toEqual([])
    expect(await unsummed()).toBe(0)
    inNetns(here, () => execFileSync('ethtool', ['-K', 'p0', 'tx', 'on']))
    expect(inNetns(here, () => offloadsOn('p0'))).toContain('tx checksumming')
    expect(await unsummed()).toBe(1)
    expect(inNetns(here, () => disableOffloads('p0'))).toEqual([])
    expect(await unsummed()).toBe(0)
    inside(here, 'addr flush dev p0')
    b.close()
  })

  test('notices that its interface is gone', async () => {
    const a = port(here, 'p0')
    const noticedAt: boolean[] = []
    a.onCarrier((up) => noticedAt.push(up))
    await until(() => noticedAt.length === 1)
    inside(there, 'link del p1')
    await until(() => noticedAt.length === 2)
    expect(noticedAt).toEqual([true, false])
    expect(() => a.send(frame(1))).toThrow(/ENXIO: the interface was removed/)
    a.close()
  })
})
