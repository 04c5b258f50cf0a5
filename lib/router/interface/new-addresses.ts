import { type Ipv6Address, isLinkLocal } from '../../wire/address.ts'
import type { NdOption } from '../../wire/nd-options.ts'
import type { PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'

/** RFC 9131 section 6.1.2: the routers of the link learn a new address before they have to resolve it. */
export function announceNewAddress(
  { clock, behavior }: Context,
  target: Ipv6Address,
  named: NdOption[],
  send: (packet: PacketInit) => void,
): void {
  const again = (left: number): void => {
    if (left === 0) return
    send({
      ip6: { src: target, dst: behavior.newAddressAdvertisedTo, hopLimit: 255 },
      icmp6: {
        type: 'neighbor-advertisement',
        router: behavior.routerFlag !== 'never',
        solicited: false,
        override: behavior.newAddressOverrides,
        target,
        options: named,
      },
    })
    clock.after(behavior.newAddressInterval, () => again(left - 1))
  }
  if (!isLinkLocal(target) || behavior.linkLocalAnnounced) again(behavior.newAddressAdvertisements)
}

/** RFC 4861 section 7.2.6: neighbors that knew its former holder need not ask. */
export function announceToHosts(target: Ipv6Address, named: NdOption[], send: (packet: PacketInit) => void): void {
  send({
    ip6: { src: target, dst: 'ff02::1', hopLimit: 255 },
    icmp6: {
      type: 'neighbor-advertisement',
      router: true,
      solicited: false,
      override: true,
      target,
      options: named,
    },
  })
}
