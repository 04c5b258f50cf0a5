import { BROADCAST_MAC } from '../wire/address.ts'
import type { PacketInit } from '../wire/packet.ts'

/** IEEE 802 local experimental EtherType: every switch passes it on, no host answers it. */
const localExperimental = 0x88b5

/** A broadcast that shows which ports share a link: what goes into one of them comes out of the others. */
export const segmentProbe = (port: string): PacketInit => ({
  eth: { dst: BROADCAST_MAC, type: localExperimental },
  payload: new TextEncoder().encode(`segment probe from ${port}`.padEnd(46)),
})
