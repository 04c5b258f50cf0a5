/**
 * How well a port of ours keeps up, beside a C program on the same cable in the same run. Prints, never asserts: the
 * figures are the machine's as much as ours. Run as root: `npx tsx lib/link/link.bench.ts`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realClock } from '../time/real-clock.ts'
import { freshSeed } from '../time/seed.ts'
import { inNetns } from './network-namespace.ts'
import { openPacketSocket, type PacketSocket } from './packet-socket.ts'

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

const open = (): PacketSocket => openPacketSocket({ interface: 'p0', netns: ours, clock })

async function loss(program: string) {
  const port = open()
  let heard = 0
  let last = 0
  port.onFrame((_, at) => {
    heard++
    last = clock.now() - at
  })
  const reached = Number(await output(start(program, theirs, 'blast', 'p1', String(frames), String(rate))))
  for (let before = -1; before !== heard; ) {
    before = heard
    await seconds(0.2)
  }
  const dropped = port.drops()
  port.close()
  console.log(
    `receive  ${frames} frames at ${Math.round(reached / 1000)} k/s: lost ${frames - heard}, of which ${dropped} counted by the kernel;`,
  )
  console.log(`         the last one reached its handler ${(last * 1e3).toFixed(2)} ms after it came`)
}

async function latency(what: string, program: string) {
  const trips = (await output(start(program, theirs, 'ping', 'p1', String(pings))))
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1_000)
    .sort((a, b) => a - b)
  const at = (part: number) => (trips[Math.floor(part * trips.length)] ?? 0).toFixed(1).padStart(7)
  console.log(`echo     ${what}  median ${at(0.5)} us   p90 ${at(0.9)} us   p99 ${at(0.99)} us`)
}

async function measure(program: string) {
  await loss(program)
  const echo = start(program, ours, 'echo', 'p0')
  await seconds(0.2)
  await latency('C program', program)
  echo.kill()
  const port = open()
  port.onFrame((bytes) => port.send(bytes))
  await latency('lib/link ', program)
  port.close()
}

const folder = mkdtempSync(join(tmpdir(), 'denat-bench-'))
try {
  const program = compile(folder)
  execFileSync('ip', ['-batch', '-'], {
    input: `netns add ${ours}\nnetns add ${theirs}\nlink add name p0 netns ${ours} type veth peer name p1 netns ${theirs}\n`,
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
  await measure(program)
} finally {
  for (const netns of [ours, theirs]) execFileSync('ip', ['netns', 'delete', netns], { stdio: 'ignore' })
  rmSync(folder, { recursive: true })
}
