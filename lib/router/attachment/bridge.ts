import type { Link } from '../../link/link.ts'
import { formatMac } from '../../wire/address.ts'

/** LAN ports that are one link: a learning switch with the router's own port behind it. */
export interface Bridge {
  /** From the router's side. */
  put(frame: Uint8Array): void
}

export function bridge(
  links: readonly Link[],
  mac: string,
  up: () => boolean,
  heard: (frame: Uint8Array) => void,
): Bridge {
  const learned = new Map<string, Link>()
  const spread = (frame: Uint8Array, but?: Link): void => {
    for (const link of links) if (link !== but) link.send(frame)
  }

  for (const link of links)
    link.onFrame((frame) => {
      if (!up() || frame.length < 14) return
      const dst = formatMac(frame, 0)
      learned.set(formatMac(frame, 6), link)
      if (dst === mac) return heard(frame)
      const to = learned.get(dst)
      if (to === undefined) spread(frame, link)
      else if (to !== link) to.send(frame)
      if (((frame[0] as number) & 1) === 1) heard(frame)
    })

  return {
    put(frame) {
      const to = learned.get(formatMac(frame, 0))
      if (to) to.send(frame)
      else spread(frame)
    },
  }
}
