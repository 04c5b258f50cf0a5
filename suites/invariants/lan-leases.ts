import {
  dhcpv6,
  dhcpv6Of,
  type Evidence,
  type Frame,
  formatIpv6,
  iaPrefixes,
  inPrefix,
  invariant,
  isUla,
  type LinkView,
  parseIpv6,
  pios,
  prefixContains,
  prefixLength,
  ra,
} from 'denat'
import { infinity } from '../scenarios/answers.ts'
import { clientOf, isReply, leasesIn, serverAnswers } from './server-answers.ts'

/** Clocks of whole seconds on both sides, and a Reply that is under way. Seconds. */
const grace = 3
/** What lags behind by so little is RFC9096-L-15's matter. Seconds. */
const lag = 10

/** Prefixes of the line, each with the end of its lifetimes by one Reply. */
export interface Grant {
  reply: Frame
  prefix: string
  preferredUntil: number
  validUntil: number
}

const endOf = (at: number, lifetime: number): number =>
  lifetime >= infinity ? Number.POSITIVE_INFINITY : at + lifetime

export const grantsIn = ({ wan }: Pick<Evidence, 'wan'>): Grant[] =>
  wan.toDut.all(dhcpv6('reply')).flatMap((reply) =>
    iaPrefixes(reply)
      .filter(isDelegable)
      .map(({ prefix, preferredLifetime, validLifetime }) => ({
        reply,
        prefix,
        preferredUntil: endOf(reply.at, preferredLifetime),
        validUntil: endOf(reply.at, validLifetime),
      })),
  )

/** What has 0 bits or more than a link has is no prefix of a line. */
const isDelegable = ({ prefix }: { prefix: string }): boolean =>
  prefixLength(prefix) >= 16 && prefixLength(prefix) <= 64

/** What a frame on the LAN gives hosts for their use. */
const givenOut = (frame: Frame) => (frame.packet.dhcp6 ? leasesIn(frame) : pios(frame))

/** What of a frame lives longer than the line gave it, and how much of that is left. */
function outliving(frame: Frame, grants: readonly Grant[]) {
  for (const { prefix, preferredLifetime, validLifetime } of givenOut(frame)) {
    // Where a Reply may be left aside, the prefix lasts for as long as any of them says.
    const granted = grants.filter((one) => one.reply.number < frame.number && prefixContains(one.prefix, prefix))
    if (granted.length === 0) continue
    const left = (end: (grant: Grant) => number) => Math.max(0, ...granted.map(end).map((until) => until - frame.at))
    const [preferred, valid] = [left((one) => one.preferredUntil), left((one) => one.validUntil)]
    const said = (kind: string, lifetime: number, rest: number) =>
      `${prefix} with ${kind} lifetime ${lifetime}, of which ${rest.toFixed(1)} s are left,`
    if (validLifetime > valid + lag) return { prefix, what: said('valid', validLifetime, valid) }
    if (preferredLifetime > preferred + lag) return { prefix, what: said('preferred', preferredLifetime, preferred) }
  }
  return undefined
}

const kindOf = (frame: Frame, prefix: string): string => {
  if (!frame.packet.dhcp6) return 'PIO'
  return prefix.endsWith('/128') ? 'address' : 'sub-prefix'
}

/** All that the router says of this kind is as wrong: it never goes by the lease. */
function isNeverKept(frame: Frame, { prefix }: { prefix: string }, sent: readonly Frame[], wrong: ReadonlySet<Frame>) {
  const lifetimes = (one: Frame) =>
    givenOut(one).flatMap((given) =>
      given.validLifetime > 0 &&
      !isUla(given.prefix.split('/')[0] ?? '') &&
      kindOf(one, given.prefix) === kindOf(frame, prefix)
        ? [given.validLifetime]
        : [],
    )
  const bad = new Set([...wrong].flatMap(lifetimes))
  return !sent.some((one) => !wrong.has(one) && lifetimes(one).some((lifetime) => !bad.has(lifetime)))
}

/** What is asked of these lifetimes by itself. */
const lifetimesOfLeases = [
  'RFC9096-L-15 · PIO',
  'RFC9096-L-15 · DHCPv6 host',
  'RFC9096-L-15 · downstream router',
  'RFC8415-MULTI-IAPREFIX · lifetimes of each',
]

invariant('RFC9096-3.3-REMAINING', (evidence) => {
  const { judge, given, assume, followsFrom, lan } = evidence
  for (const cause of lifetimesOfLeases) followsFrom(cause)
  const grants = grantsIn(evidence)
  const sent = [...lan.fromDut.all(ra()), ...lan.fromDut.all(dhcpv6('reply')), ...lan.fromDut.all(dhcpv6('advertise'))]
  given(sent[0], 'RFC7084-L-1')
  const found = sent.map((frame) => ({ frame, wrong: outliving(frame, grants) }))
  const bad = new Set(found.flatMap(({ frame, wrong }) => (wrong ? [frame] : [])))
  const never = found.some(({ frame, wrong }) => wrong && isNeverKept(frame, wrong, sent, bad))
  assume(!never, 'RFC9096-L-15')
  const wrong = new Map(found.map((one) => [one.frame, one.wrong?.what]))
  judge.each(
    sent,
    'What is advertised or leased on the LAN lives no longer than the prefix that the line gave for it.',
    (frame) => wrong.get(frame),
  )
})

/** RFC 2526: the last 128 of a /64 are anycast. RFC 4291 section 2.6.1: the first one is as well. */
function isReserved(address: string): boolean {
  const id = Buffer.from(parseIpv6(address).subarray(8)).toString('hex')
  return id === '0000000000000000' || (id >= 'fdffffffffffff80' && id <= 'fdffffffffffffff')
}

/** Addresses that the router was seen to try for itself on a link. */
const ownOn = ({ fromDut }: LinkView): Set<string> =>
  new Set(
    fromDut
      .all({ ip6: { src: '::' }, icmp6: { type: 'neighbor-solicitation' } })
      .flatMap(({ packet: { icmp6 } }) => (icmp6?.type === 'neighbor-solicitation' ? [icmp6.target] : [])),
  )

invariant('RFC9915-13.1-ASSIGNED', (evidence) => {
  const { judge, lan, notApplicable, recording } = evidence
  const answers = serverAnswers(evidence).filter(({ answer }) => leasesIn(answer).some(({ ia }) => ia.type === 'ia-na'))
  if (answers.length === 0)
    return notApplicable('No address is leased on the LAN in this recording.', ...recording.frames.slice(0, 1))
  const advertised = new Map(
    lan.segments.map((link) => [
      link,
      [...new Set(link.fromDut.all(ra()).flatMap((frame) => pios(frame).map(({ prefix }) => prefix)))],
    ]),
  )
  const granted = grantsIn(evidence).map(({ prefix }) => prefix)
  const own = new Map(lan.segments.map((link) => [link, ownOn(link)]))
  const of = new Map(answers.map(({ answer, link }) => [answer, link]))
  judge.each(
    answers.map(({ answer }) => answer),
    'An address that is leased on the LAN is one of that link, not reserved, and not the router’s own.',
    (frame) => {
      const link = of.get(frame) as LinkView
      for (const { prefix, validLifetime } of leasesIn(frame)) {
        const [address = '', length] = prefix.split('/')
        if (length !== '128' || validLifetime === 0) continue
        const onLink = advertised.get(link) ?? []
        const elsewhere = [...advertised].find(
          ([other, all]) => other !== link && all.some((one) => inPrefix(address, one)),
        )
        if (!onLink.some((one) => inPrefix(address, one))) {
          if (elsewhere) return `${formatIpv6(parseIpv6(address))}, which is of ${elsewhere[0].name},`
          if (!isUla(address) && !granted.some((one) => inPrefix(address, one)))
            return `${address}, which is in no prefix of the LAN or the line,`
        }
        if (isReserved(address)) return `${address}, which is reserved (RFC 5453),`
        if (own.get(link)?.has(address)) return `${address}, which the router has itself,`
      }
      return undefined
    },
  )
})

/** Something leased, and whose it is until when. */
interface Held {
  client: string
  until: number
  by: Frame
}

/** A router that was restarted may have lost its bindings. */
const restarts = new Set(['power-on', 'reboot', 'restart', 'factory-reset', 'web-ui', 'web-ui-done'])

invariant('DENAT-LEASED-ONCE', (evidence) => {
  const { judge, notApplicable, recording } = evidence
  const leased = serverAnswers(evidence).filter(({ answer }) => isReply(answer) && clientOf(answer) !== undefined)
  if (!leased.some(({ answer }) => leasesIn(answer).some(({ validLifetime }) => validLifetime > 0)))
    return notApplicable('Nothing is leased on the LAN in this recording.', ...recording.frames.slice(0, 1))
  const lost = recording.marks.filter(({ mark }) => restarts.has(mark)).map(({ at }) => at)
  let held = new Map<string, Held>()
  let last = 0
  const claim = 'An address or a prefix of the LAN is leased to one client at a time.'
  for (const { question, answer } of leased) {
    if (lost.some((at) => at > last && at <= answer.at)) held = new Map()
    last = answer.at
    const client = clientOf(answer) as string
    const { type } = dhcpv6Of(question)
    if (type === 'release' || type === 'decline') for (const { prefix } of leasesIn(question)) held.delete(prefix)
    for (const { prefix, validLifetime } of leasesIn(answer)) {
      if (validLifetime === 0) {
        if (held.get(prefix)?.client === client) held.delete(prefix)
        continue
      }
      const other = [...held].find(
        ([value, { client: who, until }]) =>
          who !== client &&
          until > answer.at + grace &&
          (prefixContains(value, prefix) || prefixContains(prefix, value)),
      )
      if (other) {
        const [value, { client: who, by }] = other
        const seen = `${prefix} for client ${client}, while client ${who} has ${value} by frame ${by.number}`
        judge.holds(false, claim, seen, by, answer)
      }
      held.set(prefix, { client, until: endOf(answer.at, validLifetime), by: answer })
    }
  }
  judge.holds(true, claim, '', ...leased.slice(0, 5).map(({ answer }) => answer))
})
