import { isGua } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mutant } from './mutant.ts'

/** Rewrites packets of hosts that leave on the WAN, as if a translator sat there. */
const masquerade = (frame: Uint8Array, port: string): Uint8Array => {
  const packet = decode(frame)
  const { ip6, udp, tcp, icmp6 } = packet
  const flow = udp ?? tcp ?? (icmp6?.type === 'echo-request' ? icmp6 : undefined)
  if (!port.startsWith('wan') || !ip6 || !flow || !isGua(ip6.src) || !isGua(ip6.dst) || packet.dhcp6) return frame
  return encode({
    ...packet,
    ip6: { ...ip6, src: '2d00:100:ffff::66' },
    ...(udp ? { udp: { ...udp, checksum: undefined } } : {}),
    ...(tcp ? { tcp: { ...tcp, checksum: undefined } } : {}),
    ...(icmp6 ? { icmp6: { ...icmp6, checksum: undefined } } : {}),
  })
}

/** Leaves a wrong checksum on forwarded UDP, as a broken offload does. */
const brokenOffload = (frame: Uint8Array): Uint8Array => {
  const packet = decode(frame)
  if (!packet.udp || !packet.ip6 || packet.dhcp6) return frame
  return encode({ ...packet, udp: { ...packet.udp, checksum: packet.udp.checksum ^ 0x1111 } })
}

export const frames: Mutant[] = [
  {
    name: 'nat66',
    story: 'All hosts leave on the WAN with one source address.',
    violates: ['DENAT-NONAT66-1', 'RFC9818-LPD-6', 'DENAT-DEFAULT-1', 'DENAT-PD-1'],
    behaviour: { tap: masquerade },
  },
  {
    name: 'broken-checksum-offload',
    story: 'UDP packets leave with a wrong checksum.',
    violates: ['RFC8200-8.1-CHECKSUM'],
    behaviour: { tap: brokenOffload },
  },
]
