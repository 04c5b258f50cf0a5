import type { Freedom } from './freedom.ts'
import { lanRa } from './lan-ra.ts'
import { neighborDiscovery } from './neighbor-discovery.ts'
import { retransmission } from './retransmission.ts'
import { wanClient } from './wan-client.ts'

export const freedoms: Readonly<Record<string, readonly Freedom[]>> = {
  'WAN client': wanClient,
  'ND and SLAAC': neighborDiscovery,
  'LAN RA': lanRa,
  'timing and boot': retransmission,
}
