import { expect, test } from 'vitest'
import { fragment, ipBytes } from './fragment.ts'

const packet = {
  ip6: { src: '2a0e::1', dst: '2a0e::2' },
  udp: { srcPort: 1, dstPort: 2 },
  payload: new Uint8Array(2000).map((_, index) => index & 0xff),
}

test('fragments hold the packet after its IPv6 header, in multiples of eight octets (RFC 8200 section 4.5)', () => {
  const pieces = fragment(packet, 1280, 7)
  expect(pieces.map(({ ext }) => ext?.[0])).toEqual([
    { type: 'fragment', nextHeader: 17, offset: 0, more: true, id: 7 },
    { type: 'fragment', nextHeader: 17, offset: 1232, more: false, id: 7 },
  ])
  for (const piece of pieces) expect(ipBytes(piece).length).toBeLessThanOrEqual(1280)
  const body = Buffer.concat(pieces.map(({ payload }) => payload ?? new Uint8Array(0)))
  expect(body.equals(ipBytes(packet).subarray(40))).toBe(true)
})

test('extension headers are part of what is cut', () => {
  const ext = [{ type: 'destination-options' as const, options: [{ type: 1, data: new Uint8Array(4) }] }]
  const [first] = fragment({ ...packet, ext }, 56, 7)
  expect(first).toMatchObject({ ext: [{ nextHeader: 60 }], payload: Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0) })
})

test('a packet that fits stays whole', () => {
  expect(fragment(packet, 2048, 7)).toEqual([packet])
})
