import { anyOf, dhcpv6, dhcpv6Of, type Frame, requirement } from 'denat'
import { reconfigure } from '../scenarios/reconfigure.ts'

/** INF_MAX_DELAY 1 s for an Information-request, and as long for processing: RFC 8415 sections 7.6, 18.2.11. */
const atOnce = 2

requirement(
  'RFC8415-18.2.11-RECONF',
  {
    cases: {
      Renew: reconfigure,
      Rebind: reconfigure,
      'Information-request': reconfigure,
      'during the exchange': reconfigure,
    },
  },
  ({ case: what, wan, judge, did, given, marks, framesOf }) => {
    const accepted = did('reconfigure-accepted')
    given(accepted.data?.accepts ? accepted : undefined, 'RFC7084-WAA-4')
    if (what === 'during the exchange') {
      const meanwhile = given(marks('meanwhile')[0], 'RFC8415-18.2.11-RECONF')
      const [sent, answer] = framesOf(meanwhile)
      const fence = given(answer, 'RFC7084-G-1')
      return judge.absent(
        wan.fromDut.all({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: sent ?? meanwhile, before: fence }),
        'A Reconfigure that comes while the exchange goes on which the one before it led to is ignored.',
        { fence, since: sent ?? meanwhile },
      )
    }
    const mark = did('reconfigured', ({ data }) => data?.what === what)
    const [sent, answer] = framesOf(mark)
    // While an exchange goes on, the next Reconfigure is ignored by right.
    for (const earlier of marks('reconfigured').filter(({ at }) => at < mark.at)) {
      const asked = framesOf(earlier)[1]
      const by = earlier.data?.what === 'Rebind' ? 'RFC8415-18.2.5-REBIND' : 'RFC8415-18.2.4-RENEW'
      if (asked) given(wan.toDut.first(dhcpv6('reply', { transactionId: dhcpv6Of(asked).transactionId })), by)
    }
    judge.due(answer, { after: sent ?? mark, seconds: atOnce }, `A Reconfigure that demands it leads to a ${what}.`)
  },
)

const flaws = [
  'no authentication',
  'wrong HMAC',
  'old replay counter',
  'another client',
  'no Client Identifier',
  'no Server Identifier',
  'multicast',
]

requirement(
  'RFC8415-16.11-RECONF-BAD',
  { cases: Object.fromEntries(flaws.map((flaw) => [flaw, reconfigure])) },
  ({ case: flaw, wan, judge, did, given, framesOf }) => {
    const accepted = did('reconfigure-accepted')
    const mark = did('flawed-reconfigure', ({ data }) => data?.flaw === flaw)
    const [sent, answer] = framesOf(mark)
    const fence = given(answer, 'RFC7084-G-1')
    const asking = { dhcp6: { type: anyOf('renew', 'rebind', 'information-request') } }
    // An exchange that goes on already, unanswered, is retransmitted.
    const goesOn = (frame: Frame) =>
      wan.fromDut.first({ dhcp6: { transactionId: dhcpv6Of(frame).transactionId } }, { before: sent ?? mark })
    const demanded = wan.fromDut.all(asking, { after: sent ?? mark, before: fence }).filter((frame) => !goesOn(frame))
    judge.absent(demanded, `A Reconfigure is discarded that is flawed: ${flaw}.`, { fence, since: sent ?? mark })
    if (!accepted.data?.accepts) return judge.note('The router accepts no Reconfigure at all.', accepted)
    // The same, well-formed.
    const good = did('reconfigured', ({ data }) => data?.what === 'Renew')
    given(framesOf(good)[1], 'RFC8415-18.2.11-RECONF')
  },
)
