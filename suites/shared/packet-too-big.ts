import { claim, type Frame, type Judgement, quoted, the, udp } from 'denat'
import { oversizedSent } from '../steps/transit/oversized.ts'

export type Kind = 'UDP' | 'segment routing'

/** A packet that is too long for the line, and carries more than an echo request. */
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
      claim`The router answers a packet of ${mtu + 50} octets (${the.name(what)}) for a line of MTU ${mtu} with Packet Too Big.`,
      sent,
    )
    judge.equal(
      told.packet.icmp6?.type === 'packet-too-big' && told.packet.icmp6.mtu,
      mtu,
      claim`MTU in the Packet Too Big message`,
      told,
    )
    judge.equal(
      quoted(told)?.ip6?.dst,
      sent.packet.ip6?.dst,
      claim`Destination of the packet that the error contains`,
      sent,
      told,
    )
    const [split] = wan.fromDut.all(
      { ext: [{ type: 'fragment' }], ip6: { dst: sent.packet.ip6?.dst } },
      { after: sent },
    )
    judge.holds(
      split === undefined,
      claim`The router does not fragment the packet.`,
      claim`the router sends fragments`,
      sent,
      ...(split ? [split] : []),
    )
  }
