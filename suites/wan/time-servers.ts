import { dhcpv6, dhcpv6OptionCode, dhcpv6OptionsOf, requirement } from 'denat'
import { initialAdvertised } from '../scenarios/evening/lan-services.ts'
import { evening } from '../scenarios/evening.ts'
import { quietLan, quietOver } from '../scenarios/quiet-lan.ts'

/** RFC 5905 section 7.2, over either family. */
const toTimeServer = { udp: { dstPort: 123 } }
const code = dhcpv6OptionCode('ntp-server')
/** A client that is busy with the servers it has by itself may take so long to change over. Seconds. */
const changeOver = 5

requirement(
  'RFC7084-WAA-5',
  { cases: { 'asked for': evening, used: [evening, quietLan] } },
  ({ case: what, recording, wan, world, judge, given, has, at, notApplicable }) => {
    const over = at(recording.scenario === quietLan.name ? quietOver : initialAdvertised).mark
    const told = given(wan.toDut.first(dhcpv6('reply', { ntpServer: {} })), 'RFC7084-W-4')
    const sent = wan.fromDut.all(toTimeServer)
    const asking = wan.fromDut
      .all(dhcpv6('request'))
      .find((frame) => dhcpv6OptionsOf(frame, 'oro').some(({ codes }) => codes.includes(code)))
    if (sent.length === 0 && !has('ntp'))
      return notApplicable('The router asked nobody for the time: it may have no NTP client.', told)
    if (what === 'asked for') {
      judge.found(asking, over, 'The Request asks for NTP_SERVER (option 56).', told, ...sent.slice(0, 1))
      return
    }
    const server = world.stations.internet2?.address
    const used = sent.find(({ packet }) => packet.ip6?.dst === server)
    const others = sent.filter(({ at, packet }) => at > told.at + changeOver && packet.ip6?.dst !== server)
    if (!used && others.length === 0 && recording.scenario !== quietLan.name)
      return notApplicable(`The router asked nobody for the time in ${(over.at - told.at).toFixed(0)} s.`, told)
    judge.found(
      used,
      over,
      `The time is asked of the server that the ISP named, ${server}.`,
      told,
      ...others.slice(0, 3),
    )
    if (others.length > 0) judge.note('Other servers are asked as well.', ...others.slice(0, 3))
  },
)
