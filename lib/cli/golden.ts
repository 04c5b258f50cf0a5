/**
 * `npm run golden`: reads every golden capture with TShark and writes down what it sees; the tests compare us with it.
 * `npm run golden -- capture [NAME...]` makes the captures first, `npm run golden -- take RUN` those of a lab's router.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { framesIn, readCapture } from '../recording/read-capture.ts'
import { FIELDS } from '../wire/golden-fields.ts'
import { writePcap } from '../wire/golden-pcap.ts'
import { installDebianPackages, installedPackages, missingDebianPackages, onPath } from './debian.mjs'

const golden = fileURLToPath(new URL('../wire/golden', import.meta.url))

/** The software that is captured, and what that takes. */
const PACKAGES = [
  'bind9-dnsutils',
  'bird2',
  'chromium',
  'curl',
  'dhcpcd-base',
  'dnsmasq-base',
  'ethtool',
  'iproute2',
  'iputils-ping',
  'isc-dhcp-client',
  'isc-dhcp-relay',
  'isc-dhcp-server',
  'kea-dhcp4-server',
  'kea-dhcp6-server',
  'ndisc6',
  'nftables',
  'openvswitch-switch',
  'pppoe',
  'python3',
  'radvd',
  'socat',
  'systemd',
  'tcpdump',
  'wide-dhcpv6-client',
]

/** Frames that look the same to TShark by these fields are kept once: a capture holds one of each kind. */
const KIND = [
  'frame.protocols',
  'vlan.id',
  'pppoe.code',
  'pppoe.payload_length',
  'arp.opcode',
  'ip.opt.type',
  'ip.flags.mf',
  'ip.frag_offset',
  'ipv6.opt.type',
  'ipv6.fraghdr.offset',
  'icmp.type',
  'icmp.code',
  'icmpv6.type',
  'icmpv6.code',
  'icmpv6.opt.type',
  'icmpv6.nd.na.flag',
  'icmpv6.nd.ra.router_lifetime',
  'icmpv6.mld.qqi',
  'icmpv6.mldr.mar.record_type',
  'dhcpv6.msgtype',
  'dhcpv6.option.type',
  'dhcpv6.status_code',
  'dhcp.option.dhcp',
  'dhcp.option.type',
  'dns.flags',
  'dns.qry.type',
  'dns.resp.type',
  'tcp.flags',
  'tcp.hdr_len',
]

/** dhcpcd's vendor class names this machine's kernel and processor: no capture of ours does. */
const MACHINE = 'Linux-'

/** The frames of the software router in a run of its lab: its ports have these addresses. */
const ROUTER = /^02:d0:75:00:00:0/

function tshark(file: string, fields: readonly string[]): string[][] {
  const output = execFileSync(
    'tshark',
    // A frame by itself: what TShark puts together from several, we read as they are.
    [
      '-n',
      '-r',
      file,
      '-o',
      'ipv6.defragment:FALSE',
      '-o',
      'ip.defragment:FALSE',
      '-o',
      'tcp.desegment_tcp_streams:FALSE',
    ]
      .concat(['-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=|'])
      .concat(fields.flatMap((field) => ['-e', field])),
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  )
  const lines = output.split('\n').slice(0, -1)
  return lines.map((line) => line.split('\t'))
}

function expectation(name: string): void {
  const columns = Object.keys(FIELDS)
  const rows = tshark(join(golden, `${name}.pcap`), columns)
  // A column that is empty throughout is left out; the test knows that nothing was seen.
  const used = columns.map((_, i) => rows.some((row) => row[i] !== ''))
  const lines = [columns, ...rows].map((row) => row.filter((_, i) => used[i]).join('\t'))
  writeFileSync(join(golden, `${name}.tshark.tsv`), `${lines.join('\n')}\n`)
  console.log(`${name}: ${rows.length} frames, ${used.filter(Boolean).length} of ${columns.length} fields`)
}

function thinned(name: string, file: string, kind: readonly string[]): void {
  const kinds = tshark(file, kind).map((row) => row.join('\t'))
  const frames = framesIn(readFileSync(file)).filter((_, i) => kinds.indexOf(kinds[i] ?? '') === i)
  writeFileSync(join(golden, `${name}.pcap`), writePcap(frames))
}

function inFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'denat-golden-'))
  try {
    act(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function capture(names: readonly string[]): string[] {
  const missing = missingDebianPackages(PACKAGES, installedPackages())
  if (missing.length > 0) installDebianPackages(missing)
  const made: string[] = []
  inFolder((folder) => {
    const { status } = spawnSync('bash', [join(golden, 'capture.sh'), folder, ...names], { stdio: 'inherit' })
    if (status !== 0) throw new Error('The captures were not made, see above: this needs root and Debian 12')
    for (const file of readdirSync(folder).filter((one) => one.endsWith('.raw.pcap'))) {
      const name = basename(file, '.raw.pcap')
      thinned(name, join(folder, file), ['eth.src', ...KIND])
      made.push(name)
    }
  })
  return made
}

function take(run: string): string[] {
  const recordings = readdirSync(join(run, 'recordings')).map((one) => join(run, 'recordings', one, 'capture.pcapng'))
  const frames = recordings.flatMap((file) =>
    readCapture(new Uint8Array(readFileSync(file))).frames.flatMap(({ bytes, originalLength }) =>
      originalLength === undefined && ROUTER.test(macAt(bytes, 6)) && !Buffer.from(bytes).includes(MACHINE)
        ? [bytes]
        : [],
    ),
  )
  inFolder((folder) => {
    const file = join(folder, 'taken.pcap')
    writeFileSync(file, writePcap(frames))
    thinned('debian-lab', file, KIND)
  })
  return ['debian-lab']
}

function macAt(bytes: Uint8Array, at: number): string {
  return Array.from(bytes.subarray(at, at + 6), (octet) => octet.toString(16).padStart(2, '0')).join(':')
}

const all = (): string[] =>
  readdirSync(golden).flatMap((file) => (file.endsWith('.pcap') ? basename(file, '.pcap') : []))

const [command, ...rest] = process.argv.slice(2)
if (!onPath('tshark')) {
  console.error('golden: TShark is needed: apt-get install tshark')
  process.exitCode = 3
} else if (command === 'capture') capture(rest).forEach(expectation)
else if (command === 'take' && rest[0]) take(rest[0]).forEach(expectation)
else if (command === undefined) all().forEach(expectation)
else {
  console.error('golden: expected nothing, `capture [NAME...]` or `take RUN`')
  process.exitCode = 3
}
