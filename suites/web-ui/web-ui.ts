import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  inPrefix,
  type LinkView,
  lastAbout,
  type Mark,
  ndOptionsOf,
  network,
  pios,
  ra,
  raOf,
  requirement,
} from 'denat'
import { pagePorts, webUiFirewall, webUiSwitch } from '../scenarios/web-ui.ts'

requirement('UI-DEFAULT-V6ON', webUiSwitch, ({ wan, lan, judge, did, framesOf, recording }) => {
  const { outcome } = recording
  // Where no host came online nobody opened the page; that there is no IPv6 at all is on the wire.
  if (outcome.end === 'blocked') {
    const spoke = [wan, lan].some(({ fromDut }) => fromDut.first({ ip6: {} }))
    const looked = spoke ? did('power-on') : did('end')
    judge.holds(spoke, 'After a factory reset the router speaks IPv6.', 'no IPv6 packet from it on any port', looked)
  }
  const page = did('page-status', (mark) => mark.data?.when === 'fresh')
  judge.holds(
    page.data?.ipv6 === true,
    'After a factory reset the page shows IPv6 enabled.',
    `it shows ${page.data?.ipv6 ? 'on' : 'off'}`,
    page,
  )
  judge.found(
    lan.fromDut.all(ra(), { before: page }).find((frame) => raOf(frame).routerLifetime > 0 && pios(frame).length > 0),
    page,
    'And so it is on the wire: the LAN is advertised a router and a prefix.',
  )
  const flow = did('ping-fresh')
  judge.found(framesOf(flow)[0], flow, 'A host uses it.', page)
})

/** A prefix as the page shows it; `null` or nothing where it shows no such lifetime. Seconds. */
interface DelegatedPrefix {
  prefix: string
  validLifetime?: number | null
  preferredLifetime?: number | null
}

/** The port that a URL names, if it does. */
const portOf = (url: string): number | undefined => {
  const [, port] = /:(\d+)(?:\/|$)/.exec(url) ?? []
  return port === undefined ? undefined : Number(port)
}

requirement('UI-OVER-V6', webUiSwitch, ({ judge, did, marks, framesOf, world, notApplicable }) => {
  const over = did('ping-fresh')
  const tried = marks('page-connection')
  const open = tried.filter(({ data }) => data?.outcome === 'connected')
  const own = portOf(world.device.url6 ?? '')
  if (open.length === 0 && own !== undefined && !pagePorts.includes(own))
    return notApplicable(`The page is said to be on port ${own}, which was not tried.`, over)
  judge.holds(
    open.length > 0,
    'From the LAN a connection over IPv6 to the port of a page is accepted by the router.',
    tried.map(({ data }) => `[${data?.address}]:${data?.port} ${data?.outcome}`).join(', '),
    ...(open.length > 0 ? open : tried),
    ...tried.flatMap(framesOf).slice(0, 8),
  )
  judge.note(`At ${open.map(({ data }) => `[${data?.address}]:${data?.port}`).join(', ')}.`, ...open)
})

requirement(
  'UI-STATE-TRUTH',
  { cases: { fresh: webUiSwitch, off: webUiSwitch, on: webUiSwitch } },
  ({ case: when, wan, lan, judge, did, given, framesOf }) => {
    const page = did('page-status', (mark) => mark.data?.when === when)
    const claims = page.data as {
      online: boolean
      ipv6: boolean
      wanAddresses: string[]
      delegatedPrefixes: DelegatedPrefix[]
      dns: string[]
      lanPrefixes: string[]
    }
    const ping = framesOf(did(`ping-${when}`))[0]
    if (when === 'off') {
      judge.holds(
        !claims.ipv6 && !claims.online,
        'With IPv6 switched off the page says so, and that it is not online.',
        `IPv6 ${claims.ipv6}, online ${claims.online}`,
        page,
      )
      judge.holds(
        ping === undefined,
        'And so it is on the wire: a host gets no answer.',
        'it does',
        ...(ping ? [ping] : []),
        page,
      )
      return
    }
    const reply = given(
      wan.toDut.all(dhcpv6('reply'), { before: page }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const prefixes = granted(reply)
    judge.holds(
      claims.online === (ping !== undefined),
      'The page says that the router is online exactly when a host reaches the Internet.',
      `the page says ${claims.online}`,
      page,
      ...(ping ? [ping] : []),
    )
    judge.equal(
      claims.delegatedPrefixes
        .map((one) => network(one.prefix))
        .sort()
        .join(', '),
      prefixes.map(network).sort().join(', '),
      'The delegated prefixes on the page are those of the Reply',
      page,
      reply,
    )
    const [address] = iaAddresses(reply)
    if (address)
      judge.holds(
        claims.wanAddresses.includes(address.address),
        'The WAN address on the page is that of the Reply.',
        claims.wanAddresses.join(', ') || 'none',
        page,
        reply,
      )
    const sent = lan.of('host').fromDut.all(ra(), { before: page })
    const advertised = given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
    for (const pio of pios(advertised).filter(
      (one) => one.validLifetime > 0 && prefixes.some((prefix) => inPrefix(one.prefix.split('/')[0] ?? '', prefix)),
    ))
      judge.holds(
        claims.lanPrefixes.map(network).includes(network(pio.prefix)),
        `The LAN prefix ${pio.prefix} that is advertised is on the page.`,
        claims.lanPrefixes.join(', '),
        page,
        advertised,
      )
    judgeResolvers(judge, wan, claims.dns, page, reply)
    judgeLifetimes(judge, claims.delegatedPrefixes, page, reply)
  },
)

/** Resolvers that the line named by DHCPv6 or in an RA before that moment. */
const resolversOf = (wan: LinkView, before: Mark): Set<string> =>
  new Set([
    ...wan.toDut
      .all(dhcpv6('reply'), { before })
      .flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers)),
    ...wan.toDut
      .all(ra(), { before })
      .flatMap((frame) => ndOptionsOf(frame, 'rdnss').flatMap(({ servers }) => servers)),
  ])

/** A page may show the first of them alone, those of IPv4 as well, or none. */
function judgeResolvers(
  judge: Evidence['judge'],
  wan: LinkView,
  shown: readonly string[],
  page: Mark,
  reply: Frame,
): void {
  const named = resolversOf(wan, page)
  const strange = shown.find((one) => one.includes(':') && !named.has(one.toLowerCase()))
  judge.holds(
    strange === undefined,
    'A resolver that the page shows is one that the line named.',
    `${strange}, where the line named ${[...named].join(', ') || 'none'}`,
    page,
    reply,
  )
}

/** A page may show no lifetimes, or one of the two. */
function judgeLifetimes(judge: Evidence['judge'], shown: readonly DelegatedPrefix[], page: Mark, reply: Frame): void {
  const given = new Map(iaPrefixes(reply).map((one) => [network(one.prefix), one]))
  const told = shown.flatMap((one) => {
    const lease = given.get(network(one.prefix))
    return lease ? [{ one, lease }] : []
  })
  for (const kind of ['valid', 'preferred'] as const)
    for (const { one, lease } of told) {
      const lifetime = one[`${kind}Lifetime`]
      if (typeof lifetime !== 'number' || !Number.isFinite(lifetime)) {
        judge.note(`The page shows no ${kind} lifetime of ${one.prefix}.`, page)
        continue
      }
      const left = Math.max(0, lease[`${kind}Lifetime`] - (page.at - reply.at))
      judge.within(
        lifetime - left,
        { min: -10, max: 10, why: 'within 10 s of what is left of the lease' },
        `The ${kind} lifetime on the page agrees with the lease.`,
        page,
        reply,
      )
    }
}

requirement(
  'UI-FW-TOGGLE',
  {
    cases: {
      'pinhole opened': webUiFirewall,
      'pinhole lets in nothing else': webUiFirewall,
      'pinhole after a restart': webUiFirewall,
      'pinhole closed': webUiFirewall,
      'firewall off': webUiFirewall,
      'firewall on again': webUiFirewall,
    },
  },
  ({ case: what, lan, judge, given, did, marks, framesOf }) => {
    const [when, name, open, opened] = (
      {
        'pinhole opened': ['pinhole', 'pinhole', true],
        'pinhole lets in nothing else': ['pinhole', 'other-port', false, ['pinhole', 'pinhole']],
        'pinhole after a restart': ['after-restart', 'pinhole', true],
        'pinhole closed': ['closed', 'pinhole', false, ['after-restart', 'pinhole']],
        'firewall off': ['firewall-off', 'other-port', true],
        'firewall on again': ['firewall-on', 'other-port', false, ['firewall-off', 'other-port']],
      } as const
    )[what as 'pinhole lets in nothing else']
    const first = did('attempt', (mark) => mark.data?.when === when && mark.data?.name === name)
    // The last one counts: a setting may take its time.
    const lastOf = (step: string, target: string) =>
      marks('attempt').findLast(({ data }) => data?.when === step && data?.name === target)
    const attempt = lastOf(when, name) ?? first
    const frames = framesOf(attempt)
    const before = marks('attempt').find((mark) => mark.data?.when === 'default' && mark.data?.name === name)
    // What was never closed can't be opened, nor closed again.
    given(before?.data?.outcome === 'connected' ? undefined : before, 'DENAT-E2E-CLOSED')
    // A page without effect closes nothing either.
    if (opened) {
      const control = lastOf(...opened)
      given(control?.data?.outcome === 'connected' ? control : undefined, 'UI-FW-TOGGLE')
    }
    if (open) {
      judge.equal(
        String(attempt.data?.outcome),
        'connected',
        `Then a connection from the Internet to port ${attempt.data?.port} of the host is`,
        attempt,
        ...frames,
      )
      return
    }
    const fenced = marks('attempt-fence').findLast((mark) => mark.data?.when === when)
    const fence = given(fenced && framesOf(fenced)[0], 'DENAT-DEFAULT-1')
    const syn = frames[0] ?? attempt
    const { srcPort, dstPort } = frames[0]?.packet.tcp ?? {}
    judge.absent(
      lan.fromDut.all({ tcp: { srcPort, dstPort } }, { after: syn, before: fence }),
      `Then no connection attempt from the Internet to port ${attempt.data?.port} reaches the host.`,
      { fence, since: syn },
    )
  },
)
