import { forwarding, isOneHopOn, requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'

requirement(
  'RFC8201-PTB-PASS',
  { cases: { host: evening, 'behind a downstream router': evening } },
  ({ case: where, wan, lan, world, judge, did, given, marks, framesOf, notApplicable }) => {
    const over = did('still-online', (mark) => mark.data?.when === 'errors for flows')
    given(framesOf(over)[0], 'DENAT-DEFAULT-1')
    const behind = where !== 'host'
    if (behind && world.device.role !== 'gateway') return notApplicable('It need not hand prefixes on.', over)
    const mark = behind
      ? given(marks('too-big-behind')[0], 'RFC9818-LPD-1')
      : did('flow-error', (one) => one.data?.transport === 'TCP' && one.data?.name === 'Packet Too Big')
    const [error, flow] = framesOf(mark)
    if (!error || !flow) throw new TypeError('Packet Too Big was not sent')
    given(
      wan.fromDut.all({}, { after: flow }).find((frame) => isOneHopOn(frame, flow)),
      behind ? 'RFC7084-S-2' : 'RFC6092-REC-31',
    )
    const came = judge.found(
      lan.fromDut.all({}, { after: error }).find((frame) => isOneHopOn(frame, error)),
      forwarding(error),
      `Packet Too Big about a packet from ${behind ? 'behind a downstream router' : 'a host'} arrives there as it was sent.`,
      flow,
    )
    const mac = world.stations[behind ? 'downstream' : 'host']?.mac
    judge.equal(came.packet.eth.dst, mac, 'On the LAN it goes to', came)
  },
)
