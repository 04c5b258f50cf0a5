import type { Freedom } from './freedom.ts'
import { lanRa } from './lan-ra.ts'
import { retransmission } from './retransmission.ts'
import { wanClient } from './wan-client.ts'

export const freedoms: Readonly<Record<string, readonly Freedom[]>> = {
  'WAN client': wanClient,
  retransmission,
  'LAN RA': lanRa,
}
