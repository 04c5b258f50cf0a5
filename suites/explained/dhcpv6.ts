import { dhcpv6OptionsOf, explanation, type Frame, type Traffic } from 'denat'
import { isLeaseTimer, messageOf } from './changes.ts'
import { asked } from './words.ts'

/** What a message leads to comes within this time: SOL_MAX_DELAY or CNF_MAX_DELAY, and RAs that are handled in batches. Seconds. */
const soon = 5
/** How far T1, T2 and lifetimes may be missed by a coarse clock. Seconds. */
const coarse = 6
/** Seconds. */
const answering = 2
/** After the last try of one exchange, until the next one. Seconds. */
const failing = 12

const fromServer: readonly unknown[] = ['advertise', 'reply', 'reconfigure']
const clientOf = (frame: Frame): string | undefined => dhcpv6OptionsOf(frame, 'client-id')[0]?.duid

explanation('a DHCPv6 client of the LAN is answered', 'RFC 9915 section 18.3', (frame, traffic) => {
  const message = messageOf(frame)
  const { eth, ip6, udp } = frame.packet
  if (message?.type !== 'advertise' && message?.type !== 'reply') return false
  if (traffic.linkOf(frame) === 'wan' || udp?.dstPort !== 546 || udp.srcPort !== 547) return false
  if (!ip6 || !traffic.isUsual(frame, ip6.src)) return false
  const isHere = asked(frame, traffic)
  return (
    traffic.before(frame, answering, (other) => {
      const question = messageOf(other)
      if (!isHere(other) || question?.transactionId !== message.transactionId) return false
      const isSolicit = question.type === 'solicit'
      if (message.type === 'advertise' ? !isSolicit : isSolicit && dhcpv6OptionsOf(frame, 'rapid-commit').length === 0)
        return false
      return (
        other.packet.ip6?.src === ip6?.dst && other.packet.eth.src === eth.dst && clientOf(other) === clientOf(frame)
      )
    }) !== undefined
  )
})

/** REC_TIMEOUT 2 s, doubled REC_MAX_RC times: section 18.3.11. Seconds. */
const reconfiguring = 130

explanation(
  'clients of the LAN are told of a change',
  'RFC 9915 section 18.3.11, RFC 9096 section 3.5',
  (frame, traffic) => {
    const message = messageOf(frame)
    if (message?.type !== 'reconfigure' || traffic.linkOf(frame) === 'wan' || frame.packet.udp?.dstPort !== 546)
      return false
    const again = (other: Frame) =>
      other.from === 'dut' &&
      messageOf(other)?.type === 'reconfigure' &&
      other.packet.ip6?.dst === frame.packet.ip6?.dst
    return (
      traffic.before(
        frame,
        soon,
        ({ direction, port, packet }) => direction === 'out' && port.startsWith('wan') && packet.dhcp6 !== undefined,
      ) !== undefined ||
      traffic.before(frame, reconfiguring, again) !== undefined ||
      traffic.isFresh(frame, soon)
    )
  },
)

/** Its Elapsed Time is that since the first of the exchange; that one may have been lost while a cable rose. Seconds. */
function isOnTime(frame: Frame, traffic: Traffic): boolean {
  const { type, transactionId } = messageOf(frame) ?? {}
  const first = traffic.recording.frames.find((other) => {
    const message = messageOf(other)
    return other.from === 'dut' && message?.type === type && message?.transactionId === transactionId
  })
  const said = (one: Frame) => (dhcpv6OptionsOf(one, 'elapsed-time')[0]?.value ?? 0) / 100
  const passed = first ? frame.at - first.at + said(first) : 0
  return passed > longestElapsed || Math.abs(passed - said(frame)) < 0.5
}

/** 0xffff hundredths, and some. Seconds. */
const longestElapsed = 600

explanation('the line is asked for leases', 'RFC 9915 section 18.2', (frame, traffic) => {
  const message = messageOf(frame)
  const { ip6, udp } = frame.packet
  if (!message || fromServer.includes(message.type) || traffic.linkOf(frame) !== 'wan' || udp?.dstPort !== 547)
    return false
  if (!ip6 || (ip6.dst !== 'ff02::1:2' && message.type === 'solicit')) return false
  // An exchange that goes on, at no less than its first timeout.
  const last = traffic.before(frame, 4000, (other) => {
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
  const heard = (fits: (other: Frame) => boolean) =>
    traffic.before(frame, soon, (other) => isHere(other) && fits(other)) !== undefined
  const heardMessage = (...types: string[]) => heard((other) => types.includes(String(messageOf(other)?.type)))
  const heardRa = () => heard(({ packet }) => packet.icmp6?.type === 'router-advertisement')
  const isFresh = traffic.isFresh(frame, soon)
  // Another exchange has failed: CNF_MAX_RD of 10 s is the shortest, RFC 9915 section 18.2.12.
  const hasFailed = () =>
    traffic.before(frame, failing, (other) => {
      const tried = messageOf(other)
      return (
        other.from === 'dut' && tried !== undefined && tried.type !== message.type && traffic.linkOf(other) === 'wan'
      )
    }) !== undefined
  switch (message.type) {
    case 'solicit':
      return isFresh || heardRa() || heardMessage('reply') || isLeaseTimer(frame, coarse, traffic) || hasFailed()
    case 'request':
      return heardMessage('advertise', 'reply')
    case 'renew':
      return heardMessage('reconfigure') || isLeaseTimer(frame, coarse, traffic)
    case 'rebind':
      return isFresh || heardMessage('reconfigure') || isLeaseTimer(frame, coarse, traffic)
    case 'confirm':
      return isFresh
    case 'decline':
      return heardMessage('reply')
    case 'release':
      return isFresh || heardRa() || heardMessage('reply') || traffic.isMarked(frame, soon)
    case 'information-request':
      return isFresh || heardRa() || heardMessage('reconfigure', 'advertise', 'reply')
    default:
      return false
  }
})
