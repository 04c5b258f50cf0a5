import { anyOf, claim, invariant, isLinkLocal, the } from 'denat'
import { links } from '../shared/frames.ts'

const neighborDiscovery = anyOf(
  'router-solicitation',
  'router-advertisement',
  'neighbor-solicitation',
  'neighbor-advertisement',
  'redirect',
)

export const requirements = [
  invariant('RFC4861-4-ND255', (evidence) => {
    const { judge, given } = evidence
    const sent = links(evidence)
      .flatMap((link) => link.fromDut.all({ icmp6: { type: neighborDiscovery } }))
      // A Redirect from an address that is not link-local is not the router's (RFC 4861 section 8.1): it was forwarded.
      .filter(({ packet: { ip6, icmp6 } }) => icmp6?.type !== 'redirect' || isLinkLocal(ip6?.src ?? '::'))
    given(sent[0], 'RFC7084-W-2')
    judge.each(sent, claim`Each Neighbor Discovery message of the router has hop limit 255.`, (frame) =>
      frame.packet.ip6?.hopLimit === 255
        ? undefined
        : claim`hop limit ${frame.packet.ip6?.hopLimit ?? the.name(undefined)}`,
    )
  }),
]
