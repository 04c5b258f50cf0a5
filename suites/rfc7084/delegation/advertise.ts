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

/** The Request after an Advertise without an address. Ends the judgement where the address was not requested in this exchange. */
function requestOf(evidence: Evidence): Marked<object, 'request'> {
  const { wan, given, assume, at, notApplicable } = evidence
  // A client that requests the address in a separate exchange requests only the prefix in this one.
  const asking = given(addressAsked(wan), 'RFC7084-WAA-6')
  if (dhcpv6Of(asking).type !== 'solicit')
    notApplicable(claim`The router requested the address after it had the prefix.`, asking)
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
    claim`After an Advertise that offers a prefix and no address the router sends a Request with IA_PD.`,
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
    claim`The router uses a Reply that delegates a prefix and has no IA_NA: it advertises the prefix on the LAN.`,
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
  if (!asks)
    return notApplicable(claim`The router does not request OPTION_PD_EXCLUDE, so no prefix was excluded.`, first)
  if (prefixLength(prefix) >= 64)
    return notApplicable(claim`This line delegates a /64, of which nothing can be excluded.`, first)
  const link = `${excluded}/64`
  tookUp(evidence)
  // Each LAN has its own RA: the first one with the prefix is no fence for the others.
  const { mark: fence } = at(over)
  judge.absent(
    lan.fromDut.all(ra()).filter((frame) => pios(frame).some((pio) => prefixContains(link, pio.prefix))),
    claim`The router advertises a /64 from ${the.prefix(prefix)}, and the excluded prefix ${the.prefix(link)} on no LAN.`,
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
        claim`The Option Request Option has OPTION_PD_EXCLUDE (${code}).`,
        claim`the option is missing`,
        first,
      )
    }),
    // Support of the option is a SHOULD; a client that supports it MUST NOT assign the prefix (RFC 6603 section 4.1).
    'left to the WAN': on(firstAnswers, judgeExcluded, { level: 'MUST' }),
  }),
]
