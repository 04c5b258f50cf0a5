import {
  claim,
  echoReply,
  echoRequest,
  type Frame,
  isMulticast,
  type Judgement,
  multicastMac,
  on,
  requirement,
  the,
} from 'denat'
import { fullSize, slaacWan, wanMtu } from '../../scenarios/slaac-wan.ts'

/** Octets before an IPv6 header: Ethernet II, with one tag, with LLC and SNAP, with a tag and LLC and SNAP. */
const headers = [14, 18, 22, 26]

/** A whole IPv6 packet in a frame with an EtherType that is not 0x86DD. */
function hidesIpv6({ bytes, packet }: Frame): boolean {
  if (packet.ip6) return false
  return headers.some((at) => {
    if (bytes.length < at + 40 || (bytes[at] ?? 0) >> 4 !== 6) return false
    const end = at + 40 + (((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0))
    // Short frames are padded to 60 octets.
    return end === bytes.length || (end < bytes.length && bytes.length === 60)
  })
}

/** A packet of the Ethernet MTU is forwarded unfragmented, and so is its reply. */
const crossesWhole: Judgement = ({ wan, lan, judge, at }) => {
  const { octets, answer, mark } = at(fullSize)
  const whole = { ip6: { payloadLength: octets - 40 } }
  const before = { before: at(wanMtu).mark }
  const forwarded = judge.found(
    wan.fromDut.seek(echoRequest({}, whole), before),
    mark,
    claim`The router forwards a packet of ${octets} octets from a host to the WAN without fragmentation.`,
    ...lan.toDut.all(echoRequest({}, whole), before).slice(0, 1),
  )
  const answered = wan.toDut.first(echoReply({}, whole), { after: forwarded, ...before })
  const expected = claim`The reply of the same length reaches the host without fragmentation`
  const delivered = judge.found(answer, mark, claim`${expected}.`, answered ?? forwarded)
  judge.equal((delivered.packet.ip6?.payloadLength ?? Number.NaN) + 40, octets, claim`${expected}, octets`, delivered)
}

/** RFC 5072 specifies another encapsulation for PPP. */
const inFrames =
  (judgement: Judgement): Judgement =>
  (evidence) =>
    evidence.wan.carrier === 'PPP'
      ? evidence.notApplicable(claim`The line carries IPv6 in PPP, not directly in Ethernet frames.`)
      : judgement(evidence)

const hasItsEtherType: Judgement = ({ wan, judge, given }) => {
  given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
  judge.each(wan.fromDut.all(), claim`IPv6 packets are in untagged frames with EtherType 0x86DD.`, (frame) =>
    hidesIpv6(frame)
      ? claim`an IPv6 packet in a frame with EtherType 0x${the.name(frame.packet.eth.type.toString(16))}`
      : undefined,
  )
}

const goesToGroupMac: Judgement = ({ wan, judge, given }) => {
  const sent = wan.fromDut.all({ ip6: { dst: isMulticast } })
  given(sent[0], 'RFC7084-W-2')
  judge.each(
    sent,
    claim`A multicast packet has the destination MAC address 33:33 and the low 32 bits of the group address.`,
    ({ packet }) => {
      const { dst } = packet.eth
      // RFC 6085: a packet for a single receiver may be sent to its unicast MAC address.
      const toGroup = (Number.parseInt(dst.slice(0, 2), 16) & 1) === 1
      return toGroup && packet.ip6 && dst !== multicastMac(packet.ip6.dst) ? claim`MAC ${the.address(dst)}` : undefined
    },
  )
}

export const requirements = [
  requirement('RFC7084-WLL-1', {
    EtherType: on(slaacWan, inFrames(hasItsEtherType)),
    'multicast MAC': on(slaacWan, inFrames(goesToGroupMac)),
    'MTU 1500': on(slaacWan, inFrames(crossesWhole)),
  }),
]
