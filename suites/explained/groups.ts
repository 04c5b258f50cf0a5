import { explanation, type Frame, isLinkLocal, solicitedNode, type Traffic } from 'denat'

import { hasEnded, isChange, isLeaseChange, isLeaseTimer } from './changes.ts'

import { asked, sameLink } from './words.ts'

/** What one record of a report, or one message of MLDv1, contains about a group. */
interface Membership {
  group: string
  is: 'current' | 'joined' | 'left'
}

/** RFC 3810 section 5.2.12: types of records. */
const kinds: Readonly<Record<number, Membership['is']>> = {
  1: 'current',
  2: 'current',
  3: 'left',
  4: 'joined',
  5: 'joined',
  6: 'left',
}

/** An MLDv1 report answers a query or joins a group: it does not show which. */
function membershipsIn({ packet: { icmp6 } }: Frame): Membership[] {
  if (icmp6?.type === 'mld1-done') return [{ group: icmp6.group, is: 'left' }]
  if (icmp6?.type === 'mld1-report') return (['joined', 'current'] as const).map((is) => ({ group: icmp6.group, is }))
  if (icmp6?.type !== 'mld2-report') return []
  return icmp6.records.flatMap(({ type, group }) => {
    const is = kinds[type]
    return is ? [{ group, is }] : []
  })
}

/** Unsolicited Report Interval of MLDv2 and of MLDv1, and some. Seconds. */
const interval = { short: 1.2, long: 10.2 }

/** Between the report of a group and the detection that it is for: the random delays of both. Seconds. */
const joining = 1.3

/** From power or cable until all services listen. Seconds. */
const starting = 8

/** From the first detection of a link-local address until it is a source. Seconds. */
const detecting = 4

/** The random delay and RetransTimer. Seconds. */
const optimistic = 2.2

/** A lease or an RA is applied so soon. Seconds. */
const applying = 4

/** A Robustness Variable of 7 is the greatest that a query can hold: RFC 3810 section 5.1.8. */
const mostOften = 7

/** Robustness Variable: RFC 3810 section 9.1. */
const robustness = 2

/** All reports of one link, in their order, with their contents. */
const reportsOn = (frame: Frame, traffic: Traffic): Frame[] =>
  traffic.recording.frames.filter(
    (other) => other.from === 'dut' && sameLink(frame, traffic)(other) && membershipsIn(other).length > 0,
  )

/** The unspecified address is the source only while there is no other: RFC 3810 section 5.2.13. */
function isLinkLocalUsed(frame: Frame, traffic: Traffic): boolean {
  const isHere = sameLink(frame, traffic)
  const age = frame.at - (traffic.freshSince(frame) ?? 0)
  // Optimistic DAD uses the address before DAD has ended: RFC 4429 section 3.3.
  const isSource = (other: Frame) =>
    other.from === 'dut' &&
    isHere(other) &&
    isLinkLocal(other.packet.ip6?.src ?? '::') &&
    frame.at - other.at > optimistic
  return traffic.before(frame, age, isSource) !== undefined
}

function isAnswer(group: string, frame: Frame, _: readonly Frame[], traffic: Traffic): boolean {
  const isHere = sameLink(frame, traffic)
  return (
    traffic.before(frame, 70, (other) => {
      const query = other.packet.icmp6
      if (query?.type !== 'mld-query' || !isHere(other)) return false
      return ['::', group].includes(query.group) && frame.at - other.at <= query.maxResponseDelay / 1000 + 1
    }) !== undefined
  )
}

const isRecordOf = (frame: Frame, group: string, is: Membership['is']): boolean =>
  membershipsIn(frame).some((one) => one.group === group && one.is === is)

function isJoined(group: string, frame: Frame, reports: readonly Frame[], traffic: Traffic): boolean {
  const since = traffic.freshSince(frame) ?? 0
  const earlier = reports.filter(({ at, number }) => at >= since && number < frame.number)
  const left = earlier.findLast((other) => isRecordOf(other, group, 'left'))
  const joined = earlier.filter((other) => isRecordOf(other, group, 'joined') && (!left || other.number > left.number))
  if (isOfAddress(group, frame, traffic) || isRepeated(group, frame, reports)) return true
  if (joined.length > 0)
    return (
      isReportedAgain(frame, joined, traffic) ||
      (holdsAll(frame, earlier) && isChange(frame, applying, traffic)) ||
      // A service that restarts joins again.
      (!isSolicitedNode(group) && (isChange(frame, starting, traffic) || traffic.isMarked(frame, starting)))
    )
  if (isSolicitedNode(group)) return isTriedOnlyHere(group, frame, traffic) && isChange(frame, 6, traffic)
  return (
    traffic.isFresh(frame, starting) ||
    isLeaseChange(frame, starting, traffic) ||
    isLeaseTimer(frame, 6, traffic) ||
    traffic.isMarked(frame, starting) ||
    isNear(frame, traffic, () => true)
  )
}

const isSolicitedNode = (group: string): boolean => solicitedNode(group) === group

/** Detection of an address that fits, on this link, shortly before or after. */
function isNear(frame: Frame, traffic: Traffic, fits: (target: string) => boolean): boolean {
  const isHere = sameLink(frame, traffic)
  const isDetection = (other: Frame): boolean => {
    const { ip6, icmp6 } = other.packet
    return other.from === 'dut' && isHere(other) && ip6?.src === '::' && icmp6?.type === 'neighbor-solicitation'
      ? fits(icmp6.target)
      : false
  }
  return (traffic.before(frame, joining, isDetection) ?? traffic.after(frame, joining, isDetection)) !== undefined
}

/** With an address its own group is joined, and that of its prefix's anycast address (RFC 4291 section 2.6.1). */
const isOfAddress = (group: string, frame: Frame, traffic: Traffic): boolean =>
  isNear(frame, traffic, (target) => solicitedNode(target) === group) ||
  (group === 'ff02::1:ff00:0' && isNear(frame, traffic, () => true))

/** Addresses that were tried on this link before. */
const triedOn = (frame: Frame, traffic: Traffic): string[] =>
  traffic.recording.frames.flatMap((other) => {
    const { ip6, icmp6 } = other.packet
    const isTried = other.from === 'dut' && other.number < frame.number && sameLink(frame, traffic)(other)
    return isTried && ip6?.src === '::' && icmp6?.type === 'neighbor-solicitation' ? [icmp6.target] : []
  })

/** No detection of such an address is seen on this link at all: it has none, as an anycast address. */
const isTriedOnlyHere = (group: string, frame: Frame, traffic: Traffic): boolean => {
  const isHere = sameLink(frame, traffic)
  return !traffic.recording.frames.some(({ from, port, packet: { ip6, icmp6 } }) => {
    if (from !== 'dut' || ip6?.src !== '::' || icmp6?.type !== 'neighbor-solicitation') return false
    return isHere({ port }) && solicitedNode(icmp6.target) === group
  })
}

/** All groups are reported again, as by a router that restarts a port; a single group is no such list. */
function holdsAll(frame: Frame, earlier: readonly Frame[]): boolean {
  const groups = new Set<string>()
  for (const { group, is } of earlier.flatMap(membershipsIn)) {
    if (is === 'left') groups.delete(group)
    else groups.add(group)
  }
  return groups.size > 2 && [...groups].every((group) => isRecordOf(frame, group, 'joined'))
}

/** As often as the Robustness Variable has it, each within the interval after the one before. */
function isRepeated(group: string, frame: Frame, reports: readonly Frame[]): boolean {
  const earlier = reports.filter(({ port, number }) => port === frame.port && number < frame.number)
  const left = earlier.findLastIndex((other) => isRecordOf(other, group, 'left'))
  const joined = earlier.slice(left + 1).filter((other) => isRecordOf(other, group, 'joined'))
  const within = (seconds: number) => joined.filter(({ at }) => frame.at - at <= seconds).length
  if (within(interval.short) > 0) return within(interval.long) <= mostOften
  return within(interval.long) > 0 && within(interval.long) < robustness
}

/** What was reported from the unspecified address is reported again from the link-local one: RFC 3810 section 5.2.13. */
function isReportedAgain(frame: Frame, joined: readonly Frame[], traffic: Traffic): boolean {
  const source = frame.packet.ip6?.src
  if (!source || !isLinkLocal(source)) return false
  if (!joined.some(({ packet }) => packet.ip6?.src === '::')) return false
  const isHere = sameLink(frame, traffic)
  return (
    traffic.before(
      frame,
      detecting,
      ({ from, port, packet: { ip6, icmp6 } }) =>
        from === 'dut' &&
        isHere({ port }) &&
        ip6?.src === '::' &&
        icmp6?.type === 'neighbor-solicitation' &&
        icmp6.target === source,
    ) !== undefined
  )
}

/** With an address or a service that ends. */
function isLeft(group: string, frame: Frame, reports: readonly Frame[], traffic: Traffic): boolean {
  const isHere = asked(frame, traffic)
  const isIts = (address: string) => solicitedNode(address) === group && hasEnded(address, frame, 6, traffic)
  // Another node has the address: RFC 4862 section 5.4.5.
  const isRefused = ({ packet: { icmp6, ip6 } }: Frame): boolean =>
    (icmp6?.type === 'neighbor-advertisement' || (icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::')) &&
    solicitedNode(icmp6.target) === group
  const last = reports.findLast(({ number }) => number < frame.number)
  return (
    traffic.isFresh(frame, starting) ||
    traffic.isMarked(frame, starting) ||
    isLeaseChange(frame, starting, traffic) ||
    (!isSolicitedNode(group) && isChange(frame, starting, traffic)) ||
    isLeaseTimer(frame, 6, traffic) ||
    traffic.before(frame, 4, (other) => isHere(other) && isRefused(other)) !== undefined ||
    triedOn(frame, traffic).some(isIts) ||
    (last !== undefined && isRecordOf(last, group, 'left') && frame.at - last.at <= interval.short)
  )
}

export const explanations = [
  /** Groups are joined with an address or a service, reported some times, and reported again when a querier asks. */
  explanation('a group is reported', 'RFC 3810 section 6, RFC 2710 section 4', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    const memberships = membershipsIn(frame)
    if (ip6?.hopLimit !== 1 || memberships.length === 0) return false
    if (icmp6?.type === 'mld2-report' && ip6.dst !== 'ff02::16') return false
    if (ip6.src === '::' ? isLinkLocalUsed(frame, traffic) : !traffic.isUsual(frame, ip6.src)) return false
    const reports = reportsOn(frame, traffic)
    const reason = { current: isAnswer, joined: isJoined, left: isLeft }
    return memberships.some((one) => reason[one.is](one.group, frame, reports, traffic))
  }),

  explanation('the LAN is asked for its groups', 'RFC 3810 section 7.1', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (icmp6?.type !== 'mld-query' || traffic.linkOf(frame) === 'wan') return false
    return ip6 !== undefined && isLinkLocal(ip6.src) && ip6.hopLimit === 1
  }),
]
