import { dhcpv6, dhcpv6OptionsOf, type Evidence, type Frame, type Marked } from 'denat'
import { flawedAnswer, grants, online } from '../scenarios/first-answers.ts'
import { firstLive, usesOfPrefix } from './answered.ts'
import { clientMessages } from './client-messages.ts'

type Flawed = Marked<{ prefix: string; server: string }, 'sent'>

/** What shows that the router accepted a flawed answer: its prefix in use, or a message to its server. */
export function usesOf(evidence: Evidence, { prefix, server, sent }: Flawed): Frame[] {
  if (!sent) return []
  const toServer = clientMessages(evidence, { after: sent }).filter((frame) =>
    dhcpv6OptionsOf(frame, 'server-id').some(({ duid }) => duid === server),
  )
  return [...usesOfPrefix(evidence, prefix, sent), ...toServer]
}

/** Which id is to blame where the valid answers led to nothing: a router that accepts flawed ones does not need them. */
export const blame = (evidence: Evidence): string =>
  evidence.every(flawedAnswer).some((one) => usesOf(evidence, one).length > 0)
    ? 'RFC8415-16.3-ADV-INVALID'
    : 'RFC7084-WPD-6'

/** The router accepted the valid Reply: it discarded what it did not use before, and did not fail. */
export function tookUp(evidence: Evidence): Frame {
  const { wan, lan, given, at } = evidence
  const by = blame(evidence)
  at(online)
  const reply = given(wan.toDut.first(dhcpv6('reply')), by)
  return given(firstLive(lan.fromDut, at(grants).prefix, reply), by)
}
