import {
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  invariant,
  type Judgement,
  type MarkType,
  on,
  requirement,
} from 'denat'
import { busiestOf } from '../invariants/frames.ts'
import { patience, patienceOver, refused, refusing, unusable } from '../scenarios/patience.ts'
import { clientMessages } from './client-messages.ts'

/**
 * RFC 8415 section 14.1 gives 20 messages in 20 s as a possible default and leaves the limit to the client: five times
 * as many is none.
 */
const rate = { messages: 20, seconds: 20, worst: 100 }

/** `41 in 20 s: 20 request, 21 renew`. */
function countOf(frames: readonly Frame[]): string {
  const counts = new Map<string, number>()
  for (const { type } of frames.map(dhcpv6Of)) counts.set(String(type), (counts.get(String(type)) ?? 0) + 1)
  const each = [...counts].map(([type, count]) => `${count} ${type}`)
  return `${frames.length} in ${rate.seconds} s: ${each.join(', ')}`
}

/** Messages by the IAs that they hold: addresses and prefixes may be asked for by sessions of their own. */
function sessionsOf(sent: readonly Frame[]): Frame[][] {
  const sessions = new Map<string, Frame[]>()
  for (const frame of sent) {
    const held = (['ia-na', 'ia-pd'] as const).filter((type) => dhcpv6OptionsOf(frame, type).length > 0).join()
    sessions.set(held, [...(sessions.get(held) ?? []), frame])
  }
  return [...sessions.values()]
}

function judgeRate({ judge }: Evidence, sent: readonly Frame[], where: string): void {
  const busiest = busiestOf(sent, rate.seconds)
  const seen = countOf(busiest)
  const [first, ...rest] = busiest as [Frame, ...Frame[]]
  judge.holds(
    busiest.length <= rate.worst,
    `The rate of the client's messages is limited: ${where}no ${rate.seconds} s hold more than ${rate.worst}.`,
    seen,
    first,
    ...rest.slice(0, 5),
  )
  judge.note(`At the most ${seen}.`, first)
}

invariant('RFC8415-14.1-STORM', (evidence) => {
  const sent = clientMessages(evidence)
  evidence.given(sent[0], 'RFC7084-WAA-3')
  judgeRate(evidence, sent, '')
})

invariant('DENAT-DHCP6-RATE', (evidence) => {
  const all = clientMessages(evidence)
  evidence.given(all[0], 'RFC7084-WAA-3')
  evidence.followsFrom('RFC8415-14.1-STORM')
  const most = sessionsOf(all)
    .map((session) => busiestOf(session, rate.seconds))
    .reduce((one, other) => (other.length > one.length ? other : one))
  const [first, ...rest] = most as [Frame, ...Frame[]]
  evidence.judge.goal(
    most.length <= rate.messages,
    `No more than ${rate.messages} of one session in ${rate.seconds} s, the default that RFC 9915 section 14.1 gives.`,
    countOf(most),
    first,
    ...rest.slice(0, 5),
    all.at(-1) as Frame,
  )
})

const isLimited =
  (loop: string, begin: MarkType<object, 'request'>, end: MarkType<object, never>): Judgement =>
  (evidence) => {
    const { given, at } = evidence
    const first = given(at(begin).request, 'RFC8415-18.2.2-REQUEST')
    const sent = [first, ...clientMessages(evidence, { after: first, before: at(end).mark })]
    judgeRate(evidence, sent, `while no Request leads to a lease (${loop}), `)
  }

requirement('RFC8415-14.1-RATE', {
  UnspecFail: on(patience, isLimited('UnspecFail', refused, patienceOver)),
  'unusable lease': on(patience, isLimited('unusable lease', unusable, refusing)),
})
