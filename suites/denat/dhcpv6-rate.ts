import { claim, dhcpv6OptionsOf, type Frame, invariant, the } from 'denat'
import { clientMessages } from '../shared/client-messages.ts'
import { busiestOf } from '../shared/frames.ts'
import { countOf, rate } from '../shared/message-rate.ts'

/** Messages by the IAs that they hold: addresses and prefixes may be asked for by sessions of their own. */
function sessionsOf(sent: readonly Frame[]): Frame[][] {
  const sessions = new Map<string, Frame[]>()
  for (const frame of sent) {
    const held = (['ia-na', 'ia-pd'] as const).filter((type) => dhcpv6OptionsOf(frame, type).length > 0).join()
    sessions.set(held, [...(sessions.get(held) ?? []), frame])
  }
  return [...sessions.values()]
}

export const requirements = [
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
      claim`The client sends at most ${rate.messages} messages of one session in ${the.seconds(rate.seconds)}, the default of RFC 9915 section 14.1.`,
      countOf(most),
      first,
      ...rest.slice(0, 5),
      all.at(-1) as Frame,
    )
  }),
]
