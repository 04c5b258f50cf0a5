import { inPrefix, isLinkLocal, requirement, udp } from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'

/** RFC 6887 section 19.5. */
const request = udp({ dstPort: 5351 }, { ip6: {} })

/** DAD, DHCPv6 and a client that looks every few seconds. */
const findsServer = 15

requirement(
  'RFC7084-W-6',
  { cases: { 'default router': slaacWan, 'WAN only': slaacWan } },
  ({ case: what, wan, lan, world, isp, judge, has, did, notApplicable }) => {
    const heard = did('first-ra')
    did('wan-mtu')
    const sent = wan.fromDut.all(request, { after: heard })
    const strayed = lan.fromDut.all(request, { after: heard })
    const [first] = [...sent, ...strayed]
    if (!first && (what === 'WAN only' || !has('pcp')))
      return notApplicable('The router was not seen to use PCP: it may have no client.', heard)
    if (what === 'WAN only') {
      judge.each([...strayed, ...sent], 'PCP requests leave on the WAN, from an address of the WAN.', (frame) => {
        const source = frame.packet.ip6?.src ?? '::'
        if (strayed.includes(frame)) return 'a request on the LAN'
        return isLinkLocal(source) || inPrefix(source, isp.wanPrefix) ? undefined : `source ${source}`
      })
      return
    }
    const { linkLocal, address } = world.stations.isp ?? {}
    judge.due(
      sent.find(({ packet }) => packet.ip6?.dst === linkLocal || packet.ip6?.dst === address),
      { after: heard, seconds: findsServer },
      'A PCP request is sent to the default router.',
      heard,
      ...sent.slice(0, 1),
    )
  },
)
