/**
 * How well a port of ours keeps up, compared with a C program on the same cable in the same run: the figures depend on
 * the machine as much as on our code. Needs root and gcc.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realClock } from '../time/real-clock.ts'
import { freshSeed } from '../time/seed.ts'
import { inNetns } from './network-namespace.ts'
import { openPacketSocket, type PacketSocket } from './packet-socket.ts'

/** Round trips, in microseconds. */
export interface Latency {
  median: number
  p90: number
  p99: number
}

export interface Flood {
  sent: number
  received: number
  /** Frames a second that the C program reached. */
  rate: number
  /** Seconds from the last frame's arrival to its handler. */
  behind: number
}

export interface LinkFigures {
  /** Received on one end of a veth pair, and on a tap that the C program writes into. */
  flood: { veth: Flood; tap: Flood }
  /** Round-trip time of a frame, by the program that returns it. */
  echo: { c: Latency; ours: Latency }
}

const frames = 200_000
const rate = 200_000
const pings = 3_000

const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const ours = `dn-${freshSeed().slice(0, 4)}-bench`
const theirs = ours.replace(/bench$/, 'dut')

function compile(folder: string): string {
  const program = join(folder, 'wire')
  execFileSync('gcc', ['-O2', '-Wall', '-o', program, fileURLToPath(new URL('./bench/wire.c', import.meta.url))], {
    stdio: 'inherit',
  })
  return program
}

function start(program: string, netns: string, ...args: string[]): ChildProcess {
  return inNetns(netns, () => spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function output(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.on('data', (part) => {
    text += part
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`The C program ended with ${code}: see its message above`)
  return text
}

const open = (name = 'p0'): PacketSocket => openPacketSocket({ interface: name, netns: ours, clock })

async function flood(port: PacketSocket, sender: () => ChildProcess): Promise<Flood> {
  let received = 0
  let behind = 0
  port.onFrame((_, at) => {
    received++
    behind = clock.now() - at
  })
  const reached = Number(await output(sender()))
  for (let before = -1; before !== received; ) {
    before = received
    await seconds(0.2)
  }
  port.close()
  return { sent: frames, received, rate: reached, behind }
}

async function latency(program: string): Promise<Latency> {
  const trips = (await output(start(program, theirs, 'ping', 'p1', String(pings))))
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1_000)
    .sort((a, b) => a - b)
  const at = (part: number) => trips[Math.floor(part * trips.length)] ?? Number.NaN
  return { median: at(0.5), p90: at(0.9), p99: at(0.99) }
}

async function measure(program: string): Promise<LinkFigures> {
  const given = [String(frames), String(rate)]
  const veth = await flood(open(), () => start(program, theirs, 'blast', 'p1', ...given))
  const tap = await flood(open('t0'), () => start(program, ours, 'tap', 't0', ...given))
  const echo = start(program, ours, 'echo', 'p0')
  await seconds(0.2)
  const c = await latency(program)
  echo.kill()
  const port = open()
  port.onFrame((bytes) => port.send(bytes))
  const own = await latency(program)
  port.close()
  return { flood: { veth, tap }, echo: { c, ours: own } }
}

/** On a cable of its own between two namespaces, which are gone afterwards. */
export async function linkBench(): Promise<LinkFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'denat-bench-'))
  try {
    const program = compile(folder)
    execFileSync('ip', ['-batch', '-'], {
      input: `netns add ${ours}\nnetns add ${theirs}\nlink add name p0 netns ${ours} type veth peer name p1 netns ${theirs}\n`,
    })
    execFileSync('ip', ['-netns', ours, '-batch', '-'], {
      input: 'tuntap add dev t0 mode tap\nlink set t0 up\n',
    })
    for (const [netns, name] of [
      [ours, 'p0'],
      [theirs, 'p1'],
    ] as const) {
      inNetns(netns, () => {
        execFileSync('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1'])
        execFileSync('ip', ['link', 'set', name, 'up'])
      })
    }
    return await measure(program)
  } finally {
    for (const netns of [ours, theirs]) spawnSync('ip', ['netns', 'delete', netns])
    rmSync(folder, { recursive: true })
  }
}
