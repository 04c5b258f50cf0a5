import type { Ipv4Address } from './address.ts'
import { readBytes, readIpv4, readRest, readU16, readU32, writeBytes, writeIpv4, writeU16, writeU32 } from './bytes.ts'
import { briefHex, printable } from './printable.ts'
import { type RawTlv, tlvs, type ValueShape } from './tlv.ts'

export type NegotiationLayer = 'lcp' | 'ipcp' | 'ipv6cp'

export type ControlLayer = NegotiationLayer | 'pap' | 'chap'

/** RFC 1661 section 6. */
type LcpOption =
  | { type: 'mru'; value: number }
  /** 0xc023 PAP, 0xc223 CHAP; `data` is CHAP's algorithm: 5 MD5. */
  | { type: 'authentication-protocol'; protocol: number; data: Uint8Array }
  | { type: 'magic-number'; value: number }
  | { type: 'protocol-field-compression' | 'address-and-control-field-compression' }

/** RFC 1332 section 3.3, RFC 1877 section 1. */
type IpcpOption = { type: 'ip-address' | 'primary-dns' | 'secondary-dns'; address: Ipv4Address }

/** RFC 5072 section 4.1: eight octets. */
type Ipv6cpOption = { type: 'interface-identifier'; interfaceId: Uint8Array }

export type PppOption<L extends NegotiationLayer> =
  | { lcp: LcpOption; ipcp: IpcpOption; ipv6cp: Ipv6cpOption }[L]
  | RawTlv

/** RFC 1661 section 6: the length counts type and length as well. */
const format = { octets: 1, headerCounts: true } as const

export const pppOptions = {
  lcp: tlvs<PppOption<'lcp'>>(format, {
    mru: {
      code: 1,
      read: (r) => ({ value: readU16(r) }),
      write: (w, { value }) => writeU16(w, value),
      describe: ({ value }) => `MRU ${value}`,
    },
    'authentication-protocol': {
      code: 3,
      read: (r) => ({ protocol: readU16(r), data: readRest(r) }),
      write(w, { protocol, data }) {
        writeU16(w, protocol)
        writeBytes(w, data)
      },
      describe: ({ protocol, data }) => `authentication 0x${protocol.toString(16)} ${briefHex(data)}`.trimEnd(),
    },
    'magic-number': {
      code: 5,
      read: (r) => ({ value: readU32(r) }),
      write: (w, { value }) => writeU32(w, value),
      describe: ({ value }) => `magic 0x${value.toString(16).padStart(8, '0')}`,
    },
    'protocol-field-compression': { code: 7, ...empty('PFC') },
    'address-and-control-field-compression': { code: 8, ...empty('ACFC') },
  }),
  ipcp: tlvs<PppOption<'ipcp'>>(format, {
    'ip-address': { code: 3, ...address('address') },
    'primary-dns': { code: 129, ...address('DNS') },
    'secondary-dns': { code: 131, ...address('second DNS') },
  }),
  ipv6cp: tlvs<PppOption<'ipv6cp'>>(format, {
    'interface-identifier': {
      code: 1,
      read: (r) => ({ interfaceId: readBytes(r, 8) }),
      write: (w, { interfaceId }) => writeBytes(w, interfaceId),
      describe: ({ interfaceId }) => `interface-id ${briefHex(interfaceId)}`,
    },
  }),
}

export function describePppOptions<L extends NegotiationLayer>(layer: L, options: readonly PppOption<L>[]): string {
  return pppOptions[layer].describe(options as never[])
}

function empty(label: string): ValueShape<object> {
  return { read: () => ({}), write: () => {}, describe: () => label }
}

function address(label: string): ValueShape<{ address: Ipv4Address }> {
  return {
    read: (r) => ({ address: readIpv4(r) }),
    write: (w, one) => writeIpv4(w, one.address),
    describe: (one) => `${label} ${printable(one.address)}`,
  }
}
