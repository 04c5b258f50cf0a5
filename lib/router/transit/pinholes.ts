import type { Pinhole } from '../../web-ui/port.ts'
import { addressIn, inPrefix } from '../../wire/address.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Behavior } from '../behavior.ts'
import type { LanPrefixes } from '../lan/lan-prefixes.ts'

/** A pinhole is for a host: behind a new prefix it is found by its interface identifier. */
export function pinholeAdmits(
  behavior: Behavior,
  pinholes: readonly (Pinhole & { lan: number })[],
  { ip6, tcp, udp }: Packet,
  prefixes: LanPrefixes,
): boolean {
  if (!ip6 || behavior.pinholes === 'ignored') return false
  return pinholes.some(({ host, protocol, port, lan }) => {
    const here = behavior.pinholesFollowPrefix
      ? prefixes
          .inForce()
          .filter((one) => one.lan === lan)
          .map(({ prefix }) => addressIn(prefix, host))
          .includes(ip6.dst)
      : inPrefix(ip6.dst, `${host}/128`)
    const header = protocol === 'tcp' ? tcp : udp
    return here && header !== undefined && (header.dstPort === port || behavior.pinholes === 'whole host')
  })
}
