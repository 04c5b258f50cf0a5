import { left, type Reader, readBytes, readU8, type Writer, writeU8 } from './bytes.ts'

const MAX_LABEL = 63

/**
 * Reads domain names one after the other until the end, the padding or what is no whole name, and stops there: RFC 1035
 * section 3.1 without compression. Octets become characters one for one. A caller that must return the same bytes writes
 * the names again and keeps the bytes where they differ.
 */
export function readDomainNames(r: Reader): string[] {
  const names: string[] = []
  let start = r.at
  for (let name = readName(r); name !== ''; name = readName(r)) {
    names.push(name)
    start = r.at
  }
  r.at = start
  return names
}

function readName(r: Reader): string {
  let name = ''
  while (left(r) > 0) {
    const length = readU8(r)
    if (length === 0) return name
    if (length > MAX_LABEL || length > left(r)) return ''
    if (name !== '') name += '.'
    for (const byte of readBytes(r, length)) name += String.fromCharCode(byte)
  }
  return ''
}

/** Labels longer than 63 octets are written as they are, with a length octet of 8 bits. */
export function writeDomainName(w: Writer, name: string): void {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  for (const label of plain === '' ? [] : plain.split('.')) {
    writeU8(w, label.length)
    for (let i = 0; i < label.length; i++) writeU8(w, label.charCodeAt(i))
  }
  writeU8(w, 0)
}
