import { claim, type Frame, forwarding, type Judgement, on, requirement } from 'denat'
import { transit } from '../scenarios/transit.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { ends, roadIsOpen, whatChanged } from '../shared/crossings.ts'
import { fragmentOrders, fragmentsSent } from '../steps/transit/fragments.ts'
import { type Way, way } from '../steps/transit/road.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const bodyOf = ({ packet }: Frame): string => hex(packet.payload ?? new Uint8Array())

const fragmentOf = ({ packet }: Frame) => packet.ext?.find((header) => header.type === 'fragment')

/** The data of the fragments of one Identification; empty where a fragment is missing. */
function joined(fragments: readonly Frame[]): string {
  let body = ''
  for (;;) {
    const next = fragments.find((frame) => fragmentOf(frame)?.offset === body.length / 2)
    const payload = next?.packet.payload
    if (!next || !payload || payload.length === 0) return ''
    body += hex(payload)
    if (!fragmentOf(next)?.more) return body
  }
}

const comesThrough =
  (order: string, way: Way): Judgement =>
  (evidence) => {
    const { judge, at } = evidence
    const control = roadIsOpen(evidence, way)
    const { more: sent } = at(fragmentsSent, (one) => one.order === order && one.way === way)
    const [first] = sent
    if (!first) throw new TypeError(`no fragments were sent: ${order}, ${way}`)
    const { src, dst } = first.packet.ip6 ?? {}
    const { far } = ends(evidence, way)
    const whole = joined(sent)
    // A router that tracks flows may reassemble a datagram; if it fits, it is then forwarded in one packet.
    const inOne = far.fromDut
      .all({ ip6: { src, dst }, udp: {} }, { after: first })
      .find((frame) => !fragmentOf(frame) && bodyOf(frame) === whole)
    if (inOne) return judge.met(claim`The router forwards the datagram in one packet.`, first, inOne)
    const fragments = far.fromDut.all({ ip6: {}, ext: [{ type: 'fragment' }] }, { after: first })
    const seen = fragments.filter(({ packet: { ip6 } }) => ip6?.src === src && ip6?.dst === dst)
    // Other hosts send fragments to the same destination.
    const changed = fragments.find(
      (frame) =>
        (frame.packet.ip6?.src === src || frame.packet.ip6?.dst === dst) &&
        sent.some((piece) => bodyOf(piece) === bodyOf(frame)),
    )
    if (seen.length === 0 && changed)
      judge.holds(
        false,
        claim`The router does not change the addresses of fragments.`,
        whatChanged(first, changed),
        first,
        changed,
      )
    const ids = [...new Set(seen.map((frame) => fragmentOf(frame)?.id))]
    const arrived = ids.find((id) => joined(seen.filter((frame) => fragmentOf(frame)?.id === id)) === whole)
    judge.found(
      seen[0],
      forwarding(sent.at(-1) as Frame),
      claim`The router forwards the fragments of a datagram, as it forwards whole datagrams of the same flow.`,
      first,
      control,
    )
    judge.holds(
      arrived !== undefined,
      claim`The router forwards the ${sent.length} fragments of a datagram, and they form the same datagram.`,
      claim`${seen.length} fragments, which do not form it`,
      first,
      ...seen.slice(0, 2),
    )
    const kept = arrived === fragmentOf(first)?.id
    judge.note(
      kept
        ? claim`The router forwards the same fragments.`
        : claim`The router reassembles the datagram and fragments it again.`,
      ...seen.slice(0, 1),
    )
  }

export const requirements = [
  requirement(
    'RFC8200-4.5-FRAGPASS',
    Object.fromEntries(
      Object.keys(fragmentOrders).flatMap((order) =>
        way.options.map((one) => [
          `${order}, ${one}`,
          on(one === 'inbound' ? webUiFirewall : transit, comesThrough(order, one)),
        ]),
      ),
    ),
  ),
]
