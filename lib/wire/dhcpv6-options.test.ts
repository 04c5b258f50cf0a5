import { describe, expect, test } from 'vitest'
import { decodeDhcpv6, describeDhcpv6, encodeDhcpv6 } from './dhcpv6.ts'
import type { Dhcpv6Option } from './dhcpv6-option.ts'
import { dhcpv6OptionCode, dhcpv6OptionName, statusName } from './dhcpv6-options.ts'

const octets = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
const HEADER = '07 1a2b3c'
const message = (...options: Dhcpv6Option[]) => ({ type: 'reply' as const, transactionId: 0x1a2b3c, options })

const SERVERS = '20010db8000000000000000000000053 20010db8000000000000000000000054'
const EXAMPLE = '07 6578616d706c65 03 636f6d 00'

/** Each row both ways. */
const ROWS: [name: string, bytes: string, option: Dhcpv6Option][] = [
  ['client-id', '0001 000a 0003000102de4a000001', { type: 'client-id', duid: '0003000102de4a000001' }],
  ['client-id without octets', '0001 0000', { type: 'client-id', duid: '' }],
  ['server-id', '0002 0004 0000ffff', { type: 'server-id', duid: '0000ffff' }],
  [
    'ia-na',
    '0003 0028 00000001 0000003c 00000060 0005 0018 20010db8000000000000000000000010 00000078 ffffffff',
    {
      type: 'ia-na',
      iaid: 1,
      t1: 60,
      t2: 96,
      options: [
        {
          type: 'ia-addr',
          address: '2001:db8::10',
          preferredLifetime: 120,
          validLifetime: 0xffffffff,
          options: [],
        },
      ],
    },
  ],
  ['ia-ta', '0004 0004 ffffffff', { type: 'ia-ta', iaid: 0xffffffff, options: [] }],
  [
    'ia-addr that holds a status',
    '0005 001e 00000000000000000000000000000000 00000000 00000000 000d 0002 0002',
    {
      type: 'ia-addr',
      address: '::',
      preferredLifetime: 0,
      validLifetime: 0,
      options: [{ type: 'status-code', status: 2, message: '' }],
    },
  ],
  ['oro', '0006 0006 0017 0018 0052', { type: 'oro', codes: [23, 24, 82] }],
  ['oro without codes', '0006 0000', { type: 'oro', codes: [] }],
  ['preference', '0007 0001 ff', { type: 'preference', value: 255 }],
  ['elapsed-time', '0008 0002 ffff', { type: 'elapsed-time', value: 0xffff }],
  ['relay-message', '0009 0004 01000001', { type: 'relay-message', message: octets('01000001') }],
  [
    'auth of reconfigure key',
    '000b 000d 03 01 00 0000000000000001 0142',
    {
      type: 'auth',
      protocol: 3,
      algorithm: 1,
      rdm: 0,
      replayDetection: octets('0000000000000001'),
      info: octets('0142'),
    },
  ],
  ['server-unicast', '000c 0010 20010db8000000000000000000000001', { type: 'server-unicast', address: '2001:db8::1' }],
  ['status-code', '000d 0006 0003 c3b66e65', { type: 'status-code', status: 3, message: 'öne' }],
  ['status-code with a BOM', '000d 0005 0000 efbbbf', { type: 'status-code', status: 0, message: '\ufeff' }],
  [
    'status-code in latin-1',
    '000d 0003 0003 f6',
    { type: 'status-code', status: 3, message: '\ufffd', raw: octets('f6') },
  ],
  ['rapid-commit', '000e 0000', { type: 'rapid-commit' }],
  ['user-class', '000f 0006 000141 0001 42', { type: 'user-class', classes: [octets('41'), octets('42')] }],
  ['user-class, an empty one', '000f 0002 0000', { type: 'user-class', classes: [octets('')] }],
  ['user-class of nothing', '000f 0000', { type: 'user-class', classes: [] }],
  [
    'user-class whose second one overruns',
    '000f 0006 000141 000242',
    { type: 'user-class', classes: [octets('41')], overrun: octets('000242') },
  ],
  [
    'user-class of text without lengths',
    '000f 0004 69505845',
    { type: 'user-class', classes: [], overrun: octets('69505845') },
  ],
  ['user-class of one octet', '000f 0001 00', { type: 'user-class', classes: [], overrun: octets('00') }],
  ['vendor-class', '0010 0004 00000137', { type: 'vendor-class', enterprise: 311, classes: [] }],
  [
    'vendor-class of two, the second one overruns',
    '0010 000a 00000137 000141 0009 42',
    { type: 'vendor-class', enterprise: 311, classes: [octets('41')], overrun: octets('000942') },
  ],
  ['vendor-opts', '0011 0004 00000137', { type: 'vendor-opts', data: octets('00000137') }],
  ['interface-id', '0012 0001 65', { type: 'interface-id', data: octets('65') }],
  ['reconf-msg', '0013 0001 05', { type: 'reconf-msg', messageType: 5 }],
  ['reconf-accept', '0014 0000', { type: 'reconf-accept' }],
  ['sip-domains', `0015 000d ${EXAMPLE}`, { type: 'sip-domains', domains: ['example.com'] }],
  ['sip-servers', `0016 0020 ${SERVERS}`, { type: 'sip-servers', servers: ['2001:db8::53', '2001:db8::54'] }],
  ['dns-servers', `0017 0020 ${SERVERS}`, { type: 'dns-servers', servers: ['2001:db8::53', '2001:db8::54'] }],
  ['dns-servers, none', '0017 0000', { type: 'dns-servers', servers: [] }],
  ['domain-list', `0018 0013 ${EXAMPLE} 04 686f6d65 00`, { type: 'domain-list', domains: ['example.com', 'home'] }],
  [
    'domain-list with a dot inside a label',
    '0018 0005 03 612e62 00',
    { type: 'domain-list', domains: ['a.b'], raw: octets('03612e6200') },
  ],
  ['domain-list of the root', '0018 0001 00', { type: 'domain-list', domains: [], raw: octets('00') }],
  [
    'ia-pd',
    '0019 0029 00000001 0000003c 00000060 001a 0019 00000078 000000b4 38 2a0eb107001000000000000000000000',
    {
      type: 'ia-pd',
      iaid: 1,
      t1: 60,
      t2: 96,
      options: [
        {
          type: 'ia-prefix',
          preferredLifetime: 120,
          validLifetime: 180,
          prefix: '2a0e:b107:10::/56',
          options: [],
        },
      ],
    },
  ],
  [
    'ia-prefix with host bits, an impossible length and an excluded prefix',
    '001a 001f 00000001 00000002 ff 20010db8000000000000000000000001 0043 0002 4001',
    {
      type: 'ia-prefix',
      preferredLifetime: 1,
      validLifetime: 2,
      prefix: '2001:db8::1/255',
      options: [{ type: 'pd-exclude', data: octets('4001') }],
    },
  ],
  ['sntp-servers', `001f 0020 ${SERVERS}`, { type: 'sntp-servers', servers: ['2001:db8::53', '2001:db8::54'] }],
  ['information-refresh-time', '0020 0004 00015180', { type: 'information-refresh-time', value: 86400 }],
  ['client-fqdn', '0027 0003 010161', { type: 'client-fqdn', data: octets('010161') }],
  ['ntp-server', '0038 0004 00010000', { type: 'ntp-server', data: octets('00010000') }],
  ['aftr-name', `0040 000d ${EXAMPLE}`, { type: 'aftr-name', name: 'example.com' }],
  [
    'aftr-name of two names',
    '0040 0006 01 61 00 01 62 00',
    { type: 'aftr-name', name: 'a', raw: octets('016100016200') },
  ],
  ['pd-exclude', '0043 0002 4001', { type: 'pd-exclude', data: octets('4001') }],
  ['sol-max-rt', '0052 0004 0000003c', { type: 'sol-max-rt', value: 60 }],
  ['inf-max-rt', '0053 0004 00000e10', { type: 'inf-max-rt', value: 3600 }],
  ['unknown code', '005e 0002 abcd', { type: 94, data: octets('abcd') }],
]

describe('DHCPv6 options', () => {
  test.each(ROWS)('%s is read', (_, hex, option) => {
    expect(decodeDhcpv6(octets(HEADER + hex))).toEqual({ message: message(option) })
  })

  test.each(ROWS)('%s is written', (_, hex, option) => {
    expect(encodeDhcpv6(message(option))).toEqual(octets(HEADER + hex))
  })

  test.each(ROWS)('%s is described', (_, __, option) => {
    expect(describeDhcpv6(message(option))).toMatch(/^Reply xid 1a2b3c {2}\S[^\p{Cc}]+$/u)
  })

  test('every name has a row', () => {
    const names = Array.from({ length: 256 }, (_, code) => dhcpv6OptionName(code)).filter((name) => !/^\d/.test(name))
    expect(names.length).toBeGreaterThan(30)
    expect(new Set(ROWS.map(([, , option]) => option.type))).toEqual(new Set([...names, 94]))
  })

  test('names and codes', () => {
    expect(dhcpv6OptionCode('ia-pd')).toBe(25)
    expect(dhcpv6OptionName(25)).toBe('ia-pd')
    expect(dhcpv6OptionName(65535)).toBe('65535')
    expect([3, 5, 6, 4711].map(statusName)).toEqual(['NoBinding', 'UseMulticast', 'NoPrefixAvail', '4711'])
  })
})

/** The option stays raw, and this is said of it. Offsets count from the first octet of the frame, here 62 before. */
const MISSHAPEN: [name: string, bytes: string, option: Dhcpv6Option, offset: number, reason: string][] = [
  ['ia-pd cut inside T2', '0019 000b 0000000100000002000000', raw(25, '0000000100000002000000'), 66, 'ia-pd (25)'],
  ['ia-addr of 8 octets', '0005 0008 0000000000000000', raw(5, '0000000000000000'), 66, 'ia-addr (5)'],
  ['oro of 3 octets', '0006 0003 001700', raw(6, '001700'), 66, "oro (6) can't have these 3 octets"],
  ['preference of 2 octets', '0007 0002 ff00', raw(7, 'ff00'), 66, 'preference (7)'],
  ['elapsed-time of 1 octet', '0008 0001 00', raw(8, '00'), 66, 'elapsed-time (8)'],
  ['auth of 10 octets', '000b 000a 00000000000000000000', raw(11, '00000000000000000000'), 66, 'auth (11)'],
  ['status-code of 1 octet', '000d 0001 00', raw(13, '00'), 66, 'status-code (13)'],
  ['rapid-commit with data', '000e 0001 00', raw(14, '00'), 66, 'rapid-commit (14)'],
  ['dns-servers of 15 octets', `0017 000f ${'00'.repeat(15)}`, raw(23, '00'.repeat(15)), 66, 'dns-servers (23)'],
  ['domain-list without a closing zero', '0018 0002 0161', raw(24, '0161'), 66, 'domain-list (24)'],
  ['domain-list with a label past its end', '0018 0002 0561', raw(24, '0561'), 66, 'domain-list (24)'],
  ['domain-list with a compression pointer', '0018 0002 c000', raw(24, 'c000'), 66, 'domain-list (24)'],
  ['aftr-name without octets', '0040 0000', raw(64, ''), 66, 'aftr-name (64)'],
  ['header of 3 octets', '000d 00', tail('000d00'), 66, 'option header lacks 1 octets'],
  ['length past the end', '000d 0004 0000', tail('000d00040000'), 66, 'status-code (13) lacks 2 octets'],
  [
    'misshapen inside an ia-na',
    '0003 0010 00000001 00000000 00000000 000d 0000',
    { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [raw(13, '')] },
    82,
    'status-code (13)',
  ],
  [
    'tail inside an ia-na',
    '0003 000d 00000001 00000000 00000000 ff',
    { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [tail('ff')] },
    82,
    'option header lacks 3 octets, at octet 82',
  ],
]

function raw(type: number, hex: string): Dhcpv6Option {
  return { type, data: octets(hex) }
}

function tail(hex: string): Dhcpv6Option {
  return { type: 'malformed', data: octets(hex) }
}

describe('DHCPv6 options that do not fit their shape', () => {
  test.each(MISSHAPEN)('%s', (_, hex, option, offset, reason) => {
    expect(decodeDhcpv6(octets(HEADER + hex), 62)).toEqual({
      message: message(option),
      malformed: { layer: 'dhcp6', offset, reason: expect.stringContaining(reason) },
    })
    expect(encodeDhcpv6(message(option))).toEqual(octets(HEADER + hex))
  })

  test('what follows a misshapen option is read, and the first of two is named', () => {
    const { message: decoded, malformed } = decodeDhcpv6(octets(`${HEADER} 000e0001ff 00070001ff 00140001ff`))
    expect(decoded?.options).toEqual([raw(14, 'ff'), { type: 'preference', value: 255 }, raw(20, 'ff')])
    expect(malformed?.offset).toBe(4)
  })

  test('containers nested deeper than anyone needs stay raw', () => {
    let body = octets('')
    for (let depth = 0; depth < 4000; depth++) {
      const wrapped = new Uint8Array(body.length + 8)
      wrapped.set([0, 4, (body.length + 4) >> 8, body.length + 4])
      wrapped.set(body, 8)
      body = wrapped
    }
    const bytes = Uint8Array.of(1, 0, 0, 1, ...body)
    const { message: decoded, malformed } = decodeDhcpv6(bytes)
    let depth = 0
    for (let options = decoded?.options; options?.[0]?.type === 'ia-ta'; options = options[0].options) depth++
    expect(depth).toBe(8)
    expect(malformed?.reason).toBe('option ia-ta (4) is nested too deep, at octet 68')
    expect(decoded && encodeDhcpv6(decoded)).toEqual(bytes)
  })
})

describe('DHCPv6 options that no octets can hold', () => {
  test.each<[string, Dhcpv6Option]>([
    ['a value above its field', { type: 'preference', value: 256 }],
    ['a negative lifetime', { type: 'sol-max-rt', value: -1 }],
    ['a DUID that is not hex', { type: 'client-id', duid: '0g' }],
    ['a DUID of half an octet', { type: 'client-id', duid: '0' }],
    ['a body above 65535 octets', { type: 94, data: new Uint8Array(65536) }],
  ])('%s', (_, option) => {
    expect(() => encodeDhcpv6(message(option))).toThrow(/expected/)
  })
})
