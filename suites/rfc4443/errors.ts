import {
  anyOf,
  claim,
  type Evidence,
  errorTime,
  type Frame,
  icmpv6,
  ipOctets,
  isLinkLocal,
  isOneHopOn,
  type Judgement,
  on,
  quoted,
  requirement,
  the,
} from 'denat'
import { flood, idleConnections } from '../scenarios/idle-connections.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { noRouteProbe, whileGoneFence } from '../steps/evening/loss-of-default-router.ts'
import { burstSent, errorProbe, untold, untoldSent } from '../steps/evening/router-errors.ts'
import { isStillOnline } from '../steps/still-online.ts'

/** The probes of one kind, and the error that one of them was answered by. */
function probes({ at }: Evidence, name: string) {
  const { mark, answered, more } = at(errorProbe, (one) => one.name === name)
  return { mark, ...split(more, answered) }
}

/** Behind the probes comes the error, where there is one. */
function split(frames: readonly Frame[], answered: boolean): { sent: Frame[]; error?: Frame; last: Frame } {
  const error = answered ? frames.at(-1) : undefined
  const sent = error ? frames.slice(0, -1) : [...frames]
  const last = sent.at(-1)
  if (!last) throw new TypeError('no probe was sent')
  return { sent, last, ...(error && { error }) }
}

const packetLength = ({ packet }: Frame): number => (packet.ip6?.payloadLength ?? 0) + 40

const hopLimitAt = 7

const runsOut =
  (way: 'outbound' | 'inbound'): Judgement =>
  (evidence) => {
    const { wan, lan, judge } = evidence
    const { mark, sent, error, last } = probes(
      evidence,
      way === 'outbound' ? 'hop limit 1' : 'hop limit 1 from outside',
    )
    isStillOnline(evidence, 'router errors')
    const received = judge.found(
      error,
      mark,
      claim`One of up to six packets that arrive ${way === 'outbound' ? claim`from the LAN` : claim`from the WAN, for a flow in use,`} with hop limit 1 is answered by Time Exceeded.`,
      ...sent,
    )
    judge.equal(received.packet.icmp6?.code, 0, claim`Its code`, received)
    judge.equal(received.packet.ip6?.dst, last.packet.ip6?.src, claim`It goes to the sender,`, last, received)
    const { srcPort, dstPort } = last.packet.udp ?? {}
    judge.equal(quoted(received)?.udp?.srcPort, srcPort, claim`It quotes the packet, from UDP port`, last, received)
    const { src } = received.packet.ip6 ?? {}
    if (way === 'inbound' && src)
      judge.holds(
        !isLinkLocal(src),
        claim`Its source can be reached from where it goes.`,
        claim`${the.address(src)}`,
        received,
      )
    const crossed = (way === 'outbound' ? wan : lan).fromDut
      .all({ udp: { srcPort, dstPort }, ip6: { src: last.packet.ip6?.src } }, { after: sent[0] })
      // The flow itself was opened by a packet of the same ports, in the other direction.
      .filter((frame) => frame.packet.ip6?.dst === last.packet.ip6?.dst)
    judge.absent(crossed, claim`The packet itself is not forwarded.`, { fence: received, since: last })
  }

const comesFromBeyondTheLink: Judgement = (evidence) => {
  const received = evidence.given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
  const { src = '' } = received.packet.ip6 ?? {}
  evidence.judge.holds(
    src !== '' && !isLinkLocal(src),
    claim`The source of an error to a host of the LAN is an address that is valid beyond the link.`,
    claim`${the.address(src)}`,
    received,
  )
}

/** An error about a packet that is larger than what an error may quote, or about one that is small. */
function receivedError(evidence: Evidence, name: 'hop limit 1' | 'hop limit 1, 1500 octets') {
  isStillOnline(evidence, 'router errors')
  const { error, last } = probes(evidence, name)
  const received = evidence.given(error, 'RFC4443-3.3-TIMEEX')
  const { icmp6 } = received.packet
  const data = icmp6 && 'data' in icmp6 ? icmp6.data : undefined
  return { last, received, size: packetLength(received), data }
}

const isNoLonger: Judgement = (evidence) => {
  const { received, size } = receivedError(evidence, 'hop limit 1, 1500 octets')
  const expected = claim`An error about a packet of 1500 octets is no longer than 1280.`
  evidence.judge.holds(size <= 1280, expected, claim`${size} octets`, received)
}

const quotesAsMuchAsFits: Judgement = (evidence) => {
  const { received, size } = receivedError(evidence, 'hop limit 1, 1500 octets')
  const expected = claim`It quotes as much of the packet as 1280 octets have room for.`
  // A stack may round down to a multiple of eight octets.
  evidence.judge.holds(size > 1280 - 8, expected, claim`${size} octets in all`, received)
}

const quotesAllOfASmallOne: Judgement = (evidence) => {
  const { last, received, data } = receivedError(evidence, 'hop limit 1')
  const expected = claim`A small packet is quoted whole, its octets`
  evidence.judge.equal(data?.length, packetLength(last), expected, last, received)
}

const quotesAsItCame: Judgement = (evidence) => {
  const { last, received, data } = receivedError(evidence, 'hop limit 1, 1500 octets')
  const original = ipOctets(last).slice()
  const copy = data?.slice() ?? new Uint8Array()
  // It may be quoted as it came, or as it would have left.
  if (copy.length > hopLimitAt && original.length > hopLimitAt) copy[hopLimitAt] = original[hopLimitAt] as number
  evidence.judge.holds(
    copy.length > 40 && Buffer.compare(copy, original.subarray(0, copy.length)) === 0,
    claim`What is quoted equals the packet, octet by octet; its hop limit may be reduced.`,
    claim`another packet, ${copy.length} octets`,
    last,
    received,
  )
}

const causesNoError =
  (name: string): Judgement =>
  (evidence) => {
    const { wan, lan, judge, at, given } = evidence
    const { sent } = at(untoldSent, (one) => one.name === name)
    if (!sent) throw new TypeError(`not sent: ${name}`)
    // About the same packet, with nothing that forbids it, an error is sent before and after.
    given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
    const fence = given(probes(evidence, 'hop limit 1, again').error, 'RFC4443-3.3-TIMEEX')
    const isAbout = (frame: Frame): boolean => {
      const { ip6, udp, icmp6 } = quoted(frame) ?? {}
      if (ip6?.src !== sent.packet.ip6?.src || ip6?.dst !== sent.packet.ip6?.dst) return false
      return sent.packet.udp ? udp?.srcPort === sent.packet.udp.srcPort : icmp6?.type === sent.packet.icmp6?.type
    }
    const type = anyOf('destination-unreachable', 'time-exceeded', 'parameter-problem')
    const errors = [wan, lan].flatMap((link) => link.fromDut.all({ icmp6: { type } }, { after: sent }).filter(isAbout))
    judge.absent(errors, claim`No ICMPv6 error is sent about ${the.name(name)}.`, { fence, since: sent })
  }

const isBounded: Judgement = (evidence) => {
  const { lan, judge, at, given } = evidence
  const { port, packets, mark } = at(flood)
  isStillOnline(evidence, 'flood')
  const errors = lan.fromDut
    .all(icmpv6('time-exceeded'), { after: mark })
    .filter((frame) => quoted(frame)?.udp?.srcPort === port)
  const first = given(errors[0], 'RFC4443-3.3-TIMEEX')
  judge.holds(
    errors.length < packets,
    claim`Of ${packets} packets at once whose hop limit runs out not all are answered: the rate of errors is limited.`,
    claim`${errors.length} errors`,
    mark,
    first,
  )
  judge.note(claim`${errors.length} of ${packets} are answered.`, mark)
}

const allowsTraceroute: Judgement = (evidence) => {
  const { lan, judge, at, given } = evidence
  const { port, mark } = at(burstSent)
  isStillOnline(evidence, 'router errors')
  given(probes(evidence, 'hop limit 1, again').error, 'RFC4443-3.3-TIMEEX')
  const answers = lan.fromDut
    .all(icmpv6('time-exceeded'), { after: mark })
    .filter((frame) => quoted(frame)?.udp?.srcPort === port)
  judge.holds(
    answers.length >= 3,
    claim`Of ten packets at once whose hop limit runs out three at least, the probes of one traceroute, are answered.`,
    claim`${answers.length} of 10`,
    mark,
    ...answers.slice(0, 3),
  )
  judge.note(claim`${answers.length} of 10 are answered.`, mark)
}

const isRefused: Judgement = (evidence) => {
  const { wan, judge, assume } = evidence
  const { mark, sent, error, last } = probes(evidence, 'filtered destination')
  isStillOnline(evidence, 'router errors')
  const isFiltered = !wan.fromDut.all({}, { after: sent[0] }).some((frame) => isOneHopOn(frame, last))
  assume(isFiltered, 'RFC7084-ULA-4')
  const received = judge.found(
    error,
    mark,
    claim`One of up to six packets to where nothing is let through is answered by Destination Unreachable.`,
    ...sent,
  )
  const { code } = received.packet.icmp6 ?? {}
  judge.holds(
    [0, 1, 5, 6].includes(code ?? -1),
    claim`Its code is 1 (prohibited), 5 or 6; or 0, where a route rejects.`,
    claim`${the.name(String(code))}`,
    received,
  )
  judge.note(claim`Its code is ${code ?? the.name(undefined)}.`, received)
  judge.within(received.at - last.at, errorTime, claim`It comes at once.`, last, received)
}

const hasNoRoute: Judgement = ({ wan, judge, at, given, assume }) => {
  const { mark, answered, more } = at(noRouteProbe)
  const { sent, error, last } = split(more, answered)
  const port = last.packet.udp?.srcPort
  const passed = wan.fromDut.all({ udp: { srcPort: port } }, { after: last }).some((frame) => isOneHopOn(frame, last))
  // It still has a route, so no error is due.
  assume(!passed, 'RFC7084-W-3')
  given(at(whileGoneFence).answer, 'RFC7084-G-1')
  const received = judge.found(
    error,
    mark,
    claim`One of up to six packets for which there is no route is answered by Destination Unreachable.`,
    ...sent,
  )
  judge.equal(received.packet.icmp6?.code, 0, claim`Its code`, received)
  judge.equal(quoted(received)?.udp?.srcPort, port, claim`It quotes the packet, from UDP port`, last, received)
  judge.within(received.at - last.at, errorTime, claim`It comes at once.`, last, received)
}

export const requirements = [
  requirement('RFC4443-3.3-TIMEEX', {
    outbound: on(longSessions, runsOut('outbound')),
    inbound: on(longSessions, runsOut('inbound')),
    // Section 2.2 b: as for any other packet, by SHOULD.
    'source, outbound': on(longSessions, comesFromBeyondTheLink, { level: 'SHOULD' }),
  }),

  requirement('RFC4443-2.4c-QUOTE', {
    'no longer than 1280': on(longSessions, isNoLonger),
    'as much as fits': on(longSessions, quotesAsMuchAsFits),
    'a small packet whole': on(longSessions, quotesAllOfASmallOne),
    'as it came': on(longSessions, quotesAsItCame),
  }),

  requirement(
    'RFC4443-2.4e-NOERR',
    Object.fromEntries(Object.keys(untold).map((name) => [name, on(longSessions, causesNoError(name))])),
  ),

  requirement('RFC4443-2.4f-RATE', {
    // "Rate-limiting mechanisms that cannot cope with bursty traffic (e.g., traceroute) are not recommended."
    'ten at once': on(longSessions, allowsTraceroute, { level: 'SHOULD' }),
    'a thousand': on(idleConnections, isBounded),
  }),

  requirement('RFC4443-3.1-NOROUTE', {
    'no route': on(longSessions, hasNoRoute),
    'filtered destination': on(longSessions, isRefused),
  }),
]
