import { claim, isOneHopOn, type Judgement, on, requirement } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { arrives, names } from '../shared/icmpv6-errors.ts'
import { aboutEcho, flowError } from '../steps/firewall/errors-for-flows.ts'
import { unaskedEcho } from '../steps/firewall/filter.ts'
import { isStillOnline } from '../steps/still-online.ts'

/** RFC 4890 section 4.3.1 lists them by type, some with codes. */
const ofRfc4890 = ['Destination Unreachable, code 0', ...names.filter((name) => !name.startsWith('Destination'))]

const arrivesAsAdvised =
  (name: string): Judgement =>
  (evidence) => {
    const { judge, at, lan } = evidence
    arrives(evidence, 'UDP', name)
    const { sent: asked } = at(unaskedEcho)
    if (!asked) throw new TypeError('no echo request was sent from the Internet')
    const came = lan.fromDut.all({}, { after: asked }).find((frame) => isOneHopOn(frame, asked))
    judge.note(
      came
        ? claim`Echo Requests from the Internet reach a host, as RFC 4890 section 4.3.1 recommends.`
        : claim`Echo Requests from the Internet do not reach a host, which RFC 6092 permits.`,
      came ?? asked,
    )
  }

const arrivesAboutEcho =
  (name: string): Judgement =>
  (evidence) => {
    const { every, at, undecided } = evidence
    if (!every(flowError).some(({ transport }) => transport === 'echo'))
      return undecided(claim`No error about an Echo Request was sent when this was recorded.`, at(unaskedEcho).mark)
    isStillOnline(evidence, 'errors for flows')
    arrives(evidence, 'echo', name)
  }

export const requirements = [
  requirement('RFC4890-4.3.1-ECHO', {
    ...Object.fromEntries(ofRfc4890.map((name) => [name, on(firewall, arrivesAsAdvised(name))])),
    ...Object.fromEntries(
      aboutEcho.map((name) => [`${name}, about an echo request`, on(firewall, arrivesAboutEcho(name))]),
    ),
  }),
]
