import { type Reader, readRest, readU16, setU16, u16At, type Writer, writeBytes, writeU8, writeU16 } from './bytes.ts'
import type { Loose } from './loose.ts'
import { asText, octetsAs, type RawTlv, tlvs, type ValueShape } from './tlv.ts'

export const PPPOE_HEADER = 6
/** Octets of an IP packet in a session on Ethernet of 1500, RFC 2516 section 7. */
export const PPPOE_MTU = 1492

/** RFC 2516 section 4. */
export interface Pppoe {
  type: PppoeType | number
  /** 0 until the access concentrator has given one. */
  sessionId: number
  /** Octets after this header, as stated on the wire. */
  length: number
  /** VER and TYPE, where not 1 and 1. */
  verType?: number
  /** Of discovery alone. */
  tags?: PppoeTag[]
}

export type PppoeType = keyof typeof CODES

/** RFC 2516 section 5; a session's packets have code 0. */
const CODES = { session: 0, pado: 0x07, padi: 0x09, padr: 0x19, pads: 0x65, padt: 0xa7 } as const
const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code as number, name as PppoeType]))

const VER_TYPE = 0x11

/** RFC 2516 appendix A; names and errors are UTF-8, and octets here. */
export type PppoeTag =
  | {
      type: 'end-of-list' | 'service-name' | 'ac-name' | 'host-uniq' | 'ac-cookie' | 'vendor-specific'
      data: Uint8Array
    }
  | { type: 'relay-session-id' | 'service-name-error' | 'ac-system-error' | 'generic-error'; data: Uint8Array }
  /** RFC 4638 section 2.3: octets of a PPP payload. */
  | { type: 'ppp-max-payload'; value: number }
  | RawTlv

const tags = tlvs<PppoeTag>(
  { octets: 2, headerCounts: false },
  {
    'end-of-list': { code: 0x0000, ...octetsAs('end of list') },
    'service-name': { code: 0x0101, ...named('service') },
    'ac-name': { code: 0x0102, ...named('AC') },
    'host-uniq': { code: 0x0103, ...octetsAs('host-uniq') },
    'ac-cookie': { code: 0x0104, ...octetsAs('cookie') },
    'vendor-specific': { code: 0x0105, ...octetsAs('vendor') },
    'relay-session-id': { code: 0x0110, ...octetsAs('relay session') },
    'ppp-max-payload': {
      code: 0x0120,
      read: (r) => ({ value: readU16(r) }),
      write: (w, { value }) => writeU16(w, value),
      describe: ({ value }) => `max payload ${value}`,
    },
    'service-name-error': { code: 0x0201, ...named('service-name error') },
    'ac-system-error': { code: 0x0202, ...named('AC system error') },
    'generic-error': { code: 0x0203, ...named('generic error') },
  },
)

function named(label: string): ValueShape<{ data: Uint8Array }> {
  return {
    read: (r) => ({ data: readRest(r) }),
    write: (w, { data }) => writeBytes(w, data),
    describe: ({ data }) => `${label} ${asText(data)}`,
  }
}

/** The header alone; `PPPOE_HEADER` octets must be there. */
export function decodePppoe(bytes: Uint8Array, at: number): Pppoe {
  const [verType, code] = [bytes[at] as number, bytes[at + 1] as number]
  const header: Pppoe = {
    type: NAMES.get(code) ?? code,
    sessionId: u16At(bytes, at + 2),
    length: u16At(bytes, at + 4),
  }
  if (verType !== VER_TYPE) header.verType = verType
  return header
}

export function readPppoeTags(r: Reader, note: (at: number, reason: string) => void): PppoeTag[] {
  return tags.read(r, note)
}

export function encodePppoe(w: Writer, pppoe: Loose<Pppoe>): void {
  const { type = 'session' } = pppoe
  writeU8(w, pppoe.verType ?? VER_TYPE)
  writeU8(w, typeof type === 'number' ? type : CODES[type])
  writeU16(w, pppoe.sessionId ?? 0)
  writeU16(w, pppoe.length ?? 0)
  if (pppoe.tags) tags.write(w, pppoe.tags as PppoeTag[])
}

/** Fills in the length, where it was left open, now that all that it counts is written. */
export function endPppoe(w: Writer, at: number, { length }: Loose<Pppoe>): void {
  if (length === undefined) setU16(w, at + 4, w.at - at - PPPOE_HEADER)
}

export function describePppoe({ type, sessionId, tags: all }: Pppoe): string {
  const session = `session 0x${sessionId.toString(16).padStart(4, '0')}`
  if (type === 'session') return `PPPoE ${session}`
  const name = typeof type === 'number' ? `code ${type}` : type.toUpperCase()
  return `PPPoE ${name} ${session}${all?.length ? ` ${tags.describe(all)}` : ''}`
}
