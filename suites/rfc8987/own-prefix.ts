import { claim, echoRequest, icmpv6, quoted, requirement, the } from 'denat'
import { renumbering } from '../scenarios/renumbering.ts'
import { ownPrefixSent } from '../steps/own-prefix.ts'
import { behindAfter } from '../steps/renumber.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

export const requirements = [
  requirement('RFC8987-R-5', renumbering, ({ lan, judge, given, every }) => {
    given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
    given(every(behindAfter).find(({ reply }) => reply)?.reply, 'DENAT-RENUM-CASCADE')
    const tried = every(ownPrefixSent)
    const since = given(tried[0]?.sent, 'DENAT-RENUM-CASCADE')
    const target = since.packet.ip6?.dst
    const { fromDut } = lan.of('downstream')
    const error = fromDut
      .all(icmpv6('destination-unreachable'), { after: since })
      .find((frame) => quoted(frame)?.ip6?.dst === target)
    if (error)
      judge.note(
        claim`The downstream router receives an error with code ${error.packet.icmp6?.code ?? the.name(undefined)}.`,
        error,
      )
    judge.absent(
      fromDut.all(echoRequest({ id: 503 }), { after: since }),
      claim`A packet from a downstream router to ${the.address(target)}, within its own prefix, is not sent back to it.`,
      { fence: given(tried.findLast(({ arrived }) => arrived)?.arrived, 'DENAT-RENUM-CASCADE'), since },
    )
  }),
]
