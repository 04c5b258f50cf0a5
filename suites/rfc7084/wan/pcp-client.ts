import { claim, type Evidence, inPrefix, isLinkLocal, type Judgement, on, requirement, the, udp } from 'denat'
import { slaacWan, wanMtu } from '../../scenarios/slaac-wan.ts'
import { firstAdvertised } from '../../steps/router-advertisement.ts'

/** RFC 6887 section 19.5. */
const request = udp({ dstPort: 5351 }, { ip6: {} })

/** DAD, DHCPv6 and a client that looks every few seconds. */
const findsServer = 15

/** PCP requests on both sides; ends the judgement where the router need not send any. */
function requests({ wan, lan, has, at, notApplicable }: Evidence, isExpected: boolean) {
  const heard = at(firstAdvertised)
  at(wanMtu)
  const sent = wan.fromDut.all(request, { after: heard.mark })
  const strayed = lan.fromDut.all(request, { after: heard.mark })
  if (sent.length + strayed.length === 0 && !(isExpected && has('pcp')))
    notApplicable(claim`The router was not seen to use PCP: it may have no client.`, heard.mark)
  return { heard: heard.mark, sent, strayed }
}

const goesToDefaultRouter: Judgement = (evidence) => {
  const { world, judge } = evidence
  const { heard, sent } = requests(evidence, true)
  const { linkLocal, address } = world.stations.isp ?? {}
  judge.due(
    sent.find(({ packet }) => packet.ip6?.dst === linkLocal || packet.ip6?.dst === address),
    { after: heard, seconds: findsServer },
    claim`A PCP request is sent to the default router.`,
    heard,
    ...sent.slice(0, 1),
  )
}

const leavesOnWanAlone: Judgement = (evidence) => {
  const { isp, judge } = evidence
  const { sent, strayed } = requests(evidence, false)
  judge.each([...strayed, ...sent], claim`PCP requests leave on the WAN, from an address of the WAN.`, (frame) => {
    const source = frame.packet.ip6?.src
    if (strayed.includes(frame)) return claim`a request on the LAN`
    const isOurs = source !== undefined && (isLinkLocal(source) || inPrefix(source, isp.wanPrefix))
    return isOurs ? undefined : claim`source ${the.name(source)}`
  })
}

export const requirements = [
  requirement('RFC7084-W-6', {
    'default router': on(slaacWan, goesToDefaultRouter),
    'WAN only': on(slaacWan, leavesOnWanAlone),
  }),
]
