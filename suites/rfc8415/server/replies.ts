import {
  type Claim,
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  invariant,
  statusOf,
  the,
} from 'denat'
import { type Answered, clientOf, isReply, leasesIn, serverAnswers } from '../../shared/server-answers.ts'
import { infinity } from '../../steps/answers.ts'

const iasOf = (frame: Frame) => [...dhcpv6OptionsOf(frame, 'ia-na'), ...dhcpv6OptionsOf(frame, 'ia-pd')]

/** Answers that fit, or none to judge. */
function answersIn(evidence: Evidence, fits: (answered: Answered) => boolean): Answered[] {
  const { notApplicable, recording } = evidence
  const answers = serverAnswers(evidence).filter(fits)
  if (answers.length === 0)
    notApplicable(
      claim`The DHCPv6 server of the LAN sends no response of this kind in this recording.`,
      ...recording.frames.slice(0, 1),
    )
  return answers
}

const keyOf = (client: string | undefined, ia: ReturnType<typeof iasOf>[number]): string =>
  `${client} ${ia.type} ${ia.iaid}`

const hasRapidCommit = (frame: Frame): boolean => dhcpv6OptionsOf(frame, 'rapid-commit').length > 0

/** A Solicit is answered by an Advertise, or by a Reply with Rapid Commit where it asks for that; the rest by a Reply. */
function otherKind({ question, answer }: Pick<Answered, 'question' | 'answer'>): Claim | undefined {
  const { type } = dhcpv6Of(question)
  if (!isReply(answer))
    return type === 'solicit'
      ? undefined
      : claim`an ${the.name(String(dhcpv6Of(answer).type))} in answer to a ${the.name(String(type))}`
  if (type !== 'solicit' || (hasRapidCommit(question) && hasRapidCommit(answer))) return undefined
  return claim`a Reply in answer to a Solicit, without Rapid Commit in ${hasRapidCommit(question) ? claim`it` : claim`that`}`
}

/** What an answer should repeat of its question, and does not; `bound` are the IAs that the server has leases of. */
function unrepeated(
  { question, answer }: Pick<Answered, 'question' | 'answer'>,
  bound: ReadonlySet<string>,
  known: ReadonlySet<string>,
): Claim | undefined {
  const [asked, answered] = [clientOf(question), clientOf(answer)]
  if (asked !== undefined && answered !== asked)
    return answered ? claim`client ${the.name(answered)} instead of ${the.name(asked)}` : claim`no Client Identifier`
  const other = otherKind({ question, answer })
  if (other) return other
  const { type } = dhcpv6Of(question)
  if (!isReply(answer) || statusOf(dhcpv6Of(answer)) !== 0) return undefined
  const due = iasOf(question).filter((ia) => type === 'request' || (type === 'renew' && bound.has(keyOf(asked, ia))))
  const held = iasOf(answer).map((ia) => keyOf(asked, ia))
  const missing = due.find((ia) => known.has(ia.type) && !held.includes(keyOf(asked, ia)))
  return missing && claim`no ${the.name(missing.type)} with IAID ${missing.iaid}, which ${question} contains,`
}

/** IAs of a Reply that hold leases which go on. */
const livingIn = (frame: Frame) =>
  iasOf(frame).flatMap((ia) => {
    const leases = leasesIn(frame).filter((one) => one.ia === ia && one.preferredLifetime > 0)
    return leases.length > 0 ? [{ ia, shortest: Math.min(...leases.map((one) => one.preferredLifetime)) }] : []
  })

const withLeases = (evidence: Evidence): Frame[] =>
  answersIn(evidence, ({ answer }) => isReply(answer) && livingIn(answer).length > 0).map(({ answer }) => answer)

export const requirements = [
  invariant('RFC9915-18.3-REPEATS', (evidence) => {
    const bound = new Set<string>()
    const wrong = new Map<Frame, Claim | undefined>()
    const answers = answersIn(evidence, () => true)
    // A server that knows no IA_PD at all is RFC9818-LPD-1's matter.
    const known = new Set(answers.flatMap(({ answer }) => iasOf(answer).map(({ type }) => type)))
    for (const one of answers) {
      wrong.set(one.answer, unrepeated(one, bound, known))
      if (isReply(one.answer)) for (const { ia } of leasesIn(one.answer)) bound.add(keyOf(clientOf(one.answer), ia))
    }
    evidence.judge.each(
      [...wrong.keys()],
      claim`A response has the type that fits its message, and the same Client Identifier; in response to a Request, or to a Renew of its leases, it has each IA of the message.`,
      (frame) => wrong.get(frame),
    )
  }),

  invariant('RFC9915-18.3.2-ONETIME', (evidence) => {
    evidence.judge.each(withLeases(evidence), claim`T1 and T2 are the same in all IAs of a Reply.`, (frame) => {
      const times = new Set(livingIn(frame).map(({ ia }) => `T1 ${ia.t1}, T2 ${ia.t2}`))
      return times.size > 1 ? claim`${the.name([...times].join(' and '))}` : undefined
    })
  }),

  invariant('RFC9915-21.4-TIMES', (evidence) => {
    evidence.judge.each(
      withLeases(evidence),
      claim`T2 of a lease is no later than the end of the shortest preferred lifetime in its IA, so that there is time to extend it.`,
      (frame) => {
        const late = livingIn(frame).find(
          ({ ia, shortest }) => shortest < infinity && Math.max(ia.t1, ia.t2) > shortest,
        )
        return late && claim`T1 ${late.ia.t1}, T2 ${late.ia.t2} with a preferred lifetime of ${late.shortest}`
      },
    )
  }),
]
