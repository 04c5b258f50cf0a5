import { type Case, claim, type Judgement, on, requirement, the } from 'denat'
import {
  asked,
  type Feature,
  features,
  type Happening,
  happened,
  happenings,
  togetherIn60,
  togetherIn64,
  togetherOpen,
} from '../scenarios/together.ts'

/** Of each feature: the requirement that judges it alone, and the scenarios that use it. */
const tried = {
  fragments: { by: 'RFC8200-4.5-FRAGPASS', scenarios: [togetherIn64, togetherIn60, togetherOpen] },
  'Packet Too Big': { by: 'RFC4443-3.2-PTB', scenarios: [togetherIn64, togetherIn60, togetherOpen] },
  DNS: { by: 'RFC7084-DNS-LOCAL', scenarios: [togetherIn64, togetherIn60, togetherOpen] },
  pinhole: { by: 'DENAT-E2E-OPEN', scenarios: [togetherIn64, togetherIn60, togetherOpen] },
  'closed port': { by: 'UI-FW-TOGGLE', scenarios: [togetherIn64, togetherIn60] },
  'sub-delegated prefix': { by: 'RFC9818-LPD-6', scenarios: [togetherIn60, togetherOpen] },
} as const

/** It works after the event, as it did before. */
const works =
  (feature: Feature, when: Happening): Judgement =>
  ({ at, given, assume, judge }) => {
    const tries = (moment: Happening) => at(asked, (one) => one.feature === feature && one.when === moment)
    const before = happenings[happenings.indexOf(when) - 1]
    /** Fragments are asked for here at first too. */
    const known = before === 'at first' && feature !== 'fragments' ? tried[feature].by : 'DENAT-TOGETHER'
    const id = when === 'Renew' ? 'RFC8415-18.2.4-RENEW' : 'RFC8415-18.2.10-ONLAN'
    if (when === 'Renew' || when === 'new prefix') given(at(happened, (one) => one.when === when).sign, id)
    const control = given(tries(when).control, 'DENAT-DEFAULT-1')
    if (feature === 'closed port') {
      const { question, answer } = tries(when)
      const sent = given(question, 'DENAT-DEFAULT-1')
      if (before) assume(!tries(before).answer, known)
      judge.absent(
        answer ? [answer] : [],
        claim`The router forwards no inbound packet to a closed port (${the.name(when)}).`,
        {
          since: sent,
          fence: control,
        },
      )
      return
    }
    if (feature === 'pinhole') given(tries(when).question, 'DENAT-ADDR-STABLE')
    if (before) given(tries(before).answer, known)
    judge.found(
      tries(when).answer,
      tries(when).mark,
      claim`This works ${before ? claim`after this event as before it (${the.name(when)})` : the.name(when)}: ${the.name(feature)}.`,
      control,
    )
  }

const cases: [string, Case][] = features.flatMap((feature) =>
  happenings
    // What a feature needs by itself is asked for elsewhere, but for fragments on such lines.
    .filter((when) => when !== 'at first' || feature === 'fragments')
    .map((when): [string, Case] => [`${feature}, ${when}`, on(tried[feature].scenarios, works(feature, when))]),
)

export const requirements = [requirement('DENAT-TOGETHER', Object.fromEntries(cases))]
