import { expect, test } from 'vitest'
import { encode } from './encode.ts'
import { decodeOn } from './line.ts'
import { hex, octets, SAMPLES } from './testing.ts'

const frame = (name: string) => encode(SAMPLES[name] ?? {})

test('an untagged line has untagged IP, and a VLAN what bears its tag', () => {
  expect(decodeOn({}, frame('echo request')).icmp6?.type).toBe('echo-request')
  expect(decodeOn({ vlan: 35 }, frame('customer VLAN'))).toMatchObject({ tags: [{ vid: 35 }], ip6: {} })
})

test.each([
  ['untagged, on a VLAN', { vlan: 35 }, 'echo request'],
  ['tagged, on an untagged line', {}, 'customer VLAN'],
  ['of another VLAN', { vlan: 36 }, 'customer VLAN'],
  ['of a VLAN in the VLAN of a service', { vlan: 35 }, 'service and customer VLAN, padded'],
  ['of priority alone', {}, 'priority tag'],
  ['PPPoE discovery', {}, 'PADI'],
  ['of a PPPoE session', {}, 'PPPoE session, IPv6'],
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
