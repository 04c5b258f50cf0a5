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

/** The refusal of the address; ends the judgement where the router did not request it. */
function refusal({ at, given, notApplicable }: Evidence) {
  const { told, address, request, refusal: reply, mark } = at(notOnLink)
  if (!told)
    notApplicable(
      claim`The Request does not contain the offered address: no address was refused.`,
      ...(request ? [request] : [mark]),
    )
  return { address, reply: given(reply, 'RFC7084-WAA-6') }
}

const triesAnotherWay: Judgement = (evidence) => {
  const { judge, at, wan } = evidence
  const { reply } = refusal(evidence)
  const { request, mark } = at(anotherTry)
  const over = at(prefixRefused).mark
  // The clause gives no time: a client that waits before it restarts is recognized by its Solicit.
  const solicit = wan.fromDut.first(dhcpv6('solicit', { iaNa: {} }), { after: reply, before: request ?? over })
  const expected = claim`After NotOnLink in the Reply to a Request the client tries again without that address.`
  judge.found(request ?? solicit, request ? mark : over, expected, reply)
  judge.note(
    solicit ? claim`The client restarts with Solicit.` : claim`The client sends the Request again without the address.`,
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
    claim`The client does not use the address ${the.address(address)} that has NotOnLink: it performs no DAD for it and sends no packet from it.`,
    { fence: given(at(addressAskedFor).answer, 'RFC8415-18.2.10-NOPREFIX'), since: reply },
  )
}

const addressAlone: Judgement = ({ judge, at }) => {
  const { offered, request, mark } = at(notOnLink)
  judge.found(
    request,
    mark,
    claim`The client sends a Request after an Advertise with an address in the IA_NA and NoPrefixAvail in the IA_PD.`,
    ...(offered ? [offered] : []),
  )
}

/** The Reply that refuses a prefix. Without a Request no prefix was refused. */
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
    claim`The client uses the address of the IA_NA although the IA_PD has NoPrefixAvail: it answers a Neighbor Solicitation for it.`,
  )
}

const asksAgain: Judgement = (evidence) => {
  const { judge, at } = evidence
  const reply = refusingPrefix(evidence)
  const { again, mark } = at(askedAgain)
  judge.found(again, mark, claim`The client requests the prefix again, by T2 and the timeouts of Solicit.`, reply)
}

const isTakenUp: Judgement = (evidence) => {
  const { judge, at, lan, given } = evidence
  const reply = refusingPrefix(evidence)
  given(at(askedAgain).again, 'RFC8415-18.2.10-NOPREFIX')
  const { prefix, mark: since } = at(available)
  const { online: ready, mark } = at(online)
  judge.found(ready, mark, claim`The router uses a prefix that is delegated later, without a restart.`, since)
  judge.found(firstLive(lan.fromDut, prefix, reply), mark, claim`A PIO from it is on the LAN.`, since)
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
