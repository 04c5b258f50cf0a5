import {
  left,
  type Reader,
  readBytes,
  reader,
  readRest,
  readU8,
  setU16,
  u16At,
  type Writer,
  writeBytes,
  writeU8,
  writeU16,
} from './bytes.ts'
import type { Loose } from './loose.ts'
import {
  type ControlLayer,
  describePppOptions,
  type NegotiationLayer,
  type PppOption,
  pppOptions,
} from './ppp-options.ts'
import { briefHex } from './printable.ts'
import { asText } from './tlv.ts'

/** RFC 1661 section 2. */
export interface Ppp {
  /** 0x0057 IPv6, 0x0021 IPv4, 0xc021 LCP. Computed from the next layer when left out. */
  protocol: number
  /** The protocol is one octet: RFC 1661 section 6.5. */
  compressed?: true
}

/** Code, identifier, length: RFC 1661 section 5. What `length` does not count is padding, and so the frame's trailer. */
interface ControlHeader {
  id: number
  /** Octets with the header of four, as stated on the wire. */
  length: number
}

/** RFC 1661 section 5; a code that has no name, or a body that its code can't have, is raw. */
type Negotiation<L extends NegotiationLayer> = ControlHeader &
  (
    | { type: ConfigureType; options: PppOption<L>[] }
    | { type: Exclude<(typeof LCP_TYPES)[number], ConfigureType> | number; data: Uint8Array }
  )

type ConfigureType = (typeof CONFIGURE)[number]

export type Lcp = Negotiation<'lcp'>
/** RFC 1332. */
export type Ipcp = Negotiation<'ipcp'>
/** RFC 5072 section 3. */
export type Ipv6cp = Negotiation<'ipv6cp'>

/** RFC 1334 section 2.2. */
export type Pap = ControlHeader &
  (
    | { type: 'authenticate-request'; peerId: Uint8Array; password: Uint8Array }
    | { type: 'authenticate-ack' | 'authenticate-nak'; message: Uint8Array }
    | { type: number; data: Uint8Array }
  )

/** RFC 1994 section 4. */
export type Chap = ControlHeader &
  (
    | { type: 'challenge' | 'response'; value: Uint8Array; name: Uint8Array }
    | { type: 'success' | 'failure'; message: Uint8Array }
    | { type: number; data: Uint8Array }
  )

type Control = Lcp | Ipcp | Ipv6cp | Pap | Chap

export const PPP_PROTOCOL = {
  ip4: 0x0021,
  ip6: 0x0057,
  ipcp: 0x8021,
  ipv6cp: 0x8057,
  lcp: 0xc021,
  pap: 0xc023,
  chap: 0xc223,
} as const

const CONFIGURE = ['configure-request', 'configure-ack', 'configure-nak', 'configure-reject'] as const
const NCP_TYPES = [...CONFIGURE, 'terminate-request', 'terminate-ack', 'code-reject'] as const
const LCP_TYPES = [...NCP_TYPES, 'protocol-reject', 'echo-request', 'echo-reply', 'discard-request'] as const

/** Names of codes, from 1. */
const TYPES: { readonly [L in ControlLayer]: readonly string[] } = {
  lcp: LCP_TYPES,
  ipcp: NCP_TYPES,
  ipv6cp: NCP_TYPES,
  pap: ['authenticate-request', 'authenticate-ack', 'authenticate-nak'],
  chap: ['challenge', 'response', 'success', 'failure'],
}

export const CONTROL_LAYERS = Object.keys(TYPES) as ControlLayer[]

const CONTROL_HEADER = 4

/** Octets of the protocol field, or 0 where it is not all there. */
export function pppHeaderLength(bytes: Uint8Array, at: number, end: number): 0 | 1 | 2 {
  if (at >= end) return 0
  // RFC 1661 section 2: bit 0 of the last octet is 1, of one before it 0.
  if (((bytes[at] as number) & 1) === 1) return 1
  return at + 2 <= end ? 2 : 0
}

export function decodePpp(bytes: Uint8Array, at: number, length: 1 | 2): Ppp {
  return length === 1 ? { protocol: bytes[at] as number, compressed: true } : { protocol: u16At(bytes, at) }
}

export function encodePpp(w: Writer, ppp: Loose<Ppp>, protocol: number): void {
  if (ppp.compressed) writeU8(w, ppp.protocol ?? protocol)
  else writeU16(w, ppp.protocol ?? protocol)
}

/** The layer that carries control packets of this protocol. */
export function controlLayer(protocol: number): ControlLayer | undefined {
  return CONTROL_LAYERS.find((layer) => PPP_PROTOCOL[layer] === protocol)
}

export interface ControlResult {
  message?: Control
  /** Where its padding begins. */
  end: number
  malformed?: { offset: number; reason: string }
}

/** Reads a control packet; without a message, its octets are not read. */
export function decodeControl(layer: ControlLayer, bytes: Uint8Array, at: number, end: number): ControlResult {
  const length = at + CONTROL_HEADER <= end ? u16At(bytes, at + 2) : 0
  if (length < CONTROL_HEADER || at + length > end) {
    return { end: at, malformed: { offset: at, reason: `length ${length}, ${end - at} octets there` } }
  }
  const code = bytes[at] as number
  const name = TYPES[layer][code - 1]
  const body = reader(bytes, at + CONTROL_HEADER, at + length)
  const header = { id: bytes[at + 1] as number, length }
  const result: ControlResult = { end: at + length }
  const note = (offset: number, reason: string) => {
    result.malformed ??= { offset, reason }
  }
  const fields = name === undefined ? undefined : readBody(layer, name, body, note)
  if (name !== undefined && fields !== undefined && !body.short && left(body) === 0) {
    result.message = { type: name, ...header, ...fields } as ControlResult['message']
    return result
  }
  if (name !== undefined) note(at, `${name} can't have this body`)
  const data = bytes.subarray(at + CONTROL_HEADER, at + length)
  return { ...result, message: { type: code, ...header, data } }
}

function readBody(layer: ControlLayer, type: string, r: Reader, note: (at: number, reason: string) => void): object {
  switch (layer) {
    case 'pap':
      return type === 'authenticate-request'
        ? { peerId: readBytes(r, readU8(r)), password: readBytes(r, readU8(r)) }
        : { message: readBytes(r, readU8(r)) }
    case 'chap':
      return type === 'challenge' || type === 'response'
        ? { value: readBytes(r, readU8(r)), name: readRest(r) }
        : { message: readRest(r) }
    default:
      return isConfigure(type) ? { options: pppOptions[layer].read(r, note) } : { data: readRest(r) }
  }
}

function isConfigure(type: string): type is ConfigureType {
  return (CONFIGURE as readonly string[]).includes(type)
}

/** Any of the five, with its fields as they may be there. */
type AnyControl = Partial<ControlHeader> & {
  type?: string | number
  options?: unknown
  data?: Uint8Array
  peerId?: Uint8Array
  password?: Uint8Array
  message?: Uint8Array
  value?: Uint8Array
  name?: Uint8Array
}

export function encodeControl(w: Writer, layer: ControlLayer, given: Loose<Control>): void {
  const message = given as AnyControl
  const start = w.at
  const { type = 1 } = message
  writeU8(w, typeof type === 'number' ? type : TYPES[layer].indexOf(type) + 1)
  writeU8(w, message.id ?? 0)
  writeU16(w, message.length ?? 0)
  if (typeof type === 'number') writeBytes(w, message.data ?? new Uint8Array())
  else writeBody(w, layer, type, message)
  if (message.length === undefined) setU16(w, start + 2, w.at - start)
}

function writeBody(w: Writer, layer: ControlLayer, type: string, message: AnyControl): void {
  const { peerId, password, value, name, data } = message
  if (layer === 'pap') {
    for (const field of type === 'authenticate-request' ? [peerId, password] : [message.message]) {
      writeU8(w, field?.length ?? 0)
      if (field) writeBytes(w, field)
    }
  } else if (layer === 'chap') {
    const answers = type === 'success' || type === 'failure'
    if (!answers) writeU8(w, value?.length ?? 0)
    for (const field of answers ? [message.message] : [value, name]) if (field) writeBytes(w, field)
  } else if (isConfigure(type)) {
    pppOptions[layer].write(w, (message.options ?? []) as never[])
  } else if (data) writeBytes(w, data)
}

export function describeControl(layer: ControlLayer, given: Control): string {
  const message = given as AnyControl
  const { type = 1, id } = message
  const title = `${layer.toUpperCase()} ${typeof type === 'number' ? `code ${type}` : type} id ${id}`
  const fields = [
    message.options && describePppOptions(layer as NegotiationLayer, message.options as never[]),
    message.data?.length && briefHex(message.data),
    message.peerId && `peer ${asText(message.peerId)}`,
    message.name && `name ${asText(message.name)}`,
    message.message?.length && asText(message.message),
  ]
  return [title, ...fields].filter(Boolean).join(' ')
}
