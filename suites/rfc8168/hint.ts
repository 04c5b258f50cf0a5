import { claim, dhcpv6, dhcpv6OptionsOf, granted, iaPrefixes, type Judgement, on, requirement, the } from 'denat'
import { restart, restarted } from '../scenarios/restart.ts'
import { clientMessages } from '../shared/client-messages.ts'
import { isOf } from '../shared/restart-kind.ts'
import { onlineAgain } from '../steps/keeps.ts'

type Restart = Parameters<typeof isOf>[0]

const namesItsPrefix =
  (kind: Restart): Judgement =>
  (evidence) => {
    const { wan, judge, given, at } = evidence
    const { mark: since } = at(restarted, isOf(kind))
    const { mark: later } = at(onlineAgain, isOf(kind))
    const reply = given(
      wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: since }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const asked = clientMessages(evidence, { after: since, before: later })
    const first = judge.found(
      asked.find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0),
      later,
      claim`After the restart the client requests its prefix.`,
      since,
    )
    const held = granted(reply)
    const named = iaPrefixes(first).map(({ prefix }) => prefix)
    judge.holds(
      named.some((prefix) => held.includes(prefix)),
      claim`The first message that requests leases after the restart contains the former prefix, ${the.list(held.map((item) => the.prefix(item)))}.`,
      named.length === 0 ? claim`no prefix at all` : claim`${the.list(named.map((item) => the.prefix(item)))}`,
      reply,
      first,
    )
  }

export const requirements = [
  requirement('RFC8168-3-HINTKEEP', {
    // The clause binds a client that wants its prefix back, which is its own affair: it is hoped for.
    reboot: on(restart, namesItsPrefix('reboot'), { level: 'SHOULD' }),
    'power cut': on(restart, namesItsPrefix('power-cut'), { level: 'SHOULD' }),
  }),
]
