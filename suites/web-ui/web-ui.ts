import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  type Judgement,
  lastAbout,
  type Mark,
  type MarkType,
  ndOptionsOf,
  network,
  on,
  pios,
  prefixContains,
  ra,
  raOf,
  requirement,
  scenarioEnds,
  the,
} from 'denat'
import {
  attempted,
  attemptFence,
  pageConnection,
  pagePorts,
  pageStatus,
  pings,
  webUiFirewall,
  webUiSwitch,
} from '../scenarios/web-ui.ts'

/** The port in a URL, if any. */
const portOf = (url: string): number | undefined => {
  const [, port] = /:(\d+)(?:\/|$)/.exec(url) ?? []
  return port === undefined ? undefined : Number(port)
}

const showsOff: Judgement = ({ judge, at, given }) => {
  const { ipv6, online, mark: page } = at(pageStatus, ({ when }) => when === 'off')
  const { reply } = at(pings.off)
  // Without an earlier answer, a missing answer proves nothing.
  given(at(pings.fresh).reply, 'UI-DEFAULT-V6ON')
  judge.holds(
    !ipv6 && !online,
    claim`After IPv6 is switched off, the page shows IPv6 off and not online.`,
    claim`IPv6 ${the.name(String(ipv6))}, online ${the.name(String(online))}`,
    page,
  )
  judge.holds(
    reply === undefined,
    claim`After IPv6 is switched off, a host receives no answer over IPv6.`,
    claim`the host receives an answer`,
    ...(reply ? [reply] : []),
    page,
  )
}

/** The remaining lifetimes of the delegated prefix. */
function agreesWithLease(evidence: Evidence, when: 'fresh' | 'on'): void {
  const { wan, lan, judge, at, given } = evidence
  const { mark: page, ...claims } = at(pageStatus, (one) => one.when === when)
  const { reply: answer } = at(pings[when])
  const reply = given(
    wan.toDut.all(dhcpv6('reply'), { before: page }).findLast((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  const prefixes = granted(reply)
  judge.holds(
    claims.online === (answer !== undefined),
    claim`The page shows the router as online if and only if a host reaches the Internet.`,
    claim`the page shows online ${the.name(String(claims.online))}`,
    page,
    ...(answer ? [answer] : []),
  )
  const sorted = (all: readonly string[]) => all.map(network).sort().join(', ')
  judge.equal(
    sorted(claims.delegatedPrefixes.map(({ prefix }) => prefix)),
    sorted(prefixes),
    claim`The delegated prefixes on the page`,
    page,
    reply,
  )
  const [address] = iaAddresses(reply)
  if (address)
    judge.holds(
      claims.wanAddresses.includes(address.address),
      claim`The WAN address on the page is the one in the Reply.`,
      claim`${the.list(
        claims.wanAddresses.map((item) => the.address(item)),
        claim`none`,
      )}`,
      page,
      reply,
    )
  const sent = lan.of('host').fromDut.all(ra(), { before: page })
  const advertised = given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
  for (const pio of pios(advertised).filter(
    (one) => one.validLifetime > 0 && prefixes.some((prefix) => prefixContains(prefix, one.prefix)),
  ))
    judge.holds(
      claims.lanPrefixes.map(network).includes(network(pio.prefix)),
      claim`The page shows the advertised LAN prefix ${the.prefix(pio.prefix)}.`,
      claim`${the.list(claims.lanPrefixes.map((item) => the.prefix(item)))}`,
      page,
      advertised,
    )
  namesResolversOfTheLine(evidence, claims.dns, page, reply)
  for (const kind of ['valid', 'preferred'] as const)
    for (const shown of claims.delegatedPrefixes) showsWhatIsLeft(evidence, kind, shown, page, reply)
}

/** A page may show the first DNS server only, those of IPv4 too, or none. */
function namesResolversOfTheLine({ wan, judge }: Evidence, shown: readonly string[], page: Mark, reply: Frame): void {
  const replies = wan.toDut.all(dhcpv6('reply'), { before: page })
  const named = new Set([
    ...replies.flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)),
    ...wan.toDut
      .all(ra(), { before: page })
      .flatMap((frame) => ndOptionsOf(frame, 'rdnss').flatMap(({ servers }) => servers)),
  ])
  const other = shown.find((one) => one.includes(':') && !named.has(one.toLowerCase()))
  judge.holds(
    other === undefined,
    claim`A DNS server on the page is one that the ISP has sent.`,
    claim`${the.name(other)}, while the ISP has sent ${the.list(
      [...named].map((item) => the.name(item)),
      claim`none`,
    )}`,
    page,
    reply,
  )
}

type Shown = (typeof pageStatus extends MarkType<infer D, string> ? D : never)['delegatedPrefixes'][number]

/** A page may show no lifetimes, or one of the two. */
function showsWhatIsLeft(
  { judge }: Evidence,
  kind: 'valid' | 'preferred',
  shown: Shown,
  page: Mark,
  reply: Frame,
): void {
  const lease = iaPrefixes(reply).find(({ prefix }) => network(prefix) === network(shown.prefix))
  if (!lease) return
  const lifetime = shown[`${kind}Lifetime`]
  if (typeof lifetime !== 'number' || !Number.isFinite(lifetime)) {
    judge.note(claim`The page shows no ${the.name(kind)} lifetime of ${the.prefix(shown.prefix)}.`, page)
    return
  }
  const left = Math.max(0, lease[`${kind}Lifetime`] - (page.at - reply.at))
  judge.within(
    lifetime - left,
    { min: -10, max: 10, why: claim`within 10 s of the remaining lifetime of the lease` },
    claim`The ${the.name(kind)} lifetime of ${the.prefix(shown.prefix)} on the page is that of the lease.`,
    page,
    reply,
  )
}

type Step = 'default' | 'pinhole' | 'after-restart' | 'closed' | 'firewall-off' | 'firewall-on'

type Target = 'pinhole' | 'other-port'

/** The last attempt counts: a setting may need time. */
const lastAttempt = ({ every }: Evidence, step: Step, target: Target) =>
  every(attempted).findLast(({ when, name }) => when === step && name === target)

/** The attempt of a step, where a port that was closed at first was open in `opened`: a page without effect closes no port either. */
function attemptIn(evidence: Evidence, step: Step, target: Target, opened?: readonly [Step, Target]) {
  const { at, assume } = evidence
  at(attempted, ({ when, name }) => when === step && name === target)
  const before = lastAttempt(evidence, 'default', target)
  // A port that was never closed cannot be opened or closed again.
  assume(before?.outcome !== 'connected', 'DENAT-E2E-CLOSED')
  if (opened) assume(lastAttempt(evidence, ...opened)?.outcome === 'connected', 'UI-FW-TOGGLE')
  return lastAttempt(evidence, step, target) as NonNullable<ReturnType<typeof lastAttempt>>
}

const lets =
  (step: Step, target: Target, opened?: readonly [Step, Target]): Judgement =>
  (evidence) => {
    const { outcome, port, mark, syn, answer } = attemptIn(evidence, step, target, opened)
    const expected = claim`After this step a connection from the Internet to port ${port} of the host`
    evidence.judge.equal(outcome, 'connected', expected, mark, ...[syn, answer].flatMap((frame) => frame ?? []))
  }

const keepsOut =
  (step: Step, target: Target, opened: readonly [Step, Target]): Judgement =>
  (evidence) => {
    const { lan, judge, given, every } = evidence
    const { port, ...attempt } = attemptIn(evidence, step, target, opened)
    const fence = given(every(attemptFence).findLast(({ when }) => when === step)?.reply, 'DENAT-DEFAULT-1')
    const since = attempt.syn ?? attempt.mark
    const { srcPort, dstPort } = attempt.syn?.packet.tcp ?? {}
    judge.absent(
      lan.fromDut.all({ tcp: { srcPort, dstPort } }, { after: since, before: fence }),
      claim`After this step no connection attempt from the Internet to port ${port} reaches the host.`,
      { fence, since },
    )
  }

export const requirements = [
  requirement('UI-DEFAULT-V6ON', webUiSwitch, ({ wan, lan, judge, at, begun, recording }) => {
    const { outcome } = recording
    // Where no host came online, the page was not opened; that IPv6 is missing is visible on the wire.
    if (outcome.end === 'blocked') {
      const hasSent = [wan, lan].some(({ fromDut }) => fromDut.first({ ip6: {} }))
      const looked = hasSent ? begun() : at(scenarioEnds).mark
      judge.holds(
        hasSent,
        claim`After a factory reset the router uses IPv6.`,
        claim`no IPv6 packet from it on any port`,
        looked,
      )
    }
    const { ipv6, mark: page } = at(pageStatus, ({ when }) => when === 'fresh')
    judge.holds(ipv6, claim`After a factory reset the page shows IPv6 enabled.`, claim`the page shows IPv6 off`, page)
    judge.found(
      lan.fromDut.seek(ra(), { before: page }, (frame) => raOf(frame).routerLifetime > 0 && pios(frame).length > 0),
      page,
      claim`After a factory reset the router advertises a default router and a prefix on the LAN.`,
    )
    const { reply, mark } = at(pings.fresh)
    judge.found(reply, mark, claim`A host reaches the Internet over IPv6.`, page)
  }),

  requirement('UI-OVER-V6', webUiSwitch, ({ judge, at, every, assume, world, notApplicable }) => {
    const over = at(pings.fresh).mark
    const tried = every(pageConnection)
    // A router whose address no host knows cannot be tried.
    assume(tried.length > 0, 'RFC7084-L-1')
    const open = tried.filter(({ outcome }) => outcome === 'connected')
    const { url6 } = world.device
    const own = url6 === undefined ? undefined : portOf(url6)
    if (open.length === 0 && own !== undefined && !pagePorts.includes(own))
      return notApplicable(claim`According to the device folder the page is on port ${own}, which was not tried.`, over)
    judge.holds(
      open.length > 0,
      claim`The router accepts a connection over IPv6 from the LAN to the port of a page.`,
      claim`${the.list(tried.map(({ address, port, outcome }) => claim`[${the.address(address)}]:${port} ${the.name(outcome)}`))}`,
      ...(open.length > 0 ? open : tried).map(({ mark }) => mark),
      ...tried.flatMap(({ syn, answer }) => [syn, answer].flatMap((frame) => frame ?? [])).slice(0, 8),
    )
    judge.note(
      claim`The router accepts it at ${the.list(open.map(({ address, port }) => claim`[${the.address(address)}]:${port}`))}.`,
      ...open.map(({ mark }) => mark),
    )
  }),

  requirement('UI-STATE-TRUTH', {
    fresh: on(webUiSwitch, (evidence) => agreesWithLease(evidence, 'fresh')),
    off: on(webUiSwitch, showsOff),
    on: on(webUiSwitch, (evidence) => agreesWithLease(evidence, 'on')),
  }),

  requirement('UI-FW-TOGGLE', {
    'pinhole opened': on(webUiFirewall, lets('pinhole', 'pinhole')),
    'pinhole lets in nothing else': on(webUiFirewall, keepsOut('pinhole', 'other-port', ['pinhole', 'pinhole'])),
    'pinhole after a restart': on(webUiFirewall, lets('after-restart', 'pinhole', ['pinhole', 'pinhole'])),
    'pinhole closed': on(webUiFirewall, keepsOut('closed', 'pinhole', ['after-restart', 'pinhole'])),
    'firewall off': on(webUiFirewall, lets('firewall-off', 'other-port')),
    'firewall on again': on(webUiFirewall, keepsOut('firewall-on', 'other-port', ['firewall-off', 'other-port'])),
  }),
]
