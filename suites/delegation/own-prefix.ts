import { echoRequest, icmpv6, quoted, requirement } from 'denat'
import { renumbering } from '../scenarios/renumbering.ts'

requirement('RFC8987-R-5', renumbering, ({ lan, judge, given, marks, framesOf }) => {
  given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const behind = marks('behind-after').flatMap(framesOf)[0]
  given(behind, 'DENAT-RENUM-CASCADE')
  const tried = given(marks('own-prefix')[0], 'DENAT-RENUM-CASCADE')
  const [sent, arrived] = framesOf(tried)
  const since = sent ?? tried
  const target = String(tried.data?.target)
  const { fromDut } = lan.of('downstream')
  const error = fromDut
    .all(icmpv6('destination-unreachable'), { after: since })
    .find((frame) => quoted(frame)?.ip6?.dst === target)
  if (error) judge.note(`The downstream router is told by code ${error.packet.icmp6?.code}.`, error)
  judge.absent(
    fromDut.all(echoRequest({ id: 503 }), { after: since }),
    `What a downstream router sends for ${target}, in its own prefix, is not sent back to it.`,
    { fence: given(arrived, 'DENAT-RENUM-CASCADE'), since },
  )
})
