import { claim, invariant } from 'denat'
import { links } from '../shared/frames.ts'

export const requirements = [
  invariant('RFC8200-8.1-CHECKSUM', (evidence) => {
    const { judge, given } = evidence
    const sent = links(evidence)
      .flatMap((link) => link.fromDut.all({ ip6: {} }))
      .filter(
        ({ packet, originalLength }) => (packet.icmp6 || packet.udp || packet.tcp) && originalLength === undefined,
      )
    given(sent[0], 'RFC7084-W-2')
    judge.each(
      sent,
      claim`Each ICMPv6, UDP and TCP packet that the router sends has the correct checksum.`,
      ({ packet }) => ((packet.icmp6 ?? packet.udp ?? packet.tcp)?.badChecksum ? claim`a wrong checksum` : undefined),
    )
  }),
]
