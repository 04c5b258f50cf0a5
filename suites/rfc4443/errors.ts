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
import { isStillOnline } from '../steps/still-online.ts'
import { noRouteProbe, whileGoneFence } from '../steps/transit/loss-of-default-router.ts'
import { burstSent, errorProbe, untold, untoldSent } from '../steps/transit/router-errors.ts'

/** The probes of one kind, and the error that answered one of them. */
function probes({ at }: Evidence, name: string) {
  const { mark, answered, more } = at(errorProbe, (one) => one.name === name)
  return { mark, ...split(more, answered) }
}

/** The error, where there is one, follows the probes. */
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
    const fence = isStillOnline(evidence, 'router errors')
    const received = judge.found(
      error,
      mark,
      way === 'outbound'
        ? claim`The router sends Time Exceeded for one of up to six packets that arrive from the LAN with hop limit 1.`
        : claim`The router sends Time Exceeded for one of up to six packets of a flow in use that arrive from the WAN with hop limit 1.`,
      ...sent,
    )
    judge.equal(received.packet.icmp6?.code, 0, claim`Its code`, received)
    judge.equal(
      received.packet.ip6?.dst,
      last.packet.ip6?.src,
      claim`Its destination address, that of the sender`,
      last,
      received,
    )
    const { srcPort, dstPort } = last.packet.udp ?? {}
    judge.equal(
      quoted(received)?.udp?.srcPort,
      srcPort,
      claim`The UDP source port of the packet that it quotes`,
      last,
      received,
    )
    const { src } = received.packet.ip6 ?? {}
    if (way === 'inbound' && src)
      judge.holds(
        !isLinkLocal(src),
        claim`Its source address is not link-local, so the destination can reach it.`,
        claim`${the.address(src)}`,
        received,
      )
    const crossed = (way === 'outbound' ? wan : lan).fromDut
      .all({ udp: { srcPort, dstPort }, ip6: { src: last.packet.ip6?.src } }, { after: sent[0] })
      // The flow itself was opened by a packet of the same ports, in the other direction.
      .filter((frame) => frame.packet.ip6?.dst === last.packet.ip6?.dst)
    judge.absent(crossed, claim`The router does not forward the packet itself.`, { fence, since: last })
  }

const comesFromBeyondTheLink: Judgement = (evidence) => {
  const received = evidence.given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
  const { src = '' } = received.packet.ip6 ?? {}
  evidence.judge.holds(
    src !== '' && !isLinkLocal(src),
    claim`The source address of an error to a host on the LAN is valid beyond the link.`,
    claim`${the.address(src)}`,
    received,
  )
}

/** An error about a packet that is larger than an error may quote, or about a small packet. */
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
  const expected = claim`An error about a packet of 1500 octets has at most 1280 octets.`
  evidence.judge.holds(size <= 1280, expected, claim`${size} octets`, received)
}

const quotesAsMuchAsFits: Judgement = (evidence) => {
  const { received, size } = receivedError(evidence, 'hop limit 1, 1500 octets')
  const expected = claim`The error quotes as much of the packet as fits in 1280 octets.`
  // A stack may round down to a multiple of eight octets.
  evidence.judge.holds(size > 1280 - 8, expected, claim`${size} octets in total`, received)
}

const quotesAllOfASmallOne: Judgement = (evidence) => {
  const { last, received, data } = receivedError(evidence, 'hop limit 1')
  const expected = claim`The number of octets that are quoted of a small packet`
  evidence.judge.equal(data?.length, packetLength(last), expected, last, received)
}

const quotesAsItCame: Judgement = (evidence) => {
  const { last, received, data } = receivedError(evidence, 'hop limit 1, 1500 octets')
  const original = ipOctets(last).slice()
  const copy = data?.slice() ?? new Uint8Array()
  // It may be quoted as it arrived, or as it would have been forwarded.
  if (copy.length > hopLimitAt && original.length > hopLimitAt) copy[hopLimitAt] = original[hopLimitAt] as number
  evidence.judge.holds(
    copy.length > 40 && Buffer.compare(copy, original.subarray(0, copy.length)) === 0,
    claim`The quoted octets are those of the packet. Only the hop limit may be reduced.`,
    claim`${copy.length} octets that are not those of the packet`,
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
    // The router sends an error for a similar packet, which nothing forbids, before and after.
    given(probes(evidence, 'hop limit 1').error, 'RFC4443-3.3-TIMEEX')
    const fence = given(probes(evidence, 'hop limit 1, again').error, 'RFC4443-3.3-TIMEEX')
    const isAbout = (frame: Frame): boolean => {
      const { ip6, udp, icmp6 } = quoted(frame) ?? {}
      if (ip6?.src !== sent.packet.ip6?.src || ip6?.dst !== sent.packet.ip6?.dst) return false
      return sent.packet.udp ? udp?.srcPort === sent.packet.udp.srcPort : icmp6?.type === sent.packet.icmp6?.type
    }
    const type = anyOf('destination-unreachable', 'time-exceeded', 'parameter-problem')
    const errors = [wan, lan].flatMap((link) => link.fromDut.all({ icmp6: { type } }, { after: sent }).filter(isAbout))
    judge.absent(errors, claim`The router sends no ICMPv6 error about ${the.name(name)}.`, { fence, since: sent })
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
    claim`The router limits the rate of ICMPv6 errors: of ${packets} packets that arrive at once with hop limit 1, some cause no error.`,
    claim`${errors.length} errors`,
    mark,
    first,
  )
  judge.note(claim`The router sends ${errors.length} errors for ${packets} packets.`, mark)
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
    claim`Of ten packets that arrive at once with hop limit 1, the router sends Time Exceeded for at least three, which is one traceroute step.`,
    claim`${answers.length} of 10`,
    mark,
    ...answers.slice(0, 3),
  )
  judge.note(claim`The router sends ${answers.length} errors for 10 packets.`, mark)
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
    claim`The router sends Destination Unreachable for one of up to six packets to a destination that it filters.`,
    ...sent,
  )
  const { code } = received.packet.icmp6 ?? {}
  judge.holds(
    [0, 1, 5, 6].includes(code ?? -1),
    claim`Its code is 1 (prohibited), 5 or 6, or 0 if a route rejects the packet.`,
    claim`${the.name(String(code))}`,
    received,
  )
  judge.note(claim`The code of the error is ${code ?? the.name(undefined)}.`, received)
  judge.within(received.at - last.at, errorTime, claim`The router sends the error immediately.`, last, received)
}

const hasNoRoute: Judgement = ({ wan, judge, at, given, assume }) => {
  const { mark, answered, more } = at(noRouteProbe)
  const { sent, error, last } = split(more, answered)
  const port = last.packet.udp?.srcPort
  const passed = wan.fromDut.all({ udp: { srcPort: port } }, { after: last }).some((frame) => isOneHopOn(frame, last))
  // The router still has a route, so it need not send an error.
  assume(!passed, 'RFC7084-W-3')
  given(at(whileGoneFence).answer, 'RFC7084-G-1')
  const received = judge.found(
    error,
    mark,
    claim`The router sends Destination Unreachable for one of up to six packets for which it has no route.`,
    ...sent,
  )
  judge.equal(received.packet.icmp6?.code, 0, claim`Its code`, received)
  judge.equal(
    quoted(received)?.udp?.srcPort,
    port,
    claim`The UDP source port of the packet that it quotes`,
    last,
    received,
  )
  judge.within(received.at - last.at, errorTime, claim`The router sends the error immediately.`, last, received)
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
