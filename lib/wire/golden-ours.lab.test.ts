import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decode } from './decode.ts'
import { dhcpv4OptionName } from './dhcpv4-options.ts'
import { dhcpv6OptionName } from './dhcpv6-options.ts'
import { encode } from './encode.ts'
import { asTsharkSees, asWeSee } from './golden-compare.ts'
import { FIELDS } from './golden-fields.ts'
import { OURS } from './golden-ours.ts'
import { writePcap } from './golden-pcap.ts'
import { icmpv6Code } from './icmpv6.ts'
import { isNdOptionName } from './nd-options.ts'

const installed = spawnSync('tshark', ['--version']).status === 0
if (!installed) console.log('left out: frames of ours as TShark reads them: apt-get install tshark')

const names = Object.keys(OURS)
const frames = Object.values(OURS).map(encode)
const EXPERT = ['_ws.malformed', '_ws.expert.severity', '_ws.expert.message']
const ERROR = 0x800000

describe.runIf(installed)('TShark reads what we build', () => {
  const columns = [...EXPERT, ...Object.keys(FIELDS)]
  const rows = installed ? tshark(columns) : []

  test.each(names.map((name, i) => [name, i] as const))('%s', (_name, i) => {
    const [malformed, severities = '', messages] = rows[i] ?? []
    expect(malformed).toBe('')
    expect(Math.max(0, ...severities.split('|').map(Number)), messages).toBeLessThan(ERROR)
    const packet = decode(frames[i] ?? new Uint8Array(0))
    expect(packet.malformed).toBeUndefined()
    expect(asWeSee(packet)).toEqual(
      asTsharkSees(packet, columns.slice(EXPERT.length), rows[i]?.slice(EXPERT.length) ?? []),
    )
  })
})

test('every message and every option is among them', () => {
  const packets = Object.values(OURS)
  const seen = JSON.stringify(packets)
  const missing = (all: readonly string[]) => all.filter((name) => !seen.includes(`"type":"${name}"`))
  const codes = Array.from({ length: 256 }, (_, code) => code)
  expect(missing(codes.map(dhcpv6OptionName).filter((name) => !/^\d/.test(name)))).toEqual([])
  expect(missing(codes.map(dhcpv4OptionName).filter((name) => !/^\d/.test(name)))).toEqual([])
  expect(missing(ND_OPTIONS)).toEqual([])
  expect(ND_OPTIONS.every(isNdOptionName)).toBe(true)
  const icmp6 = frames.flatMap((frame) => decode(frame).icmp6?.type ?? [])
  expect(new Set(icmp6.map(icmpv6Code))).toEqual(
    new Set([1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143, 147]),
  )
  const dhcp6 = frames.flatMap((frame) => decode(frame).dhcp6?.type ?? [])
  expect(new Set(dhcp6).size).toBe(13)
})

const ND_OPTIONS = [
  'source-link-layer',
  'target-link-layer',
  'prefix-information',
  'redirected-header',
  'mtu',
  'nonce',
  'route-information',
  'rdnss',
  'dnssl',
  'pref64',
]

function tshark(fields: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'denat-tshark-'))
  try {
    const file = join(folder, 'ours.pcap')
    writeFileSync(file, writePcap(frames))
    const wanted = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
    const alone = ['ipv6.defragment', 'ip.defragment', 'tcp.analyze_sequence_numbers'].flatMap((one) => [
      '-o',
      `${one}:FALSE`,
    ])
    const output = execFileSync(
      'tshark',
      ['-n', '-r', file, ...wanted, ...alone, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=|'].concat(
        fields.flatMap((field) => ['-e', field]),
      ),
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
