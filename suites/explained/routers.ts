import { explanation, type Frame, isLinkLocal, isMulticast, isUla, ndOptionsOf, type Traffic } from 'denat'

import {
  isChange,
  isLeaseChange,
  isLeaseTimer,
  isNamedBy,
  isOtherRa,
  isReply,
  lifetimeIn,
  otherLease,
} from './changes.ts'

import { asked, hasOpenQuestion } from './words.ts'

const isOwn = ({ from }: Frame): boolean => from === 'dut'

/** From a cable until the first one: the random delay, and a link-local address before it. Seconds. */
const starting = 6

/** RTR_SOLICITATION_INTERVAL of 4 s, and of some 6 s; RFC 7559 doubles it each time, with a tenth of chance. */
const again = { least: 2.9, second: 7, most: 2.3 }

/** MAX_RA_DELAY_TIME, and some. Seconds. */
const answering = 1.2

/** MIN_DELAY_BETWEEN_RAS and the least MinRtrAdvInterval, less what two clocks may differ by; and with the random delay after it. Seconds. */
const between = { least: 2.9, most: 3.9 }

const isSolicitation = (frame: Frame, traffic: Traffic) => {
  const isHere = asked(frame, traffic)
  return (other: Frame): boolean => isHere(other) && other.packet.icmp6?.type === 'router-solicitation'
}

/** Soon after the question, or when the next one may be sent. */
function isSolicited(frame: Frame, traffic: Traffic): boolean {
  const asks = isSolicitation(frame, traffic)
  const question = traffic.before(frame, answering, asks)
  if (question) return !isAnsweredSince(frame, question, traffic)
  const last = multicastOn(frame, traffic).findLast(({ number }) => number < frame.number)
  return (
    last !== undefined &&
    frame.at - last.at <= between.most &&
    traffic.before(frame, frame.at - last.at, asks) !== undefined
  )
}

/** The answer contains what hosts have received or will receive, unless something has just changed. */
function isSteady(frame: Frame, traffic: Traffic): boolean {
  const { frames } = traffic.recording
  const isOther = (other: Frame) => isAdvertised(other, frame.port) && other !== frame
  const near = [frames.slice(0, frame.number - 1).findLast(isOther), frames.slice(frame.number).find(isOther)]
  const known = near.flatMap((other) => (other ? [other] : []))
  return known.length === 0 || known.some((other) => isSaying(frame, other)) || isChange(frame, 5, traffic)
}

const isAdvertised = (other: Frame, port: string): boolean =>
  isOwn(other) && other.port === port && other.packet.icmp6?.type === 'router-advertisement'

/** To all, or to the one that asked. */
const isAnsweredSince = (frame: Frame, question: Frame, traffic: Traffic): boolean =>
  traffic.before(frame, frame.at - question.at, (other) => {
    const { eth, ip6 } = other.packet
    return isAdvertised(other, frame.port) && (ip6?.dst === 'ff02::1' || eth.dst === question.packet.eth.src)
  }) !== undefined

const multicastOn = ({ port }: Frame, { recording }: Traffic): Frame[] =>
  recording.frames.filter((other) => isAdvertised(other, port) && other.packet.ip6?.dst === 'ff02::1')

/** When it begins to advertise, when its contents have changed, and again at its interval. */
function isDue(frame: Frame, traffic: Traffic): boolean {
  const since = traffic.freshSince(frame) ?? 0
  const all = multicastOn(frame, traffic)
  const [last, next] = [
    all.findLast(({ number }) => number < frame.number),
    all.find(({ number }) => number > frame.number),
  ]
  const isSetUp =
    traffic.isFresh(frame, starting) || traffic.isMarked(frame, starting) || otherLease(frame, 5, traffic) !== undefined
  // What an RA on the WAN changes may concern hosts, too.
  const isCaused = isSetUp || isLeaseTimer(frame, 3, traffic) || isOtherRa(frame, 4, traffic)
  if (!last || last.at < since) return isCaused || next === undefined || isSaying(frame, next)
  if (!isSaying(frame, last)) {
    if (otherLease(frame, 1, traffic)) return true
    // What is back as it was has changed twice.
    if (next && isSaying(last, next)) {
      const until = next.at - frame.at
      return (
        (isSetUp || isLeaseTimer(frame, 3, traffic)) &&
        (traffic.isMarked(next, until) || isLeaseChange(next, until, traffic))
      )
    }
    // What has changed stays so, or changes again.
    const until = next ? next.at - frame.at : 0
    const isOver = next !== undefined && (isChange(next, until, traffic) || traffic.isMarked(next, until))
    return (next !== undefined && isSaying(frame, next)) || (isCaused && (next === undefined || isOver))
  }
  // A router that restarts its advertiser begins with the same RA again.
  if (isSetUp || (isCaused && isRefreshed(frame, last))) return true
  // A router that renews its leases sends an RA for each Reply.
  const reply = traffic.before(frame, 5, isReply)
  return (reply !== undefined && last.number < reply.number) || isPeriodic(frame, traffic)
}

/** It equals the previous one, MinRtrAdvInterval after it, and the same time before the next unsolicited one. */
function isPeriodic(frame: Frame, traffic: Traffic): boolean {
  if (frame.packet.ip6?.dst !== 'ff02::1') return false
  const all = multicastOn(frame, traffic)
  const last = all.findLast(({ number }) => number < frame.number)
  const next = all.find(({ number }) => number > frame.number)
  if (!last || last.at < (traffic.freshSince(frame) ?? 0) || !isSaying(frame, last)) return false
  if (frame.at - last.at < between.least) return false
  return !next || next.at - frame.at >= between.least || isSolicited(next, traffic)
}

/** What hosts are to do is the same: what counts down is not looked at, and prefixes may be left out (RFC 4861 section 3.1). */
function isSaying(frame: Frame, other: Frame): boolean {
  const [it, that] = [contentOf(frame), contentOf(other)]
  return it.rest === that.rest && (!it.prefixes || !that.prefixes || it.prefixes === that.prefixes)
}

function contentOf(frame: Frame): { rest: string; prefixes: string } {
  const { icmp6 } = frame.packet
  if (icmp6?.type !== 'router-advertisement') return { rest: '', prefixes: '' }
  const alive = (lifetime: number) => (lifetime > 0 ? 'alive' : 'over')
  const prefixes = [
    ...ndOptionsOf(frame, 'prefix-information').map(
      (one) => `${one.prefix} ${alive(one.preferredLifetime)} ${alive(one.validLifetime)}`,
    ),
    ...ndOptionsOf(frame, 'route-information').map((one) => `route ${one.prefix} ${alive(one.lifetime)}`),
  ]
  const resolvers = ndOptionsOf(frame, 'rdnss').map((one) => `dns ${one.servers.join()} ${alive(one.lifetime)}`)
  return {
    rest: [alive(icmp6.routerLifetime), icmp6.managed, icmp6.other, ...resolvers.sort()].join('\n'),
    prefixes: prefixes.sort().join('\n'),
  }
}

/** The lifetime of a prefix that was counted down is longer again. */
const isRefreshed = (frame: Frame, last: Frame): boolean =>
  ndOptionsOf(frame, 'prefix-information').some((one) => {
    const before = ndOptionsOf(last, 'prefix-information').find(({ prefix }) => prefix === one.prefix)
    return before && one.validLifetime > before.validLifetime
  })

/** A prefix that has ended may be advertised for so long. Seconds. */
const ending = 10

/** What it advertises as preferred the line has named before, and it has not ended; or it is the router's own. */
function isOfKnownPrefixes(frame: Frame, traffic: Traffic): boolean {
  return ndOptionsOf(frame, 'prefix-information').every(({ prefix, preferredLifetime }) => {
    const address = prefix.split('/')[0] as string
    if (isUla(address)) return true
    const newest = traffic.before(frame, frame.at, (other) => isNamedBy(other, address))
    if (!newest) return false
    return preferredLifetime === 0 || frame.at - newest.at <= ending + lifetimeIn(newest, address)
  })
}

export const explanations = [
  explanation('a router is asked for', 'RFC 4861 section 6.3.7, RFC 7559', (frame, traffic) => {
    const { ip6, icmp6 } = frame.packet
    if (icmp6?.type !== 'router-solicitation' || ip6?.dst !== 'ff02::2' || ip6.hopLimit !== 255) return false
    if (traffic.linkOf(frame) !== 'wan') return false
    const isAnother = (other: Frame) => isOwn(other) && other.packet.icmp6?.type === 'router-solicitation'
    const last = traffic.before(frame, 150, isAnother)
    const age = frame.at - (traffic.freshSince(frame) ?? 0)
    const isAnswered = (seconds: number) =>
      traffic.before(frame, seconds, ({ direction, port, packet }) => {
        const advertised = packet.icmp6
        const isReceived = direction === 'out' && port === frame.port && advertised?.type === 'router-advertisement'
        return isReceived && advertised.routerLifetime > 0
      }) !== undefined
    if (traffic.isFresh(frame, starting)) return !last || last.at < frame.at - age || !isAnswered(frame.at - last.at)
    if (!last) return false
    const passed = frame.at - last.at
    if (isAnswered(passed) || passed < again.least) return false
    const earlier = traffic.before(last, 150, isAnother)
    return passed <= (earlier ? Math.max(again.second, again.most * (last.at - earlier.at)) : again.second)
  }),

  explanation(
    'the LAN is advertised to',
    'RFC 4861 section 6.2',
    (frame, traffic) => {
      const { eth, ip6, icmp6 } = frame.packet
      if (icmp6?.type !== 'router-advertisement' || traffic.linkOf(frame) === 'wan') return false
      if (!ip6 || !isLinkLocal(ip6.src) || !traffic.isUsual(frame, ip6.src) || ip6.hopLimit !== 255) return false
      if (!isOfKnownPrefixes(frame, traffic)) return false
      if (isMulticast(ip6.dst))
        return (
          ip6.dst === 'ff02::1' && ((isSolicited(frame, traffic) && isSteady(frame, traffic)) || isDue(frame, traffic))
        )
      const asks = isSolicitation(frame, traffic)
      const isQuestion = (other: Frame) => asks(other) && other.packet.eth.src === eth.dst
      const isAnswer = (other: Frame) => isAdvertised(other, frame.port) && other.packet.eth.dst === eth.dst
      return hasOpenQuestion(frame, answering, traffic, { isQuestion, isAnswer }) && isSteady(frame, traffic)
    },
    isPeriodic,
  ),

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
  }),
]
