import type { Skipped } from './capture.ts'

/** Link types that captures of home networks have besides Ethernet, as the registry of tcpdump.org names them. */
const LINK_TYPES: { readonly [code: number]: string } = {
  0: 'BSD loopback',
  9: 'PPP',
  51: 'PPP over Ethernet',
  101: 'raw IP',
  105: 'IEEE 802.11',
  113: 'Linux cooked capture',
  127: 'IEEE 802.11 with radiotap',
  228: 'raw IPv4',
  229: 'raw IPv6',
  276: 'Linux cooked capture v2',
}

export const ETHERNET = 1

export function otherLinkType(code: number): string {
  const name = LINK_TYPES[code]
  return `link type ${code}${name ? ` (${name})` : ''} is not Ethernet`
}

/** Counts what is passed over, by reason. */
export function skipping(): { skip(because: string, offset: number): void; all(): Skipped[] } {
  const reasons = new Map<string, Skipped>()
  return {
    skip(because, offset) {
      const known = reasons.get(because)
      if (known) known.packets++
      else reasons.set(because, { packets: 1, because, offset })
    },
    all: () => [...reasons.values()],
  }
}
