import {
  claim,
  type Evidence,
  type Frame,
  forwarding,
  isOneHopOn,
  type Judgement,
  on,
  receiverOf,
  requirement,
  the,
} from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { flowError, tooBigBehind } from '../steps/firewall/errors-for-flows.ts'
import { isStillOnline, stillOnline } from '../steps/still-online.ts'

/** It is forwarded to the station that sent the quoted packet, if the router forwarded that packet. */
function passes(
  { wan, lan, world, judge, given }: Evidence,
  { error, flow }: { error?: Frame; flow?: Frame },
  { from, station, or }: { from: string; station: string; or: string },
): void {
  if (!error || !flow) throw new TypeError('Packet Too Big was not sent')
  given(
    wan.fromDut.all({}, { after: flow }).find((frame) => isOneHopOn(frame, flow)),
    or,
  )
  const came = judge.found(
    lan.fromDut.all({}, { after: error }).find((frame) => isOneHopOn(frame, error)),
    forwarding(error),
    claim`The router forwards Packet Too Big about a packet from ${the.name(from)} unchanged to the LAN.`,
    flow,
  )
  judge.equal(receiverOf(came), world.stations[station]?.mac, claim`Its link-layer destination on the LAN`, came)
}

const toHost: Judgement = (evidence) => {
  isStillOnline(evidence, 'errors for flows')
  const sent = evidence.at(flowError, (one) => one.transport === 'TCP' && one.name === 'Packet Too Big')
  passes(evidence, sent, { from: 'a host', station: 'host', or: 'RFC6092-REC-31' })
}

const toDownstream: Judgement = (evidence) => {
  const { at, every, given, world, notApplicable } = evidence
  isStillOnline(evidence, 'errors for flows')
  const over = at(stillOnline, ({ when }) => when === 'errors for flows').mark
  if (world.device.role !== 'gateway') return notApplicable(claim`A wireless router need not delegate prefixes.`, over)
  const [sent] = every(tooBigBehind)
  given(sent?.mark, 'RFC9818-LPD-1')
  passes(evidence, sent ?? {}, { from: 'behind a downstream router', station: 'downstream', or: 'RFC7084-S-2' })
}

export const requirements = [
  requirement('RFC8201-PTB-PASS', {
    host: on(firewall, toHost),
    'behind a downstream router': on(firewall, toDownstream),
  }),
]
