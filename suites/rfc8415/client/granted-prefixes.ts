import {
  type Claim,
  carrier,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaPrefixes,
  interruptionsOf,
  invariant,
  type LinkView,
  type Look,
  lineDown,
  type Mark,
  optionsOf,
  pios,
  prefixContains,
  prefixLength,
  prefixUse,
  ra,
  restartsOf,
  statusOf,
  the,
} from 'denat'
import { clientMessages } from '../../shared/client-messages.ts'
import { isValid } from '../../shared/frames.ts'
import { lengthsUsed } from '../../shared/prefix-lengths.ts'
import { infinity } from '../../steps/answers.ts'

/** An IA_PD that a Reply grants, with those of its prefixes that a LAN can be numbered from. */
interface Grant {
  reply: Frame
  prefixes: string[]
}

type Ia = ReturnType<typeof dhcpv6OptionsOf<'ia-pd'>>[number]

/** What a client is free to refuse, or has to (RFC 9915 sections 18.2.10.1, 21.21 and 21.22), is left out. */
function prefixesOf(ia: Ia): string[] {
  if (statusOf(ia) !== 0 || (ia.t2 > 0 && ia.t1 > ia.t2)) return []
  return optionsOf(ia, 'ia-prefix')
    .filter(
      (lease) =>
        statusOf(lease) === 0 &&
        lease.preferredLifetime > 0 &&
        lease.preferredLifetime <= lease.validLifetime &&
        prefixLength(lease.prefix) > 0 &&
        prefixLength(lease.prefix) <= 64,
    )
    .map(({ prefix }) => prefix)
}

/** The message that this Reply is a valid answer to. */
function questionOf({ wan }: Evidence, reply: Frame): Frame | undefined {
  const { transactionId } = dhcpv6Of(reply)
  const asked = wan.fromDut.last({ dhcp6: { transactionId } }, { before: reply })
  if (!asked || !['request', 'renew', 'rebind', 'solicit'].includes(String(dhcpv6Of(asked).type))) return undefined
  const duid = (frame: Frame, of: 'client-id' | 'server-id') => dhcpv6OptionsOf(frame, of)[0]?.duid
  const server = duid(asked, 'server-id')
  const isIts =
    duid(reply, 'client-id') === duid(asked, 'client-id') &&
    duid(reply, 'server-id') !== undefined &&
    (server === undefined || server === duid(reply, 'server-id'))
  return isIts && statusOf(dhcpv6Of(reply)) === 0 ? asked : undefined
}

/** Of several Replies to one question a client takes the first. Other requirements judge which Replies it accepts. */
function grantsOf(evidence: Evidence): Grant[] {
  const { wan } = evidence
  return wan.toDut.all(dhcpv6('reply', { iaPd: {} })).flatMap((reply) => {
    const asked = isValid(reply) ? questionOf(evidence, reply) : undefined
    if (!asked || wan.toDut.first(dhcpv6('reply'), { after: asked, before: reply })) return []
    // RFC8415-18.2.10-BESIDE judges how a client handles a prefix together with a refused address.
    if (dhcpv6OptionsOf(reply, 'ia-na').some((ia) => statusOf(ia) !== 0)) return []
    const iaids = dhcpv6OptionsOf(asked, 'ia-pd').map(({ iaid }) => iaid)
    return dhcpv6OptionsOf(reply, 'ia-pd')
      .filter(({ iaid }) => iaids.includes(iaid))
      .map((ia) => ({ reply, prefixes: prefixesOf(ia) }))
      .filter(({ prefixes }) => prefixes.length > 0)
  })
}

/** Events after which a router need not use what it was granted just before. */
const inTheWay = ({ recording, every }: Evidence): Mark[] => [
  ...interruptionsOf(recording),
  ...every(lineDown).map(({ mark }) => mark),
  ...every(carrier).flatMap(({ up, mark }) => (up ? [] : [mark])),
]

/** Its preferred lifetime ends before, whatever later Replies extend. */
function endsBefore({ wan }: Evidence, { reply, prefixes }: Grant, until: number): boolean {
  const replies = [reply, ...wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { after: reply })].filter(
    ({ at }) => at <= until,
  )
  const ends = replies.flatMap((frame) =>
    iaPrefixes(frame)
      .filter(({ prefix }) => prefixes.includes(prefix))
      .map(({ preferredLifetime }) => frame.at + preferredLifetime),
  )
  return Math.max(...ends) < until
}

/** A later message that changes the lease: it is replaced, ended, released or requested from the start. */
function isSuperseded(evidence: Evidence, { reply, prefixes }: Grant, until: number): boolean {
  const { wan } = evidence
  const later = [
    ...wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { after: reply }),
    ...clientMessages(evidence, { after: reply }),
  ].filter(({ at }) => at <= until)
  return later.some((frame) => {
    const ias = dhcpv6OptionsOf(frame, 'ia-pd')
    if (ias.length === 0) return false
    if (frame.direction === 'in') return ['solicit', 'request', 'release'].includes(String(dhcpv6Of(frame).type))
    const again = ias.flatMap(prefixesOf)
    return !prefixes.some((prefix) => again.includes(prefix))
  })
}

const isOutOf = (prefixes: readonly string[], prefix: string) => prefixes.some((outer) => prefixContains(outer, prefix))

const names = (frame: Frame, prefixes: readonly string[]) =>
  pios(frame).filter(({ prefix }) => isOutOf(prefixes, prefix))

const isPreferred = (frame: Frame, prefixes: readonly string[]): boolean =>
  names(frame, prefixes).some(({ preferredLifetime }) => preferredLifetime > 0)

/** The RA that shows the prefixes in force on a link when they are granted, or the first one afterwards. */
function advertised({ recording }: Evidence, link: LinkView, { reply, prefixes }: Grant): Frame | undefined {
  const start = restartsOf(recording).findLast(({ at }) => at < reply.at)
  const ras = link.fromDut.all(ra(), start ? { after: start } : {}).filter((frame) => names(frame, prefixes).length > 0)
  const before = ras.findLast(({ number }) => number < reply.number)
  const isInForce =
    before &&
    names(before, prefixes).some((pio) => pio.preferredLifetime > 0 && before.at + pio.validLifetime > reply.at)
  if (isInForce) return before
  return ras.find((frame) => frame.number > reply.number && isPreferred(frame, prefixes))
}

/** LANs that were numbered before out of what the ISP grants; where a prefix has few /64s, it may be spent on one. */
function lansFor({ lan }: Evidence, { reply, prefixes }: Grant, all: readonly Grant[]): LinkView[] {
  const longest = Math.max(...prefixes.map(prefixLength))
  if (2 ** (64 - longest) < 2 * lan.segments.length) return []
  const former = all.filter((one) => one.reply.number < reply.number).flatMap((one) => one.prefixes)
  return lan.segments.filter(({ fromDut }) =>
    fromDut.all(ra(), { before: reply }).some((frame) => isPreferred(frame, former)),
  )
}

/** Where one LAN has a prefix from a lease, the others have theirs within this number of seconds. */
const spread = 4

/** Options may be spread over several RAs. Seconds. */
const together = 1

/** An RA of a LAN that holds prefixes, and none out of the grant, long after another LAN was given one. */
function forgotten(evidence: Evidence, link: LinkView, grant: Grant): Frame | undefined {
  const { lan, recording } = evidence
  const { reply, prefixes } = grant
  const has = (frame: Frame) => isPreferred(frame, prefixes)
  const first = lan.segments
    .flatMap(({ fromDut }) => fromDut.all(ra(), { after: reply }).find(has) ?? [])
    .sort((a, b) => a.at - b.at)[0]
  const advertised = link.fromDut.all(ra(), { after: reply })
  const lacking =
    first && advertised.find((frame) => frame.at > first.at + spread && pios(frame).length > 0 && !has(frame))
  if (!lacking) return undefined
  const until = lacking.at + together
  const isExcused =
    advertised.some((frame) => frame.at <= until && has(frame)) ||
    (recording.frames.at(-1)?.at ?? 0) < until ||
    inTheWay(evidence).some((mark) => mark.at >= reply.at && mark.at <= until) ||
    endsBefore(evidence, grant, until) ||
    isSuperseded(evidence, grant, until)
  return isExcused ? undefined : lacking
}

export const requirements = [
  invariant('RFC8415-18.2.10-ONLAN', (evidence) => {
    const { judge, lan, followsFrom, notApplicable, recording, every } = evidence
    const ends = (recording.marks.at(-1) ?? recording.frames.at(-1))?.at ?? 0
    const isOfLan = (port: string) => lan.segments.some(({ ports }) => ports.includes(port))
    const hindrances = inTheWay(evidence)
    const all = grantsOf(evidence)
    let looked = false
    for (const grant of all) {
      const { reply, prefixes } = grant
      // A LAN port may come up after the line.
      const plugged = every(carrier).findLast(
        ({ up, port, mark: { at } }) => up && isOfLan(port) && at >= reply.at && at <= reply.at + prefixUse,
      )
      const since: Look = plugged?.mark ?? reply
      const until = since.at + prefixUse
      const isExcused =
        until > ends ||
        hindrances.some(({ at }) => at >= reply.at && at <= until) ||
        endsBefore(evidence, grant, until) ||
        isSuperseded(evidence, grant, until)
      const granted = prefixes.join(' or ')
      const isThere = (frames: (Frame | undefined)[], expected: Claim) => {
        const [frame] = frames.filter((one) => one !== undefined).sort((a, b) => a.number - b.number)
        if ((!frame || frame.at > until) && isExcused) return
        looked = true
        if (frame && frame.number < reply.number) return judge.met(expected, frame, reply)
        // A length that it never uses is asked for by itself.
        const length = Math.max(...prefixes.map(prefixLength))
        if (length in lengthsUsed) followsFrom(`RFC7084-WPD-3 · /${length}`)
        if (iaPrefixes(reply).some(({ validLifetime }) => validLifetime >= infinity))
          followsFrom('RFC8415-7.7-INFINITY · lifetimes')
        judge.due(frame, { after: since, seconds: prefixUse }, expected, reply)
      }
      isThere(
        lan.segments.map((link) => advertised(evidence, link, grant)),
        claim`The router uses the delegated prefix ${the.prefix(granted)}: an RA on the LAN has a PIO from it.`,
      )
      for (const link of lansFor(evidence, grant, all)) {
        const lacking = forgotten(evidence, link, grant)
        if (lacking) {
          looked = true
          judge.holds(
            false,
            claim`The LAN ${the.name(link.name)}, which had a prefix before, gets a prefix from ${the.prefix(granted)} when another LAN does.`,
            claim`${lacking} has no such prefix, ${the.seconds(lacking.at - reply.at, 0)} after the Reply`,
            reply,
            lacking,
          )
        }
        // Without a solicitation a router may wait for its next periodic RA: RFC 4861 section 6.2.4.
        if (!link.fromDut.all(ra(), { after: reply }).some(({ at }) => at <= until)) continue
        isThere(
          [advertised(evidence, link, grant)],
          claim`The LAN ${the.name(link.name)}, which had a prefix before, gets a prefix from ${the.prefix(granted)}.`,
        )
      }
    }
    if (!looked)
      return notApplicable(
        claim`No delegated prefix in this recording is valid for long enough to be judged on the LAN.`,
        ...recording.frames.slice(0, 1),
      )
  }),
]
