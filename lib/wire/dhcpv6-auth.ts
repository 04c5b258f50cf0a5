import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Dhcpv6, encodeDhcpv6, option } from './dhcpv6.ts'
import type { Dhcpv6OptionOf } from './dhcpv6-option.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>
type Auth = Dhcpv6OptionOf<'auth'>

/** Reconfiguration Key Authentication Protocol: RFC 8415 section 20.4. */
const protocol = 3
const algorithm = 1
const rdm = 0
/** What the 16 octets of its information are. */
const kinds = { key: 1, digest: 2 }
const keyLength = 16

/** Replay detection: a counter that only grows. */
function counted(replay: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(replay))
  return bytes
}

function authentication(kind: keyof typeof kinds, replay: number, data: Uint8Array): Auth {
  return {
    type: 'auth',
    protocol,
    algorithm,
    rdm,
    replayDetection: counted(replay),
    info: Uint8Array.of(kinds[kind], ...data),
  }
}

/** What a server puts into a Reply to give a client its key. */
export const reconfigureKey = (key: Uint8Array, replay: number): Auth => authentication('key', replay, key)

const holds = ({ protocol: p, algorithm: a, info }: Auth, kind: keyof typeof kinds): boolean =>
  p === protocol && a === algorithm && info[0] === kinds[kind] && info.length === 1 + keyLength

/** The key that a Reply gives to its client. */
export function keyIn(reply: Message): Uint8Array | undefined {
  const auth = option(reply, 'auth')
  return auth && holds(auth, 'key') ? auth.info.slice(1) : undefined
}

const digest = (message: Message, key: Uint8Array): Uint8Array =>
  createHmac('md5', key).update(encodeDhcpv6(message)).digest()

/** The message with an Authentication option at its end that proves that it comes from the server that sent the key. */
export function authenticated(message: Message, key: Uint8Array, replay: number): Message {
  const withAuth = (data: Uint8Array): Message => ({
    ...message,
    options: [...message.options, authentication('digest', replay, data)],
  })
  return withAuth(digest(withAuth(new Uint8Array(keyLength)), key))
}

/** The replay counter of a message whose digest is right; undefined of any other. */
export function replayOf(message: Message, key: Uint8Array): bigint | undefined {
  const auth = option(message, 'auth')
  if (!auth || !holds(auth, 'digest')) return undefined
  const blank: Auth = { ...auth, info: Uint8Array.of(kinds.digest, ...new Uint8Array(keyLength)) }
  const options = message.options.map((one) => (one === auth ? blank : one))
  const right = timingSafeEqual(digest({ ...message, options }, key), auth.info.subarray(1))
  return right ? new DataView(auth.replayDetection.slice().buffer).getBigUint64(0) : undefined
}
