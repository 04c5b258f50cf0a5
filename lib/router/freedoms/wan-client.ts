import type { Freedom } from './freedom.ts'

export const wanClient: Freedom[] = [
  {
    name: 'prefix-hint-none',
    clause: 'RFC 8415 section 18.2.1: a client may name the prefix length that it would like',
    behaviour: { prefixHint: undefined },
    warns: { 'RFC7084-WPD-2': 'it is about the hint: not applicable without one' },
  },
]
