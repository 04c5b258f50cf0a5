import { claim, requirement, the } from 'denat'
import { piosIn } from '../../shared/advertised.ts'
import { cells, changeOnLan, lastLive, type OfChange } from '../../shared/renumbering.ts'
import { atOnce, hostIsMoved, whileItRuns, withdrawing } from '../../shared/withdrawals.ts'

/** RFC 7084 L-13: the limit of RFC 4862 section 5.5.3 e. Seconds. */
const twoHours = 7200

const isDeprecated: OfChange = (evidence, change) => {
  const { old, begun, over, learned } = change
  const before = lastLive(evidence, change, begun)
  const last = Math.max(...piosIn(before, old).map((pio) => pio.validLifetime))
  const frame = evidence.judge.found(
    withdrawing(evidence, change, (valid) => valid <= Math.min(last, twoHours), over),
    over,
    claim`The router advertises the old prefix in ${the.name(old)} with preferred lifetime 0, and valid lifetime 0 or the remaining one.`,
    before,
    learned,
  )
  atOnce(evidence, change, frame)
  evidence.judge.note(claim`This RA advertises the new prefix.`, changeOnLan(evidence, change))
}

export const requirements = [
  requirement('RFC7084-L-13', {
    ...cells('RA', isDeprecated, ...whileItRuns),
    ...cells('SLAAC host', hostIsMoved('RFC7084-L-13'), ...whileItRuns),
  }),
]
