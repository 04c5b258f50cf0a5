import type { Seeded } from '../../time/seed.ts'
import type { Mac } from '../../wire/address.ts'
import { type Duid, duidLl, duidLlt, duidOf, duidUuid } from '../../wire/dhcpv6-duid.ts'
import type { Behavior } from '../behavior.ts'

/** RFC 5612: an enterprise number for examples, in four octets. */
const enterprise = '00007ed9'

/** RFC 9915 section 11: made once, whatever its type. */
export function ownDuid(mac: Mac, random: Seeded, { duidType }: Pick<Behavior, 'duidType'>): Duid {
  const drawn = random.fork('duid')
  switch (duidType) {
    case 'link-layer address':
      return duidLl(mac)
    case 'link-layer address and time':
      return duidLlt(mac, drawn.int(2 ** 30))
    case 'enterprise number':
      return `0002${enterprise}${duidOf(drawn.bytes(20))}`
    case 'link-layer address of zeros':
      return duidLl('00:00:00:00:00:00')
    case 'UUID':
      return duidUuid(duidOf(drawn.bytes(16)))
  }
}
