import type { Frame } from '../recording/recording.ts'
import { claim } from '../say/claim.ts'
import { prefixContains } from '../wire/address.ts'
import { ra } from '../wire/patterns.ts'
import type { Bench } from './bench.ts'
import { isWan } from './query.ts'
import { granted } from './read.ts'
import { prefixUse } from './windows.ts'

/**
 * The last grant has its time before the recording ends: the router advertises the prefix on the LAN, or has had the time
 * that judgements allow for it. Where it is already advertised, there is no wait.
 */
export async function lastGrantIsUsed({ lan }: Pick<Bench, 'lan'>, frames: readonly Frame[]): Promise<void> {
  const grants = frames.filter(
    ({ port, direction, packet }) => isWan(port) && direction === 'out' && packet.dhcp6?.type === 'reply',
  )
  const prefixes = grants.map(granted).findLast((some) => some.length > 0) ?? []
  const first = grants.find((frame) => granted(frame).some((prefix) => prefixes.includes(prefix)))
  if (!first) return
  await lan.awaits(
    ra({
      prefixInformation: {
        prefix: (prefix: unknown) => prefixes.some((one) => prefixContains(one, String(prefix))),
        validLifetime: (seconds: unknown) => Number(seconds) > 0,
      },
    }),
    { since: first, by: { forced: prefixUse, slack: 0.1, why: claim`the router advertises a prefix on the LAN` } },
  )
}
