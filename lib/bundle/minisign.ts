import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

// Signatures in the format of minisign: `minisign -V` verifies what is signed here, and a key of `minisign -G -W` signs.

/** A key or a signature that is not of this format. */
export class MinisignError extends Error {
  override readonly name = 'MinisignError'
}

interface PublicKey {
  id: Buffer
  key: KeyObject
}

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spki = Buffer.from('302a300506032b6570032100', 'hex')

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
const publicKey = (key: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' })

const digest = (content: Uint8Array): Buffer => createHash('blake2b512').update(content).digest()

/** Octets of a line of base64 that is written as every encoder writes it. */
function octets(line: string | undefined, length: number, what: string): Buffer {
  const bytes = Buffer.from(line ?? '', 'base64')
  if (bytes.length !== length || bytes.toString('base64') !== line) throw new MinisignError(`is no ${what} of minisign`)
  return bytes
}

/** The signature of a content, as text, with a secret key as text. The comment is signed, too. */
export function signature(content: Uint8Array, secretKey: string, comment: string): string {
  const key = octets(secretKey.split('\n')[1], 158, 'secret key')
  if (key.toString('latin1', 0, 2) !== 'Ed') throw new MinisignError('is no secret key of minisign')
  if (key.readUInt16LE(2) !== 0)
    throw new MinisignError('has a password: use a key without one, made by `minisign -G -W`')
  const [id, seed] = [key.subarray(54, 62), key.subarray(62, 94)]
  const secret = privateKey(seed)
  const signed = sign(null, digest(content), secret)
  const whole = sign(null, Buffer.concat([signed, Buffer.from(comment)]), secret)
  return [
    'untrusted comment: signature of a denat bundle',
    Buffer.concat([Buffer.from('ED'), id, signed]).toString('base64'),
    `trusted comment: ${comment}`,
    whole.toString('base64'),
    '',
  ].join('\n')
}

/** The trusted comment of a signature. Throws `MinisignError` where it is not that of this content by this key. */
export function verifiedComment(content: Uint8Array, text: string, publicKeyText: string): string {
  const { id, key } = readPublicKey(publicKeyText)
  const [, first, second = '', third, ...rest] = text.split('\n')
  const signed = octets(first, 74, 'signature')
  const comment = /^trusted comment: (.*)$/.exec(second)?.[1]
  if (signed.toString('latin1', 0, 2) !== 'ED' || comment === undefined || rest.join('') !== '')
    throw new MinisignError('is no signature of minisign')
  if (!signed.subarray(2, 10).equals(id)) throw new MinisignError('is by another key')
  const proof = signed.subarray(10)
  const isWhole = verify(null, Buffer.concat([proof, Buffer.from(comment)]), key, octets(third, 64, 'signature'))
  if (!verify(null, digest(content), key, proof) || !isWhole) throw new MinisignError('does not verify')
  return comment
}

/** A file of `minisign -G`, or its second line alone. */
function readPublicKey(text: string): PublicKey {
  const lines = text.trim().split('\n')
  const key = octets(lines[lines.length - 1]?.trim(), 42, 'public key')
  if (key.toString('latin1', 0, 2) !== 'Ed') throw new MinisignError('is no public key of minisign')
  return { id: key.subarray(2, 10), key: publicKey(key.subarray(10)) }
}
