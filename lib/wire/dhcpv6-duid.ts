import { Buffer } from 'node:buffer'
import { formatMac, type Mac, parseMac } from './address.ts'
import { EncodeError, u16At, u32At, writeMac, writer, writeU16, writeU32, written } from './bytes.ts'
import { clip } from './printable.ts'

/** Lower-case hex without separators. The bytes are opaque (RFC 8415 section 11). */
export type Duid = string

/** Seconds from 1970 to the epoch of DUID-LLT, midnight UTC of 2000-01-01 (RFC 8415 section 11.2). */
const LLT_EPOCH = 946684800

/** DUID-LL of an Ethernet interface, RFC 8415 section 11.4. */
export function duidLl(mac: Mac): Duid {
  return `00030001${duidOf(parseMac(mac))}`
}

/** DUID-LLT, RFC 8415 section 11.2; `time` in seconds since 2000-01-01, modulo 2^32. */
export function duidLlt(mac: Mac, time: number): Duid {
  const w = writer()
  writeU16(w, 1)
  writeU16(w, 1)
  writeU32(w, time)
  writeMac(w, mac)
  return duidOf(written(w))
}

/** DUID-EN, RFC 8415 section 11.3. */
export function duidEn(enterprise: number, identifier: Uint8Array): Duid {
  const w = writer()
  writeU16(w, 2)
  writeU32(w, enterprise)
  return `${duidOf(written(w))}${duidOf(identifier)}`
}

/** DUID-UUID, RFC 8415 section 11.5. */
export function duidUuid(uuid: string): Duid {
  const digits = uuid.replaceAll('-', '').toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new EncodeError(`expected a UUID, seen ${JSON.stringify(uuid)}`)
  return `0004${digits}`
}

/** For people. A peer's DUID is opaque and only compared as a whole (RFC 8415 section 11). */
export function describeDuid(duid: Duid): string {
  if (!/^([0-9a-f]{2})*$/.test(duid)) return clip(`DUID ${JSON.stringify(duid)}`, 60)
  const bytes = duidBytes(duid.slice(0, 64))
  const type = bytes.length < 4 ? 0 : u16At(bytes, 0)
  const ethernet = type !== 0 && u16At(bytes, 2) === 1
  if (type === 3 && ethernet && duid.length === 20) return `DUID-LL ${formatMac(bytes, 4)}`
  if (type === 1 && ethernet && duid.length === 28) return `DUID-LLT ${formatMac(bytes, 8)} ${lltDate(u32At(bytes, 4))}`
  if (type === 2 && bytes.length >= 6) return clip(`DUID-EN ${u32At(bytes, 2)} ${duid.slice(12)}`, 60)
  if (type === 4 && duid.length === 36) return `DUID-UUID ${duid.slice(4)}`
  return clip(`DUID ${duid}`, 60)
}

export function duidBytes(duid: Duid): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(duid)) throw new EncodeError(`expected a DUID in hex, seen ${JSON.stringify(duid)}`)
  return new Uint8Array(Buffer.from(duid, 'hex'))
}

export function duidOf(bytes: Uint8Array): Duid {
  return Buffer.from(bytes).toString('hex')
}

function lltDate(time: number): string {
  return new Date((LLT_EPOCH + time) * 1000).toISOString().slice(0, 10)
}
