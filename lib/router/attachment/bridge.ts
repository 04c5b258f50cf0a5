import type { Link } from '../../link/link.ts'
import { formatMac } from '../../wire/address.ts'
import { ETHERNET_HEADER } from '../../wire/ethernet.ts'

/** LAN ports that are one link: a learning switch with the router's own port, of this MAC, behind it. */
export function bridge(
  links: readonly Link[],
  mac: string,
  up: () => boolean,
): Pick<Link, 'send' | 'onFrame' | 'onCarrier'> {
  let receive: (frame: Uint8Array, at: number) => void = () => {}
  const learned = new Map<string, Link>()
  const spread = (frame: Uint8Array, but?: Link): void => {
    for (const link of links) if (link !== but) link.send(frame)
  }

  for (const link of links)
    link.onFrame((frame, at) => {
      if (!up() || frame.length < ETHERNET_HEADER) return
      const dst = formatMac(frame, 0)
      learned.set(formatMac(frame, 6), link)
      if (dst === mac) return receive(frame, at)
      const to = learned.get(dst)
      if (to === undefined) spread(frame, link)
      else if (to !== link) to.send(frame)
      if (((frame[0] as number) & 1) === 1) receive(frame, at)
    })

  return {
    send(frame) {
      const to = learned.get(formatMac(frame, 0))
      if (to) to.send(frame)
      else spread(frame)
    },
    onFrame(listener) {
      receive = listener
    },
    onCarrier() {},
  }
}
