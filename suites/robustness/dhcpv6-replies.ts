import {
  anyOf,
  claim,
  dhcpv6Of,
  type Evidence,
  type Frame,
  iaPrefixes,
  type Judgement,
  on,
  ra,
  requirement,
  the,
} from 'denat'
import { firstAnswers, online, solicitsOn } from '../scenarios/first-answers.ts'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import { mixedAnswers, over } from '../scenarios/mixed-answers.ts'
import { isLive } from '../shared/advertised.ts'
import { answered, grantsOf, staysOnLan } from '../shared/answered.ts'
import { isImpossible, namingImpossible } from '../shared/impossible-prefix.ts'
import { dhcpv6Fence, mutantQuestions, mutantsFence } from '../steps/lan-services/dhcpv6-service.ts'
import { mutantAnswers } from '../steps/mutations.ts'

interface Mutants {
  frames: Frame[]
  first: Frame
  /** The prefix that they contain. */
  forged: string
}

function firstOf(frames: readonly Frame[]): Frame {
  const [first] = frames
  if (!first) throw new TypeError('no mutant was sent')
  return first
}

function mutantsOf({ at }: Evidence, about: 'Advertise' | 'Reply'): Mutants {
  const { forged, more: frames } = at(mutantAnswers, (one) => one.about === about)
  return { frames, first: firstOf(frames), forged }
}

/** No RA contains the prefix of the mutants. */
function nothingForged({ judge, lan }: Evidence, { frames, first, forged }: Mutants, fence: Frame): void {
  judge.absent(
    lan.fromDut.all(ra(), { after: first }).filter((frame) => isLive(frame, forged)),
    claim`After ${frames.length} malformed messages, no RA on the LAN contains their prefix ${the.prefix(forged)}.`,
    { fence, since: first },
  )
}

const advertise: Judgement = (evidence) => {
  const { judge, at, lan, given } = evidence
  const { first, again, mark } = at(solicitsOn)
  const mutants = mutantsOf(evidence, 'Advertise')
  judge.found(
    again,
    mark,
    claim`After ${mutants.frames.length} malformed Advertise messages, the router continues to send Solicit.`,
    first ?? mutants.first,
  )
  const ready = given(at(online).online, 'RFC7084-WPD-6')
  nothingForged(evidence, mutants, given(lan.fromDut.last(ra(), { after: ready }) ?? ready, 'RFC7084-L-1'))
}

const reply: Judgement = (evidence) => {
  const { judge } = evidence
  const name = 'usual, after mutants'
  const mutants = mutantsOf(evidence, 'Reply')
  const { first } = grantsOf(evidence)
  const next = answered(evidence, 'lifetimes 0 and new leases')
  judge.found(
    next.asked,
    next.asked,
    claim`After ${mutants.frames.length} malformed Reply messages, the router extends its lease at the usual time.`,
    mutants.first,
  )
  staysOnLan(
    evidence,
    name,
    first,
    'RFC8415-18.2.10-NOBINDING',
    claim`The router continues to advertise its prefix ${the.prefix(first)} on the LAN.`,
  )
  const { seen } = answered(evidence, name)
  nothingForged(evidence, mutants, seen ?? next.reply)
}

const question =
  (about: 'solicit' | 'renew'): Judgement =>
  (evidence) => {
    const { judge, at, every, given, lan } = evidence
    const link = lan.of('dhcpv6-client')
    given(at(dhcpv6Fence).answer, 'RFC7084-L-8')
    at(mutantsFence, (one) => one.about === about && one.discarded)
    // Solicits come first.
    const before = about === 'renew' ? every(mutantsFence).filter((one) => one.about === 'solicit') : []
    for (const fence of before) given(fence.answer, 'ROB-FUZZ-DHCP6')
    for (const fence of every(mutantsFence).filter((one) => one.about === about)) {
      const { more: frames } = at(mutantQuestions, (one) => one.about === about && one.discarded === fence.discarded)
      const since = firstOf(frames)
      const answer = judge.found(
        fence.answer,
        fence.mark,
        claim`After ${frames.length} malformed messages of type ${the.name(about)}, the server answers an Information-request.`,
        since,
      )
      if (!fence.discarded) continue
      const mutants = new Set(frames.map((frame) => dhcpv6Of(frame).transactionId))
      judge.absent(
        link.fromDut
          .all({ dhcp6: { type: anyOf('advertise', 'reply') } }, { after: since, before: answer })
          .filter((frame) => mutants.has(dhcpv6Of(frame).transactionId)),
        about === 'solicit'
          ? claim`The server discards a malformed Solicit that contains a Server Identifier.`
          : claim`The server discards a malformed Renew that contains the Server Identifier of another server.`,
        { fence: answer, since },
      )
    }
  }

export const requirements = [
  requirement('ROB-FUZZ-DHCP6', {
    Advertise: on(firstAnswers, advertise),
    Reply: on(mixedAnswers, reply),
    Solicit: on(lanServicesAsked, question('solicit')),
    Renew: on(lanServicesAsked, question('renew')),
  }),

  requirement('ROB-DHCP6-PREFIXLENGTH', mixedAnswers, (evidence) => {
    const { judge, at } = evidence
    const { frames, first: since } = mutantsOf(evidence, 'Reply')
    const holding = frames.filter((frame) => iaPrefixes(frame).some(({ prefix }) => isImpossible(prefix)))
    const next = answered(evidence, 'lifetimes 0 and new leases')
    judge.absent(
      namingImpossible(evidence, { after: since, before: at(over).mark }),
      claim`${holding.length} Replies contain prefixes of length 0 or of a length greater than 128: the router includes none of these prefixes in its messages to the server.`,
      { fence: next.asked, since },
    )
  }),
]
