import { dhcpv6OptionsOf, explanation, type Frame, ndOptionsOf, type Traffic } from 'denat'

import { isLeaseTimer, messageOf, otherLease } from './changes.ts'

import { asked, hasOpenQuestion, sameAs } from './words.ts'

/** What a message leads to comes within this time: SOL_MAX_DELAY or CNF_MAX_DELAY, and RAs that are handled in batches. Seconds. */
const soon = 5

/** How far T1, T2 and lifetimes may be missed by a coarse clock. Seconds. */
const coarse = 6

/** From a cable until the first message: the link-local address may be tried three times. Seconds. */
const starting = 7

/** Seconds. */
const answering = 3

/** Until the LAN has had its final advertisements: three, MIN_DELAY_BETWEEN_RAS apart. Seconds. */
const leaving = 10

/** After the last try of one exchange, until the next one. Seconds. */
const failing = 12

const fromServer: readonly unknown[] = ['advertise', 'reply', 'reconfigure']

const clientOf = (frame: Frame): string | undefined => dhcpv6OptionsOf(frame, 'client-id')[0]?.duid

/** REC_TIMEOUT 2 s, doubled REC_MAX_RC times: section 18.3.11. Seconds. */
const reconfiguring = { least: 1.8, most: 65 }

/** Elapsed Time is in hundredths, and some count whole seconds. */
const coarseElapsed = 1.1

/** Its Elapsed Time is that since the first of the exchange; that one may have been lost while a cable rose. Seconds. */
function isOnTime(frame: Frame, traffic: Traffic): boolean {
  const { type, transactionId } = messageOf(frame) ?? {}
  const first = traffic.recording.frames.find((other) => {
    const message = messageOf(other)
    return other.from === 'dut' && message?.type === type && message?.transactionId === transactionId
  })
  const elapsed = (one: Frame) => (dhcpv6OptionsOf(one, 'elapsed-time')[0]?.value ?? 0) / 100
  const passed = first ? frame.at - first.at + elapsed(first) : 0
  return passed > longestElapsed || Math.abs(passed - elapsed(frame)) < coarseElapsed
}

/** Since it is on this link the same was asked for in another exchange. */
function isAskedBefore(frame: Frame, traffic: Traffic): boolean {
  const message = messageOf(frame)
  const age = frame.at - (traffic.freshSince(frame) ?? 0)
  return (
    traffic.before(frame, age, (other) => {
      const before = messageOf(other)
      const isSame = other.from === 'dut' && other.port === frame.port && before?.type === message?.type
      return isSame && bindingsIn(other).join() === bindingsIn(frame).join()
    }) !== undefined
  )
}

/** Answers are collected until the first timeout of the Solicit: section 18.2.1. Seconds, with RAs in batches. */
const collecting = 3

const isOffer = (request: Frame, other: Frame): boolean =>
  messageOf(other)?.type === 'advertise' &&
  dhcpv6OptionsOf(other, 'server-id')[0]?.duid === dhcpv6OptionsOf(request, 'server-id')[0]?.duid

/** Another exchange has failed: CNF_MAX_RD of 10 s is the shortest, section 18.2.3. */
const hasFailed = (frame: Frame, traffic: Traffic): boolean =>
  traffic.before(frame, failing, (other) => {
    const tried = messageOf(other)
    return (
      other.from === 'dut' &&
      tried !== undefined &&
      tried.type !== messageOf(frame)?.type &&
      traffic.linkOf(other) === 'wan'
    )
  }) !== undefined

/** What the line has granted in the newest Reply before, and still does. */
function isHeld(frame: Frame, traffic: Traffic): boolean {
  const wanted = bindingsIn(frame)
  if (wanted.length === 0) return false
  const granted = traffic.before(frame, frame.at - (traffic.freshSince(frame) ?? 0), (other) => {
    if (!asked(frame, traffic)(other) || messageOf(other)?.type !== 'reply') return false
    const alive = leasesIn(other).filter(({ until }) => other.at + until > frame.at + coarse)
    return wanted.every((binding) => alive.some((one) => one.binding === binding))
  })
  const left =
    granted &&
    traffic.before(frame, frame.at - granted.at, (other) => {
      const message = messageOf(other)
      return other.from === 'dut' && message?.type === 'release'
    })
  return granted !== undefined && left === undefined
}

const bindingsIn = (frame: Frame): string[] =>
  (['ia-na', 'ia-pd'] as const).flatMap((type) => dhcpv6OptionsOf(frame, type).map(({ iaid }) => `${type} ${iaid}`))

const leasesIn = (frame: Frame): { binding: string; until: number }[] =>
  (['ia-na', 'ia-pd'] as const).flatMap((type) =>
    dhcpv6OptionsOf(frame, type).flatMap((ia) =>
      ia.options.flatMap((one) =>
        'validLifetime' in one ? [{ binding: `${type} ${ia.iaid}`, until: one.validLifetime }] : [],
      ),
    ),
  )

/** Where T1 is the client's choice (section 14.2) it may be earlier than half of the preferred lifetime. */
const own = 0.3

/** From T1 to T2, or from T2 to the end, by the newest Reply about it. */
function isDue(frame: Frame, which: 't1' | 't2', traffic: Traffic): boolean {
  return bindingsIn(frame).some((binding) => {
    const reply = traffic.before(frame, frame.at, (other) => {
      const isReply = asked(frame, traffic)(other) && messageOf(other)?.type === 'reply'
      return isReply && leasesIn(other).some((lease) => lease.binding === binding)
    })
    if (!reply) return false
    const ias = (['ia-na', 'ia-pd'] as const).flatMap((type) =>
      dhcpv6OptionsOf(reply, type).filter(({ iaid }) => `${type} ${iaid}` === binding),
    )
    return ias.some(({ t1, t2, options }) => {
      const leases = options.flatMap((one) => ('validLifetime' in one ? [one] : []))
      const preferred = Math.min(...leases.map((one) => one.preferredLifetime))
      const valid = Math.max(...leases.map((one) => one.validLifetime))
      const second = t2 || 0.8 * preferred
      const [from, to] = which === 't1' ? [t1 || own * preferred, Math.min(second, valid)] : [second, valid]
      const passed = frame.at - reply.at
      return passed >= from - early && passed <= to + coarse && !isAskedSince(frame, reply, traffic)
    })
  })
}

/** The same has been asked for since. */
const isAskedSince = (frame: Frame, cause: Frame, traffic: Traffic): boolean =>
  traffic.before(frame, frame.at - cause.at, (other) => {
    const before = other.number > cause.number && other.from === 'dut' ? messageOf(other) : undefined
    return before?.type === messageOf(frame)?.type && bindingsIn(other).join() === bindingsIn(frame).join()
  }) !== undefined

/** Seconds. */
const early = 1.5

/** An on-link prefix came or went: section 18.2.12. */
const hasNewPrefix = (frame: Frame, traffic: Traffic): boolean =>
  traffic.before(frame, soon, (other) => {
    if (!asked(frame, traffic)(other) || other.packet.icmp6?.type !== 'router-advertisement') return false
    const last = traffic.before(
      other,
      other.at,
      (one) => one.port === other.port && one.direction === 'out' && one.packet.icmp6?.type === 'router-advertisement',
    )
    return last === undefined || prefixesIn(last) !== prefixesIn(other)
  }) !== undefined

const prefixesIn = (frame: Frame): string =>
  ndOptionsOf(frame, 'prefix-information')
    .map((one) => `${one.prefix} ${one.preferredLifetime > 0}`)
    .sort()
    .join()

/** It may be on another link: section 18.2.12. */
const isMoved = hasNewPrefix

const iasIn = (frame: Frame) => (['ia-na', 'ia-pd'] as const).flatMap((type) => dhcpv6OptionsOf(frame, type))

const statusesIn = (frame: Frame): number[] =>
  [...(messageOf(frame)?.options ?? []), ...iasIn(frame).flatMap(({ options }) => options)].flatMap((one) =>
    one.type === 'status-code' ? [one.status] : [],
  )

/** NoBinding, NotOnLink or UseMulticast: section 18.2.10.1. */
const asksAgain = (frame: Frame): boolean =>
  messageOf(frame)?.type === 'reply' && statusesIn(frame).some((status) => status >= 3 && status <= 5)

/** A Reply that grants less than was asked for: section 18.2.10.1. */
function isRefusal(frame: Frame): boolean {
  if (messageOf(frame)?.type !== 'reply') return false
  const isGranted = iasIn(frame).every(({ options }) =>
    options.some((one) => 'validLifetime' in one && one.validLifetime > 0),
  )
  return !isGranted || statusesIn(frame).some((status) => status !== 0)
}

/** 0xffff hundredths, and some. Seconds. */
const longestElapsed = 600

export const explanations = [
  explanation('a DHCPv6 client of the LAN is answered', 'RFC 9915 section 18.3', (frame, traffic) => {
    const message = messageOf(frame)
    const { eth, ip6, udp } = frame.packet
    if (message?.type !== 'advertise' && message?.type !== 'reply') return false
    if (traffic.linkOf(frame) === 'wan' || udp?.dstPort !== 546) return false
    if (!ip6 || !traffic.isUsual(frame, ip6.src)) return false
    const isHere = asked(frame, traffic)
    return hasOpenQuestion(frame, answering, traffic, {
      isQuestion(other) {
        const question = messageOf(other)
        if (!isHere(other) || question?.transactionId !== message.transactionId) return false
        const isSolicit = question.type === 'solicit'
        if (
          message.type === 'advertise' ? !isSolicit : isSolicit && dhcpv6OptionsOf(frame, 'rapid-commit').length === 0
        )
          return false
        return (
          other.packet.ip6?.src === ip6?.dst && other.packet.eth.src === eth.dst && clientOf(other) === clientOf(frame)
        )
      },
      isAnswer: (other) =>
        sameAs(frame)(other) &&
        messageOf(other)?.type === message.type &&
        messageOf(other)?.transactionId === message.transactionId &&
        other.packet.ip6?.dst === ip6.dst,
    })
  }),

  explanation(
    'clients of the LAN are informed of a change',
    'RFC 9915 section 18.3.11, RFC 9096 section 3.5',
    (frame, traffic) => {
      const message = messageOf(frame)
      if (message?.type !== 'reconfigure' || traffic.linkOf(frame) === 'wan' || frame.packet.udp?.dstPort !== 546)
        return false
      const isBefore = (other: Frame) =>
        other.from === 'dut' &&
        messageOf(other)?.type === 'reconfigure' &&
        other.packet.ip6?.dst === frame.packet.ip6?.dst
      const last = traffic.before(frame, reconfiguring.most, isBefore)
      const isObeyed = (other: Frame) =>
        asked(frame, traffic)(other) &&
        other.packet.ip6?.src === frame.packet.ip6?.dst &&
        messageOf(other) !== undefined
      const isOpen = last && !traffic.before(frame, frame.at - last.at, isObeyed)
      if (isOpen && frame.at - last.at >= reconfiguring.least) return true
      // Clients are informed once of each change.
      const change = otherLease(frame, soon, traffic)
      if (change) return !last || last.number < change.number
      return isLeaseTimer(frame, 1.5, traffic) || traffic.isFresh(frame, soon)
    },
  ),

  explanation('the line is asked for leases', 'RFC 9915 section 18.2', (frame, traffic) => {
    const message = messageOf(frame)
    const { ip6, udp } = frame.packet
    if (!message || fromServer.includes(message.type) || traffic.linkOf(frame) !== 'wan' || udp?.dstPort !== 547)
      return false
    if (!ip6 || (ip6.dst !== 'ff02::1:2' && message.type === 'solicit')) return false
    // An exchange that goes on, at no less than its first timeout.
    const last = traffic.before(frame, frame.at - (traffic.freshSince(frame) ?? 0), (other) => {
      const before = messageOf(other)
      return other.from === 'dut' && before?.type === message.type && before.transactionId === message.transactionId
    })
    const isHere = asked(frame, traffic)
    if (last) {
      const offered = traffic.before(frame, 0.85, (other) => isHere(other) && messageOf(other)?.type === 'advertise')
      return (
        (frame.at - last.at > 0.85 && isOnTime(frame, traffic)) || (message.type === 'solicit' && offered !== undefined)
      )
    }
    // A received message leads to one exchange of a kind.
    const isReceived = (fits: (other: Frame) => boolean, seconds = soon): boolean => {
      const cause = traffic.before(frame, seconds, (other) => isHere(other) && fits(other))
      return cause !== undefined && !isAskedSince(frame, cause, traffic)
    }
    const receivedMessage = (...types: string[]) =>
      isReceived((other) => types.includes(String(messageOf(other)?.type)))
    const receivedRa = () => isReceived(({ packet }) => packet.icmp6?.type === 'router-advertisement')
    // Those before it in its exchange may have been lost while the cable rose.
    const isFresh = traffic.isFresh(frame, starting + (dhcpv6OptionsOf(frame, 'elapsed-time')[0]?.value ?? 0) / 100)
    const isFirst = isFresh && !isAskedBefore(frame, traffic)
    switch (message.type) {
      case 'solicit':
        if (isHeld(frame, traffic))
          return isFirst || isReceived(isRefusal) || receivedMessage('reconfigure') || hasNewPrefix(frame, traffic)
        return (
          isFirst ||
          receivedRa() ||
          isReceived(isRefusal) ||
          isLeaseTimer(frame, coarse, traffic) ||
          hasFailed(frame, traffic)
        )
      case 'request':
        return isReceived((other) => isOffer(frame, other), collecting) || isReceived(asksAgain, collecting)
      case 'renew':
        return (
          receivedMessage('reconfigure') ||
          isDue(frame, 't1', traffic) ||
          hasNewPrefix(frame, traffic) ||
          // An IA that it has not been granted: section 18.2.4.
          (receivedRa() && !isHeld(frame, traffic))
        )
      case 'rebind':
        return isFresh || receivedMessage('reconfigure') || isDue(frame, 't2', traffic) || isMoved(frame, traffic)
      case 'confirm':
        return isFresh || isMoved(frame, traffic)
      case 'decline':
        return receivedMessage('reply')
      case 'release':
        return isFresh || receivedRa() || receivedMessage('reply') || traffic.isMarked(frame, leaving)
      case 'information-request':
        return isFresh || receivedRa() || receivedMessage('reconfigure', 'advertise', 'reply')
      default:
        return false
    }
  }),
]
