import {
  echoRequest,
  errorTime,
  type Frame,
  forwarding,
  icmpv6,
  type Judgement,
  on,
  quoted,
  requirement,
  udp,
} from 'denat'
import { sizedPing, sizedPingDone, slaacWan, wanMtu } from '../scenarios/slaac-wan.ts'
import { oversizedSent } from '../scenarios/transit/oversized.ts'

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
  const told = lan.fromDut.first(icmpv6('packet-too-big'), { after: first, before: over })
  if (!told) {
    const passed = wan.fromDut.first(echoRequest({}, { ip6: { payloadLength: (length) => length + 40 > mtu } }), {
      after: first,
    })
    assume(passed === undefined, 'RFC4861-6.3.4-MTU')
  }
  // A host that was told fragments by itself: only a packet that came whole counts. Fragments that a stateful filter
  // reassembles and takes apart again may have another identification (RFC8200-4.5-FRAGPASS is about these).
  const whole = new Set(large.map((frame) => echoOf(frame.packet.icmp6)))
  const fragments = wan.fromDut
    .all({ ext: [{ type: 'fragment', offset: 0 }] }, { after: first, before: over })
    .filter((frame) => whole.has(echoHeader(frame.packet.payload)))
  judge.holds(
    fragments.length === 0,
    'The router fragments no packet.',
    'it sends fragments',
    first,
    ...fragments.slice(0, 2),
  )
  const error = judge.found(
    told,
    over,
    `One of up to three packets of 1498 octets for a link of MTU ${mtu} is answered by Packet Too Big.`,
    ...large,
  )
  const said = error.packet.icmp6?.type === 'packet-too-big' ? error.packet.icmp6.mtu : undefined
  judge.equal(said, mtu, 'The MTU that it names', error)
  const cause = large.filter((frame) => frame.number < error.number).at(-1) ?? first
  judge.within(error.at - cause.at, errorTime, 'It comes at once.', cause, error)
  judge.equal(quoted(error)?.ip6?.dst, cause.packet.ip6?.dst, 'It quotes the packet, sent to', cause, error)
  const size = (error.packet.ip6?.payloadLength ?? 0) + 40
  judge.holds(size <= 1280, 'With its quote it is no longer than 1280 octets.', `${size} octets`, error)
}

type Kind = 'UDP' | 'segment routing'

/** A packet that is too long for the line, and bears more than an echo request does. */
export const aboutOversized =
  (what: Kind): Judgement =>
  ({ judge, given, at, wan, assume }) => {
    const { mtu, fitting, sent, error, mark } = at(oversizedSent, (one) => one.what === what)
    if (!fitting || !sent) throw new TypeError('the large packets were not sent')
    const same = (frame: Frame) => {
      const { ip6, udp: ports } = frame.packet
      const flow = udp({ srcPort: ports?.srcPort, dstPort: ports?.dstPort }, { ip6: { src: ip6?.src } })
      return wan.fromDut.first(flow, { after: frame })
    }
    const fits = same(fitting)
    if (what === 'UDP') given(fits, 'DENAT-DEFAULT-1')
    else given(fits, 'IPV6P-MTU-1')
    const passed = same(sent)
    if (!error) assume(passed === undefined, 'RFC4861-6.3.4-MTU')
    const told = judge.found(
      error,
      mark,
      `A packet of ${mtu + 50} octets (${what}) for a line of MTU ${mtu} is answered by Packet Too Big.`,
      sent,
    )
    judge.equal(
      told.packet.icmp6?.type === 'packet-too-big' && told.packet.icmp6.mtu,
      mtu,
      'The MTU that it names',
      told,
    )
    judge.equal(quoted(told)?.ip6?.dst, sent.packet.ip6?.dst, 'It quotes the packet, sent to', sent, told)
    const [split] = wan.fromDut.all(
      { ext: [{ type: 'fragment' }], ip6: { dst: sent.packet.ip6?.dst } },
      { after: sent },
    )
    judge.holds(
      split === undefined,
      'The router fragments no packet.',
      'it sends fragments',
      sent,
      ...(split ? [split] : []),
    )
  }

/** A packet that just fits the line. */
export const aboutFitting =
  (what: Kind): Judgement =>
  ({ judge, at, wan }) => {
    const { mtu, fitting } = at(oversizedSent, (one) => one.what === what)
    if (!fitting) throw new TypeError('the large packets were not sent')
    judge.found(
      wan.fromDut.seek({ ip6: { dst: fitting.packet.ip6?.dst }, ext: [{ type: 'routing' }] }, { after: fitting }),
      forwarding(fitting),
      `A packet of ${mtu} octets (${what}) leaves on a line of that MTU.`,
    )
  }

requirement('RFC4443-3.2-PTB', { echo: on(slaacWan, aboutEcho), UDP: on(slaacWan, aboutOversized('UDP')) })
