import {
  dhcpv6OptionsOf,
  explanation,
  type Frame,
  inPrefix,
  isLinkLocal,
  isMulticast,
  isUla,
  ndOptionsOf,
  network,
  solicitedNode,
  type Traffic,
} from 'denat'

import { isChange, isNamedBy, messageOf } from './changes.ts'

import { asked, hasOpenQuestion, sameAs, sameLink } from './words.ts'

/** DupAddrDetectTransmits of some routers, RetransTimer apart, after the random delay. Seconds. */
const detection = 6

/** MAX_MULTICAST_SOLICIT of 3 at RetransTimer, and the packet that was waiting. Seconds. */
const resolution = 4.5

/** DELAY_FIRST_PROBE_TIME of 5 s after a packet; a router that checks every 5 s whether packets were sent needs twice that time. Seconds. */
const probing = { least: 4.5, most: 10.5 }

/** Between the report of a group and the detection that it is for: Unsolicited Report Interval and the random delay. Seconds. */
const joining = 1.3

/** The random delay and RetransTimer. Seconds. */
const detecting = 2.2

const isOwn = ({ from }: Frame): boolean => from === 'dut'

/** MAX_NEIGHBOR_ADVERTISEMENT: RFC 4861 section 10. */
const mostAnnouncements = 3

/** RetransTimer, which is 1 s unless an RA has another; the least and the greatest that is waited. Seconds. */
const betweenAnnouncements = { least: 0.9, greatest: 5 }

/** The first before `first`, and the others RetransTimer after one another. */
function isAnnouncedSince(since: number, frame: Frame, first: number, traffic: Traffic): boolean {
  const { ip6, icmp6 } = frame.packet
  const isSame = ({ from, port, packet }: Frame) => {
    const advertised = packet.icmp6
    if (from !== 'dut' || port !== frame.port || advertised?.type !== 'neighbor-advertisement' || advertised.solicited)
      return false
    return icmp6?.type === advertised.type && advertised.target === icmp6.target && packet.ip6?.dst === ip6?.dst
  }
  const earlier: Frame[] = []
  for (let last: Frame | undefined = frame; last; ) {
    last = traffic.before(last, last.at - Math.min(last.at, since), isSame)
    if (last) earlier.push(last)
  }
  const [last] = earlier
  if (!last) return frame.at <= first
  const passed = frame.at - last.at
  if (passed < betweenAnnouncements.least || passed > betweenAnnouncements.greatest) return false
  return earlier.length < mostAnnouncements
}

const isDetection = ({ from, packet: { ip6, icmp6 } }: Frame, target: string): boolean =>
  from === 'dut' && ip6?.src === '::' && icmp6?.type === 'neighbor-solicitation' && icmp6.target === target

/** A Reply that begins a lease, and so its addresses are tried, whatever was before. */
function opens(reply: Frame, traffic: Traffic): boolean {
  const { type, transactionId } = messageOf(reply) ?? {}
  if (type !== 'reply') return false
  return (
    traffic.before(reply, 60, (other) => {
      const question = isOwn(other) ? messageOf(other) : undefined
      return question?.transactionId === transactionId && (question?.type === 'request' || question?.type === 'solicit')
    }) !== undefined
  )
}

/** The router has performed DAD since it is on this link: that is enough, unless a node had the address (RFC 4862 section 5.4.5). */
function isTriedBefore(address: string, frame: Frame, traffic: Traffic): boolean {
  const age = frame.at - (traffic.freshSince(frame) ?? 0)
  const isHere = sameLink(frame, traffic)
  const tried = traffic.before(frame, age, (other) => isHere(other) && isDetection(other, address))
  if (!tried) return false
  const isRefused = ({ from, packet: { icmp6, ip6 } }: Frame): boolean =>
    from === 'bench' &&
    (icmp6?.type === 'neighbor-advertisement' || (icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::')) &&
    icmp6.target === address
  const isLeftOut = (other: Frame): boolean =>
    messageOf(other)?.type === 'reply' &&
    asked(frame, traffic)(other) &&
    dhcpv6OptionsOf(other, 'ia-na').length > 0 &&
    !isNamedBy(other, address)
  return traffic.before(frame, frame.at - tried.at, (other) => isRefused(other) || isLeftOut(other)) === undefined
}

/** Since it is on this link, the router uses it as a source, answers for it, or has advertised it or its prefix for some time. */
function isInUse(address: string, frame: Frame, traffic: Traffic): boolean {
  const isHere = sameLink(frame, traffic)
  const age = frame.at - (traffic.freshSince(frame) ?? 0)
  const uses = (other: Frame): boolean => {
    const { ip6, icmp6 } = other.packet
    if (!isOwn(other) || !isHere(other)) return false
    return ip6?.src === address || (icmp6?.type === 'neighbor-advertisement' && icmp6.target === address)
  }
  // Optimistic DAD uses it as a source while DAD lasts: RFC 4429 section 3.3.
  if (traffic.before(frame, age, (other) => frame.at - other.at > detecting && uses(other))) return true
  const isAdvertised = (other: Frame) =>
    isOwn(other) && isHere(other) && other.packet.icmp6?.type === 'router-advertisement'
  const last = traffic.before(frame, age, (other) => frame.at - other.at > joining && isAdvertised(other))
  if (!last) return false
  return (
    ndOptionsOf(last, 'rdnss').some(({ lifetime, servers }) => lifetime > 0 && servers.includes(address)) ||
    ndOptionsOf(last, 'prefix-information').some(
      ({ preferredLifetime, prefix }) => preferredLifetime > 0 && inPrefix(address, network(prefix)),
    )
  )
}

/** A router that reports groups has reported this one, or does so at the same time. */
function isJoined(frame: Frame, group: string, traffic: Traffic): boolean {
  const reports = ({ packet: { icmp6 } }: Frame, wanted?: string): boolean =>
    (icmp6?.type === 'mld2-report' && (!wanted || icmp6.records.some((record) => record.group === wanted))) ||
    (icmp6?.type === 'mld1-report' && (!wanted || icmp6.group === wanted))
  const isHere = (other: Frame) => isOwn(other) && traffic.linkOf(other) === traffic.linkOf(frame)
  if (!traffic.recording.frames.some((other) => isHere(other) && reports(other))) return true
  const isIts = (other: Frame) => isHere(other) && reports(other, group)
  return (traffic.before(frame, frame.at, isIts) ?? traffic.after(frame, joining, isIts)) !== undefined
}

/** An RA or a DHCPv6 answer of shortly before holds the address, or the prefix that it is from. */
const isNamed = (
  address: string,
  frame: Frame,
  seconds: number,
  traffic: Traffic,
  fits: (other: Frame) => boolean = () => true,
): boolean => traffic.before(frame, seconds, (other) => isNamedBy(other, address) && fits(other)) !== undefined

/** The router often uses it as a source there, or has performed DAD for it there. */
const isSource = (address: string, frame: Frame, traffic: Traffic): boolean =>
  traffic.isUsual(frame, address) ||
  traffic.before(frame, frame.at, (other) => sameLink(frame, traffic)(other) && isDetection(other, address)) !==
    undefined

/** RetransTimer, as in `betweenAnnouncements`. Seconds. */
const betweenProbes = betweenAnnouncements.greatest

const isSolicitationOf = (other: Frame, target: string, link: string, { linkOf }: Traffic): boolean => {
  const { icmp6, ip6 } = other.packet
  return (
    isOwn(other) &&
    linkOf(other) === link &&
    icmp6?.type === 'neighbor-solicitation' &&
    icmp6.target === target &&
    ip6?.src !== '::'
  )
}

/** The neighbor's answer to a question from there. */
const isAnswerTo = (frame: Frame, target: string, traffic: Traffic): ((other: Frame) => boolean) => {
  const isHere = asked(frame, traffic)
  return (other) => {
    const { icmp6, ip6 } = other.packet
    if (!isHere(other) || icmp6?.type !== 'neighbor-advertisement' || icmp6.target !== target) return false
    return icmp6.solicited && ip6?.dst === frame.packet.ip6?.src
  }
}

/** How long a stale entry is kept: the clause does not specify it, and few routers keep it for a shorter time. Seconds. */
const keeping = 60

/** The last of a question and an answer is the answer. */
function isKnown(frame: Frame, target: string, traffic: Traffic): boolean {
  const link = traffic.linkOf(frame)
  const age = Math.min(keeping, frame.at - (traffic.freshSince(frame) ?? 0))
  const isAnswer = isAnswerTo(frame, target, traffic)
  const last = traffic.before(frame, age, (other) => isSolicitationOf(other, target, link, traffic) || isAnswer(other))
  return last !== undefined && isAnswer(last)
}

/** REACHABLE_TIME and MIN_RANDOM_FACTOR: RFC 4861 section 10. */
const reachable = { seconds: 30, least: 0.5 }

/** The neighbor has answered not long ago, and is reachable for ReachableTime (RFC 4861 section 6.3.2). */
function isConfirmed(frame: Frame, target: string, traffic: Traffic): boolean {
  const times = traffic.recording.frames.flatMap(({ port, packet: { icmp6 } }) => {
    const isRa = icmp6?.type === 'router-advertisement' && traffic.linkOf({ port }) === traffic.linkOf(frame)
    return isRa && icmp6.reachableTime > 0 ? [icmp6.reachableTime / 1000] : []
  })
  // Then the delay before the first probe begins, with the next packet.
  const least = reachable.least * Math.min(reachable.seconds, ...times) + probing.least
  const age = Math.min(least, frame.at - (traffic.freshSince(frame) ?? 0))
  return traffic.before(frame, age, isAnswerTo(frame, target, traffic)) !== undefined
}

/** A packet waits for the answer: for that address, in return to it, or by way of it. */
function needs(frame: Frame, target: string, traffic: Traffic): boolean {
  const isHere = asked(frame, traffic)
  const isTheCause = (other: Frame): boolean => {
    const { ip6, icmp6 } = other.packet
    if (other.direction !== 'out' || !ip6) return false
    return ip6.dst === target || (isHere(other) && ip6.src === target && icmp6?.type !== 'neighbor-advertisement')
  }
  if (traffic.before(frame, resolution, isTheCause)) return true
  // The router informs its DHCPv6 clients of a change (RFC 9915 section 18.3.11).
  if (isLinkLocal(target) && stationOf(target, traffic) && isTold(frame, target, traffic)) return true
  const next = traffic.after(frame, resolution, (other) => {
    const { eth, ip6 } = other.packet
    return (
      isOwn(other) &&
      traffic.linkOf(other) === traffic.linkOf(frame) &&
      ip6 !== undefined &&
      (ip6.dst === target || stationOf(target, traffic) === eth.dst)
    )
  })
  return next !== undefined
}

/** REC_TIMEOUT of 2 s, doubled: no client has answered yet, so the neighbor is resolved again. */
const isTold = (frame: Frame, target: string, traffic: Traffic): boolean =>
  isChange(frame, 5, traffic) ||
  traffic.isMarked(frame, 5) ||
  traffic.before(frame, 35, (other) => {
    if (!isOwn(other)) return false
    const { icmp6, ip6 } = other.packet
    const isReconfigure = messageOf(other)?.type === 'reconfigure' && ip6?.dst === target
    return isReconfigure || (icmp6?.type === 'neighbor-solicitation' && icmp6.target === target && ip6?.dst !== target)
  }) !== undefined

/** The MAC of the bench's station that owns an address. */
const stationOf = (address: string, { recording }: Traffic): string | undefined =>
  Object.values(recording.world.stations).find((one) => one.linkLocal === address || one.address === address)?.mac

/** A packet was sent to a neighbor without a recent reachability confirmation: the time is random (RFC 4861 6.3.2). */
function isDelayOver(frame: Frame, traffic: Traffic): boolean {
  const { eth, icmp6 } = frame.packet
  if (icmp6?.type !== 'neighbor-solicitation' || isConfirmed(frame, icmp6.target, traffic)) return false
  if (!isAddressOf(eth.dst, icmp6.target, traffic)) return false
  const link = traffic.linkOf(frame)
  return (
    traffic.before(frame, probing.most, (other) => {
      const isWaiting = frame.at - other.at >= probing.least && isOwn(other) && traffic.linkOf(other) === link
      return isWaiting && other.packet.eth.dst === eth.dst && other.packet.icmp6?.type !== 'neighbor-solicitation'
    }) !== undefined
  )
}

/** A node with this MAC has used the address as a source, or answered for it. */
const isAddressOf = (mac: string, address: string, { recording }: Traffic): boolean =>
  recording.frames.some(({ packet: { eth, ip6, icmp6 } }) => {
    if (eth.src !== mac) return false
    return ip6?.src === address || (icmp6?.type === 'neighbor-advertisement' && icmp6.target === address)
  })

/** Some servers resolve a client before they answer it, a few times at once: a lease may depend on its MAC. Seconds. */
const answering = 0.6

const isAskedByClient = (frame: Frame, target: string, traffic: Traffic): boolean =>
  traffic.before(frame, answering, (other) => {
    const isQuestion = asked(frame, traffic)(other) && messageOf(other) !== undefined
    return isQuestion && other.packet.ip6?.src === target
  }) !== undefined

export const explanations = [
  explanation('a Neighbor Advertisement answers', 'RFC 4861 section 7.2.4', (frame, traffic) => {
    const { eth, ip6, icmp6 } = frame.packet
    if (icmp6?.type !== 'neighbor-advertisement' || ip6?.hopLimit !== 255 || icmp6.code !== 0) return false
    if (ip6.src !== icmp6.target && !isLinkLocal(ip6.src)) return false
    const isHere = asked(frame, traffic)
    const isSame = sameAs(frame)
    return hasOpenQuestion(frame, 2, traffic, {
      isQuestion(other) {
        const { icmp6: question, ip6: by, eth: sender } = other.packet
        if (!isHere(other) || question?.type !== 'neighbor-solicitation' || question.target !== icmp6.target)
          return false
        return by?.src === '::'
          ? ip6.dst === 'ff02::1'
          : by?.src === ip6.dst && sender.src === eth.dst && icmp6.solicited
      },
      isAnswer(other) {
        const before = other.packet.icmp6
        if (!isSame(other) || before?.type !== icmp6.type || before.target !== icmp6.target) return false
        return before.solicited === icmp6.solicited && other.packet.ip6?.dst === ip6.dst
      },
    })
  }),

  /** After DAD, or with optimistic DAD, during it or before; some do so whenever an RA on the line contains the prefix again. */
  explanation('a new address is announced', 'RFC 9131 section 6.1.2, RFC 4861 section 7.2.6', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (icmp6?.type !== 'neighbor-advertisement' || icmp6.solicited || !ip6 || ip6.hopLimit !== 255) return false
    // RFC 4861 section 4.4 has any address of the interface as the source.
    if (ip6.src !== icmp6.target && !isLinkLocal(ip6.src)) return false
    if (!['ff02::1', 'ff02::2'].includes(ip6.dst)) return false
    const { target } = icmp6
    const isTried = (other: Frame) => isDetection(other, target)
    const span = mostAnnouncements * betweenAnnouncements.greatest
    const tried = [traffic.before(frame, span, isTried), traffic.after(frame, joining, isTried)]
    const named = traffic.before(frame, span, (other) => isNamedBy(other, target))
    return (
      tried.some((one) => one && isAnnouncedSince(one.at - joining, frame, one.at + detection, traffic)) ||
      (named !== undefined && isAnnouncedSince(named.at, frame, named.at + betweenAnnouncements.least, traffic))
    )
  }),

  explanation('duplicate address detection', 'RFC 4862 section 5.4.2', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (!ip6 || icmp6?.type !== 'neighbor-solicitation' || !isDetection(frame, icmp6.target)) return false
    if (ip6.dst !== solicitedNode(icmp6.target) || ip6.hopLimit !== 255) return false
    const { target } = icmp6
    if (traffic.before(frame, 1.5, (other) => isDetection(other, target))) return true
    if (!isJoined(frame, ip6.dst, traffic)) return false
    if (isNamed(target, frame, detection, traffic, (reply) => opens(reply, traffic))) return true
    if (isInUse(target, frame, traffic) || isTriedBefore(target, frame, traffic)) return false
    return (
      isNamed(target, frame, detection, traffic) ||
      traffic.isFresh(frame, isLinkLocal(target) ? 3 : detection) ||
      (isUla(target) && isChange(frame, detection, traffic))
    )
  }),

  explanation('an address is resolved', 'RFC 4861 section 7.2.2', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (icmp6?.type !== 'neighbor-solicitation' || ip6?.src === '::' || ip6?.dst !== solicitedNode(icmp6.target))
      return false
    if (ip6.hopLimit !== 255 || !isSource(ip6.src, frame, traffic)) return false
    const { target } = icmp6
    if (isKnown(frame, target, traffic)) return false
    // Probes that are not answered may end in multicast: RFC 7048 section 3.
    const isProbe = (other: Frame) =>
      isSolicitationOf(other, target, traffic.linkOf(frame), traffic) && !isMulticast(other.packet.ip6?.dst ?? '::')
    return needs(frame, target, traffic) || traffic.before(frame, betweenProbes, isProbe) !== undefined
  }),

  explanation(
    'a neighbor is probed',
    'RFC 4861 section 7.3.3',
    (frame, traffic) => {
      const { ip6, icmp6 } = frame.packet
      if (icmp6?.type !== 'neighbor-solicitation' || ip6?.dst !== icmp6.target || ip6.hopLimit !== 255) return false
      if (!isSource(ip6.src, frame, traffic)) return false
      const { target } = icmp6
      if (isAskedByClient(frame, target, traffic)) return true
      const isBefore = (other: Frame) => isSolicitationOf(other, target, traffic.linkOf(frame), traffic)
      const isAgain = traffic.before(frame, betweenProbes, isBefore) !== undefined
      return isDelayOver(frame, traffic) || (isAgain && !isConfirmed(frame, target, traffic))
    },
    isDelayOver,
  ),
]
