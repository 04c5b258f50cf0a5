import {
  anyOf,
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  isLinkLocal,
  isUla,
  type Judgement,
  type LinkView,
  lastAbout,
  ndOptionsOf,
  network,
  on,
  pios,
  prefixContains,
  prefixLength,
  ra,
  raAnswer,
  raOf,
  requirement,
  resolves,
  rs,
  senderOf,
  the,
} from 'denat'
import { addressAsked, coldBoot, resolved, solicited, terminalsJoin } from '../../scenarios/cold-boot.ts'
import { longSessions } from '../../scenarios/long-sessions.ts'
import { isLive } from '../../shared/advertised.ts'
import { routerBack, routerGone } from '../../steps/transit/loss-of-default-router.ts'

/** The first Reply that delegates a prefix, and the first prefix in it. */
function firstGrant({ wan, given }: Evidence): { grant: Frame; prefix: string } {
  const all = wan.toDut.all(dhcpv6('reply', { iaPd: {} }))
  const grant = given(
    all.find((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  return { grant, prefix: granted(grant)[0] as string }
}

/** RAs on a link with a valid prefix from the delegated prefix. */
const advertising = (link: LinkView, prefix: string, after: Frame): Frame[] =>
  link.fromDut.all(ra(), { after }).filter((frame) => isLive(frame, prefix))

/** The last RA with this option on each LAN with a /64 from this prefix, other than the LAN of the host. */
const elsewhere = ({ lan }: Evidence, type: Parameters<typeof lastAbout>[0], prefix: string, after: Frame): Frame[] =>
  lan.segments
    .filter((link) => link.name !== lan.of('host').name && advertising(link, prefix, after).length > 0)
    .flatMap((link) => lastAbout(type, link.fromDut.all(ra(), { after })) ?? [])

const isAnswered =
  (from: 'link-local' | '::'): Judgement =>
  ({ lan, judge, at }) => {
    const { fromDut } = lan.of('host')
    const everyRa = fromDut.all(ra())
    if (everyRa.length > 0)
      judge.each(
        everyRa,
        claim`The source of RAs is a link-local address, and their hop limit is 255.`,
        ({ packet: { ip6 } }) =>
          ip6?.hopLimit === 255 && isLinkLocal(ip6.src)
            ? undefined
            : claim`source ${the.address(ip6?.src)}, hop limit ${ip6?.hopLimit ?? the.name(undefined)}`,
      )
    const { sent, mark } = at(solicited, (one) => one.from === from)
    const asked = sent ?? mark
    const solicitor = from === '::' ? 'ff02::1' : sent?.packet.ip6?.src
    const answer = judge.due(
      fromDut.seek(ra({}, { ip6: { dst: anyOf('ff02::1', solicitor) } }), { after: asked }),
      { after: asked, seconds: answerTime },
      claim`The router answers a Router Solicitation with a Router Advertisement, to ff02::1 or to the sender of the Router Solicitation.`,
    )
    const { ip6, icmp6 } = answer.packet
    judge.holds(icmp6?.badChecksum !== true, claim`The checksum of the RA is correct.`, claim`a wrong checksum`, answer)
    judge.note(ip6?.dst === 'ff02::1' ? claim`The RA is multicast.` : claim`The RA is unicast.`, answer)
    const [slla] = ndOptionsOf(answer, 'source-link-layer')
    judge.note(
      slla
        ? claim`The RA has the link-layer address ${the.address(slla.mac)}.`
        : claim`The RA has no link-layer address; its sender is ${the.address(senderOf(answer))}.`,
      answer,
    )
  }

/** The delay after a previous RA, RFC 4861 section 6.2.6. Seconds. */
const answerTime = raAnswer.maxRaDelay + raAnswer.minDelayBetweenRas + raAnswer.processing

/** Each of these RAs has one RIO for the delegated prefix. */
function hasOneRoute({ judge }: Evidence, frames: readonly Frame[], prefix: string): void {
  for (const frame of frames) {
    const rios = ndOptionsOf(frame, 'route-information')
    const own = rios.filter((rio) => network(rio.prefix) === network(prefix) && rio.lifetime > 0)
    judge.holds(
      own.length > 0,
      claim`The RA has a Route Information Option for the delegated prefix ${the.prefix(prefix)}.`,
      claim`${the.list(
        rios.map((rio) => claim`${the.prefix(rio.prefix)} for ${the.seconds(rio.lifetime)}`),
        claim`no RIO`,
      )}, on ${the.name(frame.port)}`,
      frame,
    )
    judge.holds(own.length === 1, claim`The RA has one such option.`, claim`${own.length} times`, frame)
  }
}

const isRouted: Judgement = (evidence) => {
  const { lan, given, at } = evidence
  const { grant, prefix } = firstGrant(evidence)
  const sent = lan.of('host').fromDut.all(ra(), { after: grant, before: at(terminalsJoin).mark })
  const last = given(lastAbout('route-information', sent), 'RFC7084-L-1')
  hasOneRoute(evidence, [last, ...elsewhere(evidence, 'route-information', prefix, grant)], prefix)
}

const isRoutedStill: Judgement = (evidence) => {
  const { lan, at, notApplicable } = evidence
  const { prefix } = firstGrant(evidence)
  const span = { after: at(routerGone).mark, before: at(routerBack).mark }
  const last = lastAbout('route-information', lan.of('host').fromDut.all(ra(), span))
  if (!last) return notApplicable(claim`The router sent no RA while it had no default router.`)
  hasOneRoute(evidence, [last], prefix)
}

/** The ULA prefixes that are advertised on a link. */
const ulasOf = (frame: Frame | undefined): string[] =>
  (frame ? pios(frame) : [])
    .filter(({ prefix, validLifetime }) => isUla(prefix.split('/')[0] as string) && validLifetime > 0)
    .map(({ prefix }) => prefix)

/** A ULA prefix of this link only needs no RIO: the PIO gives the route (erratum 7699 to RFC 7084). */
function ulaIsRouted({ lan, judge, given, at, notApplicable }: Evidence): void {
  const over = at(terminalsJoin).mark
  const advertised = lan.segments.map((segment) => segment.fromDut.all(ra(), { before: over }))
  const last = advertised.map((sent) => lastAbout('prefix-information', sent))
  given(last[0], 'RFC7084-L-1')
  const all = new Set(last.flatMap(ulasOf))
  if (all.size === 0) notApplicable(claim`The router advertises no ULA prefix.`, over)
  for (const [segment, frame] of last.entries())
    for (const ula of frame ? all : []) {
      const routing = lastAbout('route-information', advertised[segment] ?? [])
      const rios = routing ? ndOptionsOf(routing, 'route-information') : []
      const isRouted = rios.some(({ prefix, lifetime }) => prefixContains(prefix, ula) && lifetime > 0)
      judge.holds(
        isRouted || ulasOf(frame).includes(ula),
        claim`On each LAN the RA has a PIO or a Route Information Option for the ULA prefix ${the.prefix(ula)}.`,
        claim`${the.list(
          rios.map((rio) => claim`${the.prefix(rio.prefix)} for ${the.seconds(rio.lifetime)}`),
          claim`no RIO`,
        )}`,
        frame ?? over,
      )
    }
}

/** The Reply that delegates the prefix, and the last RA to the host before other hosts joined. */
function settledRa(evidence: Evidence, type: 'rdnss' | 'dnssl'): { grant: Frame; frame: Frame } {
  const { lan, given, at } = evidence
  const { grant } = firstGrant(evidence)
  const sent = lan.of('host').fromDut.all(ra(), { after: grant, before: at(terminalsJoin).mark })
  return { grant, frame: given(lastAbout(type, sent), 'RFC7084-L-1') }
}

/** The RAs of each other LAN have an option that those of the first LAN have. */
function carriedElsewhere(evidence: Evidence, type: 'dnssl' | 'rdnss'): void {
  const { grant, prefix } = firstGrant(evidence)
  for (const one of elsewhere(evidence, type, prefix, grant))
    evidence.judge.holds(
      ndOptionsOf(one, type).some(({ lifetime }) => lifetime > 0),
      claim`The RAs of each other LAN have this option, too.`,
      claim`no ${the.name(type.toUpperCase())} with a lifetime, on ${the.name(one.port)}`,
      one,
    )
}

function judgeSearchList(evidence: Evidence) {
  const { wan, isp, judge, notApplicable } = evidence
  const { grant, frame } = settledRa(evidence, 'dnssl')
  const known = wan.toDut.last(dhcpv6('reply', { domainList: {} }))
  if (!known)
    return notApplicable(claim`The router did not request the search list, so it has none to advertise.`, grant)
  const listed = ndOptionsOf(frame, 'dnssl')
    .filter((option) => option.lifetime > 0)
    .flatMap((option) => option.domains)
  judge.holds(
    listed.length > 0,
    claim`The RA has a DNS search list (DNSSL).`,
    claim`no DNSSL with a lifetime`,
    known,
    frame,
  )
  carriedElsewhere(evidence, 'dnssl')
  const same = isp.dhcpv6.domains.every((domain) => listed.includes(domain))
  judge.note(
    same
      ? claim`It is the same as that of the ISP.`
      : claim`It differs from that of the ISP: ${the.list(listed.map((item) => the.name(item)))}.`,
    frame,
  )
}

function judgeResolver(evidence: Evidence): void {
  const { judge, every } = evidence
  const { frame } = settledRa(evidence, 'rdnss')
  const servers = ndOptionsOf(frame, 'rdnss')
    .filter((option) => option.lifetime > 0)
    .flatMap((option) => option.servers)
  judge.holds(
    servers.length > 0,
    claim`The RA has a Recursive DNS Server Option (RDNSS).`,
    claim`no RDNSS with a lifetime`,
    frame,
  )
  carriedElsewhere(evidence, 'rdnss')
  const asking = every(resolved).filter(({ server }) => servers.includes(server))
  const answer = asking.flatMap((one) => one.answer ?? []).find(resolves)
  judge.holds(
    answer !== undefined,
    claim`A DNS server in the option resolves a name over IPv6.`,
    claim`none of ${the.list(servers.map((item) => the.name(item)))} does`,
    frame,
    ...(answer ? [answer] : asking.map(({ mark }) => mark)),
  )
}

export const requirements = [
  requirement('RFC7084-L-1', {
    'from a link-local address': on(coldBoot, isAnswered('link-local')),
    'from ::': on(coldBoot, isAnswered('::')),
  }),

  requirement('RFC7084-L-2', coldBoot, (evidence) => {
    const { lan, judge, given, at } = evidence
    const { grant, prefix } = firstGrant(evidence)
    const announcing = lan.segments.flatMap((segment) => advertising(segment, prefix, grant))
    if (announcing.length > 0)
      judge.each(
        announcing,
        claim`The prefixes from the delegated prefix that are advertised on the LAN are /64.`,
        (frame) => {
          const wrong = pios(frame).find((pio) => prefixContains(prefix, pio.prefix) && prefixLength(pio.prefix) !== 64)
          return wrong && claim`PIO ${the.prefix(wrong.prefix)}`
        },
      )
    const joined = at(terminalsJoin).mark
    const seen = new Map<string, string>()
    const served = lan.segments.filter((segment) => advertising(segment, prefix, grant).length > 0)
    // A /64 is enough for one segment only.
    const enough = served.length >= 2 ** (64 - prefixLength(prefix))
    for (const segment of enough ? served : lan.segments) {
      given(segment.fromDut.first(ra()), 'RFC7084-L-5')
      const [advertised] = advertising(segment, prefix, grant)
      const frame = judge.found(
        advertised,
        joined,
        claim`A prefix from ${the.prefix(prefix)} is advertised on the LAN segment ${the.name(segment.name)}.`,
        grant,
      )
      for (const pio of pios(frame).filter((one) => prefixContains(prefix, one.prefix) && one.validLifetime > 0)) {
        const other = seen.get(network(pio.prefix))
        judge.holds(
          other === undefined,
          claim`Each LAN interface has a different /64.`,
          claim`${the.prefix(pio.prefix)} is also on ${the.name(other)}`,
          frame,
        )
        seen.set(network(pio.prefix), segment.name)
      }
    }
  }),

  requirement('RFC7084-L-5', coldBoot, ({ lan, judge, at }) => {
    const joined = at(terminalsJoin).mark
    for (const segment of lan.segments) {
      const asked = segment.toDut.all(rs(), { before: joined })
      const answer = asked.flatMap((question) => {
        const received = segment.fromDut.first(ra(), { after: question })
        return received && received.at - question.at <= answerTime ? [received] : []
      })[0]
      const { packet } = judge.found(
        answer,
        joined,
        claim`On the LAN segment ${the.name(segment.name)} the router answers a Router Solicitation with an RA.`,
        ...asked.slice(-1),
      )
      judge.holds(
        packet.ip6 !== undefined && isLinkLocal(packet.ip6.src),
        claim`Its source is the link-local address of the router on that segment.`,
        claim`${the.address(packet.ip6?.src)}`,
        ...(answer ? [answer] : []),
      )
    }
  }),

  requirement('RFC7084-L-3', {
    online: on(coldBoot, isRouted),
    'without a default router': on(longSessions, isRoutedStill, { follows: ['RFC7084-L-3 · online'] }),
    'ULA prefix': on(coldBoot, ulaIsRouted),
  }),

  requirement('RFC7084-L-6', coldBoot, (evidence) => {
    const { lan, judge, given } = evidence
    const { grant, prefix } = firstGrant(evidence)
    const first = given(advertising(lan.of('host'), prefix, grant)[0], 'RFC7084-W-4')
    for (const frame of [first, ...elsewhere(evidence, 'prefix-information', prefix, grant)])
      for (const pio of pios(frame).filter((one) => prefixContains(prefix, one.prefix))) {
        judge.equal(pio.autonomous, true, claim`A flag of the PIO ${the.prefix(pio.prefix)}`, frame)
        judge.equal(pio.onLink, true, claim`L flag of the PIO ${the.prefix(pio.prefix)}`, frame)
      }
  }),

  requirement('RFC7084-L-9', coldBoot, (evidence) => {
    const { lan, judge, given, at } = evidence
    const { grant, prefix } = firstGrant(evidence)
    const asked = at(addressAsked).mark
    const frame = given(lan.of('host').fromDut.last(ra(), { after: grant, before: asked }), 'RFC7084-L-1')
    const served = lan
      .of('host')
      .fromDut.all(dhcpv6('reply'))
      .find((reply) => iaAddresses(reply).some((one) => one.validLifetime > 0))
    const { managed, other } = raOf(frame)
    if (served) {
      judge.met(
        claim`The DHCPv6 server on the LAN assigns addresses by IA_NA: the clause requires no particular flags.`,

        served,
      )
      judge.note(claim`RAs have M=${Number(managed)} O=${Number(other)}.`, frame)
    } else {
      judge.holds(
        !managed,
        claim`The DHCPv6 server on the LAN assigns no address by IA_NA, and RAs have M=0.`,
        claim`M=1`,
        asked,
        frame,
      )
      const stateless = given(lan.of('host').fromDut.first(dhcpv6('reply')), 'RFC7084-L-8')
      judge.holds(
        other,
        claim`The DHCPv6 server on the LAN is stateless, and RAs have O=1.`,
        claim`O=0`,
        stateless,
        frame,
      )
      for (const one of elsewhere(evidence, 'prefix-information', prefix, grant)) {
        const flags = raOf(one)
        judge.holds(
          flags.other || flags.managed,
          claim`The RAs of each other LAN have the same flags.`,
          claim`M=0 O=0, on ${the.name(one.port)}`,
          one,
        )
      }
    }
  }),

  requirement('RFC7084-L-11', {
    RDNSS: on(coldBoot, judgeResolver),
    // To advertise the values of the WAN is a SHOULD (RFC 7084 L-12); support of the option is the MUST.
    DNSSL: on(coldBoot, judgeSearchList, { level: 'SHOULD' }),
  }),
]
