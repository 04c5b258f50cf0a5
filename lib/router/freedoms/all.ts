import { delegatedPrefixes } from './delegated-prefixes.ts'
import { delegation } from './delegation.ts'
import { dns } from './dns.ts'
import { firewall } from './firewall.ts'
import type { Freedom } from './freedom.ts'
import { lanDhcpv6 } from './lan-dhcpv6.ts'
import { lanRa } from './lan-ra.ts'
import { neighborDiscovery } from './neighbor-discovery.ts'
import { retransmission } from './retransmission.ts'
import { timing } from './timing.ts'
import { wanClient } from './wan-client.ts'

export const freedoms: Readonly<Record<string, readonly Freedom[]>> = {
  'WAN client': wanClient,
  'ND and SLAAC': neighborDiscovery,
  'LAN RA': lanRa,
  'LAN DHCPv6': lanDhcpv6,
  'prefix delegation': [...delegation, ...delegatedPrefixes],
  'firewall and errors': firewall,
  DNS: dns,
  'timing and boot': [...timing, ...retransmission],
}
