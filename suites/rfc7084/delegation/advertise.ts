import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  type Judgement,
  type Marked,
  on,
  pios,
  prefixContains,
  prefixLength,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { advertised, firstAnswers, firstFlow, grants, over, requested } from '../../scenarios/first-answers.ts'
import { firstLive } from '../../shared/answered.ts'
import { addressAsked } from '../../shared/exchange.ts'
import { blame, tookUp } from '../../shared/first-answers.ts'

/** The Request that follows from an offer without an address; ends the judgement where the address was no part of it. */
function requestOf(evidence: Evidence): Marked<object, 'request'> {
  const { wan, given, assume, at, notApplicable } = evidence
  // An exchange of its own for the address leaves this one with the prefix alone.
  const asking = given(addressAsked(wan), 'RFC7084-WAA-6')
  if (dhcpv6Of(asking).type !== 'solicit')
    notApplicable(claim`The address was asked for once the prefix was there.`, asking)
  const by = blame(evidence)
  const asked = at(requested)
  assume(by === 'RFC7084-WPD-6', by)
  return asked
}

const leadsToRequest: Judgement = (evidence) => {
  const { solicit, advertise } = evidence.at(advertised)
  const { request, mark } = requestOf(evidence)
  evidence.judge.found(
    request,
    mark,
    claim`An Advertise that offers a prefix and no address leads to a Request with IA_PD.`,
    ...[solicit, advertise].filter((frame) => frame !== undefined),
  )
}

const isTakenUp: Judgement = (evidence) => {
  const { judge, at, every, wan, lan, given } = evidence
  const { prefix } = at(grants)
  given(requestOf(evidence).request, 'RFC7084-WPD-6')
  const reply = given(
    wan.toDut.all(dhcpv6('reply')).find((frame) => granted(frame).includes(prefix)),
    'RFC7084-WPD-6',
  )
  judge.found(
    firstLive(lan.fromDut, prefix, reply),
    { after: reply, seconds: raUpdate.max },
    claim`A Reply that grants a prefix and says nothing of the IA_NA is taken up: the prefix is on the LAN.`,
  )
  const [flow] = every(firstFlow)
  judge.found(flow?.reply, given(flow?.mark, 'DENAT-DEFAULT-1'), claim`A host reaches the Internet.`)
}

function asksToExclude({ wan, given }: Evidence): { first: Frame; asks: boolean; code: number } {
  const first = given(wan.fromDut.first(dhcpv6('solicit', { iaPd: {} })), 'RFC7084-W-4')
  const code = dhcpv6OptionCode('pd-exclude')
  return { first, code, asks: dhcpv6OptionsOf(first, 'oro').some(({ codes }) => codes.includes(code)) }
}

function judgeExcluded(evidence: Evidence) {
  const { judge, at, lan, notApplicable } = evidence
  const { prefix, excluded } = at(grants)
  const { first, asks } = asksToExclude(evidence)
  if (!asks) return notApplicable(claim`The router does not ask for PD_EXCLUDE, so no prefix was excluded.`, first)
  if (prefixLength(prefix) >= 64)
    return notApplicable(claim`This line delegates a /64, of which nothing can be excluded.`, first)
  const link = `${excluded}/64`
  tookUp(evidence)
  // Each LAN has its own RA: the first that tells of the prefix is no fence for the others.
  const { mark: fence } = at(over)
  judge.absent(
    lan.fromDut.all(ra()).filter((frame) => pios(frame).some((pio) => prefixContains(link, pio.prefix))),
    claim`The excluded ${the.name(link)} is on no LAN; another /64 of ${the.prefix(prefix)} is.`,
    { fence, since: first },
  )
}

export const requirements = [
  requirement('RFC7084-WPD-6', {
    'NoAddrsAvail in the Advertise': on(firstAnswers, leadsToRequest),
    'no IA_NA in the Reply': on(firstAnswers, isTakenUp),
  }),

  requirement('RFC7084-WPD-8', {
    requested: on(firstAnswers, (evidence) => {
      const { first, asks, code } = asksToExclude(evidence)
      evidence.judge.holds(
        asks,
        claim`The Option Request Option asks for PD_EXCLUDE (${code}).`,
        claim`it does not`,
        first,
      )
    }),
    // To support the option is a SHOULD; who does MUST NOT assign the prefix (RFC 6603 section 4.1).
    'left to the WAN': on(firstAnswers, judgeExcluded, { level: 'MUST' }),
  }),
]
