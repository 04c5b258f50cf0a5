import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeDhcpv6, encodeDhcpv6, isRelay, option } from './dhcpv6.ts'
import { authenticated, keyIn, reconfigureKey, replayOf } from './dhcpv6-auth.ts'

const key = Uint8Array.from({ length: 16 }, (_, index) => index)
const message = {
  type: 'reconfigure' as const,
  transactionId: 0,
  options: [
    { type: 'server-id' as const, duid: '0003000102aa' },
    { type: 'client-id' as const, duid: '0003000102bb' },
    { type: 'reconf-msg' as const, messageType: 5 },
  ],
}

describe('the Reconfiguration Key Authentication Protocol (RFC 8415 section 20.4)', () => {
  it('gives a key in a Reply, and nobody else does', () => {
    const reply = { type: 'reply' as const, transactionId: 1, options: [reconfigureKey(key, 1)] }
    expect(keyIn(reply)).toEqual(key)
    expect(keyIn(authenticated(message, key, 2))).toBeUndefined()
    expect(keyIn(message)).toBeUndefined()
  })

  it('signs the whole message with the digest as zeros, and a decoded message is as good', () => {
    const bytes = encodeDhcpv6(authenticated(message, key, 7))
    const blank = bytes.slice()
    blank.fill(0, bytes.length - 16)
    expect(createHmac('md5', key).update(blank).digest()).toEqual(Buffer.from(bytes.subarray(-16)))
    const decoded = decodeDhcpv6(bytes).message
    expect(decoded && !isRelay(decoded) && replayOf(decoded, key)).toBe(7n)
  })

  it('finds a changed message, another key, and none at all', () => {
    const signed = authenticated(message, key, 7)
    expect(replayOf({ ...signed, transactionId: 1 }, key)).toBeUndefined()
    expect(
      replayOf(
        signed,
        key.map((octet) => octet ^ 1),
      ),
    ).toBeUndefined()
    expect(replayOf(message, key)).toBeUndefined()
    const short = {
      ...signed,
      options: signed.options.map((one) => (one.type === 'auth' ? { ...one, info: new Uint8Array(3) } : one)),
    }
    expect(option(short, 'auth')?.info).toHaveLength(3)
    expect(replayOf(short, key)).toBeUndefined()
  })
})
