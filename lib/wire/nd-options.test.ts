import { describe, expect, test } from 'vitest'
import { EncodeError, reader, writer, written } from './bytes.ts'
import { decodeNdOptions, describeNdOption, encodeNdOptions, type NdOption, ndOption, ndOptions } from './nd-options.ts'
import { hex, octets } from './testing.ts'

const P = '20010db8000000000000000000000000'

/** Each row both ways. */
const OPTIONS: [name: string, bytes: string, option: NdOption, line: string][] = [
  [
    'source link-layer',
    '01 01 02de4a000001',
    { type: 'source-link-layer', mac: '02:de:4a:00:00:01' },
    'SLLA 02:de:4a:00:00:01',
  ],
  [
    'target link-layer',
    '02 01 02de4a000001',
    { type: 'target-link-layer', mac: '02:de:4a:00:00:01' },
    'TLLA 02:de:4a:00:00:01',
  ],
  [
    'prefix information',
    `03 04 40 c0 00000e10 00000708 00000000 ${P}`,
    {
      type: 'prefix-information',
      prefix: '2001:db8::/64',
      onLink: true,
      autonomous: true,
      validLifetime: 3600,
      preferredLifetime: 1800,
    },
    'PIO 2001:db8::/64 LA 1800/3600',
  ],
  [
    'prefix information, every odd bit',
    '03 04 ff 3f ffffffff 00000000 01020304 20010db8000000000000000000000001',
    {
      type: 'prefix-information',
      prefix: '2001:db8::1/255',
      onLink: false,
      autonomous: false,
      routerAddress: true,
      pdPreferred: true,
      reservedFlags: 0x0f,
      validLifetime: 0xffffffff,
      preferredLifetime: 0,
      reserved: 0x01020304,
    },
    'PIO 2001:db8::1/255 RP 0/infinity',
  ],
  [
    'redirected header',
    '04 02 000000000000 6000000000003a40',
    { type: 'redirected-header', data: octets('6000000000003a40') },
    'redirected header (8 octets)',
  ],
  [
    'redirected header, reserved octets',
    '04 01 000000000001',
    { type: 'redirected-header', reserved: octets('000000000001'), data: new Uint8Array(0) },
    'redirected header (0 octets)',
  ],
  ['MTU', '05 01 0000 000005d4', { type: 'mtu', mtu: 1492 }, 'MTU 1492'],
  ['MTU, reserved', '05 01 0001 000005d4', { type: 'mtu', reserved: 1, mtu: 1492 }, 'MTU 1492'],
  ['nonce', '0e 01 010203040506', { type: 'nonce', nonce: octets('010203040506') }, 'nonce'],
  [
    'route information, default route',
    '18 01 00 18 00000708',
    { type: 'route-information', prefix: '::/0', preference: 'low', lifetime: 1800 },
    'RIO ::/0 low 1800',
  ],
  [
    'route information, /56',
    '18 02 38 08 ffffffff 20010db800000000',
    { type: 'route-information', prefix: '2001:db8::/56', preference: 'high', lifetime: 0xffffffff },
    'RIO 2001:db8::/56 high infinity',
  ],
  [
    'route information, /128',
    `18 03 80 00 00000000 ${P}`,
    { type: 'route-information', prefix: '2001:db8::/128', preference: 'medium', lifetime: 0 },
    'RIO 2001:db8::/128 0',
  ],
  [
    'route information longer than it needs, reserved',
    `18 03 38 f7 00000001 ${P}`,
    {
      type: 'route-information',
      prefix: '2001:db8::/56',
      preference: 'reserved',
      reservedFlags: 0xe7,
      lifetime: 1,
      octets: 24,
    },
    'RIO 2001:db8::/56 reserved 1',
  ],
  [
    'route information shorter than it needs',
    '18 01 38 00 00000001',
    { type: 'route-information', prefix: '::/56', preference: 'medium', lifetime: 1, octets: 8 },
    'RIO ::/56 1',
  ],
  [
    'RDNSS',
    `19 05 0000 00000258 ${P} fe800000000000000000000000000001`,
    { type: 'rdnss', lifetime: 600, servers: ['2001:db8::', 'fe80::1'] },
    'RDNSS 2001:db8:: fe80::1 600',
  ],
  ['RDNSS, no server', '19 01 00ff 00000000', { type: 'rdnss', reserved: 0xff, lifetime: 0, servers: [] }, 'RDNSS 0'],
  [
    'DNSSL',
    '1f 03 0000 00000258 04 686f6d65 04 61727061 00 0000000000',
    { type: 'dnssl', lifetime: 600, domains: ['home.arpa'] },
    'DNSSL home.arpa 600',
  ],
  [
    'DNSSL, two names',
    '1f 02 0000 00000000 01 61 00 01 62 00 0000',
    { type: 'dnssl', lifetime: 0, domains: ['a', 'b'] },
    'DNSSL a b 0',
  ],
  [
    'DNSSL, more padding than it needs',
    '1f 03 0000 00000258 01 61 00 0000000000 0000000000000000',
    { type: 'dnssl', lifetime: 600, domains: ['a'], raw: octets('016100 0000000000 0000000000000000') },
    'DNSSL a 600',
  ],
  [
    'DNSSL, compressed',
    '1f 02 0000 00000258 01 61 c000 00000000',
    {
      type: 'dnssl',
      lifetime: 600,
      domains: [],
      overrun: octets('0161c00000000000'),
      raw: octets('0161c00000000000'),
    },
    'DNSSL (8 octets are no name) 600',
  ],
  [
    'DNSSL, a second name that overruns',
    '1f 02 0000 00000258 01 61 00 06 6261 6463',
    { type: 'dnssl', lifetime: 600, domains: ['a'], overrun: octets('0662616463'), raw: octets('0161000662616463') },
    'DNSSL a (5 octets are no name) 600',
  ],
  [
    'DNSSL, a name that ends with the option',
    '1f 02 0000 00000258 01 61 05 62616463 65',
    { type: 'dnssl', lifetime: 600, domains: [], overrun: octets('0161056261646365'), raw: octets('0161056261646365') },
    'DNSSL (8 octets are no name) 600',
  ],
  [
    'DNSSL, padding that is not zero',
    '1f 02 0000 00000258 01 61 00 00 0000 00ff',
    { type: 'dnssl', lifetime: 600, domains: ['a'], overrun: octets('00000000ff'), raw: octets('01610000000000ff') },
    'DNSSL a (5 octets are no name) 600',
  ],
  [
    'DNSSL, a dot in a label',
    '1f 02 0000 00000000 03 612e62 00 000000',
    {
      type: 'dnssl',
      lifetime: 0,
      domains: ['a.b'],
      raw: octets('03612e6200000000'),
    },
    'DNSSL a.b 0',
  ],
  [
    'PREF64',
    '26 02 0258 0064ff9b0000000000000000',
    { type: 'pref64', lifetime: 600, plc: 0, prefix: '64:ff9b::' },
    'PREF64 64:ff9b::/96 600',
  ],
  [
    'PREF64, unassigned PLC',
    '26 02 ffff 20010db80000000000000001',
    { type: 'pref64', lifetime: 65528, plc: 7, prefix: '2001:db8::1:0:0' },
    'PREF64 2001:db8::1:0:0 (PLC 7) 65528',
  ],
  ['an unknown type', 'fd 01 010203040506', { type: 253, data: octets('010203040506') }, 'option 253'],
  [
    'a link-layer address of the wrong length',
    `01 02 ${'00'.repeat(14)}`,
    {
      type: 1,
      data: new Uint8Array(14),
    },
    'option 1',
  ],
  ['a short PIO', '03 01 40c000000000', { type: 3, data: octets('40c000000000') }, 'option 3'],
  ['a long PIO', `03 05 ${'00'.repeat(38)}`, { type: 3, data: new Uint8Array(38) }, 'option 3'],
  ['RDNSS with half an address', `19 02 ${'00'.repeat(14)}`, { type: 25, data: new Uint8Array(14) }, 'option 25'],
  ['a route of 32 octets', `18 04 ${'00'.repeat(30)}`, { type: 24, data: new Uint8Array(30) }, 'option 24'],
  [
    'length 0',
    '01 00 02de4a000001',
    {
      type: 'malformed',
      data: octets('010002de4a000001'),
    },
    'malformed options (8 octets)',
  ],
  [
    'length past the end',
    '05 02 0000 000005d4',
    {
      type: 'malformed',
      data: octets('05020000000005d4'),
    },
    'malformed options (8 octets)',
  ],
  ['one octet', '05', { type: 'malformed', data: octets('05') }, 'malformed options (1 octets)'],
]

describe.each(OPTIONS)('%s', (_name, bytes, option, line) => {
  test('both ways, and as a line', () => {
    expect(decodeNdOptions(reader(octets(bytes)))).toEqual([option])
    expect(encoded([option])).toBe(hex(octets(bytes)))
    expect(describeNdOption(option)).toBe(line)
  })

  test('after another option, cut at every length', () => {
    const both = octets(`05 01 0000 000005d4 ${bytes}`)
    expect(decodeNdOptions(reader(both))).toEqual([{ type: 'mtu', mtu: 1492 }, option])
    for (let length = 0; length < both.length; length++) {
      const cut = both.subarray(0, length)
      expect(encoded(decodeNdOptions(reader(cut)))).toBe(hex(cut))
    }
  })
})

test('octets that are missing to a multiple of 8 are zeros', () => {
  expect(encoded([{ type: 'nonce', nonce: octets('0102030405060708') }])).toBe('0e020102030405060708000000000000')
  expect(encoded([{ type: 200, data: new Uint8Array(0) }])).toBe('c801000000000000')
})

test('what no octets can hold is refused', () => {
  const pref64: NdOption = { type: 'pref64', lifetime: 601, plc: 0, prefix: '64:ff9b::' }
  expect(() => encoded([pref64])).toThrow('pref64: expected a multiple of 8, seen 601')
  expect(() => encoded([{ type: 'mtu', mtu: -1 }])).toThrow(EncodeError)
})

test('options are found by name', () => {
  const mtu: NdOption = { type: 'mtu', mtu: 1280 }
  const message = { options: [{ type: 14, data: new Uint8Array(6) }, mtu, { type: 'mtu', mtu: 9 }] as NdOption[] }
  expect(ndOption(message, 'mtu')).toBe(mtu)
  expect(ndOptions(message, 'mtu').map((option) => option.mtu)).toEqual([1280, 9])
  expect(ndOption(message, 'nonce')).toBeUndefined()
})

function encoded(options: NdOption[]): string {
  const w = writer()
  encodeNdOptions(w, options)
  return hex(written(w))
}
