import { expect, test } from 'vitest'
import { encode } from './encode.ts'
import { decodeOn, encodeOn } from './line.ts'
import { hex, octets, SAMPLES } from './testing.ts'

const frame = (name: string) => encode(SAMPLES[name] ?? {})

test('an untagged line has untagged IP, and a VLAN what bears its tag', () => {
  expect(decodeOn({}, frame('echo request')).icmp6?.type).toBe('echo-request')
  expect(decodeOn({ vlan: 35 }, frame('customer VLAN'))).toMatchObject({ tags: [{ vid: 35 }], ip6: {} })
})

test.each([
  ['one tag', { vlan: 35 }, '8100 0023 86dd'],
  ['a tag of 802.1ad, with a priority', { vlan: 35, priority: 5, tpid: 0x88a8 }, '88a8 a023 86dd'],
  ['two tags', { vlan: [100, 35] as [number, number] }, '88a8 0064 8100 0023 86dd'],
  ['two tags of 802.1Q', { vlan: [100, 35] as [number, number], tpid: 0x8100 }, '8100 0064 8100 0023 86dd'],
])('a line of %s has them between addresses and type, and reads what it sends', (_name, line, tags) => {
  const packet = { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: { type: 'echo-request' } } as const
  const sent = encodeOn(line, { eth: { src: '02:de:4a:00:00:01', type: 0x86dd }, ...packet })
  expect(hex(sent.subarray(12, 12 + octets(tags).length))).toBe(hex(octets(tags)))
  expect(decodeOn(line, sent)).toMatchObject(packet)
  const otherTpid = tags.startsWith('88a8') ? 0x8100 : 0x88a8
  expect(decodeOn({ ...line, tpid: otherTpid }, sent)).not.toHaveProperty('ip6')
})

test.each([
  ['untagged, on a VLAN', { vlan: 35 }, 'echo request'],
  ['tagged, on an untagged line', {}, 'customer VLAN'],
  ['of another VLAN', { vlan: 36 }, 'customer VLAN'],
  ['of a VLAN in the VLAN of a service', { vlan: 35 }, 'service and customer VLAN, padded'],
  ['of another provider VLAN', { vlan: [101, 35] as [number, number] }, 'service and customer VLAN, padded'],
  ['of priority alone', {}, 'priority tag'],
  ['PPPoE discovery', {}, 'PADI'],
  ['of a PPPoE session', {}, 'PPPoE session, IPv6'],
  ['in no session, on a line of PPPoE', { pppoe: true as const }, 'echo request'],
])('what is %s is not read', (_name, line, name) => {
  const { eth, payload, ...rest } = decodeOn(line, frame(name))
  expect(rest).toEqual({})
  expect(hex(payload ?? octets(''))).toBe(hex(frame(name).subarray(14)))
  expect(eth.src).toBe('02:de:4a:00:00:01')
})

test("half a tag is nobody's", () => {
  expect(decodeOn({}, octets('02de4a000002 02de4a000001 8100 00'))).not.toHaveProperty('malformed')
  expect(decodeOn({}, octets('02de')).malformed?.layer).toBe('eth')
})
