import { claim, dhcpv6, type Frame, invariant, isUla, pios, prefixContains, ra, the } from 'denat'
import { type Grant, grantsIn } from '../shared/grants.ts'
import { leasesIn } from '../shared/server-answers.ts'

/** What lags behind by so little is RFC9096-L-15's matter. Seconds. */
const lag = 10

/** What a frame on the LAN gives hosts for their use. */
const givenOut = (frame: Frame) => (frame.packet.dhcp6 ? leasesIn(frame) : pios(frame))

/** A lifetime in a frame that exceeds that of the line, and the remaining time there. */
function outliving(frame: Frame, grants: readonly Grant[]) {
  for (const { prefix, preferredLifetime, validLifetime } of givenOut(frame)) {
    // Where a client may ignore a Reply, the prefix lasts for the longest of their lifetimes.
    const granted = grants.filter((one) => one.reply.number < frame.number && prefixContains(one.prefix, prefix))
    if (granted.length === 0) continue
    const left = (end: (grant: Grant) => number) => Math.max(0, ...granted.map(end).map((until) => until - frame.at))
    const [preferred, valid] = [left((one) => one.preferredUntil), left((one) => one.validUntil)]
    const lifetimeText = (kind: string, lifetime: number, rest: number) =>
      claim`${the.prefix(prefix)} with ${the.name(kind)} lifetime ${lifetime}, where ${the.seconds(rest, 1)} remain,`
    if (validLifetime > valid + lag) return { prefix, what: lifetimeText('valid', validLifetime, valid) }
    if (preferredLifetime > preferred + lag)
      return { prefix, what: lifetimeText('preferred', preferredLifetime, preferred) }
  }
  return undefined
}

const kindOf = (frame: Frame, prefix: string): string => {
  if (!frame.packet.dhcp6) return 'PIO'
  return prefix.endsWith('/128') ? 'address' : 'sub-prefix'
}

/** All values of this kind are as wrong: they never follow the lease. */
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

export const requirements = [
  invariant('RFC9096-3.3-REMAINING', (evidence) => {
    const { judge, given, assume, followsFrom, lan } = evidence
    for (const cause of lifetimesOfLeases) followsFrom(cause)
    const grants = grantsIn(evidence)
    const sent = [
      ...lan.fromDut.all(ra()),
      ...lan.fromDut.all(dhcpv6('reply')),
      ...lan.fromDut.all(dhcpv6('advertise')),
    ]
    given(sent[0], 'RFC7084-L-1')
    const found = sent.map((frame) => ({ frame, wrong: outliving(frame, grants) }))
    const bad = new Set(found.flatMap(({ frame, wrong }) => (wrong ? [frame] : [])))
    const never = found.some(({ frame, wrong }) => wrong && isNeverKept(frame, wrong, sent, bad))
    assume(!never, 'RFC9096-L-15')
    const wrong = new Map(found.map((one) => [one.frame, one.wrong?.what]))
    judge.each(
      sent,
      claim`No lifetime on the LAN, advertised or leased, exceeds the remaining lifetime of its delegated prefix.`,
      (frame) => wrong.get(frame),
    )
  }),
]
