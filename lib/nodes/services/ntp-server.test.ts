import { expect, test } from 'vitest'
import { answerNtp } from './ntp-server.ts'

/** An SNTPv4 client's request as RFC 4330 section 5 has it, with a transmit timestamp. */
const request = Uint8Array.of(0x23, 0, 6, ...new Uint8Array(37), 0xe0, 1, 2, 3, 4, 5, 6, 7)

test('the time, as version, mode and originate timestamp ask for it', () => {
  const reply = answerNtp(request, 1_760_000_000.25) as Uint8Array
  const view = new DataView(reply.buffer)
  expect(reply[0]).toBe(0x24)
  expect(reply[1]).toBe(2)
  expect(reply[2]).toBe(6)
  expect(reply.subarray(24, 32)).toEqual(request.subarray(40))
  // 2025-10-09T08:53:20Z, RFC 5905 section 6.
  expect(view.getUint32(40)).toBe(3_968_988_800)
  expect(view.getUint32(44)).toBe(2 ** 30)
})

test.each([
  ['too short', request.subarray(0, 47)],
  ['a server', Uint8Array.of(0x24, ...request.subarray(1))],
  ['empty', new Uint8Array(0)],
])('not answered: %s', (_name, bytes) => {
  expect(answerNtp(bytes, 0)).toBeUndefined()
})
