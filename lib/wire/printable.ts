/**
 * Text from the wire made fit for one line of a terminal: what could forge or hide output (controls, bidirectional
 * and zero-width marks, line separators, lone surrogates, unassigned) is written as `\u{..}`; cut after `max`
 * characters.
 */
export function printable(text: string, max = 60): string {
  return clip(
    text.slice(0, 4 * max).replace(/\p{C}|\p{Zl}|\p{Zp}/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`),
    max,
  )
}

/** Cut to `max` characters, the last one an ellipsis where something is missing. */
export function clip(line: string, max: number): string {
  if (line.length <= max) return line
  const cut = line.slice(0, max - 1)
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** The first `max` octets as hex digits. */
export function briefHex(bytes: Uint8Array, max = 16): string {
  const hex = Array.from(bytes.subarray(0, max), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > max ? `${hex}… (${bytes.length} octets)` : hex
}

/** A list, shortened where it is long: a hostile sender chooses how long. */
export function briefList(items: readonly string[], max = 8): string {
  return items.length > max ? `${items.slice(0, max).join(' ')} … (${items.length})` : items.join(' ')
}
