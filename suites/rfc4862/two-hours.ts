import { claim, inPrefix, requirement, the } from 'denat'
import { twoPrefixes, wanPrefixes, withdrawn, withdrawnAsked } from '../scenarios/wan-prefixes.ts'
import { formed } from '../shared/formed.ts'
import { ownPackets } from '../shared/own-packets.ts'

export const requirements = [
  requirement('RFC4862-5.5.3-TWOHOUR', wanPrefixes, (evidence) => {
    const { judge, given, at, every, notApplicable } = evidence
    const added = at(twoPrefixes)
    for (const prefix of [added.wanPrefix, added.other])
      given(formed(evidence, prefix, { after: added.mark }), 'RFC7084-WAA-1')
    const { prefix, mark: gone } = at(withdrawn)
    const kept = every(withdrawnAsked)[0]?.answer
    judge.note(
      kept
        ? claim`The router keeps the address after an RA with valid lifetime 0: it follows the two-hour rule.`
        : claim`The router removes the address after an RA with valid lifetime 0: it does not follow the two-hour rule.`,
      gone,
      ...(kept ? [kept] : []),
    )
    const { asked, queries, errors } = ownPackets(evidence, 'deprecated')
    const own = [...queries, ...errors]
    if (own.length === 0)
      return notApplicable(claim`The router sends no packet of its own to the Internet in this recording.`, asked)
    judge.each(
      own,
      claim`After Preferred Lifetime 0 the router no longer sends packets to the Internet from that address.`,
      ({ packet }) => {
        const source = packet.ip6?.src
        return source !== undefined && inPrefix(source, prefix) ? claim`source ${the.address(source)}` : undefined
      },
    )
  }),
]
