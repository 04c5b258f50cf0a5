import { type Evidence, echoReply, echoRequest, type Frame, isMulticast, multicastMac, requirement } from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'

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
function fullSize({ wan, lan, judge, did, framesOf }: Evidence): void {
  const sent = did('full-size')
  const whole = { ip6: { payloadLength: Number(sent.data?.octets) - 40 } }
  const before = { before: did('wan-mtu') }
  const forwarded = judge.found(
    wan.fromDut.seek(echoRequest({}, whole), before),
    sent,
    "A host's packet of 1500 octets leaves on the WAN in one piece.",
    ...lan.toDut.all(echoRequest({}, whole), before).slice(0, 1),
  )
  const answer = wan.toDut.first(echoReply({}, whole), { after: forwarded, ...before })
  const [delivered] = framesOf(sent)
  judge.equal(
    (delivered?.packet.ip6?.payloadLength ?? 0) + 40,
    1500,
    'Its answer, as long, reaches the host in one piece, octets',
    sent,
    answer ?? forwarded,
    ...(delivered ? [delivered] : []),
  )
}

requirement(
  'RFC7084-WLL-1',
  { cases: { EtherType: slaacWan, 'multicast MAC': slaacWan, 'MTU 1500': slaacWan } },
  (evidence) => {
    const { case: what, wan, judge, given } = evidence
    if (what === 'MTU 1500') return fullSize(evidence)
    if (what === 'EtherType') {
      given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
      return judge.each(wan.fromDut.all(), 'IPv6 is in untagged frames with EtherType 0x86DD.', (frame) =>
        hidesIpv6(frame) ? `an IPv6 packet under EtherType 0x${frame.packet.eth.type.toString(16)}` : undefined,
      )
    }
    const sent = wan.fromDut.all({ ip6: { dst: isMulticast } })
    given(sent[0], 'RFC7084-W-2')
    judge.each(sent, 'A packet to a group goes to 33:33 and the low 32 bits of its address.', ({ packet }) => {
      const { dst } = packet.eth
      // RFC 6085: where one receiver alone is meant, its own MAC will do.
      const toGroup = (Number.parseInt(dst.slice(0, 2), 16) & 1) === 1
      return toGroup && dst !== multicastMac(packet.ip6?.dst ?? '::') ? `MAC ${dst}` : undefined
    })
  },
)

requirement(
  'RFC4861-6.3.4-MTU',
  { cases: { '1400': slaacWan, '1000': slaacWan, '9000': slaacWan } },
  ({ case: mtu, wan, lan, world, judge, given, did, framesOf, marks }) => {
    const announced = did('wan-mtu')
    const longer = { ip6: { payloadLength: (length: number) => length + 40 > 1400 } }
    const alive = marks('asked').find((mark) => mark.data?.when === 'link-local')
    const fence = () => given(alive && framesOf(alive)[1], 'RFC7084-G-1')
    if (mtu === '1400') {
      const small = did('sized-ping-done', (mark) => mark.data?.size === 1300)
      given(framesOf(small)[0], 'DENAT-DEFAULT-1')
      const before = { after: announced, before: did('odd-mtu') }
      const large = given(lan.toDut.first(echoRequest({}, longer), before), 'DENAT-DEFAULT-1')
      judge.absent(
        wan.fromDut.all(echoRequest({}, longer), before),
        'Once an RA announces MTU 1400, no longer packet leaves on the WAN.',
        { fence: fence(), since: large },
      )
      return
    }
    const odd = did('odd-mtu', (mark) => String(mark.data?.mtu) === mtu)
    const done = did('odd-mtu-done', (mark) => String(mark.data?.mtu) === mtu)
    const other = world.stations.internet2?.address
    if (mtu === '1000') {
      const whole = { ip6: { dst: other, payloadLength: Number(odd.data?.octets) - 40 } }
      judge.found(
        wan.fromDut.seek(echoRequest({}, whole), { after: odd }),
        done,
        `An RA that announces MTU 1000, less than IPv6 takes, changes nothing: ${odd.data?.octets} octets leave on the WAN in one piece.`,
        odd,
        ...framesOf(odd),
      )
      return
    }
    const passed = wan.fromDut.first(echoRequest({}, longer), { after: announced, before: odd })
    const large = lan.toDut.first(echoRequest({}, longer), { after: odd })
    judge.absent(
      wan.fromDut.all(echoRequest({}, longer), { after: odd }),
      'An RA that announces MTU 9000, more than Ethernet has, changes nothing: still no packet above 1400 octets leaves on the WAN.',
      { fence: fence(), since: given(passed ? undefined : large, 'RFC4861-6.3.4-MTU') },
    )
  },
)
