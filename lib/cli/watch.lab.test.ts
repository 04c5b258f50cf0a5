import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inNetns } from '../link/network-namespace.ts'
import { openPacketSocket, type PacketSocket } from '../link/packet-socket.ts'
import { realClock } from '../time/real-clock.ts'
import { freshSeed } from '../time/seed.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import type { NdOption } from '../wire/nd-options.ts'
import type { Packet } from '../wire/packet.ts'

/** A host's namespace with `eth0`, and the far end of its cable in another. */
const id = freshSeed().slice(0, 4)
const host = `dn-${id}-host`
const line = `dn-${id}-line`
const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const run = (netns: string, command: string) =>
  inNetns(netns, () => execFileSync('sh', ['-c', command], { encoding: 'utf8' }))

const denat = fileURLToPath(new URL('denat.mjs', import.meta.url))
/** The package is optional: without a compiler it is not there. */
const wired = test.skipIf(!compiled())

let far: PacketSocket
let solicited: Packet[] = []

function compiled(): boolean {
  try {
    createRequire(import.meta.url)('raw-socket')
    return true
  } catch {
    return false
  }
}

interface Advertised {
  source: string
  routerLifetime?: number
  managed?: boolean
  preference?: 'low'
  options?: NdOption[]
}
const advertise = ({ source, ...ra }: Advertised) =>
  far.send(
    encode({
      eth: { src: '02:00:00:00:00:0b' },
      ip6: { src: source, dst: 'ff02::1' },
      icmp6: { type: 'router-advertisement', ...ra },
    }),
  )

/** Runs the command in the host's namespace. */
function watch(...args: string[]): {
  child: ChildProcess
  prints(text: RegExp, times?: number): Promise<void>
  ended: Promise<{ code: number | null; output: string }>
} {
  const child = inNetns(host, () => spawn(process.execPath, [denat, 'watch', ...args]))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return {
    child,
    async prints(text, times = 1) {
      while (output.split(text).length <= times) await seconds(0.01)
    },
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))),
  }
}

/** By then the command listens. */
async function solicitation(): Promise<Packet> {
  while (solicited.length === 0) await seconds(0.01)
  expect(solicited).toHaveLength(1)
  return solicited[0] as Packet
}

beforeAll(async () => {
  const cable = `link add name eth0 netns ${host} type veth peer name p1 netns ${line}`
  execFileSync('ip', ['-batch', '-'], { input: `netns add ${host}\nnetns add ${line}\n${cable}\n` })
  run(line, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set p1 up')
  // The kernel's own Router Solicitations would be taken for the command's.
  run(host, 'sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.router_solicitations=0; ip link set eth0 up')
  far = openPacketSocket({ interface: 'p1', netns: line, clock })
  far.onFrame((bytes) => {
    const packet = decode(bytes)
    if (packet.icmp6?.type === 'router-solicitation') solicited.push(packet)
  })
  for (let i = 0; i < 200 && !run(host, 'ip -6 addr show dev eth0 scope link -tentative').includes('fe80'); i++)
    await seconds(0.05)
})

beforeEach(() => {
  solicited = []
})

afterAll(() => {
  far?.close()
  execFileSync('ip', ['-batch', '-'], { input: `netns del ${host}\nnetns del ${line}\n` })
})

wired('asks once, and shows what routers say', async () => {
  const { child, prints, ended } = watch('eth0')
  const question = await solicitation()
  expect(question.ip6).toMatchObject({ dst: 'ff02::2', hopLimit: 255 })
  expect(question.icmp6).not.toHaveProperty('badChecksum')
  const first: Advertised = {
    source: 'fe80::b',
    routerLifetime: 1800,
    managed: true,
    options: [
      { type: 'source-link-layer', mac: '02:00:00:00:00:0b' },
      {
        type: 'prefix-information',
        prefix: '2001:db8:1::/64',
        onLink: true,
        autonomous: false,
        preferredLifetime: 3600,
        validLifetime: 0xffffffff,
      },
      { type: 'route-information', prefix: '2001:db8::/48', preference: 'high', lifetime: 1800 },
      { type: 'rdnss', lifetime: 1200, servers: ['fe80::b', '2001:db8::53'] },
      { type: 'dnssl', lifetime: 1200, domains: ['home.arpa'] },
      { type: 'mtu', mtu: 1492 },
    ],
  }
  advertise(first)
  advertise(first)
  advertise({ source: 'fe80::c', routerLifetime: 0, preference: 'low' })
  advertise({ source: '2001:db8::d', routerLifetime: 1 })
  // What the other end of the cable sends besides is none of ours.
  far.send(
    encode({
      eth: { src: '02:00:00:00:00:0b' },
      ip6: { src: 'fe80::b', dst: 'ff02::1' },
      icmp6: { type: 'echo-request' },
    }),
  )
  await prints(/RA from/, 4)
  // None of the other packet.
  await seconds(0.5)
  child.kill('SIGINT')
  const { code, output } = await ended
  expect(output).toMatch(/eth0: Router Advertisements until Ctrl-C\. The hop limit is not shown/)
  expect(output.match(/RA from/g)).toHaveLength(4)
  for (const text of [
    'RA from fe80::b\n',
    'Router Lifetime 1800 s, preference medium',
    'M=1 O=0 (addresses by DHCPv6)',
    'MAC 02:00:00:00:00:0b',
    'PIO 2001:db8:1::/64  L=1 A=0, preferred 3600 s, valid infinite',
    'RIO 2001:db8::/48  preference high, lifetime 1800 s',
    'RDNSS fe80::b 2001:db8::53  lifetime 1200 s',
    'DNSSL home.arpa  lifetime 1200 s',
    'MTU 1492',
    'RA from fe80::b, as before',
    'Router Lifetime 0 s (not a default router), preference low',
    'not from a link-local address',
    'received from: fe80::b (2), fe80::c (1), 2001:db8::d (1)',
  ])
    expect(output).toContain(text)
  expect(code).toBe(0)
})

wired('shows what is cut short', async () => {
  const { child, prints, ended } = watch('eth0')
  await solicitation()
  advertise({ source: 'fe80::b', options: [{ type: 'malformed', data: Uint8Array.of(3, 9) }] })
  await prints(/malformed at octet/)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({
    code: 0,
    output: expect.stringMatching(/malformed options .*\n.*malformed at octet 16/),
  })
})

wired('says that nobody answers', async () => {
  expect(await watch('eth0', '--seconds', '0.5').ended).toMatchObject({
    code: 1,
    output: expect.stringMatching(/Router Solicitation was sent\.\n\nno Router Advertisement was received/),
  })
})

wired.each([
  [['eth7'], 'Expected an interface eth7, there are: lo, eth0.'],
  [['eth0', '--seconds', 'ten'], '--seconds: expected a number above 0, got ten'],
])('denat watch %s is told what is wrong', async (args, message) => {
  expect(await watch(...args).ended).toMatchObject({ code: 3, output: expect.stringContaining(message) })
})

wired('an interface without IPv6 is named', async () => {
  run(host, 'sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1')
  const { code, output } = await watch('eth0').ended
  run(host, 'sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0')
  expect(output).toContain('`sysctl -w net/ipv6/conf/eth0/disable_ipv6=0` enables it')
  expect(code).toBe(3)
})

wired('needs root', () => {
  const command = `${process.execPath} ${denat} watch eth0`
  // The bounding set, not the user: another user may not be able to read this checkout.
  const output = run(host, `setpriv --bounding-set=-net_raw ${command} 2>&1; echo $?`)
  expect(output).toMatch(/Run this as root.*\n3\n$/)
})
