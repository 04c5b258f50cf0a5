import {
  claim,
  dhcpv6,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Judgement,
  on,
  requirement,
  the,
} from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { quietLan, quietOver } from '../../scenarios/quiet-lan.ts'
import { dhcpv6Fence } from '../../steps/lan-services/dhcpv6-service.ts'

/** RFC 5905 section 7.2, over either family. */
const toTimeServer = { udp: { dstPort: 123 } }

const code = dhcpv6OptionCode('ntp-server')

/** Time in which an NTP client may still use its own servers. Seconds. */
const changeOver = 5

/** The Reply with the NTP server, and NTP requests to any server. Ends the judgement where the router is not required to send any. */
function timeAsked({ wan, given, has, notApplicable }: Evidence) {
  const named = given(wan.toDut.first(dhcpv6('reply', { ntpServer: {} })), 'RFC7084-W-4')
  const sent = wan.fromDut.all(toTimeServer)
  if (sent.length === 0 && !has('ntp'))
    notApplicable(claim`The router sends no NTP request: it may have no NTP client.`, named)
  return { named, sent }
}

const asksForServer: Judgement = (evidence) => {
  const { mark: over } = evidence.at(dhcpv6Fence)
  const { named, sent } = timeAsked(evidence)
  const asking = evidence.wan.fromDut
    .all(dhcpv6('request'))
    .find((frame) => dhcpv6OptionsOf(frame, 'oro').some(({ codes }) => codes.includes(code)))
  evidence.judge.found(
    asking,
    over,
    claim`The Option Request Option of the Request has OPTION_NTP_SERVER (56).`,
    named,
    ...sent.slice(0, 1),
  )
}

const usesServer: Judgement = (evidence) => {
  const { recording, world, judge, at, notApplicable } = evidence
  // The long scenario gives any client enough time.
  const isLong = recording.scenario === quietLan.name
  const { mark: over } = at(isLong ? quietOver : dhcpv6Fence)
  const { named, sent } = timeAsked(evidence)
  const server = world.stations.internet2?.address
  const used = sent.find(({ packet }) => packet.ip6?.dst === server)
  const others = sent.filter((frame) => frame.at > named.at + changeOver && frame.packet.ip6?.dst !== server)
  if (!used && others.length === 0 && !isLong)
    return notApplicable(claim`The router sends no NTP request within ${the.seconds(over.at - named.at, 0)}.`, named)
  const expected = claim`The router sends an NTP request to the server in the Reply of the ISP, ${the.address(server)}.`
  judge.found(used, over, expected, named, ...others.slice(0, 3))
  if (others.length > 0) judge.note(claim`The router also sends NTP requests to other servers.`, ...others.slice(0, 3))
}

export const requirements = [
  requirement('RFC7084-WAA-5', {
    'asked for': on(lanServicesAsked, asksForServer),
    used: on([lanServicesAsked, quietLan], usesServer),
  }),
]
