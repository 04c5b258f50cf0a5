import { type Claim, claim, dhcpv6, dhcpv6OptionsOf, type Evidence, type Frame, type Judgement, the } from 'denat'
import { informationAsked } from '../scenarios/stateless-line.ts'
import { transmissions } from './exchange.ts'

export const information = 'RFC8415-18.2.6-INFORMATION'

export const refresh = 'RFC7084-WAA-10'

/** The Information-requests without an answer. Not every router without a lease sends them. */
export function unanswered({ wan, given, at, notApplicable }: Evidence): [Frame, ...Frame[]] {
  const { first, mark } = at(informationAsked)
  const solicit = given(wan.fromDut.first(dhcpv6('solicit')) ?? first, 'RFC7084-WPD-4')
  if (!first) return notApplicable(claim`Without a lease, the router sends no Information-request.`, solicit, mark)
  return [first, ...transmissions(wan.fromDut, first).slice(1)]
}

/** The options that each Information-request requests. */
const requested = (frame: Frame): number[] => dhcpv6OptionsOf(frame, 'oro').flatMap(({ codes }) => codes)

export const asksFor =
  (code: number, name: Claim): Judgement =>
  (evidence) => {
    unanswered(evidence)
    evidence.judge.each(
      evidence.wan.fromDut.all(dhcpv6('information-request')),
      claim`Each Information-request requests the option ${name} (${code}).`,
      (frame) =>
        requested(frame).includes(code) ? undefined : claim`ORO ${the.list(requested(frame), claim`absent`)}`,
    )
  }
