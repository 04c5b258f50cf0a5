import type { Evidence } from 'denat'
import { expired, nameAsked } from '../scenarios/wan-prefixes.ts'

/** Packets that the router itself sends to the Internet, when the bench causes them. */
export function ownPackets({ wan, at, every }: Evidence, when: 'without-address' | 'deprecated') {
  const { mark: asked, name } = at(nameAsked, (one) => one.when === when)
  const queries = wan.fromDut
    .all({ udp: { dstPort: 53 }, ip6: {}, dns: { type: 'query' } }, { after: asked })
    .filter(({ packet }) => packet.dns?.questions.some((one) => one.name.toLowerCase() === name.toLowerCase()))
  const errors = every(expired).flatMap((one) => (one.when === when && one.error ? [one.error] : []))
  return { asked, queries, errors }
}
