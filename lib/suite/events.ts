import type { Frame, Recording } from '../recording/recording.ts'
import { isUla } from '../wire/address.ts'
import { dhcpv6 } from '../wire/patterns.ts'
import { decodePcpMap, pcpPort } from '../wire/pcp.ts'
import { newPrefixes } from './conditions.ts'
import { lanView, type Query, wanView } from './query.ts'
import { dhcpv6Of, granted, isOneHopOn } from './read.ts'

/** What happens to a router: the moments at which it does, in seconds of the recording. */
export type Event = (recording: Recording) => number[]

const times = (all: readonly { at: number }[]): number[] => all.map(({ at }) => at)

/** Replies that grant a prefix in response to such a message. */
function answersTo(asked: 'renew' | 'request', questions: Query, answers: Query): Frame[] {
  const ids = new Set(questions.all(dhcpv6(asked)).map((frame) => dhcpv6Of(frame).transactionId))
  return answers
    .all(dhcpv6('reply', { iaPd: {} }))
    .filter((reply) => ids.has(dhcpv6Of(reply).transactionId) && granted(reply).length > 0)
}

const renew: Event = (recording) => {
  const { fromDut, toDut } = wanView(recording)
  return times(answersTo('renew', fromDut, toDut))
}

const subDelegation: Event = (recording) => {
  const { fromDut, toDut } = lanView(recording)
  const given = answersTo('request', toDut, fromDut)
  return times(given.filter((reply) => granted(reply).some((prefix) => !isUla(prefix.split('/')[0] ?? ''))))
}

/** The line is there again. */
const flap: Event = ({ marks }) =>
  times(marks.filter(({ mark, number }) => mark === 'line-up' && number > 0)).filter((at) =>
    marks.some((one) => one.mark === 'line-down' && one.at < at),
  )

const reboot: Event = ({ marks }) =>
  times(
    marks.filter(
      ({ mark, data }) => mark === 'reboot' || mark === 'power-cut' || (mark === 'web-ui' && data?.call === 'reboot'),
    ),
  )

/** A packet that the router forwards from one side to the other. */
function crossing(recording: Recording, fits: (frame: Frame) => boolean): Frame[] {
  const [wan, lan] = [wanView(recording), lanView(recording)]
  return [
    { from: wan.toDut, to: lan.fromDut },
    { from: lan.toDut, to: wan.fromDut },
  ].flatMap(({ from, to }) => {
    const out = to.all({ ip6: {} }).filter(fits)
    return from
      .all({ ip6: {} })
      .filter((sent) => fits(sent) && out.some((frame) => frame.at >= sent.at && isOneHopOn(frame, sent)))
  })
}

/** Something comes in by a pinhole that the page or PCP has opened. */
const pinhole: Event = (recording) => {
  const byPage = recording.marks.flatMap(({ mark, at, data }) => {
    const [asked] = (mark === 'web-ui' && data?.call === 'openPinhole' ? data.given : []) as { port: number }[]
    return asked ? [{ at, port: asked.port }] : []
  })
  const byProtocol = lanView(recording)
    .fromDut.all({ udp: { srcPort: pcpPort } })
    .flatMap(({ at, packet: { payload } }) => {
      const map = payload && decodePcpMap(payload)
      return map?.result === 0 ? [{ at, port: map.internalPort }] : []
    })
  const opened = [...byPage, ...byProtocol]
  const goesTo = ({ packet: { tcp, udp } }: Frame, port: number) => (tcp ?? udp)?.dstPort === port
  return times(
    crossing(recording, (frame) => opened.some(({ at, port }) => frame.at >= at && goesTo(frame, port))).filter(
      ({ port }) => port.startsWith('wan'),
    ),
  )
}

const fragments: Event = (recording) =>
  times(crossing(recording, ({ packet: { ext } }) => ext?.some(({ type }) => type === 'fragment') ?? false))

/** Sent by the router itself, or by a router beyond it. */
const tooBig: Event = (recording) =>
  times(
    [wanView(recording).fromDut, lanView(recording).fromDut].flatMap((query) =>
      query.all({ icmp6: { type: 'packet-too-big' } }),
    ),
  )

/** A question of a host that the router answers. */
const dns: Event = (recording) =>
  times(lanView(recording).fromDut.all({ ip6: {}, dns: { type: 'response' } })).filter((at) => at > 0)

export const events: Record<string, Event> = {
  renew,
  'new prefix': (recording) => newPrefixes(recording).map(({ reply }) => reply.at),
  flap,
  reboot,
  pinhole,
  'sub-delegation': subDelegation,
  fragments,
  'Packet Too Big': tooBig,
  DNS: dns,
}
