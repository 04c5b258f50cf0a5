import { claim, invariant, ndOptionsOf, senderOf, the } from 'denat'
import { links } from '../shared/frames.ts'

export const requirements = [
  invariant('RFC4861-4.6.1-OWNMAC', (evidence) => {
    const { judge, given } = evidence
    const advertised = links(evidence).flatMap(({ fromDut }) => {
      const sent = fromDut.all({ icmp6: {} })
      const macs = new Set(sent.map(senderOf))
      return sent.flatMap((frame) =>
        [...ndOptionsOf(frame, 'source-link-layer'), ...ndOptionsOf(frame, 'target-link-layer')].map(({ mac }) => ({
          frame,
          mac,
          isIts: macs.has(mac) || frame.packet.icmp6?.type === 'redirect',
        })),
      )
    })
    const first = given(advertised[0]?.frame, 'RFC7084-W-2')
    const wrong = advertised.find(({ isIts }) => !isIts)
    judge.holds(
      wrong === undefined,
      claim`The link-layer address that the router names as its own on a link is a source address of its frames on that link.`,
      wrong
        ? claim`${the.address(wrong.mac)} in ${wrong.frame}, which was sent from ${the.address(senderOf(wrong.frame))}`
        : claim``,
      wrong?.frame ?? first,
    )
  }),
]
