import { describe, expect, test } from 'vitest'
import {
  EncodeError,
  left,
  readBytes,
  reader,
  readInner,
  readIpv6,
  readMac,
  readPrefixBits,
  readRest,
  readU8,
  readU16,
  readU24,
  readU32,
  setU8,
  skip,
  writeBytes,
  writeIpv4,
  writeIpv6,
  writeMac,
  writePrefixBits,
  writer,
  writeU8,
  writeU16,
  writeU24,
  writeU32,
  writeZeros,
  written,
} from './bytes.ts'
import { addsUp, checksumOf, sum } from './checksum.ts'
import { readDomainNames, writeDomainName } from './domain-name.ts'
import { hex, octets } from './testing.ts'

describe('a reader', () => {
  test('reads straight through', () => {
    const r = reader(octets('01 0203 040506 0708090a 0b0c'))
    expect([readU8(r), readU16(r), readU24(r), readU32(r)]).toEqual([1, 0x0203, 0x040506, 0x0708090a])
    expect(left(r)).toBe(2)
    expect(readRest(r)).toEqual(octets('0b0c'))
    expect(r.short).toBe(false)
  })

  test('stays short once it fell short', () => {
    const r = reader(octets('0102'))
    expect(readU32(r)).toBe(0)
    expect([readU8(r), readU16(r), readU24(r), readIpv6(r), readMac(r)]).toEqual([0, 0, 0, '::', '00:00:00:00:00:00'])
    expect(readPrefixBits(r, 64)).toBe('::/64')
    expect(readBytes(r, 1)).toEqual(new Uint8Array(0))
    skip(r, 0)
    expect([r.short, left(r)]).toEqual([true, 0])
  })

  test('gives a part of itself, as far as there is one', () => {
    const r = reader(octets('010203'), 1)
    const inner = readInner(r, 1)
    expect([readU8(inner), readU8(inner), inner.short, r.short]).toEqual([2, 0, true, false])
    expect(readRest(readInner(r, 5))).toEqual(octets('03'))
    expect(r.short).toBe(true)
  })
})

describe('a writer', () => {
  test.each(Array.from({ length: 48 }, (_, room) => room))('grows from %i octets', (room) => {
    const w = writer(room)
    writeU8(w, 0xff)
    writeU16(w, 0xfffe)
    writeU8(w, 0xfd)
    writeU24(w, 0xfffefd)
    writeU32(w, 0xfffefdfc)
    writeU8(w, 0xfb)
    writeIpv4(w, '192.0.2.1')
    writeMac(w, '02:de:4a:00:00:01')
    writePrefixBits(w, '2001:db8::1/64')
    writeIpv6(w, 'fe80::1')
    writeZeros(w, 1)
    writeBytes(w, octets('0102'))
    setU8(w, 0, 0xfe)
    const expected = `fe fffe fd fffefd fffefdfc fb c0000201 02de4a000001
      20010db8000000000000000000000001 fe800000000000000000000000000001 00 0102`
    expect(hex(written(w))).toBe(hex(octets(expected)))
  })

  test.each([-1, 256, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s in an octet', (value) => {
    expect(() => writeU8(writer(), value)).toThrow(EncodeError)
  })
})

test('the checksum of RFC 1071 section 3', () => {
  const words = octets('0001 f203 f4f5 f6f7')
  expect(checksumOf(sum(words, 0, 8))).toBe(~0xddf2 & 0xffff)
  expect(addsUp(sum(octets('0001 f203 f4f5 f6f7 220d'), 0, 10))).toBe(true)
  expect(sum(octets('0102 03'), 0, 3)).toBe(0x0102 + 0x0300)
})

describe('domain names', () => {
  test('both ways', () => {
    const w = writer()
    writeDomainName(w, 'home.arpa')
    writeDomainName(w, 'b.')
    writeDomainName(w, '')
    const bytes = written(w)
    expect(hex(bytes)).toBe('04686f6d6504617270610001620000')
    expect(readDomainNames(reader(bytes))).toEqual(['home.arpa', 'b'])
  })

  test.each(['', '00', '03', '0361', '03616263', 'c000', '0161c000'])('none in %s', (bytes) => {
    expect(readDomainNames(reader(octets(bytes)))).toEqual([])
  })
})
