import fc from 'fast-check'
import { Address4, Address6 } from 'ip-address'
import { describe, expect, test } from 'vitest'
import {
  AddressError,
  addressIn,
  canonical,
  eui64,
  formatIpv4,
  formatIpv6,
  formatMac,
  inPrefix,
  ipv4MulticastMac,
  isGua,
  isLinkLocal,
  isMulticast,
  isUla,
  linkLocalOf,
  multicastMac,
  network,
  nthSubnet,
  parseIpv4,
  parseIpv6,
  parseMac,
  parsePrefix,
  prefixContains,
  readAddress,
  readPrefix,
  solicitedNode,
} from './address.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
/** Addresses with runs of zeros, which is where the forms differ. */
const sparse = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])))
const prefix = fc.tuple(sparse, fc.integer({ min: 0, max: 128 })).map(([a, length]) => `${formatIpv6(a)}/${length}`)

describe('RFC 5952', () => {
  test.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::FFFF:c000:0201', '::ffff:192.0.2.1'],
    ['::ffff:0:0', '::ffff:0.0.0.0'],
    ['::fffe:c000:201', '::fffe:c000:201'],
    ['::ffff:0:c000:201', '::ffff:0:c000:201'],
    ['::1:ffff:c000:201', '::1:ffff:c000:201'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['fe80:0:0:0:00de:4aff:fe00:0001', 'fe80::de:4aff:fe00:1'],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
    expect(readAddress(text)).toBe(expected)
  })

  test.each([
    '',
    ':',
    ':::',
    '1:::2',
    '1::2::3',
    '12345::',
    ':1',
    '1:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1.2.3',
    '::1.2.3.4.5',
    '::256.0.0.1',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '::/0',
    ' ::1',
    'g::',
  ])('%j is no address', (text) => {
    expect(() => parseIpv6(text)).toThrow(AddressError)
    expect(() => readAddress(text)).toThrow(AddressError)
  })

  test('agrees with ip-address on every address', () => {
    fc.assert(
      fc.property(sparse, (a) => {
        const peer = Address6.fromUnsignedByteArray([...a])
        expect(formatIpv6(a)).toBe(peer.isMapped4() ? peer.to4in6() : peer.correctForm())
        expect(parseIpv6(peer.canonicalForm())).toEqual(a)
        expect(parseIpv6(peer.correctForm())).toEqual(a)
      }),
    )
  })

  test('agrees with ip-address on IPv4-mapped addresses', () => {
    fc.assert(
      fc.property(bytes(4), (v4) => {
        const a = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4)
        const peer = Address6.fromUnsignedByteArray([...a])
        expect(formatIpv6(a)).toBe(peer.to4in6())
        expect(parseIpv6(formatIpv6(a))).toEqual(a)
        expect(parseIpv6(peer.correctForm())).toEqual(a)
      }),
    )
  })

  test('agrees with ip-address on what is an address', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', 'f', 'A', ':', '::', ':1', '.'), maxLength: 12 })
    fc.assert(
      fc.property(text, (t) => {
        expect(parses(t)).toBe(Address6.isValid(t))
      }),
      { numRuns: 1000 },
    )
  })

  test('reads at an offset, over what was there', () => {
    const dirty = new Uint8Array(20).fill(0xff)
    dirty.set(parseIpv6('1::2'), 2)
    expect(formatIpv6(dirty, 2)).toBe('1::2')
  })
})

test('IPv4 and MAC both ways', () => {
  fc.assert(
    fc.property(bytes(4), bytes(6), (v4, mac) => {
      expect(formatIpv4(v4)).toBe(Address4.fromByteArray([...v4]).correctForm())
      expect(parseIpv4(formatIpv4(v4))).toEqual(v4)
      expect(parseMac(formatMac(mac))).toEqual(mac)
    }),
  )
  for (const text of ['', '1.2.3', '1.2.3.4.', '01.2.3.4', '1.2.3.256', '1.2.3.4 ']) {
    expect(() => parseIpv4(text), text).toThrow(AddressError)
  }
  for (const text of ['', '02:de:4a:00:00', '02-de-4a-00-00-01', '02:de:4a:00:00:0g', '2:de:4a:00:00:01']) {
    expect(() => parseMac(text), text).toThrow(AddressError)
  }
})

describe('prefixes', () => {
  test('agree with ip-address', () => {
    fc.assert(
      fc.property(sparse, prefix, prefix, (a, outer, inner) => {
        const address = formatIpv6(a)
        expect(inPrefix(address, outer)).toBe(new Address6(address).isInSubnet(new Address6(outer)))
        expect(prefixContains(outer, inner)).toBe(new Address6(inner).isInSubnet(new Address6(outer)))
        const { length } = parsePrefix(outer)
        expect(network(outer)).toBe(`${new Address6(outer).startAddress().correctForm()}/${length}`)
        expect(inPrefix(addressIn(outer, address), outer)).toBe(true)
      }),
    )
  })

  test('keep host bits and lengths that the wire can hold', () => {
    expect(parsePrefix('2001:db8::1/255')).toEqual({ address: parseIpv6('2001:db8::1'), length: 255 })
    expect(inPrefix('2001:db8::1', '2001:db8::1/255')).toBe(true)
    for (const text of ['::', '::/', '::/256', '::/-1', '::/1x', 'x/1']) {
      expect(() => parsePrefix(text), text).toThrow(AddressError)
    }
  })

  test('are numbered', () => {
    expect(nthSubnet('2001:db8::/56', 64, 0)).toBe('2001:db8::/64')
    expect(nthSubnet('2001:db8::/56', 64, 255)).toBe('2001:db8:0:ff::/64')
    expect(nthSubnet('2001:db8::/56', 60, 2)).toBe('2001:db8:0:20::/60')
    expect(nthSubnet('2001:db8::/32', 128, 2 ** 40)).toBe('2001:db8::100:0:0/128')
    expect(() => nthSubnet('2001:db8::/56', 64, 256)).toThrow('a /64 subnet of 2001:db8::/56')
    expect(() => nthSubnet('2001:db8::/64', 56, 0)).toThrow(AddressError)
  })

  test('hold addresses', () => {
    expect(addressIn('2001:db8::/64', 1)).toBe('2001:db8::1')
    expect(addressIn('2001:db8:0:ff::/56', 'ffff:ffff:ffff:ffff::1')).toBe('2001:db8:0:ff::1')
    expect(addressIn('2001:db8::/64', eui64('02:de:4a:00:00:01'))).toBe('2001:db8::de:4aff:fe00:1')
  })

  test('that a person writes are checked', () => {
    expect(readPrefix('2001:DB8:0::/48')).toBe('2001:db8::/48')
    expect(() => readPrefix('2001:db8::1/56')).toThrow('as in 2001:db8::/56, seen "2001:db8::1/56"')
    expect(() => readPrefix('::/129')).toThrow('expected an IPv6 prefix like 2001:db8::/56, seen "::/129"')
    for (const text of ['', '::', 'x/1', '::/1/2', '::/ 1']) expect(() => readPrefix(text), text).toThrow(AddressError)
  })
})

test('addresses from a MAC and for groups', () => {
  expect(linkLocalOf('02:de:4a:00:00:01')).toBe('fe80::de:4aff:fe00:1')
  expect(linkLocalOf('00:00:5e:00:53:01')).toBe('fe80::200:5eff:fe00:5301')
  expect(solicitedNode('2001:db8::12:3456')).toBe('ff02::1:ff12:3456')
  expect(multicastMac('ff02::1:ff12:3456')).toBe('33:33:ff:12:34:56')
  expect(ipv4MulticastMac('239.129.2.3')).toBe('01:00:5e:01:02:03')
})

test('scopes end where their clause says', () => {
  expect(['fe7f:ffff::', 'fe80::', 'febf:ffff::', 'fec0::'].map(isLinkLocal)).toEqual([false, true, true, false])
  expect(['fbff::', 'fc00::', 'fdff::', 'fe00::'].map(isUla)).toEqual([false, true, true, false])
  expect(['feff::', 'ff00::', 'ff02::1'].map(isMulticast)).toEqual([false, true, true])
  expect(['1fff::', '2000::', '3fff::', '4000::'].map(isGua)).toEqual([false, true, true, false])
})

function parses(text: string): boolean {
  try {
    parseIpv6(text)
    return true
  } catch {
    return false
  }
}
