import { claim, dhcpv6, type Evidence, type Judgement, ns, on, requirement, the } from 'denat'
import {
  addressAskedFor,
  anotherTry,
  askedAgain,
  available,
  firstFlow,
  noPrefixYet,
  notOnLink,
  online,
  prefixRefused,
} from '../../scenarios/no-prefix-yet.ts'
import { firstLive } from '../../shared/answered.ts'
import { isAnswered } from '../../shared/formed.ts'

/** What was said of the address; ends the judgement where the router never asked for it. */
function refusal({ at, given, notApplicable }: Evidence) {
  const { told, address, request, refusal: reply, mark } = at(notOnLink)
  if (!told)
    notApplicable(
      claim`The Request does not name the address that was offered: nothing was refused.`,
      ...(request ? [request] : [mark]),
    )
  return { address, reply: given(reply, 'RFC7084-WAA-6') }
}

const triesAnotherWay: Judgement = (evidence) => {
  const { judge, at, wan } = evidence
  const { reply } = refusal(evidence)
  const { request, mark } = at(anotherTry)
  const over = at(prefixRefused).mark
  // The clause gives no time: who waits before it restarts is seen by its Solicit.
  const solicit = wan.fromDut.first(dhcpv6('solicit', { iaNa: {} }), { after: reply, before: request ?? over })
  const expected = claim`NotOnLink in the Reply to a Request leads to another try, without that address.`
  judge.found(request ?? solicit, request ? mark : over, expected, reply)
  judge.note(
    solicit ? claim`The client restarts with Solicit.` : claim`The Request is sent again, without the address.`,
    ...[solicit ?? request].filter((frame) => frame !== undefined),
  )
}

const isUnused: Judgement = (evidence) => {
  const { judge, given, at, wan } = evidence
  const { address, reply } = refusal(evidence)
  judge.absent(
    [
      ...wan.fromDut.all(ns({ target: address }, { ip6: { src: '::' } }), { after: reply }),
      ...wan.fromDut.all({ ip6: { src: address } }, { after: reply }),
    ],
    claim`The address ${the.address(address)}, of which NotOnLink was said, is not used: nothing probes for it or comes from it.`,
    { fence: given(at(addressAskedFor).answer, 'RFC8415-18.2.10-NOPREFIX'), since: reply },
  )
}

const addressAlone: Judgement = ({ judge, at }) => {
  const { offered, request, mark } = at(notOnLink)
  judge.found(
    request,
    mark,
    claim`An Advertise that offers an address, and says NoPrefixAvail in the IA_PD, leads to a Request.`,
    ...(offered ? [offered] : []),
  )
}

/** The Reply that refuses a prefix. Without a Request nothing was refused. */
function refusingPrefix({ wan, given, at }: Evidence) {
  const asking = wan.fromDut.first(dhcpv6('solicit', { iaNa: {} }))
  given(wan.fromDut.first(dhcpv6('request')), asking ? 'RFC8415-18.2.10-NOPREFIX' : 'RFC7084-WAA-6')
  return given(at(prefixRefused).reply, 'RFC7084-WAA-6')
}

const addressInUse: Judgement = (evidence) => {
  const { at, given } = evidence
  refusingPrefix(evidence)
  const asked = at(addressAskedFor)
  given(asked.question, 'RFC8415-18.2.10-NOTONLINK')
  isAnswered(
    evidence,
    asked,
    claim`The address of the IA_NA is used though the IA_PD says NoPrefixAvail: a Neighbor Solicitation for it is answered.`,
  )
}

const asksAgain: Judgement = (evidence) => {
  const { judge, at } = evidence
  const reply = refusingPrefix(evidence)
  const { again, mark } = at(askedAgain)
  judge.found(again, mark, claim`The prefix is asked for again, by T2 and the timeouts of Solicit.`, reply)
}

const isTakenUp: Judgement = (evidence) => {
  const { judge, at, lan, given } = evidence
  const reply = refusingPrefix(evidence)
  given(at(askedAgain).again, 'RFC8415-18.2.10-NOPREFIX')
  const { prefix, mark: since } = at(available)
  const { online: ready, mark } = at(online)
  judge.found(ready, mark, claim`A prefix that is given later is taken up, without a restart.`, since)
  judge.found(firstLive(lan.fromDut, prefix, reply), mark, claim`It is on the LAN.`, since)
  const flow = at(firstFlow)
  judge.found(flow.reply, flow.mark, claim`A host reaches the Internet.`)
}

export const requirements = [
  requirement('RFC8415-18.2.10-NOTONLINK', {
    'address unused': on(noPrefixYet, isUnused),
    'another way': on(noPrefixYet, triesAnotherWay),
  }),

  requirement('RFC8415-18.2.10-NOPREFIX', {
    // RFC 9915 section 18.2.1: the client SHOULD continue with a Request.
    'address alone offered': on(noPrefixYet, addressAlone, { level: 'SHOULD' }),
    'address in use': on(noPrefixYet, addressInUse),
    // To retry is a MAY of the section; a home without a prefix until the next boot is worth a warning.
    'asked again': on(noPrefixYet, asksAgain, { level: 'SHOULD' }),
    'prefix taken up': on(noPrefixYet, isTakenUp),
  }),
]
