import {
  type Dhcpv6Option,
  explanation,
  type Frame,
  inPrefix,
  isLinkLocal,
  isMulticast,
  isRelay,
  isUla,
  type NdOption,
  network,
  solicitedNode,
  type Traffic,
} from 'denat'
import { isChange, isLeaseChange, isLeaseTimer } from './changes.ts'
import { asked } from './words.ts'

/** DupAddrDetectTransmits of some routers, RetransTimer apart, after the random delay. Seconds. */
const detection = 6
/** MAX_MULTICAST_SOLICIT of 3 at RetransTimer, and the packet that was waiting. Seconds. */
const resolution = 4.5
/** DELAY_FIRST_PROBE_TIME of 5 s, and MAX_UNICAST_SOLICIT of 3 at RetransTimer. Seconds. */
const probing = 10
/** Between the report of a group and the detection that it is for: Unsolicited Report Interval and the random delay. Seconds. */
const joining = 1.3
/** MIN_DELAY_BETWEEN_RAS, less what two clocks may differ by. Seconds. */
const betweenAdvertisements = 2.9

const isOwn = ({ from }: Frame): boolean => from === 'dut'

explanation('a Neighbor Advertisement answers', 'RFC 4861 section 7.2.4', (frame, traffic) => {
  const { eth, ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'neighbor-advertisement' || ip6?.hopLimit !== 255 || icmp6.code !== 0) return false
  const isQuestion = asked(frame, traffic)
  const question = traffic.before(frame, 2, (other) => {
    const { icmp6: question, ip6: by, eth: sender } = other.packet
    if (!isQuestion(other) || question?.type !== 'neighbor-solicitation' || question.target !== icmp6.target)
      return false
    return by?.src === '::' ? ip6.dst === 'ff02::1' : by?.src === ip6.dst && sender.src === eth.dst && icmp6.solicited
  })
  return question !== undefined && (ip6.src === icmp6.target || isLinkLocal(ip6.src))
})

explanation('a new address is told of', 'RFC 9131 section 6.1.2', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'neighbor-advertisement' || icmp6.solicited || ip6?.src !== icmp6.target) return false
  if (!['ff02::1', 'ff02::2'].includes(ip6.dst) || ip6.hopLimit !== 255) return false
  return traffic.before(frame, detection, (other) => isDetection(other, icmp6.target)) !== undefined
})

const isDetection = ({ from, packet: { ip6, icmp6 } }: Frame, target: string): boolean =>
  from === 'dut' && ip6?.src === '::' && icmp6?.type === 'neighbor-solicitation' && icmp6.target === target

explanation('duplicate address detection', 'RFC 4862 section 5.4.2', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (!ip6 || icmp6?.type !== 'neighbor-solicitation' || !isDetection(frame, icmp6.target)) return false
  if (ip6.dst !== solicitedNode(icmp6.target) || ip6.hopLimit !== 255) return false
  const { target } = icmp6
  if (traffic.before(frame, 1.5, (other) => isDetection(other, target))) return true
  if (!isJoined(frame, ip6.dst, traffic)) return false
  // A lease or an RA is applied anew, and so its address is tried anew.
  if (isNamed(target, frame, detection, traffic)) return true
  const since = Math.min(frame.at - (traffic.freshSince(frame) ?? 0), 20)
  if (traffic.before(frame, since, (other) => isOwn(other) && other.packet.ip6?.src === target)) return false
  return (
    traffic.isFresh(frame, isLinkLocal(target) ? 3 : detection) ||
    (isUla(target) && isChange(frame, detection, traffic))
  )
})

/** Who reports groups at all has reported this one, or does so beside. */
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
const isNamed = (address: string, frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.before(frame, seconds, ({ direction, packet: { icmp6, dhcp6 } }) => {
    if (direction !== 'out') return false
    const leases = dhcp6 && !isRelay(dhcp6) ? dhcp6.options.flatMap((ia) => ('options' in ia ? ia.options : [])) : []
    const pios = icmp6?.type === 'router-advertisement' ? icmp6.options : []
    return [...leases, ...pios].some((one) => isIn(address, one))
  }) !== undefined

const isIn = (address: string, named: Dhcpv6Option | NdOption): boolean =>
  (named.type === 'ia-addr' && named.address === address) ||
  ((named.type === 'ia-prefix' || named.type === 'prefix-information') && inPrefix(address, network(named.prefix)))

explanation('an address is resolved', 'RFC 4861 section 7.2.2', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'neighbor-solicitation' || ip6?.src === '::' || ip6?.dst !== solicitedNode(icmp6.target))
    return false
  if (ip6.hopLimit !== 255 || !traffic.isUsual(frame, ip6.src)) return false
  return needs(frame, icmp6.target, traffic)
})

/** A packet waits for the answer: for that address, in return to it, or by way of it. */
function needs(frame: Frame, target: string, traffic: Traffic): boolean {
  const isHere = asked(frame, traffic)
  const isTheCause = (other: Frame): boolean => {
    const { ip6, icmp6 } = other.packet
    if (other.direction !== 'out' || !ip6) return false
    return ip6.dst === target || (isHere(other) && ip6.src === target && icmp6?.type !== 'neighbor-advertisement')
  }
  if (traffic.before(frame, resolution, isTheCause)) return true
  // Its DHCPv6 clients are told of a change (RFC 9915 section 18.3.11).
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

/** REC_TIMEOUT of 2 s, doubled: nobody has answered yet, and so it is asked for anew. */
const isTold = (frame: Frame, target: string, traffic: Traffic): boolean =>
  isChange(frame, 5, traffic) ||
  traffic.isMarked(frame, 5) ||
  traffic.before(frame, 20, ({ from, packet: { icmp6, ip6 } }) => {
    return from === 'dut' && icmp6?.type === 'neighbor-solicitation' && icmp6.target === target && ip6?.dst !== target
  }) !== undefined

/** The MAC of the bench's station that owns an address. */
const stationOf = (address: string, { recording }: Traffic): string | undefined =>
  Object.values(recording.world.stations).find((one) => one.linkLocal === address || one.address === address)?.mac

explanation('a neighbor is probed', 'RFC 4861 section 7.3.3', (frame, traffic) => {
  const { eth, ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'neighbor-solicitation' || ip6?.dst !== icmp6.target || ip6.hopLimit !== 255) return false
  if (!traffic.isUsual(frame, ip6.src)) return false
  return (
    traffic.before(frame, probing, (other) => {
      if (!isOwn(other) || traffic.linkOf(other) !== traffic.linkOf(frame) || other.packet.eth.dst !== eth.dst)
        return false
      return other.packet.icmp6?.type !== 'neighbor-solicitation'
    }) !== undefined
  )
})

explanation('a router is asked for', 'RFC 4861 section 6.3.7, RFC 7559', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'router-solicitation' || ip6?.dst !== 'ff02::2' || ip6.hopLimit !== 255) return false
  if (traffic.linkOf(frame) !== 'wan') return false
  const again = traffic.before(
    frame,
    150,
    (other) => isOwn(other) && other.packet.icmp6?.type === 'router-solicitation',
  )
  const answer =
    again &&
    traffic.before(frame, frame.at - again.at, (other) => {
      const said = other.packet.icmp6
      return other.direction === 'out' && said?.type === 'router-advertisement' && said.routerLifetime > 0
    })
  return traffic.isFresh(frame, detection) || (again !== undefined && answer === undefined && frame.at - again.at > 2.9)
})

explanation('the LAN is advertised to', 'RFC 4861 section 6.2', (frame, traffic) => {
  const { eth, ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'router-advertisement' || traffic.linkOf(frame) === 'wan') return false
  if (!ip6 || !isLinkLocal(ip6.src) || !traffic.isUsual(frame, ip6.src) || ip6.hopLimit !== 255) return false
  const isHere = asked(frame, traffic)
  const asks = (other: Frame) => isHere(other) && other.packet.icmp6?.type === 'router-solicitation'
  if (!isMulticast(ip6.dst))
    return traffic.before(frame, 4, (other) => asks(other) && other.packet.eth.src === eth.dst) !== undefined
  const isAnother = (other: Frame) => {
    const same = isOwn(other) && other.port === frame.port && other.packet.icmp6?.type === 'router-advertisement'
    return same && other.packet.ip6?.dst === ip6.dst
  }
  if (ip6.dst !== 'ff02::1') return false
  if (traffic.before(frame, 4, asks) || traffic.isFresh(frame, detection) || traffic.isMarked(frame, 6)) return true
  // What an RA on the WAN changes may have to be told on.
  if (isLeaseChange(frame, traffic) || isLeaseTimer(frame, 2, traffic) || isChange(frame, 4, traffic)) return true
  if (traffic.before(frame, betweenAdvertisements, isAnother) ?? traffic.after(frame, betweenAdvertisements, isAnother))
    return false
  // Where it is not done again and again, then after a while only.
  const last = traffic.before(frame, periodic, isAnother)
  return last === undefined || isPeriodic(frame, traffic)
})

/** The first RAs come every MAX_INITIAL_RTR_ADVERT_INTERVAL of 16 s at the most, and many routers' later ones less often. Seconds. */
const periodic = 10

/** Twice more on this link an RA came in this time after the last one, and nothing had happened. */
function isPeriodic(frame: Frame, traffic: Traffic): boolean {
  const { port } = frame
  const sent = traffic.recording.frames.filter(
    ({ from, port: there, packet }) =>
      from === 'dut' &&
      there === port &&
      packet.icmp6?.type === 'router-advertisement' &&
      packet.ip6?.dst === 'ff02::1',
  )
  const uncaused = sent.filter((one, i) => {
    const last = sent[i - 1]
    return last && one !== frame && one.at - last.at < periodic && !isChange(one, 4, traffic)
  })
  return uncaused.length >= 2
}

explanation('a Redirect follows a packet that had a better way', 'RFC 4861 section 8.2', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'redirect' || !ip6 || !isLinkLocal(ip6.src) || ip6.hopLimit !== 255) return false
  const isHere = asked(frame, traffic)
  return (
    traffic.before(frame, 5, (other) => {
      const sent = other.packet.ip6
      return isHere(other) && sent?.src === ip6.dst && sent.dst === icmp6.destination
    }) !== undefined
  )
})

/** Groups are joined with an address or a cable, told twice or three times, and told again when a querier asks. */
explanation('a group is reported', 'RFC 3810 section 6', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (ip6?.hopLimit !== 1) return false
  if (icmp6?.type !== 'mld2-report' && icmp6?.type !== 'mld1-report' && icmp6?.type !== 'mld1-done') return false
  const isHere = asked(frame, traffic)
  if (icmp6.type === 'mld2-report' && ip6.dst !== 'ff02::16') return false
  if (ip6.src !== '::' && !traffic.isUsual(frame, ip6.src)) return false
  const query = traffic.before(frame, 12, (other) => isHere(other) && other.packet.icmp6?.type === 'mld-query')
  if (query) return true
  if (traffic.isFresh(frame, 8)) return true
  // With an address its groups are joined: its own, and those of its prefix and of what is served there.
  const isTried = (other: Frame) =>
    isOwn(other) &&
    other.packet.ip6?.src === '::' &&
    traffic.linkOf(other) === traffic.linkOf(frame) &&
    other.packet.icmp6?.type === 'neighbor-solicitation'
  if (traffic.before(frame, joining, isTried) ?? traffic.after(frame, joining, isTried)) return true
  // With a lease they are left.
  return isLeaseChange(frame, traffic) || isLeaseTimer(frame, 6, traffic)
})

explanation('the LAN is asked for its groups', 'RFC 3810 section 7.1', (frame, traffic) => {
  const { ip6, icmp6 } = frame.packet
  if (icmp6?.type !== 'mld-query' || traffic.linkOf(frame) === 'wan') return false
  return ip6 !== undefined && isLinkLocal(ip6.src) && ip6.hopLimit === 1
})
