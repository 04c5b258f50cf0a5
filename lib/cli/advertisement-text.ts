import { isLinkLocal } from '../wire/address.ts'
import { decodeIcmpv6, type RouterAdvertisement } from '../wire/icmpv6.ts'
import { describeLifetime, describeNdOption, type NdOption, ndOption } from '../wire/nd-options.ts'
import { printable } from '../wire/printable.ts'

const bit = (set: boolean | undefined): number => (set ? 1 : 0)
const seconds = (lifetime: number): string => (lifetime === 0xffffffff ? 'infinite' : `${describeLifetime(lifetime)} s`)
/** RFC 4861 section 4.2: 0 leaves it to the host. */
const orUnspecified = (value: number, unit = ''): string => (value === 0 ? 'unspecified' : `${value}${unit}`)

/** The fields of a Router Advertisement, one per line, by the names of the RFCs; undefined for other messages. */
export function advertisementText(message: Uint8Array, source: string): string[] | undefined {
  const type = 134
  if (message[0] !== type) return undefined
  const decoded = decodeIcmpv6(message, 0, message.length)
  const broken = decoded.malformed
    ? [`malformed at octet ${decoded.malformed.offset}: ${decoded.malformed.reason}`]
    : []
  if (decoded.message?.type !== 'router-advertisement') return broken
  const ra = decoded.message as RouterAdvertisement
  const mac = ndOption(ra, 'source-link-layer')?.mac
  return [
    ...(isLinkLocal(source) ? [] : ['not from a link-local address: hosts ignore it (RFC 4861 section 6.1.2)']),
    `Router Lifetime ${seconds(ra.routerLifetime)}${ra.routerLifetime === 0 ? ' (not a default router)' : ''}, preference ${ra.preference}`,
    `M=${bit(ra.managed)} O=${bit(ra.other)}${ra.reservedFlags ? ` other flags 0x${ra.reservedFlags.toString(16)}` : ''} (${configuration(ra)})`,
    `Cur Hop Limit ${orUnspecified(ra.hopLimit)}, Reachable Time ${orUnspecified(ra.reachableTime, ' ms')}, Retrans Timer ${orUnspecified(ra.retransTimer, ' ms')}`,
    ...(mac ? [`MAC ${mac}`] : []),
    ...ra.options
      .filter((option) => option.type !== 'source-link-layer')
      .map((option) => printable(optionText(option), 400)),
    ...broken,
  ]
}

function configuration({ managed, other }: RouterAdvertisement): string {
  if (managed) return 'addresses by DHCPv6'
  return other ? 'no addresses by DHCPv6, but other settings' : 'no DHCPv6'
}

function optionText(option: NdOption): string {
  switch (option.type) {
    case 'prefix-information': {
      const { prefix, onLink, autonomous, routerAddress, pdPreferred } = option
      const flags = [`L=${bit(onLink)}`, `A=${bit(autonomous)}`, routerAddress && 'R=1', pdPreferred && 'P=1']
      return `PIO ${prefix}  ${flags.filter(Boolean).join(' ')}, preferred ${seconds(option.preferredLifetime)}, valid ${seconds(option.validLifetime)}`
    }
    case 'route-information':
      return `RIO ${option.prefix}  preference ${option.preference}, lifetime ${seconds(option.lifetime)}`
    case 'rdnss':
      return `RDNSS ${option.servers.join(' ')}  lifetime ${seconds(option.lifetime)}`
    case 'dnssl': {
      const overrun = option.overrun ? ` (${option.overrun.length} octets are no name)` : ''
      return `DNSSL ${option.domains.join(' ')}${overrun}  lifetime ${seconds(option.lifetime)}`
    }
    default:
      return describeNdOption(option)
  }
}
