import { claim, type Evidence, inPrefix, isLinkLocal, type Judgement, on, requirement, the, udp } from 'denat'
import { slaacWan, wanMtu } from '../../scenarios/slaac-wan.ts'
import { firstAdvertised } from '../../steps/router-advertisement.ts'

/** RFC 6887 section 19.5. */
const request = udp({ dstPort: 5351 }, { ip6: {} })

/** DAD, DHCPv6, and a client that checks every few seconds. */
const findsServer = 15

/** PCP requests on both sides. Ends the judgement where the router is not required to send any. */
function requests({ wan, lan, has, at, notApplicable }: Evidence, isExpected: boolean) {
  const received = at(firstAdvertised)
  at(wanMtu)
  const sent = wan.fromDut.all(request, { after: received.mark })
  const strayed = lan.fromDut.all(request, { after: received.mark })
  if (sent.length + strayed.length === 0 && !(isExpected && has('pcp')))
    notApplicable(claim`The router does not use PCP: it may have no PCP client.`, received.mark)
  return { received: received.mark, sent, strayed }
}

const goesToDefaultRouter: Judgement = (evidence) => {
  const { world, judge } = evidence
  const { received, sent } = requests(evidence, true)
  const { linkLocal, address } = world.stations.isp ?? {}
  judge.due(
    sent.find(({ packet }) => packet.ip6?.dst === linkLocal || packet.ip6?.dst === address),
    { after: received, seconds: findsServer },
    claim`The router sends a PCP request to its default router.`,
    received,
    ...sent.slice(0, 1),
  )
}

const leavesOnWanAlone: Judgement = (evidence) => {
  const { isp, judge } = evidence
  const { sent, strayed } = requests(evidence, false)
  judge.each(
    [...strayed, ...sent],
    claim`The router sends PCP requests on the WAN only, from an address of the WAN.`,
    (frame) => {
      const source = frame.packet.ip6?.src
      if (strayed.includes(frame)) return claim`a request on the LAN`
      const isOurs = source !== undefined && (isLinkLocal(source) || inPrefix(source, isp.wanPrefix))
      return isOurs ? undefined : claim`source ${the.address(source)}`
    },
  )
}

export const requirements = [
  requirement('RFC7084-W-6', {
    'default router': on(slaacWan, goesToDefaultRouter),
    'WAN only': on(slaacWan, leavesOnWanAlone),
  }),
]
