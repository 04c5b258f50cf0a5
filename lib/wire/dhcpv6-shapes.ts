import { type Ipv6Address, type Prefix, parsePrefix } from './address.ts'
import {
  left,
  type Reader,
  readBytes,
  readIpv6,
  readPrefixBits,
  readRest,
  readU8,
  readU16,
  readU32,
  sameBytes,
  u16At,
  type Writer,
  writeBytes,
  writeIpv6,
  writePrefixBits,
  writeU8,
  writeU16,
  writeU32,
} from './bytes.ts'
import { type Duid, describeDuid, duidBytes, duidOf } from './dhcpv6-duid.ts'
import type { Dhcpv6Option } from './dhcpv6-option.ts'
import { describeLifetime } from './nd-options.ts'
import { briefHex, briefList, printable } from './printable.ts'

/**
 * The body of an option. `read` reads straight through; what it leaves, runs short of or answers with undefined
 * does not have this shape. `nested` handles the options of a container.
 */
export interface Shape<Fields> {
  read(r: Reader, nested: (r: Reader) => Dhcpv6Option[]): Fields | undefined
  write(w: Writer, fields: Fields, nested: (w: Writer, options: readonly Dhcpv6Option[]) => void): void
  describe(fields: Fields, nested: (options: readonly Dhcpv6Option[]) => string): string
  /** Holds options, so that its depth counts. */
  nests?: true
}

export function duid(label: string): Shape<{ duid: Duid }> {
  return {
    read: (r) => ({ duid: duidOf(readRest(r)) }),
    write: (w, o) => writeBytes(w, duidBytes(o.duid)),
    describe: (o) => `${label} ${describeDuid(o.duid)}`,
  }
}

interface Association {
  iaid: number
  t1: number
  t2: number
  options: Dhcpv6Option[]
}

/** IA_NA and IA_PD, RFC 8415 sections 21.4 and 21.21. */
export function association(label: string): Shape<Association> {
  return {
    nests: true,
    read: (r, nested) => ({ iaid: readU32(r), t1: readU32(r), t2: readU32(r), options: nested(r) }),
    write(w, o, nested) {
      writeU32(w, o.iaid)
      writeU32(w, o.t1)
      writeU32(w, o.t2)
      nested(w, o.options)
    },
    describe: (o, nested) =>
      `${label}(${o.iaid}) T1 ${describeLifetime(o.t1)} T2 ${describeLifetime(o.t2)}${nested(o.options)}`,
  }
}

/** RFC 8415 section 21.5; RFC 9915 section 21.5 obsoletes the option. */
export const temporaryAssociation: Shape<{ iaid: number; options: Dhcpv6Option[] }> = {
  nests: true,
  read: (r, nested) => ({ iaid: readU32(r), options: nested(r) }),
  write(w, o, nested) {
    writeU32(w, o.iaid)
    nested(w, o.options)
  },
  describe: (o, nested) => `IA_TA(${o.iaid})${nested(o.options)}`,
}

/** RFC 8415 section 21.6. */
export const iaAddress: Shape<{
  address: Ipv6Address
  preferredLifetime: number
  validLifetime: number
  options: Dhcpv6Option[]
}> = {
  nests: true,
  read: (r, nested) => ({
    address: readIpv6(r),
    preferredLifetime: readU32(r),
    validLifetime: readU32(r),
    options: nested(r),
  }),
  write(w, o, nested) {
    writeIpv6(w, o.address)
    writeU32(w, o.preferredLifetime)
    writeU32(w, o.validLifetime)
    nested(w, o.options)
  },
  describe: (o, nested) =>
    `${printable(o.address)} ${describeLifetime(o.preferredLifetime)}/${describeLifetime(o.validLifetime)}${nested(o.options)}`,
}

/** RFC 8415 section 21.22. The length octet stays as it came, also above 128. */
export const iaPrefix: Shape<{
  preferredLifetime: number
  validLifetime: number
  prefix: Prefix
  options: Dhcpv6Option[]
}> = {
  nests: true,
  read(r, nested) {
    const preferredLifetime = readU32(r)
    const validLifetime = readU32(r)
    const prefix = readPrefixBits(r, readU8(r))
    return { preferredLifetime, validLifetime, prefix, options: nested(r) }
  },
  write(w, o, nested) {
    writeU32(w, o.preferredLifetime)
    writeU32(w, o.validLifetime)
    writeU8(w, parsePrefix(o.prefix).length)
    writePrefixBits(w, o.prefix)
    nested(w, o.options)
  },
  describe: (o, nested) =>
    `${printable(o.prefix)} ${describeLifetime(o.preferredLifetime)}/${describeLifetime(o.validLifetime)}${nested(o.options)}`,
}

/** RFC 8415 section 21.11. */
export const authentication: Shape<{
  protocol: number
  algorithm: number
  rdm: number
  replayDetection: Uint8Array
  info: Uint8Array
}> = {
  read: (r) => ({
    protocol: readU8(r),
    algorithm: readU8(r),
    rdm: readU8(r),
    replayDetection: readBytes(r, 8),
    info: readRest(r),
  }),
  write(w, o) {
    writeU8(w, o.protocol)
    writeU8(w, o.algorithm)
    writeU8(w, o.rdm)
    writeBytes(w, o.replayDetection)
    writeBytes(w, o.info)
  },
  describe: (o) => `auth protocol ${o.protocol} algorithm ${o.algorithm} replay ${briefHex(o.replayDetection)}`,
}

interface Status {
  status: number
  message: string
  raw?: Uint8Array
}

/** RFC 8415 section 21.13: UTF-8 without a terminator; what is not UTF-8 stays in `raw`. */
export function statusCode(name: (status: number) => string): Shape<Status> {
  return {
    read(r) {
      const status = readU16(r)
      const raw = readRest(r)
      const message = new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw)
      return sameBytes(new TextEncoder().encode(message), raw) ? { status, message } : { status, message, raw }
    },
    write(w, o) {
      writeU16(w, o.status)
      writeBytes(w, o.raw ?? new TextEncoder().encode(o.message))
    },
    describe: (o) => `status ${name(o.status)}${o.message === '' ? '' : ` "${printable(o.message)}"`}`,
  }
}

export function address(label: string): Shape<{ address: Ipv6Address }> {
  return {
    read: (r) => ({ address: readIpv6(r) }),
    write: (w, o) => writeIpv6(w, o.address),
    describe: (o) => `${label} ${printable(o.address)}`,
  }
}

export function servers(label: string): Shape<{ servers: Ipv6Address[] }> {
  return {
    read: (r) => ({ servers: readAll(r, readIpv6) }),
    write: (w, o) => writeAll(w, o.servers, writeIpv6),
    describe: (o) => `${label} ${briefList(o.servers.map((server) => printable(server)))}`,
  }
}

/** RFC 8415 section 21.7. */
export function codes(label: string, name: (code: number) => string): Shape<{ codes: number[] }> {
  return {
    read: (r) => ({ codes: readAll(r, readU16) }),
    write: (w, o) => writeAll(w, o.codes, writeU16),
    describe: (o) => `${label} ${briefList(o.codes.map(name), 16)}`,
  }
}

export function octet(label: string): Shape<{ value: number }> {
  return {
    read: (r) => ({ value: readU8(r) }),
    write: (w, o) => writeU8(w, o.value),
    describe: (o) => `${label} ${o.value}`,
  }
}

/** RFC 8415 section 21.9. */
export const elapsedTime: Shape<{ value: number }> = {
  read: (r) => ({ value: readU16(r) }),
  write: (w, o) => writeU16(w, o.value),
  describe: (o) => `elapsed ${o.value / 100}s`,
}

export function seconds(label: string): Shape<{ value: number }> {
  return {
    read: (r) => ({ value: readU32(r) }),
    write: (w, o) => writeU32(w, o.value),
    describe: (o) => `${label} ${describeLifetime(o.value)}`,
  }
}

interface Classes {
  classes: Uint8Array[]
  overrun?: Uint8Array
}

/** RFC 8415 section 21.15. Hosts send text without inner lengths too: the rest of the message is as good as any. */
export const userClass: Shape<Classes> = {
  read: readClasses,
  write: writeClasses,
  describe: (o) => `user-class${describeClasses(o)}`,
}

/** RFC 8415 section 21.16. */
export const vendorClass: Shape<Classes & { enterprise: number }> = {
  read: (r) => ({ enterprise: readU32(r), ...readClasses(r) }),
  write(w, o) {
    writeU32(w, o.enterprise)
    writeClasses(w, o)
  },
  describe: (o) => `vendor-class ${o.enterprise}${describeClasses(o)}`,
}

function readClasses(r: Reader): Classes {
  const classes: Uint8Array[] = []
  while (left(r) >= 2 && left(r) >= 2 + u16At(r.bytes, r.at)) classes.push(readBytes(r, readU16(r)))
  return left(r) === 0 ? { classes } : { classes, overrun: readRest(r) }
}

function writeClasses(w: Writer, { classes, overrun }: Classes): void {
  for (const one of classes) {
    writeU16(w, one.length)
    writeBytes(w, one)
  }
  if (overrun) writeBytes(w, overrun)
}

function describeClasses({ classes, overrun }: Classes): string {
  const all = [briefList(classes.map((one) => briefHex(one))), ...(overrun ? [`overrun ${briefHex(overrun)}`] : [])]
  return all.map((text) => text && ` ${text}`).join('')
}

export function empty(label: string): Shape<object> {
  return { read: () => ({}), write: () => {}, describe: () => label }
}

export function opaque(label: string): Shape<{ data: Uint8Array }> {
  return {
    read: (r) => ({ data: readRest(r) }),
    write: (w, o) => writeBytes(w, o.data),
    describe: (o) => `${label} ${briefHex(o.data)}`,
  }
}

/** RFC 8415 section 21.10; decoding it is the reader's choice, so that nothing nests without bound. */
export const relayMessage: Shape<{ message: Uint8Array }> = {
  read: (r) => ({ message: readRest(r) }),
  write: (w, o) => writeBytes(w, o.message),
  describe: (o) => `relay-message (${o.message.length} octets)`,
}

/** RFC 8415 section 21.19. */
export const reconfigureMessage: Shape<{ messageType: number }> = {
  read: (r) => ({ messageType: readU8(r) }),
  write: (w, o) => writeU8(w, o.messageType),
  describe: (o) => `reconf-msg ${o.messageType}`,
}

function readAll<T>(r: Reader, read: (r: Reader) => T): T[] {
  const all: T[] = []
  while (left(r) > 0) all.push(read(r))
  return all
}

function writeAll<T>(w: Writer, all: readonly T[], write: (w: Writer, one: T) => void): void {
  for (const one of all) write(w, one)
}
