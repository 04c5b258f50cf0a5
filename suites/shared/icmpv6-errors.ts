import { claim, type Evidence, type Frame, forwarding, isOneHopOn, the } from 'denat'
import { errors, flowError } from '../steps/firewall/errors-for-flows.ts'

export const transports = ['UDP', 'TCP'] as const

export type Transport = (typeof transports)[number]

export const names = Object.keys(errors)

export const onLan = ({ lan }: Evidence, sent: Frame) =>
  lan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent))

/** An error that quotes a packet of a flow in use reaches the host that sent it, unchanged. */
export function arrives(evidence: Evidence, transport: Transport | 'echo', name: string): void {
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
    transport === 'echo'
      ? claim`The router forwards ${the.name(name)} about an echo request of a host to this host.`
      : claim`The router forwards ${the.name(name)} about a ${the.name(transport)} flow of a host to this host.`,
    flow,
  )
}
