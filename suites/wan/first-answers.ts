import {
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionCode,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  inPrefix,
  type Mark,
  ns,
  on,
  pios,
  prefixContains,
  prefixLength,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { firstAnswers, flawNames } from '../scenarios/first-answers.ts'
import { firstLive, usesOfPrefix } from './answered.ts'
import { clientMessages } from './client-messages.ts'
import { addressAsked } from './exchange.ts'

const grants = ({ did }: Evidence): { prefix: string; excluded: string } =>
  did('grants').data as { prefix: string; excluded: string }

/** Whatever shows that the router believed a flawed answer: its prefix in use, or a message to its server. */
function usesOf(evidence: Evidence, flawed: Mark): Frame[] {
  const [sent] = evidence.framesOf(flawed) as [Frame]
  const toServer = clientMessages(evidence, { after: sent }).filter((frame) =>
    dhcpv6OptionsOf(frame, 'server-id').some(({ duid }) => duid === flawed.data?.server),
  )
  return [...usesOfPrefix(evidence, String(flawed.data?.prefix), sent), ...toServer]
}

/** Which id is to blame where the sound answers led to nothing: who believes flawed ones has no use for them. */
const blame = (evidence: Evidence): string =>
  evidence.marks('flawed').some((mark) => usesOf(evidence, mark).length > 0)
    ? 'RFC8415-16.3-ADV-INVALID'
    : 'RFC7084-WPD-6'

/** The sound Reply was taken up: what was not taken up before it was left out, and not lost with all the rest. */
function tookUp(evidence: Evidence): Frame {
  const { wan, lan, given, did } = evidence
  const by = blame(evidence)
  did('online')
  const reply = given(wan.toDut.first(dhcpv6('reply')), by)
  return given(firstLive(lan.fromDut, grants(evidence).prefix, reply), by)
}

const flawed = (['Advertise', 'Reply'] as const).flatMap((about) =>
  flawNames.map((flaw) => [`${about} with ${flaw}`, { about, flaw }] as const),
)
const flawOf: ReadonlyMap<string, (typeof flawed)[number][1]> = new Map(flawed)

requirement(
  'RFC8415-16.3-ADV-INVALID',
  { cases: Object.fromEntries(flawed.map(([name]) => [name, firstAnswers])) },
  (evidence) => {
    const { judge, marks, framesOf, given } = evidence
    const of = flawOf.get(evidence.case)
    const mark = given(
      marks('flawed').find(({ data }) => data?.about === of?.about && data?.flaw === of?.flaw),
      of?.about === 'Reply' ? blame(evidence) : 'RFC7084-W-4',
    )
    const [sent] = framesOf(mark) as [Frame]
    const uses = usesOf(evidence, mark)
    const fence = uses[0] ?? tookUp(evidence)
    judge.absent(
      uses,
      `Nothing of an ${evidence.case} is used: neither its prefix ${mark.data?.prefix} nor its server.`,
      {
        fence,
        since: sent,
      },
    )
  },
)

requirement(
  'RFC7084-WPD-6',
  { cases: { 'NoAddrsAvail in the Advertise': firstAnswers, 'no IA_NA in the Reply': firstAnswers } },
  (evidence) => {
    const { case: what, judge, did, marks, framesOf, wan, lan, given, notApplicable } = evidence
    const [solicit, advertise] = framesOf(did('advertised')) as [Frame, Frame]
    // An exchange of its own for the address leaves this one with the prefix alone.
    const asking = given(addressAsked(wan), 'RFC7084-WAA-6')
    if (dhcpv6Of(asking).type !== 'solicit')
      return notApplicable('The address was asked for once the prefix was there.', asking)
    const by = blame(evidence)
    const requested = did('requested')
    const [request] = framesOf(requested)
    if (by !== 'RFC7084-WPD-6') given(undefined, by)
    if (what === 'NoAddrsAvail in the Advertise') {
      judge.found(
        request,
        requested,
        'An Advertise that offers a prefix and no address leads to a Request with IA_PD.',
        solicit,
        advertise,
      )
      return
    }
    given(request, 'RFC7084-WPD-6')
    const reply = given(
      wan.toDut.all(dhcpv6('reply')).find((frame) => granted(frame).includes(grants(evidence).prefix)),
      'RFC7084-WPD-6',
    )
    judge.found(
      firstLive(lan.fromDut, grants(evidence).prefix, reply),
      { after: reply, seconds: raUpdate.max },
      'A Reply that grants a prefix and says nothing of the IA_NA is taken up: the prefix is on the LAN.',
    )
    const flow = given(marks('first-flow')[0], 'DENAT-DEFAULT-1')
    judge.found(framesOf(flow)[0], flow, 'A host reaches the Internet.')
  },
)

requirement('RFC7084-WAA-7', firstAnswers, (evidence) => {
  const { judge, did, framesOf, marks, wan, lan, given } = evidence
  const { prefix } = grants(evidence)
  tookUp(evidence)
  const over = did('over')
  const hops = marks('hop')
  const errors = hops.flatMap((mark) => framesOf(mark).slice(1))
  const reply = given(wan.toDut.last(dhcpv6('reply')), 'RFC7084-WPD-6')
  const isOurs = (address: unknown) => inPrefix(String(address), prefix)
  const own = [
    ...lan.fromDut.all(ns({ target: isOurs }, { ip6: { src: '::' } })),
    ...errors.filter(({ packet }) => isOurs(packet.ip6?.src)),
  ]
  judge.found(
    own[0],
    over,
    `Without an address on the WAN the router forms one of its own out of ${prefix}: it probes for it, or speaks from it.`,
    reply,
    ...hops,
  )
  const [first] = errors
  if (first)
    judge.note(
      isOurs(first.packet.ip6?.src)
        ? 'The error that it sends a host comes from there.'
        : `The error that it sends a host comes from ${first.packet.ip6?.src}, as a neighbour may.`,
      first,
    )
})

requirement('RFC7084-WPD-8', {
  requested: on(firstAnswers, (evidence) => {
    const { first, asks, code } = asksToExclude(evidence)
    evidence.judge.holds(asks, `The Option Request Option asks for PD_EXCLUDE (${code}).`, 'it does not', first)
  }),
  // To support the option is a SHOULD; who does MUST NOT assign the prefix (RFC 6603 section 4.1).
  'left to the WAN': on(firstAnswers, judgeExcluded, { level: 'MUST' }),
})

function asksToExclude({ wan, given }: Evidence): { first: Frame; asks: boolean; code: number } {
  const first = given(wan.fromDut.first(dhcpv6('solicit', { iaPd: {} })), 'RFC7084-W-4')
  const code = dhcpv6OptionCode('pd-exclude')
  return { first, code, asks: dhcpv6OptionsOf(first, 'oro').some(({ codes }) => codes.includes(code)) }
}

function judgeExcluded(evidence: Evidence) {
  const { judge, did, lan, notApplicable } = evidence
  const { prefix, excluded } = grants(evidence)
  const { first, asks } = asksToExclude(evidence)
  if (!asks) return notApplicable('The router does not ask for PD_EXCLUDE, so no prefix was excluded.', first)
  if (prefixLength(prefix) >= 64)
    return notApplicable('This line delegates a /64, of which nothing can be excluded.', first)
  const link = `${excluded}/64`
  tookUp(evidence)
  // Each LAN has its own RA: the first that tells of the prefix is no fence for the others.
  const fence = did('over')
  judge.absent(
    lan.fromDut.all(ra()).filter((frame) => pios(frame).some((pio) => prefixContains(link, pio.prefix))),
    `The excluded ${link} is on no LAN; another /64 of ${prefix} is.`,
    { fence, since: first },
  )
}
