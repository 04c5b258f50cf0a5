import { reader, readRest, sameBytes, writeBytes, writer, written } from './bytes.ts'
import type { Shape } from './dhcpv6-shapes.ts'
import { readDomainNames, writeDomainName } from './domain-name.ts'
import { briefList, printable } from './printable.ts'

/** Names in sequence, RFC 8415 section 10. Labels that are cut short or compressed are not this shape. */
export function domains(label: string): Shape<{ domains: string[]; raw?: Uint8Array }> {
  return {
    read(r) {
      const raw = readRest(r)
      if (!isNameList(raw)) return undefined
      const names = readDomainNames(reader(raw))
      return sameBytes(namesBytes(names), raw) ? { domains: names } : { domains: names, raw }
    },
    write: (w, o) => writeBytes(w, o.raw ?? namesBytes(o.domains)),
    describe: (o) => `${label} ${briefList(o.domains.map((domain) => printable(domain)))}`,
  }
}

/** RFC 6334 section 3. */
export const aftrName: Shape<{ name: string; raw?: Uint8Array }> = {
  read(r) {
    const raw = readRest(r)
    if (raw.length === 0 || !isNameList(raw)) return undefined
    const name = readDomainNames(reader(raw))[0] ?? ''
    return sameBytes(namesBytes([name]), raw) ? { name } : { name, raw }
  },
  write: (w, o) => writeBytes(w, o.raw ?? namesBytes([o.name])),
  describe: (o) => `AFTR ${printable(o.name)}`,
}

function namesBytes(names: readonly string[]): Uint8Array {
  const w = writer()
  for (const name of names) writeDomainName(w, name)
  return written(w)
}

/** Whether labels of 1 to 63 octets and closing zeros account for every octet. */
function isNameList(bytes: Uint8Array): boolean {
  let open = false
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0
    if (length > 63) return false
    open = length > 0
    at += 1 + length
    if (at > bytes.length) return false
  }
  return !open
}
