import {
  claim,
  type Evidence,
  type Frame,
  type Judgement,
  ns,
  on,
  quoted,
  ra,
  raOf,
  requirement,
  solicitedNode,
  the,
} from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { roadIsOpen } from '../shared/crossings.ts'
import { absentHost, silentHost } from '../steps/transit/neighbors.ts'
import { transitFence } from '../steps/transit/road.ts'
import { absentFromOutside } from '../steps/transit/unsolicited.ts'

/** MAX_MULTICAST_SOLICIT, RFC 4861 section 10. */
const solicitations = 3

/** The RetransTimer of the router's RAs, where they have one. Seconds. */
function retransTimer({ lan }: Evidence): number {
  const timers = lan.fromDut.all(ra()).map((frame) => raOf(frame).retransTimer)
  return (timers.find((milliseconds) => milliseconds > 0) ?? 1000) / 1000
}

/** Addresses that no node has, and the router's Neighbor Solicitations for each. */
function questions(evidence: Evidence) {
  const { every, given, at, lan } = evidence
  const { mark: over } = at(transitFence)
  const probes = every(absentHost)
  given(probes[0]?.mark, 'RFC7084-G-1')
  const { fromDut } = lan.of('host')
  return probes.map(({ target, mark: probe }) => ({
    over,
    probe,
    asked: fromDut.all(ns({ target }, { ip6: { dst: solicitedNode(target) } }), { before: over }),
  }))
}

const waitFor = (evidence: Evidence) => {
  const wait = retransTimer(evidence)
  return { wait, why: claim`RetransTimer ${the.seconds(wait)} (RFC 4861 section 7.2.2)` }
}

const asksInTurn: Judgement = (evidence) => {
  const { judge } = evidence
  const { wait, why } = waitFor(evidence)
  for (const { over, probe, asked } of questions(evidence)) {
    judge.found(asked[0], over, claim`The router sends a Neighbor Solicitation for the destination of a packet.`, probe)
    judge.holds(
      asked.length <= solicitations,
      claim`It sends at most ${solicitations} Neighbor Solicitations (MAX_MULTICAST_SOLICIT).`,
      claim`${asked.length} Neighbor Solicitations`,
      probe,
      ...asked.slice(0, 5),
    )
    for (const [before, next] of pairs(asked))
      judge.within(
        next.at - before.at,
        { min: 0.8 * wait, max: Number.POSITIVE_INFINITY, why },
        claim`The interval between two Neighbor Solicitations is not shorter than RetransTimer.`,
        before,
        next,
      )
  }
}

const asksAgain: Judgement = (evidence) => {
  const { judge, given } = evidence
  const { wait, why } = waitFor(evidence)
  for (const { probe, asked } of questions(evidence)) {
    given(asked[0], 'RFC4861-7.2-NUD')
    judge.equal(
      asked.length,
      solicitations,
      claim`The number of Neighbor Solicitations before address resolution fails`,
      probe,
      ...asked,
    )
    for (const [before, next] of pairs(asked))
      judge.within(
        next.at - before.at,
        { min: 0, max: 1.5 * wait + 0.2, why },
        claim`It retransmits the Neighbor Solicitation after RetransTimer.`,
        before,
        next,
      )
  }
}

const pairs = (frames: readonly Frame[]): [Frame, Frame][] =>
  frames.slice(1).map((next, index) => [frames[index] as Frame, next])

const reportsToSender =
  (probed: typeof absentHost | typeof absentFromOutside): Judgement =>
  (evidence) => {
    const { judge, given, every, at } = evidence
    const { mark: over } = at(transitFence)
    if (probed === absentFromOutside) roadIsOpen(evidence, 'inbound')
    const probes = every(probed)
    given(probes[0]?.mark, 'RFC7084-G-1')
    const told = judge.found(
      probes.find(({ error }) => error)?.error,
      over,
      claim`The router sends Destination Unreachable for at least one of several packets to LAN addresses that no node has.`,
      ...probes.map(({ mark }) => mark),
    )
    judge.equal(told.packet.icmp6?.code, 3, claim`Its code, Address Unreachable`, told)
    const target = quoted(told)?.ip6?.dst
    judge.holds(
      probes.some((probe) => probe.target === target),
      claim`It quotes one of these packets.`,
      claim`a quoted packet to ${the.address(target)}`,
      told,
    )
  }

/** The router's Neighbor Solicitations for a host that was unplugged after it received a packet. */
function unplugged({ at, every, given, lan }: Evidence) {
  const { mark: over } = at(transitFence)
  const [host] = every(silentHost)
  const mark = given(host?.mark, 'RFC7084-G-1')
  const delivered = given(host?.delivered, 'DENAT-DEFAULT-1')
  const { address } = at(silentHost)
  const toHost = ns({ target: address }, { ip6: { src: (src: string) => src !== '::' } })
  const asked = lan.of('host').fromDut.all(toHost, { after: delivered, before: over })
  return { over, mark, delivered, address, asked }
}

const isAskedFor: Judgement = (evidence) => {
  const { over, mark, delivered, asked } = unplugged(evidence)
  evidence.judge.found(
    asked[0],
    over,
    claim`When a neighbor no longer answers, the router sends a Neighbor Solicitation for it while packets for it still arrive.`,
    delivered,
    mark,
  )
}

/** RFC 7048 permits more solicitations, also by multicast, before a neighbor is considered unreachable. */
const isGivenUp: Judgement = (evidence) => {
  const { judge, given, wan } = evidence
  const { over, mark, address, asked } = unplugged(evidence)
  const probe = given(asked[0], 'RFC4861-7.2-NUD')
  judge.holds(
    asked.length >= solicitations,
    claim`The router sends at least three Neighbor Solicitations before it considers the neighbor unreachable.`,
    claim`${asked.length} Neighbor Solicitations`,
    probe,
    ...asked.slice(1, 3),
  )
  const error = wan.fromDut
    .all({ icmp6: { type: 'destination-unreachable', code: 3 } }, { after: probe, before: over })
    .find((frame) => quoted(frame)?.ip6?.dst === address)
  const multicast = asked.find((frame) => frame.packet.ip6?.dst === solicitedNode(address))
  judge.holds(
    error !== undefined || multicast !== undefined,
    claim`Then the neighbor is unreachable: the router sends Destination Unreachable or restarts address resolution.`,
    claim`no Destination Unreachable and no multicast Neighbor Solicitation`,
    probe,
    ...(multicast ? [multicast] : []),
    ...(error ? [error] : []),
  )
  judge.note(
    error
      ? claim`The sender in the Internet receives Address Unreachable.`
      : claim`The sender in the Internet does not receive Address Unreachable.`,
    error ?? mark,
  )
}

export const requirements = [
  requirement('RFC4861-7.2-NUD', {
    'absent host, solicitations': on(longSessions, asksInTurn),
    // Section 7.2.2: the sender SHOULD retransmit; at most once in RetransTimer is a MUST.
    'absent host, asked again': on(longSessions, asksAgain, { level: 'SHOULD' }),
    'absent host, error': on(longSessions, reportsToSender(absentHost)),
    'absent host, error to the Internet': on(webUiFirewall, reportsToSender(absentFromOutside)),
    'silent host': on(longSessions, isAskedFor),
    // Section 7.3.3: the entry SHOULD be deleted.
    'silent host, given up': on(longSessions, isGivenUp, { level: 'SHOULD' }),
  }),
]
