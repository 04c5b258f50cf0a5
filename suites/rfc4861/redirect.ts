import {
  claim,
  type Evidence,
  type Frame,
  icmpv6Of,
  inPrefix,
  invariant,
  isLinkLocal,
  type LinkView,
  ndOptionsOf,
  senderOf,
  the,
} from 'denat'
import { isReply, leasesIn, serverAnswers } from '../shared/server-answers.ts'

/** Longest time between a packet and the Redirect that it causes. Seconds. */
const soon = 5

/** Redirects of the router itself: none is forwarded from another link (RFC 4861 section 8.1). */
const redirectsOn = ({ fromDut }: LinkView): Frame[] =>
  fromDut.all({ icmp6: { type: 'redirect' } }).filter(({ packet }) => isLinkLocal(packet.ip6?.src ?? '::'))

/** The MACs of each address on a link, of all nodes other than the router. */
function neighborsOn({ toDut }: LinkView): Map<string, Set<string>> {
  const macs = new Map<string, Set<string>>()
  for (const frame of toDut.all({ ip6: {} })) {
    const { icmp6, ip6 } = frame.packet
    const addresses = [ip6?.src ?? '::', ...(icmp6?.type === 'neighbor-advertisement' ? [icmp6.target] : [])]
    for (const address of addresses) macs.set(address, (macs.get(address) ?? new Set()).add(senderOf(frame)))
  }
  return macs
}

/** Prefixes that were delegated to downstream routers: an address in them is not on the link. */
const beyond = (evidence: Evidence): string[] =>
  serverAnswers(evidence)
    .filter(({ answer }) => isReply(answer))
    .flatMap(({ answer }) => leasesIn(answer).filter(({ ia }) => ia.type === 'ia-pd'))
    .map(({ prefix }) => prefix)

function wrongIn(frame: Frame, link: LinkView, neighbors: Map<string, Set<string>>, delegated: readonly string[]) {
  const { target, destination } = icmpv6Of(frame, 'redirect')
  const to = frame.packet.ip6?.dst ?? '::'
  const cause = link.toDut
    .all({ ip6: { src: to, dst: destination } }, { before: frame })
    .findLast(({ at }) => frame.at - at <= soon)
  if (!cause) return claim`it is sent to ${the.address(to)} for ${the.address(destination)}, and no packet caused it`
  if (delegated.some((prefix) => inPrefix(to, prefix)))
    return claim`it is sent to ${the.address(to)}, which is not on the link`
  if (target === frame.packet.ip6?.src) return claim`its target is the router itself`
  if (target === to) return claim`its target is its destination ${the.address(to)}`
  const macs = neighbors.get(target)
  if (isLinkLocal(target) && !macs) return claim`its target is ${the.address(target)}, which no node on the link has`
  const wrong = ndOptionsOf(frame, 'target-link-layer').find(({ mac }) => macs && !macs.has(mac))
  return (
    wrong &&
    claim`it names ${the.name(wrong.mac)} for ${the.address(target)}, whose MAC is ${the.list([...(macs ?? [])].map((item) => the.name(item)))}`
  )
}

export const requirements = [
  invariant('RFC4861-8.2-REDIRECT', (evidence) => {
    const { judge, lan, notApplicable, recording } = evidence
    const sent = lan.segments.map((link) => ({ link, redirects: redirectsOn(link) }))
    if (sent.every(({ redirects }) => redirects.length === 0))
      return notApplicable(claim`The router sends no Redirect in this recording.`, ...recording.frames.slice(0, 1))
    const delegated = beyond(evidence)
    for (const { link, redirects } of sent) {
      if (redirects.length === 0) continue
      const neighbors = neighborsOn(link)
      judge.each(
        redirects,
        claim`The router sends a Redirect only for a packet from a neighbor. Its target is another node on the link, with the link-layer address of that node.`,
        (frame) => wrongIn(frame, link, neighbors, delegated),
      )
    }
  }),
]
