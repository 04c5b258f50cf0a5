import { dhcpv6, type Evidence, type Frame, type Judgement, ns, on, requirement } from 'denat'
import { noPrefixYet } from '../scenarios/no-prefix-yet.ts'
import { firstLive } from './answered.ts'
import { isAnswered } from './formed.ts'

requirement(
  'RFC8415-18.2.10-NOTONLINK',
  { cases: { 'address unused': noPrefixYet, 'another way': noPrefixYet } },
  ({ case: what, judge, did, framesOf, given, wan, notApplicable }) => {
    const told = did('not-on-link')
    const address = String(told.data?.address)
    const [, request, refusal] = framesOf(told) as [Frame, Frame, Frame]
    if (!told.data?.told)
      return notApplicable('The Request does not name the address that was offered: nothing was refused.', request)
    if (what === 'another way') {
      const awaited = did('anew')
      const [anew] = framesOf(awaited)
      const tried = judge.found(
        anew,
        awaited,
        'NotOnLink in the Reply to a Request leads to another try, without that address.',
        refusal,
      )
      const solicit = wan.fromDut.first(dhcpv6('solicit'), { after: refusal, before: tried })
      judge.note(
        solicit ? 'Discovery begins anew.' : 'The Request is sent again, without the address.',
        solicit ?? tried,
      )
      return
    }
    const asked = did('asked')
    const fence = given(framesOf(asked)[1], 'RFC8415-18.2.10-NOPREFIX')
    judge.absent(
      [
        ...wan.fromDut.all(ns({ target: address }, { ip6: { src: '::' } }), { after: refusal }),
        ...wan.fromDut.all({ ip6: { src: address } }, { after: refusal }),
      ],
      `The address ${address}, of which NotOnLink was said, is not used: nothing probes for it or comes from it.`,
      { fence, since: refusal },
    )
  },
)

const addressAlone: Judgement = ({ judge, did, framesOf }) => {
  const told = did('not-on-link')
  const [offered, request] = framesOf(told)
  judge.found(
    request,
    told,
    'An Advertise that offers an address, and says NoPrefixAvail in the IA_PD, leads to a Request.',
    offered as Frame,
  )
}

/** Without a Request nothing was refused. */
function wasRefused({ wan, given }: Evidence): void {
  const asking = wan.fromDut.first(dhcpv6('solicit', { iaNa: {} }))
  given(wan.fromDut.first(dhcpv6('request')), asking ? 'RFC8415-18.2.10-NOPREFIX' : 'RFC7084-WAA-6')
}

const addressInUse: Judgement = (evidence) => {
  const { did } = evidence
  wasRefused(evidence)
  isAnswered(
    evidence,
    did('asked'),
    'The address of the IA_NA is used though the IA_PD says NoPrefixAvail: a Neighbor Solicitation for it is answered.',
  )
}

const askedAgain: Judgement = (evidence) => {
  const { judge, did, framesOf } = evidence
  wasRefused(evidence)
  const [, reply] = framesOf(did('refused')) as [Frame, Frame]
  const awaited = did('asked-again')
  const [again] = framesOf(awaited)
  judge.found(again, awaited, 'The prefix is asked for again, by T2 and the timeouts of Solicit.', reply)
}

const takenUp: Judgement = (evidence) => {
  const { judge, did, framesOf, lan, given } = evidence
  wasRefused(evidence)
  const [, reply] = framesOf(did('refused')) as [Frame, Frame]
  given(framesOf(did('asked-again'))[0], 'RFC8415-18.2.10-NOPREFIX')
  const available = did('available')
  const online = did('online')
  judge.found(framesOf(online)[0], online, 'A prefix that is given later is taken up, without a restart.', available)
  judge.found(firstLive(lan.fromDut, String(available.data?.prefix), reply), online, 'It is on the LAN.', available)
  const flow = did('first-flow')
  judge.found(framesOf(flow)[0], flow, 'A host reaches the Internet.')
}

requirement('RFC8415-18.2.10-NOPREFIX', {
  // RFC 9915 section 18.2.1: the client SHOULD continue with a Request.
  'address alone offered': on(noPrefixYet, addressAlone, { level: 'SHOULD' }),
  'address in use': on(noPrefixYet, addressInUse),
  // To retry is a MAY of the section; a home without a prefix until the next boot is worth a warning.
  'asked again': on(noPrefixYet, askedAgain, { level: 'SHOULD' }),
  'prefix taken up': on(noPrefixYet, takenUp),
})
