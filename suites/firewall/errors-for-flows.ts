import { type Evidence, type Frame, forwarding, isOneHopOn, requirement } from 'denat'
import { errors, flowless } from '../scenarios/evening/errors-for-flows.ts'
import { evening } from '../scenarios/evening.ts'

const transports = ['UDP', 'TCP'] as const
const names = Object.keys(errors)
/** Those of RFC 6092 REC-18 and REC-36. */
const ofRec18 = names.filter((name) => name.startsWith('Destination Unreachable') || name === 'Packet Too Big')
/** RFC 4890 section 4.3.1 names them by type, some with codes. */
const ofRfc4890 = ['Destination Unreachable, code 0', ...names.filter((name) => !name.startsWith('Destination'))]

const onLan = ({ lan }: Evidence, sent: Frame) =>
  lan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent))

/** Connections work at all. */
export function connects({ did, given }: Evidence): void {
  const made = did('connection')
  given(made.data?.outcome === 'connected' ? made : undefined, 'RFC6092-REC-31')
}

/** An error that quotes a packet of a flow in use reaches the host that sent it, as it is. */
function arrives(evidence: Evidence, transport: string, name: string): void {
  const { wan, judge, did, given, framesOf } = evidence
  const [error, flow] = framesOf(
    did('flow-error', (mark) => mark.data?.transport === transport && mark.data?.name === name),
  )
  if (!error || !flow) throw new TypeError('the error was not sent')
  given(
    wan.fromDut.all({}, { after: flow }).find((frame) => isOneHopOn(frame, flow)),
    transport === 'TCP' ? 'RFC6092-REC-31' : 'DENAT-DEFAULT-1',
  )
  judge.found(
    onLan(evidence, error),
    forwarding(error),
    `${name}, about a ${transport} flow of a host, reaches the host.`,
    flow,
  )
}

requirement(
  'RFC6092-REC-18',
  {
    cases: Object.fromEntries(
      transports.flatMap((transport) =>
        [...ofRec18, 'the flow goes on'].map((name) => [`${transport}: ${name}`, evening]),
      ),
    ),
  },
  (evidence) => {
    const { judge, did, given, marks, framesOf } = evidence
    const [transport = '', name = ''] = evidence.case.split(': ')
    given(framesOf(did('still-online', (mark) => mark.data?.when === 'errors for flows'))[0], 'DENAT-DEFAULT-1')
    if (name !== 'the flow goes on') return arrives(evidence, transport, name)
    if (transport === 'TCP') connects(evidence)
    for (const mark of marks('flow-goes-on').filter((one) => one.data?.transport === transport)) {
      const [next, opened] = framesOf(mark)
      if (!next || !opened) throw new TypeError('the flow was not played')
      judge.found(
        onLan(evidence, next),
        forwarding(next),
        `After ${mark.data?.after} about it a ${transport} flow goes on: what its far end sends reaches the host.`,
        opened,
      )
    }
  },
)

requirement(
  'RFC4890-4.3.1-ECHO',
  { cases: Object.fromEntries(ofRfc4890.map((name) => [name, evening])) },
  (evidence) => {
    const { case: name, judge, did, lan, framesOf } = evidence
    arrives(evidence, 'UDP', name)
    const [asked] = framesOf(did('echo-request'))
    if (!asked) throw new TypeError('no echo request was sent from the Internet')
    const came = lan.fromDut.all({}, { after: asked }).find((frame) => isOneHopOn(frame, asked))
    judge.note(
      came
        ? 'Echo requests from the Internet reach a host, as RFC 4890 section 4.3.1 advises.'
        : 'Echo requests from the Internet do not reach a host, as RFC 6092 lets a filter be.',
      came ?? asked,
    )
  },
)

requirement(
  'RFC6092-REC-10',
  { cases: Object.fromEntries(Object.keys(flowless).map((name) => [name, evening])) },
  (evidence) => {
    const { case: name, lan, judge, did, given, framesOf, notApplicable } = evidence
    const filter = did('filter')
    const [error] = framesOf(did('flowless-error', (mark) => mark.data?.name === name))
    const over = did('still-online', (mark) => mark.data?.when === 'errors for flows')
    if (!error) throw new TypeError('the error was not sent')
    if (filter.data?.on !== true)
      return notApplicable('The filter is off after a reset: this clause is about a filter that is on.', filter)
    const [live] = framesOf(
      did('flow-error', (mark) => mark.data?.transport === 'UDP' && String(mark.data?.name).startsWith(name)),
    )
    given(live && onLan(evidence, live), 'RFC6092-REC-18')
    const fence = given(framesOf(over)[0], 'DENAT-DEFAULT-1')
    judge.absent(
      lan.fromDut.all({}, { after: error }).filter((frame) => isOneHopOn(frame, error)),
      `${name} that quotes a packet of no flow does not reach the host.`,
      { fence, since: error },
    )
  },
)
