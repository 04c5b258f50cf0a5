import { isLinkLocal, isMulticast, solicitedNode } from '../wire/address.ts'
import type { Packet } from '../wire/packet.ts'

/** Whether a Neighbor Discovery message is valid: RFC 4861 sections 6.1.1, 6.1.2, 7.1.1 and 7.1.2, RFC 6980 section 5. */
export function isValidDiscovery({ ip6, ext = [], icmp6, malformed }: Packet): boolean {
  if (!ip6 || !icmp6 || !('options' in icmp6) || malformed || icmp6.badChecksum) return false
  if (ip6.hopLimit !== 255 || icmp6.code !== 0 || ext.some(({ type }) => type === 'fragment')) return false
  const { src, dst } = ip6
  const namesItself = icmp6.options.some(({ type }) => type === 'source-link-layer')
  switch (icmp6.type) {
    case 'router-solicitation':
      return src !== '::' || !namesItself
    case 'router-advertisement':
      return isLinkLocal(src)
    case 'neighbor-solicitation':
      if (isMulticast(icmp6.target)) return false
      return src !== '::' || (dst === solicitedNode(icmp6.target) && !namesItself)
    case 'neighbor-advertisement':
      return !isMulticast(icmp6.target) && !(icmp6.solicited && isMulticast(dst))
    default:
      return true
  }
}
