import { claim, requirement, the } from 'denat'
import { quiet, quietLan, quietOver } from '../scenarios/quiet-lan.ts'
import { toAll } from '../shared/multicast-advertisements.ts'

/** RFC 7772 section 5: about seven an hour. */
const mostInAnHour = 7

export const requirements = [
  requirement('RFC7772-5-RARATE', quietLan, ({ lan, judge, given, at }) => {
    const { mark: since } = at(quiet)
    const { solicited, answer, mark: over } = at(quietOver)
    const link = lan.of('host')
    const fence = given(answer, 'RFC7084-L-1')
    const sent = link.fromDut.all(toAll, { after: since, before: solicited ?? over })
    const hours = ((solicited ?? fence).at - since.at) / 3600
    judge.holds(
      // Any span of time may contain one more.
      sent.length <= mostInAnHour * hours + 1,
      claim`The router sends about ${mostInAnHour} unsolicited multicast RAs in an hour at most.`,
      claim`${sent.length} in ${the.decimal(60 * hours, 0)} min`,
      since,
      ...sent.slice(0, 8),
      fence,
    )
    judge.note(
      fence.packet.ip6?.dst === 'ff02::1'
        ? claim`The router answers a Router Solicitation by multicast.`
        : claim`The router answers a Router Solicitation by unicast.`,
      fence,
    )
  }),
]
