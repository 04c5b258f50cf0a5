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

/** Octets before an IPv6 header: of Ethernet II, with one tag, with LLC and SNAP, with a tag and these. */
const headers = [14, 18, 22, 26]

/** A whole IPv6 packet under another EtherType than its own. */
function hidesIpv6({ bytes, packet }: Frame): boolean {
  if (packet.ip6) return false
  return headers.some((at) => {
    if (bytes.length < at + 40 || (bytes[at] ?? 0) >> 4 !== 6) return false
    const end = at + 40 + (((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0))
    // Short frames are padded to 60 octets.
    return end === bytes.length || (end < bytes.length && bytes.length === 60)
  })
}

/** A packet as long as Ethernet takes crosses whole, and so does its answer. */
const crossesWhole: Judgement = ({ wan, lan, judge, at }) => {
  const { octets, answer, mark } = at(fullSize)
  const whole = { ip6: { payloadLength: octets - 40 } }
  const before = { before: at(wanMtu).mark }
  const forwarded = judge.found(
    wan.fromDut.seek(echoRequest({}, whole), before),
    mark,
    claim`A host's packet of ${octets} octets leaves on the WAN in one piece.`,
    ...lan.toDut.all(echoRequest({}, whole), before).slice(0, 1),
  )
  const answered = wan.toDut.first(echoReply({}, whole), { after: forwarded, ...before })
  const expected = claim`Its answer, as long, reaches the host in one piece`
  const delivered = judge.found(answer, mark, claim`${expected}.`, answered ?? forwarded)
  judge.equal((delivered.packet.ip6?.payloadLength ?? Number.NaN) + 40, octets, claim`${expected}, octets`, delivered)
}

/** RFC 5072 carries IPv6 in PPP in another way. */
const inFrames =
  (judgement: Judgement): Judgement =>
  (evidence) =>
    evidence.wan.carrier === 'PPP'
      ? evidence.notApplicable(claim`The line carries IPv6 in PPP, not in Ethernet frames of its own.`)
      : judgement(evidence)

const hasItsEtherType: Judgement = ({ wan, judge, given }) => {
  given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
  judge.each(wan.fromDut.all(), claim`IPv6 is in untagged frames with EtherType 0x86DD.`, (frame) =>
    hidesIpv6(frame)
      ? claim`an IPv6 packet under EtherType 0x${the.name(frame.packet.eth.type.toString(16))}`
      : undefined,
  )
}

const goesToGroupMac: Judgement = ({ wan, judge, given }) => {
  const sent = wan.fromDut.all({ ip6: { dst: isMulticast } })
  given(sent[0], 'RFC7084-W-2')
  judge.each(sent, claim`A packet to a group goes to 33:33 and the low 32 bits of its address.`, ({ packet }) => {
    const { dst } = packet.eth
    // RFC 6085: where one receiver alone is meant, its own MAC will do.
    const toGroup = (Number.parseInt(dst.slice(0, 2), 16) & 1) === 1
    return toGroup && packet.ip6 && dst !== multicastMac(packet.ip6.dst) ? claim`MAC ${the.address(dst)}` : undefined
  })
}

export const requirements = [
  requirement('RFC7084-WLL-1', {
    EtherType: on(slaacWan, inFrames(hasItsEtherType)),
    'multicast MAC': on(slaacWan, inFrames(goesToGroupMac)),
    'MTU 1500': on(slaacWan, inFrames(crossesWhole)),
  }),
]
