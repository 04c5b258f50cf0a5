import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createNetns, deleteNetns, ipBatch, writeSysctls } from '../../lab/namespaces/netns.ts'
import { inNetns } from '../../link/network-namespace.ts'
import { disableOffloads } from '../../link/offload.ts'
import { openPacketSocket } from '../../link/packet-socket.ts'
import type { Frame } from '../../recording/recording.ts'
import { tape } from '../../recording/tape.ts'
import { realClock } from '../../time/real-clock.ts'
import { freshSeed, seeded } from '../../time/seed.ts'
import { describe } from '../../wire/describe.ts'
import { matches, type Pattern, showPattern } from '../../wire/match.ts'
import { openPort, type Port } from '../attachment/port.ts'
import type { IspContext } from '../isp.ts'

/** Our node's MAC on every cable: each has a namespace of its own. */
export const NODE_MAC = '02:de:4a:00:00:01'
/** The peer's end of the cable. */
export const PEER_PORT = 'p1'
/** A link of the peer without other nodes, for the prefixes that a client was delegated. */
export const PEER_LAN = 'lan0'
/** In the peer's view: the files that it is started with, and those that it writes. */
export const RUN = '/run'

/** Debian's programs and no others: npm packages bring commands of the same names. */
const DEBIAN_PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

/** Seconds between two reads of data without change events: the kernel's tables, a daemon's files. */
const LOOK = 0.05

/** A cable between a node of ours and a namespace where a Linux kernel and software that we did not write live. */
export interface Peer {
  ctx: IspContext
  /** Our end. */
  port: Port
  frames: readonly Frame[]
  linkLocal(): Promise<string>
  /** Starts a program, with files of its own below `RUN`. It ends with the test. */
  start(command: string[], files?: Record<string, string>): ChildProcess
  /** What the program wrote below `RUN`; empty as long as there is nothing. */
  written(file: string): string
  /** Runs a command in the peer's namespace to its end: never by waiting on this thread, where our node answers. */
  outputOf(...command: string[]): Promise<string>
  /** The first frame that fits; waits for it. */
  frame(pattern: Pattern, options?: { after?: Frame; within?: number }): Promise<Frame>
  /** Looks until there is something to see. */
  until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, within?: number): Promise<T>
  /** What is to be done before the cable goes. */
  atEnd(step: () => void): void
  /** Ends what runs there and leaves nothing behind. */
  unplug(): void
}

/** Prints once why a peer cannot take part: a test that is left out must not look like one that passed. */
export function lacks(command: string, debianPackage: string): boolean {
  if (existsSync(command)) return false
  console.warn(`left out: what needs ${command}: install the Debian package ${debianPackage}`)
  return true
}

/**
 * Of the host's files, a program may write none: its state is in the test's folder, and /etc can only be read. It goes
 * down with the test's process, however that ends.
 */
const inAnotherHome = `
for place in run lib log; do mkdir -p "$1/$place"; done
mount --bind "$1/lib" /var/lib
mount --bind "$1/log" /var/log
mount --bind /etc /etc
mount -o remount,bind,ro /etc
mount --bind "$1/run" ${RUN}
shift
exec setpriv --pdeathsig KILL "$@"
`

export function plugIn(): Peer {
  const id = freshSeed().slice(0, 6)
  const here = `dn-${id}-n`
  const there = `dn-${id}-p`
  const clock = realClock()
  const recorded = tape(clock, (mac) => mac === NODE_MAC)
  const { frames } = recorded
  const folder = mkdtempSync(join(tmpdir(), 'denat-peer-'))
  const inRun = (file: string) => join(folder, 'run', file)
  const steps = [() => rmSync(folder, { recursive: true })]
  const unplug = () => {
    const step = steps.pop()
    if (!step) return
    // What one step throws must not keep the others from being done.
    try {
      step()
    } finally {
      unplug()
    }
  }
  let output = ''

  const lastWords = () => {
    const ladder = frames
      .slice(-40)
      .map((frame) => `${frame.at.toFixed(3)} ${frame.direction} ${describe(frame.packet)}`)
    return `${ladder.join('\n')}\n\n${output.slice(-3000)}`
  }
  const until: Peer['until'] = async (what, look, within = 120) => {
    const deadline = clock.now() + within
    for (;;) {
      const seen = await look()
      if (seen !== undefined) return seen
      if (clock.now() > deadline) throw new Error(`Expected ${what} within ${within} s. What happened:\n${lastWords()}`)
      await new Promise<void>((resolve) => clock.after(LOOK, resolve))
    }
  }
  const outputOf: Peer['outputOf'] = async (...command) =>
    (await promisify(execFile)('ip', ['netns', 'exec', there, ...command])).stdout

  try {
    for (const netns of [here, there]) {
      createNetns(netns)
      steps.push(() => deleteNetns(netns))
    }
    writeSysctls(here, { 'net.ipv6.conf.default.disable_ipv6': 1 })
    ipBatch([
      `link add name p0 netns ${here} type veth peer name ${PEER_PORT} netns ${there}`,
      `link add name lan netns ${here} type veth peer name ${PEER_LAN} netns ${there}`,
    ])
    inNetns(here, () => disableOffloads('p0'))
    inNetns(there, () => disableOffloads(PEER_PORT))
    ipBatch(['link set p0 up', 'link set lan up'], here)
    const socket = openPacketSocket({ interface: 'p0', netns: here, clock })
    steps.push(() => socket.close())
    const port = openPort(socket, clock, recorded.frame)
    ipBatch(['link set lo up', `link set ${PEER_LAN} up`, `link set ${PEER_PORT} up`], there)
    const wallClock = () => Number(clock.origin / 1_000_000n) / 1000 + clock.now()
    return {
      ctx: { clock, random: seeded(id), settled() {}, wallClock },
      port,
      frames,
      until,
      outputOf,
      unplug,
      atEnd: (step) => void steps.push(step),
      linkLocal: () =>
        until('a link-local address past DAD', async () => {
          const shown = await outputOf(
            'ip',
            '-6',
            '-brief',
            'address',
            'show',
            'dev',
            PEER_PORT,
            'scope',
            'link',
            '-tentative',
          )
          return /fe80::[0-9a-f:]+/.exec(shown)?.[0]
        }),
      start(command, files = {}) {
        for (const [file, text] of Object.entries(files)) {
          mkdirSync(dirname(inRun(file)), { recursive: true })
          writeFileSync(inRun(file), text)
        }
        const place = ['netns', 'exec', there, 'sh', '-ec', inAnotherHome, 'sh', folder]
        const child = spawn('ip', [...place, ...command], { env: DEBIAN_PATH, stdio: ['ignore', 'pipe', 'pipe'] })
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
        // At once: a client that ends in an orderly way would send Release to a server that has stopped.
        steps.push(() => void child.kill('SIGKILL'))
        return child
      },
      written: (file) => (existsSync(inRun(file)) ? readFileSync(inRun(file), 'utf8') : ''),
      frame: (pattern, { after, within } = {}) =>
        until(
          showPattern(pattern),
          () => frames.find((frame) => frame.number > (after?.number ?? 0) && matches(frame.packet, pattern)),
          within,
        ),
    }
  } catch (error) {
    unplug()
    throw error
  }
}
