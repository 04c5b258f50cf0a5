import { formatIpv6, formatPrefix, type Ipv6Address, type Mac, type Prefix, parseIpv6, parsePrefix } from './address.ts'
import {
  EncodeError,
  inRange,
  left,
  type Reader,
  readBytes,
  reader,
  readInner,
  readIpv6,
  readMac,
  readPrefixBits,
  readRest,
  readU8,
  readU16,
  readU32,
  sameBytes,
  setU8,
  type Writer,
  writeBytes,
  writeIpv6,
  writeMac,
  writePrefixBits,
  writer,
  writeU8,
  writeU16,
  writeU32,
  writeZeros,
  written,
} from './bytes.ts'
import { readDomainNames, writeDomainName } from './domain-name.ts'

/**
 * Neighbor Discovery options. An unknown or misshapen option is its number with the bytes after type and length;
 * a tail that no length can explain is `malformed`.
 */
export type NdOption =
  | { type: 'source-link-layer' | 'target-link-layer'; mac: Mac }
  | PrefixInformation
  /** RFC 4861 section 4.6.3; `reserved` is six octets, where not all zero. */
  | { type: 'redirected-header'; reserved?: Uint8Array; data: Uint8Array }
  | { type: 'mtu'; reserved?: number; mtu: number }
  | RouteInformation
  /** RFC 8106 section 5.1, lifetime in seconds. */
  | { type: 'rdnss'; reserved?: number; lifetime: number; servers: Ipv6Address[] }
  | SearchList
  /** RFC 8781 section 4; lifetime in seconds, a multiple of 8. `plc` 0..5 is /96 /64 /56 /48 /40 /32. */
  | { type: 'pref64'; lifetime: number; plc: number; prefix: Ipv6Address }
  /** RFC 3971 section 5.3. */
  | { type: 'nonce'; nonce: Uint8Array }
  | { type: 'malformed'; data: Uint8Array }
  | { type: number; data: Uint8Array }

/** Default router and route preference, RFC 4191 section 2.1. */
export type Preference = 'low' | 'medium' | 'high' | 'reserved'

/** RFC 4191 section 2.3. */
export interface RouteInformation {
  type: 'route-information'
  prefix: Prefix
  preference: Preference
  /** The flag bits besides Prf in place, where not 0. */
  reservedFlags?: number
  lifetime: number
  /** The option's length (8, 16, 24) where it is not the shortest that holds the prefix. */
  octets?: number
}

/** RFC 8106 section 5.2. */
export interface SearchList {
  type: 'dnssl'
  reserved?: number
  lifetime: number
  domains: string[]
  /** Octets of `raw` behind the last whole name that are not padding of zeros: names that overrun, or compression. */
  overrun?: Uint8Array
  /** The octets behind the lifetime where the names alone don't give them back; it is what is sent. */
  raw?: Uint8Array
}

/** PIO, RFC 4861 section 4.6.2; P flag from RFC 9762. Lifetimes in seconds, 0xffffffff is infinity. */
export interface PrefixInformation {
  type: 'prefix-information'
  prefix: Prefix
  onLink: boolean
  autonomous: boolean
  /** R flag, RFC 6275. */
  routerAddress?: boolean
  /** P flag, RFC 9762. */
  pdPreferred?: boolean
  /** Remaining flag bits in place, where not 0. */
  reservedFlags?: number
  validLifetime: number
  preferredLifetime: number
  /** The second reserved word, where not 0. */
  reserved?: number
}

type Name = Extract<NdOption['type'], string>

/** The names of typed options. */
export type NdOptionName = Exclude<Name, 'malformed'>

/** The option of one name, also where several share a shape. */
export type NdOptionOf<N extends Name> = NdOption extends infer O
  ? O extends { type: infer T }
    ? N extends T
      ? O & { type: N }
      : never
    : never
  : never

/** The first option of that name. */
export function ndOption<N extends NdOptionName>(message: { options: NdOption[] }, type: N): NdOptionOf<N> | undefined {
  return message.options.find((option) => option.type === type) as NdOptionOf<N> | undefined
}

/** All options of that name, in order. */
export function ndOptions<N extends NdOptionName>(message: { options: NdOption[] }, type: N): NdOptionOf<N>[] {
  return message.options.filter((option) => option.type === type) as NdOptionOf<N>[]
}

/** One kind of option; reader and writer are at the octet after type and length. */
interface Codec<N extends Name> {
  code: number
  /** Undefined where the octets don't have this shape; so are octets left over. */
  decode(r: Reader): NdOptionOf<N> | undefined
  /** Zeros up to the next multiple of 8 are added. */
  encode(w: Writer, option: NdOptionOf<N>): void
  describe(option: NdOptionOf<N>): string
}

const linkLayer = <N extends 'source-link-layer' | 'target-link-layer'>(code: number, type: N, title: string) => ({
  code,
  decode: (r: Reader) => ({ type, mac: readMac(r) }),
  encode: (w: Writer, option: { mac: Mac }) => writeMac(w, option.mac),
  describe: (option: { mac: Mac }) => `${title} ${option.mac}`,
})

const CODECS: { [N in NdOptionName]: Codec<N> } = {
  'source-link-layer': linkLayer(1, 'source-link-layer', 'SLLA'),
  'target-link-layer': linkLayer(2, 'target-link-layer', 'TLLA'),
  'prefix-information': {
    code: 3,
    decode(r) {
      const length = readU8(r)
      const flags = readU8(r)
      const reservedFlags = flags & 0x0f
      const validLifetime = readU32(r)
      const preferredLifetime = readU32(r)
      const reserved = readU32(r)
      return {
        type: 'prefix-information',
        prefix: readPrefixBits(r, length),
        onLink: (flags & 0x80) !== 0,
        autonomous: (flags & 0x40) !== 0,
        ...((flags & 0x20) !== 0 && { routerAddress: true }),
        ...((flags & 0x10) !== 0 && { pdPreferred: true }),
        ...(reservedFlags !== 0 && { reservedFlags }),
        validLifetime,
        preferredLifetime,
        ...(reserved !== 0 && { reserved }),
      }
    },
    encode(w, option) {
      const { onLink, autonomous, routerAddress, pdPreferred } = option
      const named =
        (onLink ? 0x80 : 0) | (autonomous ? 0x40 : 0) | (routerAddress ? 0x20 : 0) | (pdPreferred ? 0x10 : 0)
      writeU8(w, parsePrefix(option.prefix).length)
      writeU8(w, named | inRange(option.reservedFlags ?? 0, 0xff))
      writeU32(w, option.validLifetime)
      writeU32(w, option.preferredLifetime)
      writeU32(w, option.reserved ?? 0)
      writePrefixBits(w, option.prefix)
    },
    describe(option) {
      const { onLink, autonomous, routerAddress, pdPreferred } = option
      const flags = `${onLink ? 'L' : ''}${autonomous ? 'A' : ''}${routerAddress ? 'R' : ''}${pdPreferred ? 'P' : ''}`
      const lifetimes = `${describeLifetime(option.preferredLifetime)}/${describeLifetime(option.validLifetime)}`
      return `PIO ${option.prefix} ${flags || '-'} ${lifetimes}`
    },
  },
  'redirected-header': {
    code: 4,
    decode(r) {
      const reserved = readBytes(r, 6)
      return { type: 'redirected-header', ...(reserved.some((byte) => byte !== 0) && { reserved }), data: readRest(r) }
    },
    encode(w, option) {
      writeBytes(w, option.reserved ?? new Uint8Array(6))
      writeBytes(w, option.data)
    },
    describe: (option) => `redirected header (${option.data.length} octets)`,
  },
  mtu: {
    code: 5,
    decode(r) {
      const reserved = readU16(r)
      return { type: 'mtu', ...(reserved !== 0 && { reserved }), mtu: readU32(r) }
    },
    encode(w, option) {
      writeU16(w, option.reserved ?? 0)
      writeU32(w, option.mtu)
    },
    describe: (option) => `MTU ${option.mtu}`,
  },
  nonce: {
    code: 14,
    decode: (r) => ({ type: 'nonce', nonce: readRest(r) }),
    encode: (w, option) => writeBytes(w, option.nonce),
    describe: () => 'nonce',
  },
  'route-information': {
    code: 24,
    decode(r) {
      const octets = left(r) + 2
      const length = readU8(r)
      const flags = readU8(r)
      const reservedFlags = flags & 0xe7
      const lifetime = readU32(r)
      if (octets > 24) return undefined
      const address = new Uint8Array(16)
      address.set(readRest(r))
      return {
        type: 'route-information',
        prefix: formatPrefix(address, 0, length),
        preference: decodePreference(flags),
        ...(reservedFlags !== 0 && { reservedFlags }),
        lifetime,
        ...(octets !== shortestRoute(length) && { octets }),
      }
    },
    encode(w, option) {
      const { address, length } = parsePrefix(option.prefix)
      writeU8(w, length)
      writeU8(w, encodePreference(option.preference) | inRange(option.reservedFlags ?? 0, 0xff))
      writeU32(w, option.lifetime)
      writeBytes(w, address.subarray(0, (option.octets ?? shortestRoute(length)) - 8))
    },
    describe(option) {
      const preference = option.preference === 'medium' ? '' : ` ${option.preference}`
      return `RIO ${option.prefix}${preference} ${describeLifetime(option.lifetime)}`
    },
  },
  rdnss: {
    code: 25,
    decode(r) {
      const reserved = readU16(r)
      const lifetime = readU32(r)
      const servers: Ipv6Address[] = []
      while (left(r) > 0) servers.push(readIpv6(r))
      return { type: 'rdnss', ...(reserved !== 0 && { reserved }), lifetime, servers }
    },
    encode(w, option) {
      writeU16(w, option.reserved ?? 0)
      writeU32(w, option.lifetime)
      for (const server of option.servers) writeIpv6(w, server)
    },
    describe: (option) => ['RDNSS', ...option.servers, describeLifetime(option.lifetime)].join(' '),
  },
  dnssl: {
    code: 31,
    decode(r) {
      const reserved = readU16(r)
      const lifetime = readU32(r)
      const raw = readRest(r)
      const names = reader(raw)
      const domains = readDomainNames(names)
      const overrun = readRest(names)
      return {
        type: 'dnssl',
        ...(reserved !== 0 && { reserved }),
        lifetime,
        domains,
        ...(overrun.some((octet) => octet !== 0) && { overrun }),
        ...(!sameBytes(raw, searchList(domains)) && { raw }),
      }
    },
    encode(w, option) {
      writeU16(w, option.reserved ?? 0)
      writeU32(w, option.lifetime)
      writeBytes(w, option.raw ?? searchList(option.domains))
    },
    describe(option) {
      const overrun = option.overrun ? [`(${option.overrun.length} octets are no name)`] : []
      return ['DNSSL', ...option.domains, ...overrun, describeLifetime(option.lifetime)].join(' ')
    },
  },
  pref64: {
    code: 38,
    decode(r) {
      const word = readU16(r)
      const prefix = new Uint8Array(16)
      prefix.set(readBytes(r, 12))
      return { type: 'pref64', lifetime: word & 0xfff8, plc: word & 7, prefix: formatIpv6(prefix) }
    },
    encode(w, option) {
      if (option.lifetime % 8 !== 0) throw new EncodeError(`pref64: expected a multiple of 8, seen ${option.lifetime}`)
      writeU16(w, option.lifetime + inRange(option.plc, 7))
      writeBytes(w, parseIpv6(option.prefix).subarray(0, 12))
    },
    describe(option) {
      const length = PREF64_LENGTHS[option.plc]
      return `PREF64 ${option.prefix}${length ? `/${length}` : ` (PLC ${option.plc})`} ${option.lifetime}`
    },
  },
}

/** RFC 8781 section 4, by Prefix Length Code. */
const PREF64_LENGTHS = [96, 64, 56, 48, 40, 32]

const BY_CODE = new Map<number, Codec<Name>>(
  Object.values(CODECS).map((codec) => [codec.code, codec as unknown as Codec<Name>]),
)
const BY_NAME = new Map<string, Codec<Name>>(
  Object.entries(CODECS).map(([name, codec]) => [name, codec as unknown as Codec<Name>]),
)

/** Reads to the end. What is after a length that can't be right is one last `malformed` option. */
export function decodeNdOptions(r: Reader): NdOption[] {
  const options: NdOption[] = []
  while (left(r) > 0) {
    const start = r.at
    const code = readU8(r)
    const octets = readU8(r) * 8
    if (octets === 0 || octets - 2 > left(r)) {
      options.push({ type: 'malformed', data: r.bytes.subarray(start, r.end) })
      break
    }
    options.push(decodeNdOption(code, readInner(r, octets - 2)))
  }
  return options
}

function decodeNdOption(code: number, r: Reader): NdOption {
  const start = r.at
  const option = BY_CODE.get(code)?.decode(r) as NdOption | undefined
  if (option !== undefined && !r.short && left(r) === 0) return option
  return { type: code, data: r.bytes.subarray(start, r.end) }
}

export function encodeNdOptions(w: Writer, options: NdOption[]): void {
  for (const option of options) encodeNdOption(w, option)
}

function encodeNdOption(w: Writer, option: NdOption): void {
  if (option.type === 'malformed') {
    writeBytes(w, option.data)
    return
  }
  const at = w.at
  const codec = BY_NAME.get(option.type as string)
  writeU8(w, codec?.code ?? inRange(option.type as number, 0xff))
  writeU8(w, 0)
  if (codec === undefined) writeBytes(w, (option as { data: Uint8Array }).data)
  else codec.encode(w, option as NdOptionOf<Name>)
  writeZeros(w, gap(w.at - at))
  setU8(w, at + 1, (w.at - at) / 8)
}

/** A number that has a name here: an option that keeps it has not the form of that name. */
export function isNdOptionCode(code: number): boolean {
  return BY_CODE.has(code)
}

export function isNdOptionName(name: string): name is NdOptionName {
  return BY_NAME.has(name)
}

export function describeNdOption(option: NdOption): string {
  if (option.type === 'malformed') return `malformed options (${option.data.length} octets)`
  const codec = BY_NAME.get(option.type as string)
  return codec?.describe(option as NdOptionOf<Name>) ?? `option ${option.type}`
}

export function decodePreference(flags: number): Preference {
  return PREFERENCES[(flags >> 3) & 3] as Preference
}

export function encodePreference(preference: Preference): number {
  return PREFERENCES.indexOf(preference) << 3
}

/** In the order of the two bits: 00 medium, 01 high, 10 reserved, 11 low. */
const PREFERENCES: Preference[] = ['medium', 'high', 'reserved', 'low']

export function describeLifetime(seconds: number): string {
  return seconds === 0xffffffff ? 'infinity' : String(seconds)
}

/** RFC 4191 section 2.3: length 0 needs no prefix octets, up to 64 eight, else sixteen. */
function shortestRoute(length: number): number {
  return length === 0 ? 8 : length <= 64 ? 16 : 24
}

/** RFC 8106 section 5.2: names without compression, padded with zeros. */
function searchList(domains: string[]): Uint8Array {
  const w = writer(64)
  for (const domain of domains) writeDomainName(w, domain)
  writeZeros(w, gap(w.at))
  return written(w)
}

function gap(length: number): number {
  return (8 - (length % 8)) % 8
}
