import { claim, type Evidence, grace, type Judgement, on, pios, requirement, the } from 'denat'
import { lives as livesMark, twoRouters } from '../scenarios/two-routers.ts'
import { believes, lives } from '../shared/default-routers.ts'
import { formed } from '../shared/formed.ts'
import { hostile, wrongLengths } from '../steps/hostile-advertisements.ts'

/** RFC 4861 section 6.1.2 has an RA discarded for a length of 0 alone; of another wrong length it has no words. */
function noteWrongLengths(evidence: Evidence): void {
  const { mtu, pio } = evidence.at(wrongLengths)
  for (const [what, sent] of Object.entries({ MTU: mtu, PIO: pio })) {
    const [behind] = sent ? pios(sent) : []
    if (!sent || !behind) continue
    const used = formed(evidence, behind.prefix, { after: sent })
    const said = used
      ? claim`spoils itself only: the PIO behind it is heeded`
      : claim`spoils what stands behind it in that RA`
    evidence.judge.note(claim`A ${the.name(what)} option of a wrong length ${said}.`, sent, ...(used ? [used] : []))
  }
}

/** The router was unharmed before such an RA came: what comes after another needs that one survived. */
function isUnharmed(evidence: Evidence, what: string): void {
  const { given, assume, every } = evidence
  // Older recordings do not have all of them.
  const seen = new Set(every(livesMark).map((one) => one.what))
  const previous = hostile.slice(0, hostile.indexOf(what)).findLast((one) => seen.has(one))
  believes(evidence)
  if (previous) {
    assume(lives(evidence, previous).well, 'ROB-FUZZ-RA')
    return
  }
  const before = lives(evidence, 'before')
  given(before.reply, 'DENAT-DEFAULT-1')
  given(before.heeded, 'RFC7084-WAA-1')
  given(before.answer, 'RFC7084-G-1')
}

const isSurvived =
  (what: string): Judgement =>
  (evidence) => {
    const { judge, cannotTell } = evidence
    const { mark, seconds, control, reply, answer, heeded, fleeting } = lives(evidence, what)
    isUnharmed(evidence, what)
    const within = `Within ${seconds} s of it (${what})`
    judge.found(reply, mark, claim`${the.name(within)} a host reaches the Internet.`, ...control)
    if (!heeded && fleeting)
      return cannotTell(
        claim`The prefix of the RA in good order lived no longer than ${the.seconds(grace)}.`,
        ...control,
      )
    judge.found(
      heeded,
      mark,
      claim`${the.name(within)} the router heeds an RA in good order: it forms an address.`,
      ...control,
    )
    judge.found(answer, mark, claim`It answers a Neighbor Solicitation on its WAN.`, ...control)
    if (what === 'options of a wrong length') noteWrongLengths(evidence)
  }

export const requirements = [
  requirement('ROB-FUZZ-RA', Object.fromEntries(hostile.map((what) => [what, on(twoRouters, isSurvived(what))]))),
]
