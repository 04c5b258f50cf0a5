import { type Evidence, type Frame, forwarding, isOneHopOn, type Judgement, on, requirement } from 'denat'
import {
  aboutEcho,
  errors,
  flowError,
  flowGoesOn,
  flowless,
  flowlessError,
} from '../scenarios/evening/errors-for-flows.ts'
import { connection } from '../scenarios/evening/strangers.ts'
import { filter, unaskedEcho } from '../scenarios/evening/unasked.ts'
import { evening } from '../scenarios/evening.ts'
import { isStillOnline } from '../steps/still-online.ts'

const transports = ['UDP', 'TCP'] as const
type Transport = (typeof transports)[number]
const names = Object.keys(errors)
/** Those of RFC 6092 REC-18 and REC-36. */
const ofRec18 = names.filter((name) => name.startsWith('Destination Unreachable') || name === 'Packet Too Big')
/** RFC 4890 section 4.3.1 names them by type, some with codes. */
const ofRfc4890 = ['Destination Unreachable, code 0', ...names.filter((name) => !name.startsWith('Destination'))]

const onLan = ({ lan }: Evidence, sent: Frame) =>
  lan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent))

/** Connections work at all. */
export function connects({ at, assume }: Evidence): void {
  assume(at(connection).outcome === 'connected', 'RFC6092-REC-31')
}

/** An error that quotes a packet of a flow in use reaches the host that sent it, as it is. */
function arrives(evidence: Evidence, transport: Transport | 'echo', name: string): void {
  const { wan, judge, at, given } = evidence
  const { error, flow } = at(flowError, (one) => one.transport === transport && one.name === name)
  if (!error || !flow) throw new TypeError('the error was not sent')
  given(
    wan.fromDut.all({}, { after: flow }).find((frame) => isOneHopOn(frame, flow)),
    transport === 'TCP' ? 'RFC6092-REC-31' : 'DENAT-DEFAULT-1',
  )
  judge.found(
    onLan(evidence, error),
    forwarding(error),
    `${name}, about ${transport === 'echo' ? 'an echo request' : `a ${transport} flow`} of a host, reaches the host.`,
    flow,
  )
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
      if (!next || !opened) throw new TypeError('the flow was not played')
      judge.found(
        onLan(evidence, next),
        forwarding(next),
        `After ${after} about it a ${transport} flow goes on: what its far end sends reaches the host.`,
        opened,
      )
    }
  }

requirement(
  'RFC6092-REC-18',
  Object.fromEntries(
    transports.flatMap((transport) => [
      ...ofRec18.map((name) => [`${transport}: ${name}`, on(evening, errorArrives(transport, name))]),
      [`${transport}: the flow goes on`, on(evening, flowsGoOn(transport))],
    ]),
  ),
)

const arrivesAsAdvised =
  (name: string): Judgement =>
  (evidence) => {
    const { judge, at, lan } = evidence
    arrives(evidence, 'UDP', name)
    const { sent: asked } = at(unaskedEcho)
    if (!asked) throw new TypeError('no echo request was sent from the Internet')
    const came = lan.fromDut.all({}, { after: asked }).find((frame) => isOneHopOn(frame, asked))
    judge.note(
      came
        ? 'Echo requests from the Internet reach a host, as RFC 4890 section 4.3.1 advises.'
        : 'Echo requests from the Internet do not reach a host, as RFC 6092 lets a filter be.',
      came ?? asked,
    )
  }

const arrivesAboutEcho =
  (name: string): Judgement =>
  (evidence) => {
    const { every, at, cannotTell } = evidence
    if (!every(flowError).some(({ transport }) => transport === 'echo'))
      return cannotTell('No error about an echo request was sent when this was recorded.', at(unaskedEcho).mark)
    isStillOnline(evidence, 'errors for flows')
    arrives(evidence, 'echo', name)
  }

requirement('RFC4890-4.3.1-ECHO', {
  ...Object.fromEntries(ofRfc4890.map((name) => [name, on(evening, arrivesAsAdvised(name))])),
  ...Object.fromEntries(
    aboutEcho.map((name) => [`${name}, about an echo request`, on(evening, arrivesAboutEcho(name))]),
  ),
})

const isKeptOut =
  (name: string): Judgement =>
  (evidence) => {
    const { lan, judge, at, given, notApplicable } = evidence
    const { on: isOn, mark } = at(filter)
    const { error } = at(flowlessError, (one) => one.name === name)
    if (!error) throw new TypeError('the error was not sent')
    if (!isOn) return notApplicable('The filter is off after a reset: this clause is about a filter that is on.', mark)
    const { error: live } = at(flowError, (one) => one.transport === 'UDP' && one.name.startsWith(name))
    given(live && onLan(evidence, live), 'RFC6092-REC-18')
    const fence = isStillOnline(evidence, 'errors for flows')
    judge.absent(
      lan.fromDut.all({}, { after: error }).filter((frame) => isOneHopOn(frame, error)),
      `${name} that quotes a packet of no flow does not reach the host.`,
      { fence, since: error },
    )
  }

const [firstFlowless = '', ...otherFlowless] = Object.keys(flowless)
requirement('RFC6092-REC-10', {
  [firstFlowless]: on(evening, isKeptOut(firstFlowless)),
  ...Object.fromEntries(
    otherFlowless.map((name) => [
      name,
      on(evening, isKeptOut(name), { follows: [`RFC6092-REC-10 · ${firstFlowless}`] }),
    ]),
  ),
})
