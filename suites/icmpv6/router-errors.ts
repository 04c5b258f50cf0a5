import {
  anyOf,
  type Evidence,
  errorTime,
  type Frame,
  icmpv6,
  isLinkLocal,
  isOneHopOn,
  type Mark,
  quoted,
  requirement,
} from 'denat'
import { untold } from '../scenarios/evening/router-errors.ts'
import { evening } from '../scenarios/evening.ts'
import { idleConnections } from '../scenarios/idle-connections.ts'

/** The probes of one kind, and the error that one of them was answered by. */
function probes({ did, framesOf }: Evidence, name: string): { mark: Mark; sent: Frame[]; error?: Frame; last: Frame } {
  const mark = did('error-probe', (one) => one.data?.name === name)
  const frames = framesOf(mark)
  const error = mark.data?.answered ? frames.at(-1) : undefined
  const sent = error ? frames.slice(0, -1) : frames
  const last = sent.at(-1)
  if (!last) throw new TypeError(`no probe was sent: ${name}`)
  return { mark, sent, error, last }
}

const stillOnline = ({ did, given, framesOf }: Evidence): Frame =>
  given(framesOf(did('still-online', (mark) => mark.data?.when === 'router errors'))[0], 'DENAT-DEFAULT-1')

const packetLength = ({ packet }: Frame): number => (packet.ip6?.payloadLength ?? 0) + 40
const ethernetHeader = 14
const hopLimitAt = 7

const timeExceeded = {
  cases: { outbound: evening, inbound: evening, 'source, outbound': evening },
  // Section 2.2 b: as for any other packet, by SHOULD.
  levels: { 'source, outbound': 'SHOULD' },
} as const

requirement('RFC4443-3.3-TIMEEX', timeExceeded, (evidence) => {
  const { case: way, wan, lan, judge, given } = evidence
  if (way === 'source, outbound') {
    const told = given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
    const { src = '::' } = told.packet.ip6 ?? {}
    return judge.holds(
      !isLinkLocal(src),
      'The source of an error to a host of the LAN is an address that is valid beyond the link.',
      src,
      told,
    )
  }
  const { mark, sent, error, last } = probes(evidence, way === 'outbound' ? 'hop limit 1' : 'hop limit 1 from outside')
  stillOnline(evidence)
  const told = judge.found(
    error,
    mark,
    `One of up to six packets that arrive ${way === 'outbound' ? 'from the LAN' : 'from the WAN, for a flow in use,'} with hop limit 1 is answered by Time Exceeded.`,
    ...sent,
  )
  judge.equal(told.packet.icmp6?.code, 0, 'Its code', told)
  judge.equal(told.packet.ip6?.dst, last.packet.ip6?.src, 'It goes to the sender,', last, told)
  judge.equal(quoted(told)?.udp?.srcPort, last.packet.udp?.srcPort, 'It quotes the packet, from UDP port', last, told)
  const { src = '::' } = told.packet.ip6 ?? {}
  if (way === 'inbound') judge.holds(!isLinkLocal(src), 'Its source can be reached from where it goes.', src, told)
  const ports = { srcPort: last.packet.udp?.srcPort, dstPort: last.packet.udp?.dstPort }
  const crossed = (way === 'outbound' ? wan : lan).fromDut
    .all({ udp: ports, ip6: { src: last.packet.ip6?.src } }, { after: sent[0] })
    // The flow itself was opened by a packet of the same ports, in the other direction.
    .filter((frame) => frame.packet.ip6?.dst === last.packet.ip6?.dst)
  judge.absent(crossed, 'The packet itself is not forwarded.', { fence: told, since: last })
})

requirement(
  'RFC4443-2.4c-QUOTE',
  {
    cases: {
      'no longer than 1280': evening,
      'as much as fits': evening,
      'a small packet whole': evening,
      'as it came': evening,
    },
  },
  (evidence) => {
    const { case: what, judge, given } = evidence
    stillOnline(evidence)
    const { error, last } = probes(
      evidence,
      what === 'a small packet whole' ? 'hop limit 1' : 'hop limit 1, 1500 octets',
    )
    const told = given(error, 'RFC4443-3.3-TIMEEX')
    const size = packetLength(told)
    const data = told.packet.icmp6 && 'data' in told.packet.icmp6 ? told.packet.icmp6.data : undefined
    if (what === 'no longer than 1280')
      return judge.holds(
        size <= 1280,
        'An error about a packet of 1500 octets is no longer than 1280.',
        `${size} octets`,
        told,
      )
    if (what === 'as much as fits')
      return judge.holds(
        // A stack may round down to a multiple of eight octets.
        size > 1280 - 8,
        'It quotes as much of the packet as 1280 octets have room for.',
        `${size} octets in all`,
        told,
      )
    if (what === 'a small packet whole')
      return judge.equal(data?.length, packetLength(last), 'A small packet is quoted whole, its octets', last, told)
    const original = last.bytes.slice(ethernetHeader)
    const copy = data?.slice() ?? new Uint8Array()
    // It may be quoted as it came, or as it would have left.
    if (copy.length > hopLimitAt && original.length > hopLimitAt) copy[hopLimitAt] = original[hopLimitAt] as number
    judge.holds(
      copy.length > 40 && Buffer.compare(copy, original.subarray(0, copy.length)) === 0,
      'What is quoted equals the packet, octet by octet; its hop limit may be reduced.',
      `another packet, ${copy.length} octets`,
      last,
      told,
    )
  },
)

requirement(
  'RFC4443-2.4e-NOERR',
  { cases: Object.fromEntries(Object.keys(untold).map((name) => [name, evening])) },
  (evidence) => {
    const { case: name, wan, lan, judge, did, given, framesOf } = evidence
    const [sent] = framesOf(did('untold', (mark) => mark.data?.name === name))
    if (!sent) throw new TypeError(`not sent: ${name}`)
    // The same packet, with nothing that forbids it, is told of before and after.
    given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
    const fence = given(probes(evidence, 'hop limit 1, again').error, 'RFC4443-3.3-TIMEEX')
    const about = (frame: Frame): boolean => {
      const { ip6, udp, icmp6 } = quoted(frame) ?? {}
      if (ip6?.src !== sent.packet.ip6?.src || ip6?.dst !== sent.packet.ip6?.dst) return false
      return sent.packet.udp ? udp?.srcPort === sent.packet.udp.srcPort : icmp6?.type === sent.packet.icmp6?.type
    }
    const type = anyOf('destination-unreachable', 'time-exceeded', 'parameter-problem')
    const told = [wan, lan].flatMap((link) => link.fromDut.all({ icmp6: { type } }, { after: sent }).filter(about))
    judge.absent(told, `No ICMPv6 error is sent about ${name}.`, { fence, since: sent })
  },
)

function isBounded({ lan, judge, did, given, framesOf }: Evidence): void {
  const flood = did('flood')
  given(framesOf(did('still-online', (mark) => mark.data?.when === 'flood'))[0], 'DENAT-DEFAULT-1')
  const told = lan.fromDut
    .all(icmpv6('time-exceeded'), { after: flood })
    .filter((frame) => quoted(frame)?.udp?.srcPort === flood.data?.port)
  const first = given(told[0], 'RFC4443-3.3-TIMEEX')
  judge.holds(
    told.length < Number(flood.data?.packets),
    `Of ${flood.data?.packets} packets at once whose hop limit runs out not all are answered: the rate of errors is limited.`,
    `${told.length} errors`,
    flood,
    first,
  )
  judge.note(`${told.length} of ${flood.data?.packets} are answered.`, flood)
}

const rates = {
  cases: { 'ten at once': evening, 'a thousand': idleConnections },
  // "Rate-limiting mechanisms that cannot cope with bursty traffic (e.g., traceroute) are not recommended."
  levels: { 'ten at once': 'SHOULD' },
} as const

requirement('RFC4443-2.4f-RATE', rates, (evidence) => {
  const { case: what, lan, judge, did, given } = evidence
  if (what === 'a thousand') return isBounded(evidence)
  const burst = did('burst')
  stillOnline(evidence)
  given(probes(evidence, 'hop limit 1, again').error, 'RFC4443-3.3-TIMEEX')
  const port = Number(burst.data?.port)
  const answers = lan.fromDut
    .all(icmpv6('time-exceeded'), { after: burst })
    .filter((frame) => quoted(frame)?.udp?.srcPort === port)
  judge.holds(
    answers.length >= 3,
    'Of ten packets at once whose hop limit runs out three at least, the probes of one traceroute, are answered.',
    `${answers.length} of 10`,
    burst,
    ...answers.slice(0, 3),
  )
  judge.note(`${answers.length} of 10 are answered.`, burst)
})

requirement('RFC4443-3.1-NOROUTE', { cases: { 'no route': evening, 'filtered destination': evening } }, (evidence) => {
  const { case: what, wan, judge, did, given, assume, framesOf } = evidence
  if (what === 'filtered destination') {
    const { mark, sent, error, last } = probes(evidence, what)
    stillOnline(evidence)
    const through = wan.fromDut.all({}, { after: sent[0] }).find((frame) => isOneHopOn(frame, last))
    // It is not filtered.
    given(through ? undefined : last, 'RFC7084-ULA-4')
    const told = judge.found(
      error,
      mark,
      'One of up to six packets to where nothing is let through is answered by Destination Unreachable.',
      ...sent,
    )
    judge.holds(
      [0, 1, 5, 6].includes(told.packet.icmp6?.code ?? -1),
      'Its code is 1 (prohibited), 5 or 6; or 0, where a route rejects.',
      String(told.packet.icmp6?.code),
      told,
    )
    judge.note(`Its code is ${told.packet.icmp6?.code}.`, told)
    judge.within(told.at - last.at, errorTime, 'It comes at once.', last, told)
    return
  }
  const probe = did('no-route')
  const frames = framesOf(probe)
  const error = probe.data?.answered ? frames.at(-1) : undefined
  const sent = error ? frames.slice(0, -1) : frames
  const last = sent.at(-1)
  if (!last) throw new TypeError('no probe was sent without a route')
  const port = last.packet.udp?.srcPort
  const passed = wan.fromDut.all({ udp: { srcPort: port } }, { after: last }).some((frame) => isOneHopOn(frame, last))
  // It still has a route, so nothing is to be told.
  assume(!passed, 'RFC7084-W-3')
  given(framesOf(did('while-gone-fence'))[1], 'RFC7084-G-1')
  const told = judge.found(
    error,
    probe,
    'One of up to six packets for which there is no route is answered by Destination Unreachable.',
    ...sent,
  )
  judge.equal(told.packet.icmp6?.code, 0, 'Its code', told)
  judge.equal(quoted(told)?.udp?.srcPort, port, 'It quotes the packet, from UDP port', last, told)
  judge.within(told.at - last.at, errorTime, 'It comes at once.', last, told)
})
