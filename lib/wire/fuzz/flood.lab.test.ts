import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inNetns } from '../../link/network-namespace.ts'
import { disableOffloads } from '../../link/offload.ts'
import { openPacketSocket } from '../../link/packet-socket.ts'
import { openPort, type Port } from '../../nodes/attachment/port.ts'
import { type IspContext, ispRouter } from '../../nodes/isp.ts'
import { lanHost } from '../../nodes/lan-host.ts'
import { loadRecording } from '../../recording/load.ts'
import { framesIn } from '../../recording/read-capture.ts'
import type { IspParameters, Recording, World } from '../../recording/recording.ts'
import { growRecording } from '../../recording/save.ts'
import { tape } from '../../recording/tape.ts'
import { realClock } from '../../time/real-clock.ts'
import { freshSeed, seeded } from '../../time/seed.ts'
import { linkLocalOf } from '../address.ts'
import { encode } from '../encode.ts'
import { addressed } from './addressed.ts'
import { corpusOf } from './corpus.ts'

/** A node of ours at one end of a cable, hostile frames at the other: as many a second as they can be sent, up to this. */
const RATE = 50_000
const COUNT = 20_000
/** One frame in so many asks for the node's address: it must go on answering. */
const ASKS_EVERY = 100
/** How many different hostile frames there are. */
const DIFFERENT = 1500
/** Small enough to overflow where the node is slower than the flood. */
const BUFFER = 2 << 20

const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
/** The limit is the test's own: how long it takes is the machine's affair. */
const until = async (true_: () => boolean) => {
  while (!true_()) await seconds(0.05)
}
const mac = '02:00:00:00:00:0a'
const hostile = '02:de:4a:00:00:66'
const last = '02:de:4a:00:00:67'
const linkLocal = linkLocalOf(mac)

/**
 * Each frame behind its length; the first comes last, again and again, and every `asks`th is the second. All leave from
 * one processor, so that they arrive in this order: where the last one is heard, nothing is on its way any more.
 */
const sender = `
import os, socket, struct, sys, time
interface, file, rate, count, asks = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((interface, 0))
data = open(file, 'rb').read()
frames = []
at = 0
while at < len(data):
    length, = struct.unpack_from('>H', data, at)
    frames.append(data[at + 2:at + 2 + length])
    at += 2 + length
last, asking, others = frames[0], frames[1], frames[2:]
sent = 0
start = time.monotonic()
for i in range(count):
    while time.monotonic() - start < i / rate: pass
    try: sent += s.send(asking if i % asks == 0 else others[i % len(others)]) > 0
    except OSError: pass # the kernel dropped it and says so
print(sent, flush=True)
while True:
    time.sleep(0.1)
    try: s.send(last)
    except OSError: pass
`

const solicitation = (from: string) =>
  encode({
    eth: { src: from, dst: mac },
    ip6: { src: linkLocalOf(from), dst: linkLocal },
    icmp6: { type: 'neighbor-solicitation', target: linkLocal, options: [{ type: 'source-link-layer', mac: from }] },
  })

const parameters: IspParameters = {
  wanPrefix: '2001:db8:1::/64',
  internetPrefix: '2001:db8:2::/64',
  ra: {
    interval: 30,
    managed: true,
    other: true,
    routerLifetime: 1800,
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
    domains: [],
  },
  ipv4: true,
}

const world: World = {
  name: 'flood',
  seed: 's',
  stations: { node: { port: 'p0', mac, linkLocal } },
  segments: [['p0']],
  isp: parameters,
  device: { name: 'none', role: 'gateway', capabilities: [], lacks: [] },
  profile: 'default',
}

let folder = ''
let here = ''
let there = ''
const children: ChildProcess[] = []
/** Closes the node's port: its timers go on after the test, and the interface is gone then. */
let end = () => {}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-flood-'))
  const golden = new URL('../golden/', import.meta.url)
  const captured = readdirSync(golden)
    .filter((file) => file.endsWith('.pcap'))
    .flatMap((file) => framesIn(readFileSync(new URL(file, golden))))
  const corpus = corpusOf(captured)
  const dice = seeded('flood')
  const node = { mac, addresses: [linkLocal, '2001:db8:1::a'], ipv4: '192.168.1.2' }
  const frames: Uint8Array[] = [solicitation(last), solicitation(hostile)]
  while (frames.length < 2 + DIFFERENT) {
    const frame = addressed(corpus.next(dice), node, hostile, dice).subarray(0, 1514)
    if (frame.length >= 14) frames.push(frame)
  }
  const parts = frames.flatMap((frame) => [Uint8Array.of(frame.length >> 8, frame.length & 0xff), frame])
  writeFileSync(join(folder, 'frames'), Buffer.concat(parts))
})

beforeEach(() => {
  const id = freshSeed().slice(0, 4)
  here = `dn-${id}-n`
  there = `dn-${id}-x`
  const lines = [
    `netns add ${here}`,
    `netns add ${there}`,
    `link add name p0 netns ${here} type veth peer name p1 netns ${there}`,
  ]
  ip(lines)
  for (const [netns, name] of [
    [here, 'p0'],
    [there, 'p1'],
  ] as const) {
    inNetns(netns, () => {
      spawnSync('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1'])
      disableOffloads(name)
    })
    ip([`link set ${name} up`], netns)
  }
  return () => {
    end()
    for (const child of children.splice(0)) child.kill('SIGKILL')
    ip([`netns del ${here}`, `netns del ${there}`])
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

const NODES: { [name: string]: (ctx: IspContext, port: Port) => void } = {
  'a LAN host': (ctx, port) => {
    const host = lanHost(ctx, { name: 'host', mac, port, dhcpv4: true })
    host.adopt('2001:db8:1::a')
    host.serveTcp(80)
  },
  'the ISP': (ctx, port) => void ispRouter(ctx, { port, mac, parameters, interfaceId: 10 }),
}

test.each(Object.entries(NODES))('%s under a flood answers, and loses nothing unsaid', async (name, begin) => {
  const socket = openPacketSocket({ interface: 'p0', netns: here, clock, buffer: BUFFER })
  let over = false
  const link = { ...socket, send: (frame: Uint8Array) => void (over || socket.send(frame)) }
  end = () => {
    over = true
    socket.close()
  }
  const recorded = tape(clock, (one) => one === mac)
  const at = join(folder, name)
  const growing = growRecording(at, { scenario: 'flood', world, startedAt: '0' })
  const unlisten = recorded.listen(growing.frame)
  begin({ clock, random: seeded(name), settled() {}, wallClock: () => 0 }, openPort(link, clock, recorded.frame))
  // DAD of its own address is over.
  await seconds(1.2)

  const answers = (to: string) =>
    recorded.frames.filter(({ packet: { icmp6, eth } }) => icmp6?.type === 'neighbor-advertisement' && eth.dst === to)
  const sent = await flood()
  await until(() => answers(last).length > 0)

  const lost = socket.drops()
  const received = recorded.frames.filter(({ packet, direction }) => direction === 'in' && packet.eth.src === hostile)
  console.log(`${name}: ${sent} frames, ${received.length} recorded, ${lost} lost and said so`)
  // Of the last frames some may have been lost before one was heard.
  expect(received.length + lost).toBeGreaterThanOrEqual(sent)
  // Each NS that it got.
  const asked = received.filter(({ bytes }) => Buffer.compare(bytes, solicitation(hostile)) === 0).length
  expect(asked).toBeGreaterThan(0)
  expect(answers(hostile).length).toBeGreaterThanOrEqual(asked)

  end()
  unlisten()
  const { frames, marks } = recorded.sealed()
  const recording: Recording = {
    scenario: 'flood',
    world,
    frames,
    marks,
    outcome: { end: 'complete' },
    drops: lost,
    clockStep: 0,
  }
  growing.seal(recording, { p0: lost })
  const loaded = loadRecording(at)
  expect([loaded.frames.length, loaded.drops]).toEqual([frames.length, lost])
})

/** Gives how many frames the kernel took. The child goes on with its last frame until its namespace goes. */
function flood(): Promise<number> {
  const options = ['p1', join(folder, 'frames'), String(RATE), String(COUNT), String(ASKS_EVERY)]
  const child = inNetns(there, () =>
    spawn('python3', ['-c', sender, ...options], { stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  children.push(child)
  return new Promise((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))))
}

function ip(lines: readonly string[], netns?: string): void {
  const { status, stderr } = inNetns(netns, () =>
    spawnSync('ip', ['-batch', '-'], { input: lines.join('\n'), encoding: 'utf8' }),
  )
  if (status !== 0) throw new Error(stderr)
}
