import { echoReply, echoRequest, icmpv6, quoted, requirement } from 'denat'
import { endToEnd } from '../scenarios/end-to-end.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'

requirement(
  'RFC7084-G-3',
  { cases: { outbound: silentServer, inbound: silentServer } },
  ({ case: way, wan, lan, judge, given, did, marks, framesOf }) => {
    const probes = did('probes')
    const future = String(probes.data?.future)
    const fences = marks('fence')
    const fenceOf = (side: string) => {
      const mark = fences.find((one) => one.data?.side === side)
      return given(mark && framesOf(mark)[1], 'RFC7084-G-1')
    }
    const flow = did('flow')
    given(framesOf(flow)[0], 'DENAT-DEFAULT-1')
    const both = { lan: fenceOf('lan'), wan: fenceOf('wan') }
    if (way === 'outbound') {
      const sent = given(lan.toDut.first(echoRequest({}, { ip6: { src: future } }), { after: probes }), 'RFC7084-L-1')
      judge.absent(
        wan.fromDut.all({ ip6: { src: future } }, { before: both.wan }),
        'Before address and prefix are acquired nothing is forwarded from the LAN to the WAN.',
        { fence: both.wan, since: sent },
      )
    } else {
      const sent = given(wan.toDut.first(echoRequest({}, { ip6: { dst: future } }), { after: probes }), 'RFC7084-W-2')
      judge.absent(
        lan.fromDut.all(echoRequest({}, { ip6: { dst: future } }), { before: both.lan }),
        'Before address and prefix are acquired nothing is forwarded from the WAN to the LAN.',
        { fence: both.lan, since: sent },
      )
    }
    judge.found(framesOf(flow)[0], 'Afterwards a flow passes.', flow)
  },
)

requirement(
  'RFC7084-G-1',
  { cases: { 'WAN link-local': silentServer, 'LAN link-local': silentServer } },
  ({ case: where, judge, given, did, marks, framesOf }) => {
    did('fence')
    const side = where === 'WAN link-local' ? 'wan' : 'lan'
    const asked = given(
      marks('fence').find((mark) => mark.data?.side === side),
      side === 'wan' ? 'RFC7084-W-2' : 'RFC7084-L-1',
    )
    const [question, answer] = framesOf(asked)
    const reply = judge.found(
      answer,
      'A Neighbor Solicitation for an address of the router is answered.',
      question ?? asked,
    )
    const { hopLimit } = reply.packet.ip6 ?? {}
    judge.equal(hopLimit, 255, 'Hop limit of the answer', reply)
    const router = reply.packet.icmp6?.type === 'neighbor-advertisement' && reply.packet.icmp6.router
    if (side === 'lan') judge.equal(router, true, 'R flag of the answer on the LAN, where the router advertises', reply)
    else judge.note(`R flag on the WAN: ${Number(router)}.`, reply)
  },
)

requirement(
  'RFC8200-3-HOPLIMIT',
  { cases: { 2: endToEnd, 64: endToEnd, 255: endToEnd, 1: endToEnd, inbound: endToEnd } },
  ({ case: what, wan, lan, judge, given, did, framesOf }) => {
    const hops = did('hops', (mark) => String(mark.data?.hopLimit) === (what === 'inbound' ? '64' : what))
    const [sent, answer] = framesOf(hops)
    const question = sent ?? hops
    const id = sent?.packet.icmp6?.type === 'echo-request' ? sent.packet.icmp6.id : -1
    if (what === '1') {
      const over = given(framesOf(did('page'))[1], 'DENAT-DEFAULT-1')
      judge.absent(
        wan.fromDut.all(echoRequest({ id }), { after: question }),
        'A packet that arrives with hop limit 1 is not forwarded.',
        { fence: over, since: question },
      )
      judge.note(answer ? 'Time Exceeded is sent.' : 'No Time Exceeded is sent.', answer ?? question)
      return
    }
    if (what === 'inbound') {
      const reply = given(wan.toDut.first(echoReply({ id }), { after: question }), 'DENAT-DEFAULT-1')
      const delivered = judge.found(
        lan.fromDut.first(echoReply({ id }), { after: reply }),
        'A reply from the Internet is delivered.',
        reply,
      )
      judge.equal(
        delivered.packet.ip6?.hopLimit,
        (reply.packet.ip6?.hopLimit ?? 0) - 1,
        'Its hop limit is reduced by one',
        reply,
        delivered,
      )
      return
    }
    const forwarded = judge.found(
      wan.fromDut.first(echoRequest({ id }), { after: question }),
      `A packet with hop limit ${what} is forwarded.`,
      question,
    )
    judge.equal(
      forwarded.packet.ip6?.hopLimit,
      Number(what) - 1,
      'Its hop limit is reduced by exactly one',
      question,
      forwarded,
    )
  },
)

requirement('RFC4443-3.2-PTB', slaacWan, ({ wan, lan, judge, did, marks, framesOf, notApplicable }) => {
  const applied = did('wan-mtu')
  const mtu = Number(applied.data?.mtu)
  const probes = marks('sized-ping')
  const over = marks('sized-ping-done').at(-1) ?? applied
  const [advertised] = framesOf(applied)
  const large = lan.toDut.all(echoRequest({}, { ip6: { payloadLength: (length) => length + 40 > mtu } }), {
    after: advertised,
  })
  const [first] = large
  if (!first || probes.length < 4) throw new TypeError('the large packets were not sent')
  const told = lan.fromDut.first(icmpv6('packet-too-big'), { after: first, before: over })
  if (!told) {
    const passed = wan.fromDut.first(echoRequest({}, { ip6: { payloadLength: (length) => length + 40 > mtu } }), {
      after: first,
    })
    if (passed)
      return notApplicable(
        `The router does not apply the MTU that an RA on its WAN announces: it forwards ${(passed.packet.ip6?.payloadLength ?? 0) + 40} octets.`,
        first,
        passed,
      )
  }
  const fragments = wan.fromDut.all({ ext: [{ type: 'fragment' }] }, { after: first, before: over })
  judge.holds(
    fragments.length === 0,
    'The router fragments no packet.',
    'it sends fragments',
    first,
    ...fragments.slice(0, 2),
  )
  const error = judge.found(
    told,
    `Three packets of 1450 octets for a link of MTU ${mtu} are answered by Packet Too Big.`,
    ...large,
  )
  const said = error.packet.icmp6?.type === 'packet-too-big' ? error.packet.icmp6.mtu : undefined
  judge.equal(said, mtu, 'The MTU that it names', error)
  const cause = large.filter((frame) => frame.number < error.number).at(-1) ?? first
  judge.within(error.at - cause.at, { min: 0, max: 1, why: 'within 1 s' }, 'It comes at once.', cause, error)
  judge.equal(quoted(error)?.ip6?.dst, cause.packet.ip6?.dst, 'It quotes the packet, sent to', cause, error)
  const whole = (error.packet.ip6?.payloadLength ?? 0) + 40
  judge.holds(whole <= 1280, 'With its quote it is no longer than 1280 octets.', `${whole} octets`, error)
})
