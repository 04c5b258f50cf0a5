import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  type Judgement,
  on,
  optionsOf,
  pios,
  prefixContains,
  prefixLength,
  prefixUse,
  ra,
  requirement,
  serverAnswer,
  statusOf,
  the,
} from 'denat'
import { behindGateway, flow, online, refused } from '../scenarios/behind-gateway.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { manyHosts } from '../scenarios/full-house.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import {
  asker,
  delegatedPrefixes,
  globals,
  isUlaPrefix,
  linkPrefixes,
  modestRefusals,
  overlap,
  sixteenAsked,
  sixtyFours,
  subnets,
  whyUnserved,
} from '../shared/askers.ts'
import { hintLengths, hintsFence } from '../steps/home-network/prefix-hints.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

/** The hint of each router that sends a prefix as a hint, and its role. */
const named = {
  free: { role: 'hint-free', hint: 'a hint names a free prefix' },
  foreign: { role: 'hint-foreign', hint: "a hint names a prefix that is not the gateway's" },
  own: { role: 'hint-lan', hint: "a hint names the LAN's own prefix" },
  taken: { role: 'hint-taken', hint: "a hint names another router's prefix" },
}

/** One of sixteen routers that request at the same time receives a prefix; RFC9818-LPD-4 judges how many do. */
function servesOne(evidence: Evidence): void {
  const { lan, judge, given } = evidence
  subnets(evidence)
  sixteenAsked(evidence)
  const first = given(lan.toDut.first(dhcpv6('solicit', { iaPd: {} })), 'DENAT-DEFAULT-1')
  const served = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { after: first }).find((one) => globals(one).length > 0)
  judge.due(
    served,
    { after: first, seconds: serverAnswer },
    claim`Where the delegated prefix is small, the router also delegates a prefix to a router on the LAN.`,
  )
}

const servesWithHint =
  ({ role, hint }: (typeof named)['free']): Judgement =>
  (evidence) => {
    const { assume, lan } = evidence
    subnets(evidence)
    // A router that delegates no prefix at all fails without a hint.
    assume(
      lan.fromDut.all(dhcpv6('reply')).some((frame) => granted(frame).length > 0),
      'RFC9818-LPD-1',
    )
    givesPrefix(evidence, role, claim`${the.name(hint)}`)
  }

const servesWithoutHint: Judgement = (evidence) => {
  const { judge, world, every } = evidence
  subnets(evidence)
  const asked = givesPrefix(evidence, 'downstream', claim`there is no hint`)
  if ('downstream2' in world.stations) givesPrefix(evidence, 'downstream2', claim`there is no hint`)
  judge.found(
    every(subDelegated)[0]?.mark,
    { after: asked, seconds: serverAnswer },
    claim`A downstream router can use its prefix.`,
  )
}

/** A downstream router requests a prefix and receives one. Returns its first Solicit. */
function givesPrefix(evidence: Evidence, role: string, when: Claim): Frame {
  const { lan, judge, given, world } = evidence
  const link = lan.of(role)
  const clientId = { duid: world.stations[role]?.duid }
  const solicit = given(link.toDut.first(dhcpv6('solicit', { iaPd: {}, clientId })), 'RFC9818-LPD-1')
  const withPrefix = { iaPd: { iaPrefix: {} }, clientId }
  const advertised = link.fromDut.first(dhcpv6('advertise', withPrefix), { after: solicit })
  const committed = link.fromDut.first(dhcpv6('reply', { ...withPrefix, rapidCommit: {} }), { after: solicit })
  if (!advertised && !committed) evidence.assume(whyUnserved(evidence, role) === 'RFC9818-LPD-1', 'RFC9818-LPD-4')
  const offer = judge.found(
    advertised ?? committed,
    { after: solicit, seconds: serverAnswer },
    claim`Where ${when}, the router answers a Solicit with IA_PD on the LAN with an Advertise, or a Reply with Rapid Commit, that has an IA Prefix.`,
  )
  const reply = offer === committed ? offer : requested()
  function requested(): Frame {
    const request = given(link.toDut.first(dhcpv6('request', { clientId }), { after: offer }), 'RFC9818-LPD-1')
    return judge.found(
      link.fromDut.seek(dhcpv6('reply', withPrefix), { after: request }),
      { after: request, seconds: serverAnswer },
      claim`The router answers the Request with a Reply that has an IA Prefix.`,
    )
  }
  const outer = delegatedPrefixes(evidence)
  const prefixes = globals(reply)
  const outside = prefixes.filter((prefix) => !outer.some((one) => prefixContains(one, prefix)))
  judge.holds(
    prefixes.length > 0 && outside.length === 0,
    claim`the.name(item)))}. => The prefix is within the prefix that the ISP delegated, ${the.list(outer.map((item) => the.prefix(item)))}. => the.name(item)))}.`,
    claim`${the.list(
      outside.map((item) => the.name(item)),
      claim`no global prefix`,
    )}`,
    reply,
  )
  return solicit
}

/** The Reply with the only prefix that the router has, and the prefix. */
function single({ wan, at, given }: Evidence): { grant: Frame; prefix: string } {
  const { mark } = at(online)
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { before: mark })
  const grant = given(
    grants.findLast((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  return { grant, prefix: granted(grant)[0] as string }
}

/** Any of its LANs: a router with several assigns a single /64 to one of them. */
const linkHasIt: Judgement = (evidence) => {
  const { lan, judge } = evidence
  const { grant, prefix } = single(evidence)
  const pioOf = (frame: Frame) => pios(frame).find((pio) => pio.prefix === prefix && pio.validLifetime > 0)
  const advertised = judge.due(
    lan.fromDut.all(ra(), { after: grant }).find(pioOf),
    { after: grant, seconds: prefixUse },
    claim`The router advertises ${the.prefix(prefix)}, its only prefix, on the LAN.`,
  )
  judge.equal(pioOf(advertised)?.autonomous, true, claim`Hosts may form addresses from it (A flag)`, advertised)
}

/** Where no prefix is left for routers, RFC 8415 section 18.3.9 requires NoPrefixAvail; a router that does not answer delegates no prefix either. */
const routerHasNone: Judgement = (evidence) => {
  const { lan, judge, given, at } = evidence
  const { grant, prefix } = single(evidence)
  const { answer, mark } = at(refused)
  const held = given(
    lan.fromDut.all(ra(), { after: grant }).find((frame) => pios(frame).some((pio) => pio.prefix === prefix)),
    'RFC9818-LPD-2',
  )
  const fence = given(at(flow, (one) => one.mark.at > mark.at).reply, 'DENAT-DEFAULT-1')
  judge.absent(
    lan.fromDut.all(dhcpv6('advertise', { iaPd: {} }), { after: held }).filter((frame) => globals(frame).length > 0),
    claim`The router offers no global prefix to a requesting router.`,
    { fence, since: held },
  )
  const statuses = answer && dhcpv6OptionsOf(answer, 'ia-pd').map(statusOf)
  judge.note(
    statuses ? claim`The answer has the status ${the.list(statuses)}.` : claim`The router sends no answer.`,
    answer ?? mark,
  )
}

function ownPrefixNamed(evidence: Evidence): void {
  const { judge, given } = evidence
  given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
  const { solicit, reply, prefixes } = asker(evidence, 'hint-lan')
  const granting = judge.found(
    reply,
    { after: solicit, seconds: serverAnswer },
    claim`Where ${the.name(named.own.hint)}, the router that sent the hint receives another prefix.`,
  )
  const links = linkPrefixes(evidence)
  judge.holds(
    !prefixes.some((prefix) => links.some((link) => overlap(link, prefix))),
    claim`The router does not delegate the prefix of a LAN link, even where a hint requests it.`,
    claim`${the.list(prefixes.filter((prefix) => links.some((link) => overlap(link, prefix))).map((item) => the.prefix(item)))}`,
    solicit,
    granting,
  )
}

/** All routers that request a prefix and release none before all prefixes are delegated. */
const roles = Array.from({ length: 16 }, (_, index) => `router-${index + 1}`)

/** Links without a LAN port, such as a guest network, may have a /64 each. */
const unseenLinks = 4

/** The first prefix that the ISP delegated. */
function outerOf(evidence: Evidence): string {
  const [outer] = delegatedPrefixes(evidence)
  evidence.assume(outer !== undefined, 'RFC7084-W-4')
  return outer as string
}

function noneRefused(evidence: Evidence): void {
  const { judge, lan, given, at } = evidence
  subnets(evidence)
  const { mark: over } = at(hintsFence)
  const outer = outerOf(evidence)
  const answers = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before: over })
  const first = given(
    answers.find((reply) => globals(reply).length > 0),
    'RFC9818-LPD-1',
  )
  const [refusal] = modestRefusals(evidence).filter(({ number }) => number < over.number)
  // A prefix that was offered is not free for others.
  const offers = lan.fromDut.all(dhcpv6('advertise', { iaPd: {} }), { before: over })
  const used = [...new Set([...answers, ...offers].flatMap(globals))].reduce((sum, one) => sum + sixtyFours(one), 0)
  const free = sixtyFours(outer) - linkPrefixes(evidence).length - unseenLinks - used
  judge.holds(
    refusal === undefined || free <= 0,
    claim`While a part of ${the.prefix(outer)} is free, the router refuses no requesting router.`,
    claim`NoPrefixAvail, though ${free} of ${sixtyFours(outer)} /64 are on no link and are not delegated`,
    refusal ?? first,
  )
}

const anotherIsGiven: Judgement = (evidence) => {
  const { judge, given } = evidence
  subnets(evidence)
  given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
  const { solicit, reply, prefixes } = asker(evidence, named.taken.role)
  const granting = judge.found(
    reply,
    { after: solicit, seconds: serverAnswer },
    claim`Where ${the.name(named.taken.hint)}, the router that sent the hint receives another prefix.`,
  )
  const before = asker(evidence, 'no-hint').prefixes
  const shared = prefixes.filter((prefix) => before.some((other) => overlap(other, prefix)))
  judge.holds(
    shared.length === 0,
    claim`The router does not delegate the prefix of one router to another, even where a hint requests it.`,
    claim`${the.list(shared.map((item) => the.name(item)))}`,
    granting,
  )
}

/** Replies to the routers that requested prefixes until none was left. */
function repliesToAll(evidence: Evidence) {
  const { given, world } = evidence
  subnets(evidence)
  const { mark: over } = sixteenAsked(evidence)
  const askers = roles.filter((role) => role in world.stations).map((role) => asker(evidence, role))
  const replies = askers.flatMap(({ reply }) => (reply && reply.number <= over.number ? [reply] : []))
  given(replies[0], 'RFC9818-LPD-1')
  return { over, replies, links: linkPrefixes(evidence) }
}

const eachHasItsOwn: Judgement = (evidence) => {
  const { replies, links } = repliesToAll(evidence)
  const held = new Set<string>()
  evidence.judge.each(
    replies,
    claim`The prefix of each router overlaps neither with that of another router nor with that of a LAN link.`,
    (reply) => {
      for (const prefix of globals(reply)) {
        if ([...links, ...held].some((other) => overlap(other, prefix))) return claim`${the.prefix(prefix)}`
        held.add(prefix)
      }
      return undefined
    },
  )
}

const allIsGiven: Judgement = (evidence) => {
  const { judge, lan } = evidence
  const { over, replies, links } = repliesToAll(evidence)
  const outer = outerOf(evidence)
  const all = sixtyFours(outer)
  const delegated = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before: over }).flatMap(globals)
  // Some routers delegate more than a /64 while enough are free.
  const count = [...new Set(delegated)].reduce((sum, prefix) => sum + sixtyFours(prefix), 0)
  judge.holds(
    count >= all - links.length - unseenLinks,
    claim`Of ${all} /64 in ${the.prefix(outer)}, all that are on no LAN link are available to other routers.`,
    claim`${links.length} are on links, ${count} were delegated to requesting routers`,
    over,
    ...replies.slice(-1),
  )
  judge.note(claim`${links.length} prefixes are on LAN links, ${count} were delegated, of ${all}.`, over)
}

const lengthCase = (length: number): string => (length ? `hint ::/${length}` : 'no hint')

/** The prefix length that a cascade of two levels needs (DENAT-PD-4): the document and the policy differ. */
const ofCascades: readonly number[] = [60, 62]

const isOne64 =
  (length: number): Judgement =>
  (evidence) => {
    const { judge, given } = evidence
    given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
    const { solicit, reply, prefixes } = asker(evidence, length ? `hint-${length}` : 'no-hint')
    const granting = judge.found(
      reply,
      { after: solicit, seconds: serverAnswer },
      claim`A router that sends ${the.name(lengthCase(length))} receives a prefix.`,
    )
    const expected = ofCascades.includes(length)
      ? claim`By default RFC 9818 delegates a /64 to a router; a shorter prefix permits further sub-delegation, as the policy requires (DENAT-PD-4). The length of the delegated prefix`
      : claim`By default the length of the delegated prefix`
    for (const prefix of prefixes) judge.equal(prefixLength(prefix), 64, expected, granting)
  }

/** The first Reply with a lease for the first downstream router, where the LAN has a ULA prefix. */
function grantWithUla(evidence: Evidence) {
  const { lan, world, given, judge, every, notApplicable } = evidence
  subnets(evidence)
  const held = given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  const ula = lan.fromDut.all(ra()).find((frame) => pios(frame).some(({ prefix }) => isUlaPrefix(prefix)))
  if (!ula) return notApplicable(claim`The LAN has no ULA prefix.`, held)
  judge.note(claim`The LAN has a ULA prefix.`, ula)
  const clientId = { duid: world.stations.downstream?.duid }
  const replies = lan.of('downstream').fromDut.all(dhcpv6('reply', { clientId }))
  return given(
    replies.find((frame) => granted(frame).length > 0),
    'RFC9818-LPD-1',
  )
}

export const requirements = [
  requirement('RFC9818-LPD-1', {
    'no hint': on([longSessions, flashRenumbering], servesWithoutHint),
    'no hint, of a /60': on(slaacWan, servesOne),
    [named.free.hint]: on(manyHosts, servesWithHint(named.free)),
    [named.foreign.hint]: on(manyHosts, servesWithHint(named.foreign)),
  }),

  requirement('RFC9818-LPD-2', {
    [named.own.hint]: on(manyHosts, ownPrefixNamed),
    'of a single /64: the LAN has it': on(behindGateway, linkHasIt),
    'of a single /64: no router has it': on(behindGateway, routerHasNone),
  }),

  requirement('RFC9818-LPD-4', {
    'all that is left': on(slaacWan, allIsGiven),
    'a prefix of its own': on(slaacWan, eachHasItsOwn),
    [named.taken.hint]: on(manyHosts, anotherIsGiven),
    'nobody is refused while some are free': on(manyHosts, noneRefused),
  }),

  requirement(
    'RFC9818-LPD-7',
    Object.fromEntries(
      hintLengths.map((length) => [
        lengthCase(length),
        on(manyHosts, isOne64(length), ofCascades.includes(length) ? { level: 'SHOULD' } : {}),
      ]),
    ),
  ),

  requirement('RFC9818-LPD-8', longSessions, (evidence) => {
    const reply = grantWithUla(evidence)
    evidence.judge.holds(
      globals(reply).length > 0,
      claim`With a ULA prefix on the LAN, the router also delegates a global prefix.`,
      claim`${the.list(granted(reply).map((item) => the.prefix(item)))}`,
      reply,
    )
  }),

  requirement('RFC9818-LPD-9', longSessions, (evidence) => {
    const { judge, assume, notApplicable } = evidence
    const reply = grantWithUla(evidence)
    if (!granted(reply).some(isUlaPrefix)) return notApplicable(claim`The router delegates no ULA prefix.`, reply)
    assume(globals(reply).length > 0, 'RFC9818-LPD-8')
    for (const ia of dhcpv6OptionsOf(reply, 'ia-pd')) {
      const order = optionsOf(ia, 'ia-prefix').map(({ prefix }) => prefix)
      judge.holds(
        !order.some((prefix, index) => !isUlaPrefix(prefix) && order.slice(0, index).some(isUlaPrefix)),
        claim`Global prefixes precede ULA prefixes in the IA_PD.`,
        claim`${the.list(order.map((item) => the.name(item)))}`,
        reply,
      )
    }
  }),
]
