import { claim, type Evidence, grace, type Judgement, on, pios, requirement, the } from 'denat'
import { hasLifetime as livesMark, twoRouters } from '../scenarios/two-routers.ts'
import { believes, lifetimeOf } from '../shared/default-routers.ts'
import { formed } from '../shared/formed.ts'
import { hostile, wrongLengths } from '../steps/hostile-advertisements.ts'

/** RFC 4861 section 6.1.2 discards an RA for an option of length 0 only; it does not specify other wrong lengths. */
function noteWrongLengths(evidence: Evidence): void {
  const { mtu, pio } = evidence.at(wrongLengths)
  for (const [what, sent] of Object.entries({ MTU: mtu, PIO: pio })) {
    const [behind] = sent ? pios(sent) : []
    if (!sent || !behind) continue
    const used = formed(evidence, behind.prefix, { after: sent })
    const effect = used
      ? claim`An option with a wrong length (${the.name(what)}): the router uses the PIO that follows it.`
      : claim`An option with a wrong length (${the.name(what)}): the router does not use the PIO that follows it.`
    evidence.judge.note(effect, sent, ...(used ? [used] : []))
  }
}

/** The router worked before this RA: it had not failed after the RA before. */
function isUnharmed(evidence: Evidence, what: string): void {
  const { given, assume, every } = evidence
  // Older recordings do not have all of them.
  const seen = new Set(every(livesMark).map((one) => one.what))
  const previous = hostile.slice(0, hostile.indexOf(what)).findLast((one) => seen.has(one))
  believes(evidence)
  if (previous) {
    assume(lifetimeOf(evidence, previous).well, 'ROB-FUZZ-RA')
    return
  }
  const before = lifetimeOf(evidence, 'before')
  given(before.reply, 'DENAT-DEFAULT-1')
  given(before.heeded, 'RFC7084-WAA-1')
  given(before.answer, 'RFC7084-G-1')
}

const isSurvived =
  (what: string): Judgement =>
  (evidence) => {
    const { judge, undecided } = evidence
    const { mark, seconds, control, reply, answer, heeded, fleeting } = lifetimeOf(evidence, what)
    isUnharmed(evidence, what)
    const within = the.seconds(seconds)
    judge.found(
      reply,
      mark,
      claim`Within ${within} after this RA (${the.name(what)}), a host reaches the Internet.`,
      ...control,
    )
    if (!heeded && fleeting)
      return undecided(
        claim`The valid lifetime of the prefix in the valid RA is not longer than ${the.seconds(grace)}.`,
        ...control,
      )
    judge.found(
      heeded,
      mark,
      claim`Within ${within} after this RA (${the.name(what)}), the router forms an address from a valid RA.`,
      ...control,
    )
    judge.found(answer, mark, claim`The router answers a Neighbor Solicitation on its WAN.`, ...control)
    if (what === 'options of a wrong length') noteWrongLengths(evidence)
  }

export const requirements = [
  requirement('ROB-FUZZ-RA', Object.fromEntries(hostile.map((what) => [what, on(twoRouters, isSurvived(what))]))),
]
