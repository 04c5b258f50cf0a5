import {
  claim,
  dhcpv6Of,
  type Frame,
  factoryReset,
  invariant,
  isMarkOf,
  pageAnswered,
  pageAsked,
  poweredOn,
  prefixContains,
  rebooted,
  the,
} from 'denat'
import { restarted } from '../scenarios/restart.ts'
import { endOf } from '../shared/grants.ts'
import { clientOf, isReply, leasesIn, serverAnswers } from '../shared/server-answers.ts'

/** Clocks of whole seconds on both sides, and a Reply that is under way. Seconds. */
const grace = 3

/** Something leased, and whose it is until when. */
interface Held {
  client: string
  until: number
  by: Frame
}

/** A router that was restarted may have lost its bindings. */
const losesBindings = isMarkOf(poweredOn, rebooted, restarted, factoryReset, pageAsked, pageAnswered)

export const requirements = [
  invariant('DENAT-LEASED-ONCE', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const leased = serverAnswers(evidence).filter(({ answer }) => isReply(answer) && clientOf(answer) !== undefined)
    if (!leased.some(({ answer }) => leasesIn(answer).some(({ validLifetime }) => validLifetime > 0)))
      return notApplicable(claim`This recording has no lease on the LAN.`, ...recording.frames.slice(0, 1))
    const lost = recording.marks.filter(losesBindings).map(({ at }) => at)
    let held = new Map<string, Held>()
    let last = 0
    const expected = claim`The router leases an address or a prefix of the LAN to one client at a time.`
    for (const { question, answer } of leased) {
      if (lost.some((at) => at > last && at <= answer.at)) held = new Map()
      last = answer.at
      const client = clientOf(answer) as string
      const { type } = dhcpv6Of(question)
      if (type === 'release' || type === 'decline') for (const { prefix } of leasesIn(question)) held.delete(prefix)
      for (const { prefix, validLifetime } of leasesIn(answer)) {
        if (validLifetime === 0) {
          if (held.get(prefix)?.client === client) held.delete(prefix)
          continue
        }
        const other = [...held].find(
          ([value, { client: otherClient, until }]) =>
            otherClient !== client &&
            until > answer.at + grace &&
            (prefixContains(value, prefix) || prefixContains(prefix, value)),
        )
        if (other) {
          const [value, { client: who, by }] = other
          const seen = claim`${the.prefix(prefix)} is leased to client ${the.name(client)}, while client ${the.name(who)} holds ${the.name(value)} from ${by}`
          judge.holds(false, expected, seen, by, answer)
        }
        held.set(prefix, { client, until: endOf(answer.at, validLifetime), by: answer })
      }
    }
    judge.met(expected, ...leased.slice(0, 5).map(({ answer }) => answer))
  }),
]
