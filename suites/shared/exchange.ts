import {
  anyOf,
  type Claim,
  carrier,
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  firstTimeout,
  gapJitter,
  grace,
  type LinkView,
  nextTimeout,
  type Query,
  type RetransmissionTimes,
  ra,
  the,
} from 'denat'
import { elapsed, longestAfter } from '../steps/elapsed.ts'

/** The time between a transmission and the next one of the same message. */
export interface Timeout {
  /** 1 for the first. */
  index: number
  previous: Frame
  frame: Frame
  seconds: number
}

/** The transmissions of one message: the first frame and what repeats its type, transaction-id and kinds of IAs. */
export function transmissions(sent: Query, first: Frame): Frame[] {
  const { transactionId, type } = dhcpv6Of(first)
  return sent.all({ dhcp6: { type, transactionId } }).filter((frame) => iasOf(frame).join() === iasOf(first).join())
}

const iasOf = (frame: Frame): string[] =>
  (['ia-na', 'ia-pd'] as const).filter((type) => dhcpv6OptionsOf(frame, type).length > 0)

/** The first message that requests an address: a Renew may add an IA_NA to a lease (RFC 9915 section 18.2.4). */
export const addressAsked = ({ fromDut }: LinkView): Frame | undefined =>
  fromDut
    .all({ dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind') } })
    .find((frame) => dhcpv6OptionsOf(frame, 'ia-na').length > 0)

/** They are of one client, where a router requests its address and its prefix in separate exchanges. */
export const sameClient = (a: Frame, b: Frame): boolean => iasOf(a).some((type) => iasOf(b).includes(type))

/** Between them the cable of the WAN was disconnected or the interface restarted. */
export const interrupted = ({ every }: Pick<Evidence, 'every'>, from: Frame, to: Frame): boolean =>
  every(carrier).some(({ port, mark }) => port.startsWith('wan') && mark.at > from.at && mark.at < to.at)

/**
 * What makes a client restart with a new exchange in place of a retransmission: an RA (RFC 4861 section 6.3.4 has M and O acted
 * on), an answer, or a cut of the line.
 */
export function restarts(evidence: Pick<Evidence, 'wan' | 'every'>, from: Frame, to: Frame): boolean {
  const { wan } = evidence
  const between = { after: from, before: to }
  return (
    wan.toDut.all(ra(), { before: to }).some(({ at }) => at > from.at - grace) ||
    wan.toDut.first({ dhcp6: {} }, between) !== undefined ||
    interrupted(evidence, from, to)
  )
}

export function timeouts(sent: readonly Frame[]): Timeout[] {
  return sent.slice(1).map((frame, i) => {
    const previous = sent[i] as Frame
    return { index: i + 1, previous, frame, seconds: frame.at - previous.at }
  })
}

/** IAs of one moment may be in separate messages (RFC 9915 section 18.2.4). Seconds. */
const oneMoment = 2

/** The message after an answer is sent to the server of this answer, and contains each IA of `ias`. */
export function holdsAll(
  { judge, wan }: Evidence,
  message: Frame,
  { answer, ias }: { answer: Frame; ias: Frame },
): void {
  const [server] = dhcpv6OptionsOf(answer, 'server-id')
  const named = dhcpv6OptionsOf(message, 'server-id')[0]?.duid
  judge.equal(named, server?.duid, claim`Server Identifier of the message, as in the answer of the server`, message)
  const others = wan.fromDut
    .all({ dhcp6: { type: dhcpv6Of(message).type } })
    .filter(({ at }) => Math.abs(at - message.at) < oneMoment)
  for (const type of ['ia-na', 'ia-pd'] as const)
    for (const { iaid } of dhcpv6OptionsOf(ias, type))
      judge.holds(
        others.some((frame) => dhcpv6OptionsOf(frame, type).some((one) => one.iaid === iaid)),
        claim`The message, or another message at the same time, contains each IA: ${the.name(type)} ${iaid}.`,
        claim`that IA is missing`,
        ...([message, ...others] as [Frame]),
      )
}

/** A longer delay of the bench is intended. Seconds. */
const atOnce = 0.3

/** The longest delay of the bench when it answered a DHCPv6 message or a Neighbor Solicitation, as a claim. */
export function benchDelay({ frames }: LinkView): Claim {
  const asked = new Map<string, number>()
  let longest: number | undefined
  for (const { at, from, packet } of frames.all()) {
    const { dhcp6, icmp6 } = packet
    const neighbor = icmp6?.type === 'neighbor-solicitation' || icmp6?.type === 'neighbor-advertisement'
    const key = dhcp6 && 'transactionId' in dhcp6 ? dhcp6.transactionId : neighbor ? icmp6.target : undefined
    if (key === undefined) continue
    const since = asked.get(String(key))
    if (from === 'dut') asked.set(String(key), at)
    else if (since !== undefined) {
      asked.delete(String(key))
      if (at - since < atOnce) longest = Math.max(longest ?? 0, at - since)
    }
  }
  return longest === undefined
    ? claim`the lab's own delay was not measured`
    : claim`the lab's own delay is at most ${the.seconds(longest, 3)}`
}

/** The first timeout of a message is IRT plus or minus RAND. */
export function judgeFirst(
  { judge, wan }: Evidence,
  [first]: Timeout[],
  times: RetransmissionTimes,
  sent: Frame,
): void {
  const window = firstTimeout(times)
  const again = judge.found(
    first?.frame,
    { after: sent, seconds: window.max },
    claim`The router retransmits the message when it receives no answer.`,
  )
  const why = claim`${window.why}; ${benchDelay(wan)}`
  judge.within(again.at - sent.at, { ...window, why }, claim`The first timeout is IRT plus or minus RAND.`, sent, again)
}

/** One timeout of several may deviate by this share of it: the load of the router, and no other rule. */
const once = 0.05

/** Each later timeout is twice the previous one, plus or minus RAND, until MRT limits it. */
export function judgeNext({ judge, wan }: Evidence, all: readonly Timeout[], times: RetransmissionTimes): void {
  const delay = benchDelay(wan)
  // The number of transmissions lost before the first that was seen; their timeouts were IRT, twice that, and so on.
  const lost = all[0] ? Math.round(Math.log2(elapsed(all[0].previous) / times.irt + 1)) : 0
  const windows = all.slice(1).map((timeout, i) => {
    const window = nextTimeout((all[i] as Timeout).seconds, i + 1 + lost, times)
    return { ...timeout, window, off: Math.max(window.min - timeout.seconds, timeout.seconds - window.max, 0) }
  })
  const off = windows.filter((one) => one.off > 0)
  for (const { index, previous, frame, seconds, window, off: by } of windows) {
    if (by > 0 && by <= once * seconds && off.length === 1 && windows.length > 1) {
      judge.note(
        claim`Timeout ${index} deviates by ${the.seconds(by, 3)}; the other timeouts do not deviate.`,
        previous,
        frame,
      )
      continue
    }
    judge.within(
      seconds,
      { ...window, why: claim`${window.why}; ${delay}` },
      claim`Timeout ${index} follows from the previous timeout.`,
      previous,
      frame,
    )
  }
}

/** MRT plus or minus RAND. Seconds. */
export const cappedAt = (mrt: number) => ({ min: 0.9 * mrt - gapJitter, max: 1.1 * mrt + gapJitter })

/**
 * When the next Solicit is due: each timeout is twice the previous one and 10 %, from 1.1 s on (RFC 9915 section 15), and
 * most of a second of slack.
 */
export const nextSolicit = (sent: readonly Frame[]) => {
  const last = sent.at(-1) as Frame
  return { after: last, seconds: Math.max(1.1 * 2.1 ** (sent.length - 1), longestAfter(elapsed(last))) + 0.9 }
}
