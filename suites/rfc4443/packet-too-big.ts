import { claim, echoRequest, errorTime, type Frame, icmpv6, type Judgement, on, quoted, requirement } from 'denat'
import { sizedPing, sizedPingDone, slaacWan, wanMtu } from '../scenarios/slaac-wan.ts'
import { aboutOversized } from '../shared/packet-too-big.ts'

/** Identifier and sequence number of an echo request. */
const echoOf = (icmp6: Frame['packet']['icmp6']): string | undefined =>
  icmp6?.type === 'echo-request' && 'seq' in icmp6 ? `${icmp6.id} ${icmp6.seq}` : undefined

/** The same, read from the raw octets of a first fragment (RFC 4443 section 4.1). */
function echoHeader(octets: Uint8Array | undefined): string | undefined {
  if (!octets || octets.length < 8 || octets[0] !== 128) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset)
  return `${view.getUint16(4)} ${view.getUint16(6)}`
}

const aboutEcho: Judgement = ({ wan, lan, judge, at, every, assume }) => {
  const { mtu, sent: advertised, mark } = at(wanMtu)
  const over = every(sizedPingDone).at(-1)?.mark ?? mark
  const large = lan.toDut.all(echoRequest({}, { ip6: { payloadLength: (length) => length + 40 > mtu } }), {
    after: advertised,
  })
  const [first] = large
  if (!first || every(sizedPing).length < 4) throw new TypeError('the large packets were not sent')
  const reported = lan.fromDut.first(icmpv6('packet-too-big'), { after: first, before: over })
  if (!reported) {
    const passed = wan.fromDut.first(echoRequest({}, { ip6: { payloadLength: (length) => length + 40 > mtu } }), {
      after: first,
    })
    assume(passed === undefined, 'RFC4861-6.3.4-MTU')
  }
  // A host that received Packet Too Big sends fragments: only a packet that arrived unfragmented counts. Fragments that a
  // stateful filter reassembles and fragments again may have another Identification (see RFC8200-4.5-FRAGPASS).
  const whole = new Set(large.map((frame) => echoOf(frame.packet.icmp6)))
  const fragments = wan.fromDut
    .all({ ext: [{ type: 'fragment', offset: 0 }] }, { after: first, before: over })
    .filter((frame) => whole.has(echoHeader(frame.packet.payload)))
  judge.holds(
    fragments.length === 0,
    claim`The router fragments no packet.`,
    claim`fragments of the packet`,
    first,
    ...fragments.slice(0, 2),
  )
  const error = judge.found(
    reported,
    over,
    claim`The router sends Packet Too Big for one of up to three packets of 1498 octets to a link with MTU ${mtu}.`,
    ...large,
  )
  const reportedMtu = error.packet.icmp6?.type === 'packet-too-big' ? error.packet.icmp6.mtu : undefined
  judge.equal(reportedMtu, mtu, claim`The MTU in the error`, error)
  const cause = large.filter((frame) => frame.number < error.number).at(-1) ?? first
  judge.within(error.at - cause.at, errorTime, claim`The router sends the error immediately.`, cause, error)
  judge.equal(
    quoted(error)?.ip6?.dst,
    cause.packet.ip6?.dst,
    claim`The destination address of the packet that it quotes`,
    cause,
    error,
  )
  const size = (error.packet.ip6?.payloadLength ?? 0) + 40
  judge.holds(size <= 1280, claim`The error has at most 1280 octets.`, claim`${size} octets`, error)
}

export const requirements = [
  requirement('RFC4443-3.2-PTB', { echo: on(slaacWan, aboutEcho), UDP: on(slaacWan, aboutOversized('UDP')) }),
]
