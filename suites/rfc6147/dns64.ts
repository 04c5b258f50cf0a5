import { claim, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { resolverIsUp } from '../shared/resolver-up.ts'
import { anyAnnounced } from '../shared/resolvers.ts'
import { nat64Discovery } from '../steps/name-service.ts'

export const requirements = [
  requirement('RFC6147-DNS64-PASS', ipv6OnlyLine, (evidence) => {
    const { wan, judge, given, assume, at } = evidence
    anyAnnounced(evidence)
    const { answer, mark } = at(nat64Discovery)
    assume(resolverIsUp(evidence, mark), 'DENAT-V6ONLY-WAN')
    const received = given(answer, 'RFC7084-DNS-LOCAL')
    const upstream = wan.toDut.first({
      dns: { type: 'response', questions: [{ name: 'ipv4only.arpa', type: 'AAAA' }] },
    })
    for (const address of ['64:ff9b::c000:aa', '64:ff9b::c000:ab']) {
      const record = received.packet.dns?.answers.find(({ type, data }) => type === 'AAAA' && data === address)
      judge.holds(
        record !== undefined && (record.ttl ?? 0) > 0,
        claim`The answer for ipv4only.arpa contains ${the.address(address)}, as in the answer of the ISP's resolver.`,
        record
          ? claim`TTL ${record.ttl ?? the.name(undefined)}`
          : claim`${the.list(
              (received.packet.dns?.answers ?? []).map(({ data }) => the.text(String(data))),
              claim`no record`,
            )}`,
        ...(upstream ? [upstream] : []),
        received,
      )
    }
  }),
]
