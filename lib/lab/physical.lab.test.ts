import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Link } from '../link/link.ts'
import { inNetns } from '../link/network-namespace.ts'
import { openPacketSocket } from '../link/packet-socket.ts'
import { trunk } from '../link/trunk.ts'
import { realClock } from '../time/real-clock.ts'
import { linkLocalOf, multicastMac } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import { readDevice } from './device.ts'
import { readLab } from './lab-file.ts'
import { cardsNamed } from './namespaces/find-cards.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const router = path('../../labs/devices/debian/router.sh')
/** The router's, which the lab does not know; and that of a switch. */
const [boxed, switched] = ['boxed-by-a-test', 'switch-of-a-test']
const ports = ['wan0', 'lan0', 'lan1']
let folder = ''
const children: ChildProcess[] = []
const closing: (() => void)[] = []

const ip = (...given: string[]) => execFileSync('ip', given, { encoding: 'utf8', stdio: 'pipe' })
const attempt = (act: () => unknown) => {
  try {
    act()
  } catch {
    // It was not there.
  }
}

/** Cables whose ends here stand in for network cards; the router is at the other ends. */
function cards(): void {
  ip('netns', 'add', boxed)
  for (const port of ports) {
    ip('link', 'add', `t-${port}`, 'type', 'veth', 'peer', 'name', port, 'netns', boxed)
    // The router still runs when the cards are back: no address may come from its RAs.
    writeFileSync(`/proc/sys/net/ipv6/conf/t-${port}/disable_ipv6`, '1')
  }
}

/** One card, whose other end is a switch: ports of the router in VLANs 101, 102 and 103. */
function trunkCard(): void {
  ip('netns', 'add', boxed)
  ip('netns', 'add', switched)
  ip('link', 'add', 't-trunk', 'type', 'veth', 'peer', 'name', 'uplink', 'netns', switched)
  for (const port of ports)
    ip('-n', switched, 'link', 'add', port, 'type', 'veth', 'peer', 'name', port, 'netns', boxed)
  execFileSync('ip', ['netns', 'exec', switched, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'])
  for (const name of ['uplink', ...ports]) ip('-n', switched, 'link', 'set', name, 'up')
  const open = (name: string) => openPacketSocket({ interface: name, netns: switched, clock })
  const up = open('uplink')
  const uplink = trunk(up)
  closing.push(() => up.close())
  for (const [index, port] of ports.entries()) {
    const [one, other]: [Link, Link] = [uplink.port(port, 101 + index), open(port)]
    one.onFrame((frame) => attempt(() => other.send(frame)))
    other.onFrame((frame) => one.send(frame))
    closing.push(() => other.close())
  }
}

function lab(keys: string, more = ''): string {
  mkdirSync(join(folder, 'device'))
  const order = (name: string) => `[${router}, ${name}, ${boxed}]`
  writeFileSync(
    join(folder, 'device', 'device.yaml'),
    `name: a router in a box
capabilities: [ntp, simple-security, stateful-dhcpv6, ula]
lacks: [464xlat, 6rd, ds-lite, ipv4aas, ipv6-mostly, pcp, pcp-server, pppoe, tunnel-filter, wan-vlan]
boot: 20
power:
  command: { on: ${order('up')}, off: ${order('down')}, reboot: ${order('reboot')}, reset: ${order('reset')} }
${more}`,
  )
  writeFileSync(
    join(folder, 'lab.yaml'),
    `kind: physical\ndevice: ./device\n${keys.includes('reset-by') ? '' : 'browser: none\n'}${keys}`,
  )
  return join(folder, 'lab.yaml')
}

function denat(...given: string[]): { process: ChildProcess; said(): string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [path('../cli/denat.mjs'), ...given], { detached: true, stdio: 'pipe' })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { process: child, said: () => said, ended: new Promise((resolve) => child.on('exit', resolve)) }
}

const run = (file: string, scenario = 'first-answers') =>
  denat('run', file, '--no-report', '--out', join(folder, 'run'), '--only', scenario)

/** All that a card must have again; its index changes, and carrier is the router's affair. */
const stateOf = (name: string) => {
  const [{ ifname, flags, mtu, address, addr_info }] = JSON.parse(ip('-j', '-d', 'address', 'show', 'dev', name))
  const kept = addr_info.filter(({ scope }: { scope: string }) => scope !== 'link')
  const offloads = execFileSync('ethtool', ['-k', name], { encoding: 'utf8' })
  const isOff = readFileSync(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, 'utf8').trim()
  return { ifname, up: flags.includes('UP'), mtu, address, kept, offloads, isOff }
}

interface Line {
  requirement: string
  case: string
  verdict: string
}
/** What the demo router is blamed for, and is not known for. A loaded machine leaves verdicts open: they blame it for nothing. */
const unknown = (): Line[] => {
  const { known } = readDevice(path('../../labs/devices/debian'))
  const lines = readFileSync(join(folder, 'run/results.jsonl'), 'utf8').trim().split('\n')
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ verdict }) => ['fail', 'warn'].includes(verdict))
    .filter((one) => !known.some((entry) => entry.requirement === one.requirement && entry.case === one.case))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-physical-'))
})
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const close of closing.splice(0)) close()
  attempt(() => execFileSync(router, ['down', boxed], { stdio: 'pipe' }))
  attempt(() => execFileSync(router, ['reset', boxed], { stdio: 'pipe' }))
  for (const name of [boxed, switched]) attempt(() => ip('netns', 'del', name))
  for (const name of ['t-trunk', ...ports.map((port) => `t-${port}`)]) attempt(() => ip('link', 'del', name))
  rmSync(folder, { recursive: true, force: true })
})

test('a router behind network cards is judged, and the cards come back as they were', async () => {
  cards()
  ip('address', 'add', '192.0.2.7/24', 'dev', 't-lan0')
  ip('link', 'set', 't-lan0', 'mtu', '1600', 'up')
  const before = ports.map((port) => stateOf(`t-${port}`))
  const { said, ended } = run(lab('wan: t-wan0\nlan: [t-lan0, t-lan1]\n'), 'cold-boot')
  expect(await ended, said()).toBeLessThan(3)
  expect(unknown()).toEqual([])
  expect(ports.map((port) => stateOf(`t-${port}`))).toEqual(before)
})

test('one card and a switch with a VLAN for each port will do', async () => {
  trunkCard()
  const { said, ended } = run(
    lab('wan: { card: t-trunk, vlan: 101 }\nlan: [{ card: t-trunk, vlan: 102 }, { card: t-trunk, vlan: 103 }]\n'),
  )
  expect(await ended, said()).toBeLessThan(3)
  expect(unknown()).toEqual([])
})

test('a router is reset by its page where nothing else can', async () => {
  cards()
  const page = `web-ui: { url4: 'http://192.168.1.1', user: admin, password: denat-demo }\n`
  const file = lab('wan: t-wan0\nlan: [t-lan0, t-lan1]\nreset-by: { web-ui: {} }\n', page)
  writeFileSync(
    join(folder, 'device', 'web-ui.ts'),
    `export { webUi } from '${path('../../labs/devices/debian/web-ui.ts')}'\n`,
  )
  const { said, ended } = run(file)
  expect(await ended, said()).toBeLessThan(3)
  expect(unknown()).toEqual([])
})

test('a router that is connected by mistake ends the run before a scenario is judged', async () => {
  cards()
  ip('-n', boxed, 'link', 'set', 'lan1', 'up')
  const port = openPacketSocket({ interface: 'lan1', netns: boxed, clock })
  closing.push(() => port.close())
  const src = '02:00:5e:00:53:01'
  const answer = encode({
    eth: { src, dst: multicastMac('ff02::1') },
    ip6: { src: linkLocalOf(src), dst: 'ff02::1', hopLimit: 255 },
    icmp6: {
      ...{ type: 'router-advertisement', hopLimit: 64, managed: false, other: false },
      ...{ routerLifetime: 1800, reachableTime: 0, retransTimer: 0, options: [] },
    },
  })
  port.onFrame((frame) => decode(frame).icmp6?.type === 'router-solicitation' && port.send(answer))
  // The router itself is off, and stays so.
  const off = 'power: { command: { on: ["true"], off: ["true"], reboot: ["true"], reset: ["true"] } }\n'
  const { said, ended } = run(lab(`wan: t-wan0\nlan: [t-lan0, t-lan1]\n${off}`))
  expect(await ended, said()).toBe(2)
  expect(said()).toMatch(
    /another router or DHCP server is connected.*\(02:00:5e:00:53:01 on lan1: .*RA.*pull its cable/,
  )
  expect(readFileSync(join(folder, 'run/results.jsonl'), 'utf8')).not.toContain('"verdict":"fail"')
})

test('the cards of a run that was killed come back by the next command', async () => {
  cards()
  ip('link', 'set', 't-wan0', 'mtu', '1600')
  const before = ports.map((port) => stateOf(`t-${port}`))
  const { process: parent, said } = run(lab('wan: t-wan0\nlan: [t-lan0, t-lan1]\n'))
  while (!said().includes('[1/1]') || ip('link').includes('t-wan0')) {
    expect(parent.exitCode, said()).toBeNull()
    await seconds(0.05)
  }
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').split(' ').filter(Boolean)
  for (const pid of [parent.pid, ...children.map(Number)]) attempt(() => process.kill(pid as number, 'SIGKILL'))
  const clean = denat('clean')
  expect(await clean.ended, clean.said()).toBe(0)
  expect(ports.map((port) => stateOf(`t-${port}`))).toEqual(before)
})

test.each<[string, string, () => void, RegExp]>([
  ['is not there', 't-none', () => {}, /wan0: there is no network card t-none\n.*name one of: .*t-wan0/],
  ['carries the default route', 't-wan0', () => ip('route', 'add', 'default', 'dev', 't-wan0'), /default route/],
  [
    'is a port of a bridge',
    't-wan0',
    () => ip('link', 'set', 't-wan0', 'master', 'bridge0'),
    /t-wan0 is a port of bridge0/,
  ],
  ['is the port of another card', 't-lan0', () => {}, /wan0 and lan0 are the same port of t-lan0/],
])('a card that %s is refused, and nothing is touched', (_, wan, arrange, message) => {
  ip('netns', 'add', boxed)
  inNetns(boxed, () => {
    ip('link', 'add', 'name', 'bridge0', 'type', 'bridge')
    for (const port of ports) ip('link', 'add', `t-${port}`, 'type', 'veth', 'peer', 'name', port)
    ip('address', 'add', '192.0.2.7/24', 'dev', 't-wan0')
    for (const port of ports) ip('link', 'set', `t-${port}`, 'up')
    arrange()
    const before = ip('-j', '-d', 'address')
    const file = readLab(lab(`wan: ${wan}\nlan: [t-lan0, t-lan1]\n`))
    expect(() => cardsNamed(file as Parameters<typeof cardsNamed>[0])).toThrow(message)
    expect(ip('-j', '-d', 'address')).toBe(before)
  })
})
