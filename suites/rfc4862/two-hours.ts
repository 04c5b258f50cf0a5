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
        ? claim`The address is kept beyond the RA that cut its valid lifetime to 0: the two-hour rule holds.`
        : claim`The address is gone with the RA that cut its valid lifetime to 0: the two-hour rule does not hold.`,
      gone,
      ...(kept ? [kept] : []),
    )
    const { asked, queries, errors } = ownPackets(evidence, 'deprecated')
    const own = [...queries, ...errors]
    if (own.length === 0) return notApplicable(claim`The router says nothing to the Internet of its own here.`, asked)
    judge.each(
      own,
      claim`Preferred Lifetime 0 takes effect: the router speaks to the Internet from that address no longer.`,
      ({ packet }) => {
        const source = packet.ip6?.src
        return source !== undefined && inPrefix(source, prefix) ? claim`source ${the.name(source)}` : undefined
      },
    )
  }),
]
