import { claim, type Evidence, forwarding, isOneHopOn, type Judgement, on, requirement, the } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { arrives, names, onLan, type Transport, transports } from '../shared/icmpv6-errors.ts'
import { flowError, flowGoesOn, flowless, flowlessError } from '../steps/firewall/errors-for-flows.ts'
import { filter } from '../steps/firewall/filter.ts'
import { connection } from '../steps/firewall/other-senders.ts'
import { isStillOnline } from '../steps/still-online.ts'

/** The errors of RFC 6092 REC-18 and REC-36. */
const ofRec18 = names.filter((name) => name.startsWith('Destination Unreachable') || name === 'Packet Too Big')

/** A TCP connection is established. */
export function connects({ at, assume }: Evidence): void {
  assume(at(connection).outcome === 'connected', 'RFC6092-REC-31')
}

const errorArrives =
  (transport: Transport, name: string): Judgement =>
  (evidence) => {
    isStillOnline(evidence, 'errors for flows')
    arrives(evidence, transport, name)
  }

const flowsGoOn =
  (transport: Transport): Judgement =>
  (evidence) => {
    const { judge, every } = evidence
    isStillOnline(evidence, 'errors for flows')
    if (transport === 'TCP') connects(evidence)
    for (const { next, opened, after } of every(flowGoesOn).filter((one) => one.transport === transport)) {
      if (!next || !opened) throw new TypeError('the flow was not sent')
      judge.found(
        onLan(evidence, next),
        forwarding(next),
        claim`After ${the.name(after)} about a ${the.name(transport)} flow, a packet from its far end still reaches the host.`,
        opened,
      )
    }
  }

const isKeptOut =
  (name: string): Judgement =>
  (evidence) => {
    const { lan, judge, at, given, notApplicable } = evidence
    const { on: isOn, mark } = at(filter)
    const { error } = at(flowlessError, (one) => one.name === name)
    if (!error) throw new TypeError('the error was not sent')
    if (!isOn)
      return notApplicable(
        claim`With factory settings, an unsolicited UDP datagram reaches the host: this clause is about a filter that discards it.`,
        mark,
      )
    const { error: live } = at(flowError, (one) => one.transport === 'UDP' && one.name.startsWith(name))
    given(live && onLan(evidence, live), 'RFC6092-REC-18')
    const fence = isStillOnline(evidence, 'errors for flows')
    judge.absent(
      lan.fromDut.all({}, { after: error }).filter((frame) => isOneHopOn(frame, error)),
      claim`${the.name(name)} that quotes a packet of no known flow does not reach the host.`,
      { fence, since: error },
    )
  }

const [firstFlowless = '', ...otherFlowless] = Object.keys(flowless)

export const requirements = [
  requirement(
    'RFC6092-REC-18',
    Object.fromEntries(
      transports.flatMap((transport) => [
        ...ofRec18.map((name) => [`${transport}: ${name}`, on(firewall, errorArrives(transport, name))]),
        [`${transport}: the flow goes on`, on(firewall, flowsGoOn(transport))],
      ]),
    ),
  ),

  requirement('RFC6092-REC-10', {
    [firstFlowless]: on(firewall, isKeptOut(firstFlowless)),
    ...Object.fromEntries(
      otherFlowless.map((name) => [
        name,
        on(firewall, isKeptOut(name), { follows: [`RFC6092-REC-10 · ${firstFlowless}`] }),
      ]),
    ),
  }),
]
