import { markOf, type PacketInit } from 'denat'

/** The first RA of a scenario that has the line silent until then. */
export const firstAdvertised = markOf('first-ra', { frames: ['sent'] })

type RouterAdvertisement = Extract<NonNullable<PacketInit['icmp6']>, { type?: 'router-advertisement' }>
type NdOption = NonNullable<RouterAdvertisement['options']>[number]
type PrefixInformation = Extract<NdOption, { type: 'prefix-information' }>

/** A Router Advertisement of a default router, to all nodes; `fields` is where it differs. */
export function advertisement(fields: RouterAdvertisement = {}): PacketInit {
  return {
    ip6: { dst: 'ff02::1' },
    icmp6: {
      type: 'router-advertisement',
      hopLimit: 64,
      managed: false,
      other: true,
      preference: 'medium',
      routerLifetime: 1800,
      reachableTime: 0,
      retransTimer: 0,
      options: [],
      ...fields,
    },
  }
}

/** A PIO from which addresses are formed, without a statement on what is on-link. */
export function pio(prefix: string, fields: Partial<PrefixInformation> = {}): PrefixInformation {
  return {
    type: 'prefix-information',
    prefix,
    onLink: false,
    autonomous: true,
    validLifetime: 14_400,
    preferredLifetime: 7200,
    ...fields,
  }
}
