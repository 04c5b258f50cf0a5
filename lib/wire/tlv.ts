import {
  left,
  type Reader,
  readInner,
  readRest,
  readU8,
  readU16,
  setU8,
  setU16,
  type Writer,
  writeBytes,
  writeU8,
  writeU16,
} from './bytes.ts'
import { briefHex, printable } from './printable.ts'

/** The value of one type: what `read` leaves, runs short of or answers with undefined does not have this shape. */
export interface ValueShape<Fields> {
  read(r: Reader): Fields | undefined
  write(w: Writer, fields: Fields): void
  describe(fields: Fields): string
}

/** A type that no table knows, or a value that its type can't have; then the octets that no length explains. */
export type RawTlv = { type: number; data: Uint8Array } | { type: 'malformed'; data: Uint8Array }

export type TlvTable<T extends { type: string | number }> = {
  readonly [N in Exclude<Extract<T['type'], string>, 'malformed'>]: { code: number } & ValueShape<
    Omit<Named<T, N>, 'type'>
  >
}

/** The variant that has this name, alone or among others. */
type Named<T, N> = T extends { type: infer Name } ? (N extends Name ? T : never) : never

export interface TlvFormat {
  /** Octets of the type, and as many of the length. */
  octets: 1 | 2
  /** Type and length count in the length. */
  headerCounts: boolean
}

/** How many of one list a line describes. */
const MAX_DESCRIBED = 24

/** Lists of type, length and value: tags of PPPoE, options of PPP. `note` is called with the first that makes no sense. */
export function tlvs<T extends { type: string | number }>({ octets, headerCounts }: TlvFormat, table: TlvTable<T>) {
  const codecs = table as unknown as { [name: string]: { code: number } & ValueShape<object> }
  const names = new Map(Object.entries(codecs).map(([name, { code }]) => [code, name]))
  const header = 2 * octets
  const readNumber = octets === 1 ? readU8 : readU16
  const writeNumber = octets === 1 ? writeU8 : writeU16
  const setNumber = octets === 1 ? setU8 : setU16

  function readOne(r: Reader, note: (at: number, reason: string) => void): object {
    const start = r.at
    const code = readNumber(r)
    const length = readNumber(r) - (headerCounts ? header : 0)
    if (r.short || length < 0 || length > left(r)) {
      note(start, 'none has this length')
      const data = r.bytes.subarray(start, r.end)
      r.at = r.end
      return { type: 'malformed', data }
    }
    const value = readInner(r, length)
    const { at, end } = value
    const name = names.get(code)
    if (name === undefined) return { type: code, data: readRest(value) }
    const fields = codecs[name]?.read(value)
    if (fields !== undefined && !value.short && left(value) === 0) return { type: name, ...fields }
    note(start, `${name} can't have ${length} octets`)
    return { type: code, data: value.bytes.subarray(at, end) }
  }

  function writeOne(w: Writer, one: { type: string | number }): void {
    const { type, data = new Uint8Array() } = one as { type: string | number; data?: Uint8Array }
    if (type === 'malformed') {
      writeBytes(w, data)
      return
    }
    const start = w.at
    writeNumber(w, typeof type === 'number' ? type : (codecs[type]?.code ?? 0))
    writeNumber(w, 0)
    if (typeof type === 'number') writeBytes(w, data)
    else codecs[type]?.write(w, one)
    setNumber(w, start + octets, w.at - start - (headerCounts ? 0 : header))
  }

  function describeOne(one: { type: string | number }): string {
    const { type, data = new Uint8Array() } = one as { type: string | number; data?: Uint8Array }
    if (typeof type === 'string' && type !== 'malformed') return codecs[type]?.describe(one) ?? type
    return `${type} ${briefHex(data)}`
  }

  return {
    /** The code of each name. */
    codes: Object.fromEntries([...names].map(([code, name]) => [name, code])) as { readonly [name: string]: number },
    read(r: Reader, note: (at: number, reason: string) => void): T[] {
      const all: T[] = []
      while (left(r) > 0) all.push(readOne(r, note) as T)
      return all
    },
    write(w: Writer, all: readonly T[]): void {
      for (const one of all) writeOne(w, one)
    },
    describe(all: readonly T[]): string {
      const texts = all.slice(0, MAX_DESCRIBED).map(describeOne)
      return [...texts, ...(all.length > MAX_DESCRIBED ? [`… (${all.length})`] : [])].join(', ')
    },
  }
}

export function octetsAs(label: string): ValueShape<{ data: Uint8Array }> {
  return {
    read: (r) => ({ data: readRest(r) }),
    write: (w, { data }) => writeBytes(w, data),
    describe: ({ data }) => (data.length === 0 ? label : `${label} ${briefHex(data)}`),
  }
}

/** What is text to a reader, and octets to the protocol. */
export function asText(data: Uint8Array): string {
  return `"${printable(new TextDecoder().decode(data.subarray(0, 240)))}"`
}
