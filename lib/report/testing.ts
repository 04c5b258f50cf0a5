import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame, Mark, Recording, World } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { saveRecording } from '../recording/save.ts'
import { claim, the } from '../say/claim.ts'
import type { Entry } from '../suite/catalogue.ts'
import type { Result } from '../suite/verdict.ts'
import { decode } from '../wire/decode.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { encode } from '../wire/encode.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { Asked } from './review.ts'

/** A run to test reports with: three scenarios, a result of each kind, and a device that sends hostile data. */

export const hostile = '<img src=x onerror="window.denatHacked=1">\u0000\u001b[31m\u202e`|</td>'

const dut = { mac: '00:11:22:33:44:55', address: 'fe80::211:22ff:fe33:4455' }
const isp = { mac: '02:de:4a:00:00:01', address: 'fe80::de:4aff:fe00:1' }
const host = { mac: '02:de:4a:00:00:02', address: 'fe80::de:4aff:fe00:2' }
const agents = { address: 'ff02::1:2', mac: '33:33:00:01:00:02' }

export const world: World = {
  name: 'short-lease',
  seed: '7',
  stations: {
    isp: { port: 'wan0', mac: isp.mac, linkLocal: isp.address },
    host: { port: 'lan0', mac: host.mac, linkLocal: host.address },
  },
  segments: [['lan0']],
  isp: {
    wanPrefix: '2a0e:b107:1::/64',
    internetPrefix: '2a0e:b107:2::/64',
    ra: {
      interval: 30,
      managed: true,
      other: true,
      routerLifetime: 1800,
      onLink: true,
      preferredLifetime: 3600,
      validLifetime: 7200,
    },
    dhcpv6: {
      answers: true,
      ignoreSolicits: 0,
      iaNa: true,
      prefixes: ['2a0e:b107:100::/60'],
      t1: 60,
      t2: 96,
      preferredLifetime: 120,
      validLifetime: 180,
      dns: true,
      domains: [],
    },
    ipv4: true,
  },
  device: { name: 'acme-x1', role: 'gateway', capabilities: ['web-ui'], lacks: ['pppoe'] },
  profile: 'default',
}

const pd = (t1: number, t2: number, prefix: string): Dhcpv6Option => ({
  type: 'ia-pd',
  iaid: 1,
  t1,
  t2,
  options: [{ type: 'ia-prefix', preferredLifetime: 120, validLifetime: 180, prefix, options: [] }],
})

function dhcpv6(message: NonNullable<PacketInit['dhcp6']>, fromClient: boolean): PacketInit {
  const [from, to] = fromClient ? [dut, agents] : [isp, dut]
  return {
    eth: { src: from.mac, dst: to.mac },
    ip6: { src: from.address, dst: to.address, hopLimit: 64 },
    udp: fromClient ? { srcPort: 546, dstPort: 547 } : { srcPort: 547, dstPort: 546 },
    dhcp6: message,
  }
}

const echo = (port: 'wan' | 'lan', type: 'echo-request' | 'echo-reply'): PacketInit => ({
  eth: port === 'wan' ? { src: dut.mac, dst: isp.mac } : { src: host.mac, dst: dut.mac },
  ip6: { src: '2a0e:b107:100::2', dst: '2a0e:b107:2::1', hopLimit: port === 'wan' ? 63 : 64 },
  icmp6: { type, code: 0, id: 7, seq: 1, data: new TextEncoder().encode('denat') },
})

const status = { type: 'status-code', status: 6, message: hostile } as const
const xid = { transactionId: 0x00abcd }

type Line = [at: number, port: string, direction: 'in' | 'out', packet: PacketInit, comment?: string]

const course: Line[] = [
  [0.4, 'wan0', 'in', dhcpv6({ type: 'solicit', ...xid, options: [pd(0, 0, '::/60')] }, true)],
  [0.41, 'wan0', 'out', dhcpv6({ type: 'advertise', ...xid, options: [pd(60, 96, '2a0e:b107:100::/60')] }, false)],
  [1.2, 'wan0', 'in', dhcpv6({ type: 'request', ...xid, options: [pd(60, 96, '2a0e:b107:100::/60')] }, true)],
  [
    1.21,
    'wan0',
    'out',
    dhcpv6({ type: 'reply', ...xid, options: [pd(60, 96, '2a0e:b107:100::/60')] }, false),
    'grants a short lease',
  ],
  [3, 'lan0', 'out', echo('lan', 'echo-request'), 'is there a way to the Internet?'],
  [3.002, 'wan0', 'in', echo('wan', 'echo-request')],
  ...Array.from({ length: 12 }, (_, index): Line => [4 + index, 'lan0', 'out', echo('lan', 'echo-request')]),
  [61.3, 'wan0', 'in', dhcpv6({ type: 'renew', ...xid, options: [pd(60, 96, '2a0e:b107:100::/60')] }, true)],
  [61.31, 'wan0', 'out', dhcpv6({ type: 'reply', ...xid, options: [status] }, false)],
  [62, 'lan0', 'in', { eth: { src: isp.mac, dst: host.mac, type: 0x88b5 }, payload: new Uint8Array(46) }],
]

export function recordingOf(scenario: string): Recording {
  const frames = course.map(([at, port, direction, packet, comment], index): Frame => {
    const bytes = encode(packet)
    const decoded = decode(bytes)
    const from = decoded.eth.src === dut.mac ? 'dut' : 'bench'
    return { number: index + 1, port, at, direction, from, bytes, packet: decoded, ...(comment && { comment }) }
  })
  const marks: Mark[] = [
    { at: 2, mark: 'online', number: 4 },
    { at: 61.5, mark: 'page read', number: 20, data: { title: hostile } },
  ]
  return { scenario, world, frames, marks, outcome: { end: 'complete' }, drops: 0, clockStep: 0 }
}

export const scenarios = ['cold-boot', 'renewal', 'web-ui-ipv6']

const entry = (
  id: string,
  area: string,
  section: string,
  summary: string,
  rest: Partial<Entry> = {},
): [string, Entry] => [
  id,
  {
    id,
    source: { document: 'RFC 7084', section, label: id.slice(8) },
    level: 'MUST',
    role: 'both',
    area,
    summary,
    stimulus: 'ISP-R grants a short lease and answers the Renew.',
    observe: 'WAN capture: Renew between T1 and T2, with the IA_PD that was granted.',
    fails_when: 'The router lets the lease run out.',
    timers: 60,
    verified: true,
    ...rest,
  },
]

export const entries = new Map<string, Entry>([
  entry('RFC7084-WPD-1', 'wan-pd', '4.2', 'The router asks for a prefix by IA_PD and renews what it got.'),
  entry(
    'RFC7084-WPD-5',
    'wan-pd',
    '4.2',
    'The unassigned part of the delegated prefix is dropped, with an ICMPv6 error.',
  ),
  entry('RFC7084-L-13', 'renumbering', '4.3', 'An old prefix is withdrawn by a RA with Preferred Lifetime 0.', {
    level: 'SHOULD',
  }),
  entry('RFC7084-WLL-2', 'wan-link', '4.2', 'With a PPPoE WAN the router negotiates IPV6CP.', {
    'applies-when': 'pppoe',
  }),
  entry('RFC7084-L-2', 'lan-ra', '4.3', 'Each LAN interface has a /64 of its own.'),
  entry('UI-1', 'web-ui', '-', 'The values on the page equal those on the wire.', {
    level: 'policy',
    source: { document: 'Web UI / automation profile', section: '-', label: '-' },
    verified: false,
    unverified: 'a project rule',
  }),
  entry('DENAT-1', 'denat', 'task 2', 'A LAN host is reached from the Internet under its own address.', {
    level: 'policy',
  }),
  entry('RFC4861-6.1.1', 'robustness', '6.1.1', 'Every ND message has hop limit 255.'),
])

const result = (
  requirement: string,
  scenario: string,
  verdict: Result['verdict'],
  rest: Partial<Result> = {},
): Result => ({
  requirement,
  case: '',
  scenario,
  level: entries.get(requirement)?.level ?? 'MUST',
  verdict,
  because: claim`A Renew is sent not before T1 and soon after it.`,
  frames: [4, 19],
  ...rest,
})

export const results: Result[] = [
  result('RFC7084-WPD-1', 'cold-boot', 'pass', {
    frames: [1, 3],
    notes: [claim`The router sends a prefix-length hint of /60.`],
  }),
  result('RFC7084-WPD-1', 'renewal', 'fail', {
    expected: claim`A Renew is sent not before T1, soon after it (60.000 s to 61.000 s: T1, 1 s of slack)`,
    seen: claim`61.300 s`,
    because: claim`Expected: … Seen: 61.300 s`,
    frames: [4, 19, 20],
    comments: { 4: claim`the lease begins here`, 19: claim`T1 was 60 s ${the.text(hostile)}` },
  }),
  ...['tcp', 'udp'].map((name) => result('RFC7084-WPD-5', 'renewal', 'pass', { case: name, frames: [5, 6] })),
  result('RFC7084-L-13', 'renewal', 'warn', {
    expected: claim`An RA withdraws it at once`,
    seen: claim`nothing such ${the.text(hostile)}`,
  }),
  result('RFC7084-WLL-2', '', 'not-applicable', {
    because: claim`The product states that it has no pppoe.`,
    frames: [],
  }),
  result('DENAT-1', 'cold-boot', 'inconclusive', {
    cause: 'blocked',
    blockedBy: 'RFC7084-WPD-1',
    because: claim`No prefix was delegated, so that no host has a global address.`,
    frames: [],
  }),
  result('UI-1', 'web-ui-ipv6', 'inconclusive', { cause: 'lab', because: claim`carrier lost on lan0`, frames: [] }),
  result('RFC4861-6.1.1', 'renewal', 'inconclusive', {
    cause: 'harness',
    because: claim`TypeError ${the.text(hostile)}`,
    frames: [1],
  }),
  ...['cold-boot', 'web-ui-ipv6'].map((scenario) => result('RFC4861-6.1.1', scenario, 'pass', { frames: [1] })),
]

export const facts: RunFacts = {
  id: '2025-06-02T10-00-00-acme-x1',
  startedAt: '2025-06-02T10:00:00.000Z',
  endedAt: '2025-06-02T10:03:30.000Z',
  lab: 'memory',
  device: {
    name: 'acme-x1',
    vendor: 'Acme <b>',
    firmware: '1.2.3',
    role: 'gateway',
    capabilities: ['web-ui'],
    lacks: ['pppoe'],
  },
  versions: { denat: '0.1.0', node: '20.19.0' },
  seed: '7',
  profile: 'default',
  labs: 1,
  plan: [...scenarios],
  scenarios: scenarios.map((scenario) => ({
    scenario,
    story: `The story of ${scenario} | part 1`,
    outcome: { end: 'complete' },
    wall: 70,
    forced: 62.5,
    browser: scenario.startsWith('web-ui') ? 5 : 0,
  })),
  leftOut: [{ requirement: 'RFC7084-L-2', because: claim`The lab has one LAN port; this needs two.` }],
}

/** A white pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII='

/** Puts the run's evidence into a folder, as a run leaves it. */
export function writeRun(runFolder: string, run: RunFacts = facts): Map<string, Recording> {
  mkdirSync(runFolder, { recursive: true })
  const recordings = new Map(scenarios.map((scenario) => [scenario, recordingOf(scenario)]))
  for (const [scenario, recording] of recordings)
    saveRecording(join(runFolder, 'recordings', scenario), recording, {
      startedAt: `${Date.parse(run.startedAt)}000000`,
    })
  const pages = join(runFolder, 'recordings', 'web-ui-ipv6', 'web-ui')
  mkdirSync(pages)
  writeFileSync(join(pages, '01-ipv6-page.png'), Buffer.from(png, 'base64'))
  writeFileSync(join(runFolder, 'results.jsonl'), results.map((one) => `${JSON.stringify(one)}\n`).join(''))
  writeFileSync(join(runFolder, 'run.json'), JSON.stringify(run))
  return recordings
}

/** The catalogue against which the run is counted: it has a case that no scenario showed, and an id that nothing judges. */
export const asked: Asked = {
  entries: new Map([...entries, entry('PERF-1', 'performance', '-', 'IPv6 is as fast as IPv4.', { level: 'policy' })]),
  requirements: new Map([
    ...[...entries.keys()].map((id) => [id, { cases: new Map() }] as const),
    ['RFC7084-WPD-5', { cases: new Map(['tcp', 'udp', 'icmp'].map((name) => [name, {}])) }],
  ]),
  scope: { 'PERF-1': { status: 'planned', reason: 'needs load generation', zh: '需要流量发生器' } },
}
