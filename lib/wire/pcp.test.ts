import { expect, test } from 'vitest'
import { decodePcpMap, encodePcpMap, type PcpMap } from './pcp.ts'

const request: PcpMap = {
  type: 'request',
  lifetime: 120,
  client: '2a0e:b107:1::5',
  nonce: Uint8Array.from({ length: 12 }, (_, i) => i),
  protocol: 6,
  internalPort: 8443,
  externalPort: 8444,
  external: '2a0e:b107:1::5',
}
const { client: _, ...rest } = request
const response: PcpMap = { ...rest, type: 'response', result: 0, epoch: 86_400 }

test.each([request, response])('a MAP %# is read as it was written (RFC 6887 section 11.1)', (map) => {
  expect(decodePcpMap(encodePcpMap(map))).toEqual(map)
})

test('its fields lie where section 7 and 11.1 have them', () => {
  const bytes = encodePcpMap(request)
  expect([bytes.length, bytes[0], bytes[1], bytes[7], bytes[36], bytes[41]]).toEqual([60, 2, 1, 120, 6, 8443 & 0xff])
})

test('what is cut short, of another version, or of another opcode is none', () => {
  const bytes = encodePcpMap(request)
  for (let end = 0; end < bytes.length; end++) expect(decodePcpMap(bytes.subarray(0, end))).toBeUndefined()
  expect(decodePcpMap(Uint8Array.of(1, ...bytes.subarray(1)))).toBeUndefined()
  expect(decodePcpMap(Uint8Array.of(2, 0, ...bytes.subarray(2)))).toBeUndefined()
})
