import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  optionsOf,
  pios,
  prefixContains,
  prefixLength,
  prefixUse,
  ra,
  requirement,
  serverAnswer,
  statusOf,
} from 'denat'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { fullHouse } from '../scenarios/full-house.ts'
import { hintLengths } from '../scenarios/house/prefix-hints.ts'
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
} from './askers.ts'

/** Routers whose hint names a prefix, by what it names. */
const named: Record<string, string> = {
  'a hint names a free prefix': 'hint-free',
  "a hint names a prefix that is not the gateway's": 'hint-foreign',
  "a hint names the LAN's own prefix": 'hint-lan',
  "a hint names another router's prefix": 'hint-taken',
}
const [free = '', foreign = '', own = '', taken = ''] = Object.keys(named)

const ofA60 = 'no hint, of a /60'

/** Of sixteen that ask at once one is served: how many are is RFC9818-LPD-4's. */
function servesSomebody(evidence: Evidence): void {
  const { lan, judge, given } = evidence
  sixteenAsked(evidence)
  const first = given(lan.toDut.first(dhcpv6('solicit', { iaPd: {} })), 'DENAT-DEFAULT-1')
  const served = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { after: first }).find((one) => globals(one).length > 0)
  judge.due(
    served,
    { after: first, seconds: serverAnswer },
    'Where little is delegated a router on the LAN is given a prefix too.',
  )
}

requirement(
  'RFC9818-LPD-1',
  { cases: { 'no hint': [evening, flashRenumbering], [ofA60]: slaacWan, [free]: fullHouse, [foreign]: fullHouse } },
  (evidence) => {
    const { case: what, judge, world, marks, assume, lan } = evidence
    subnets(evidence)
    if (what === ofA60) return servesSomebody(evidence)
    const hinting = named[what]
    if (hinting) {
      const served = lan.fromDut.all(dhcpv6('reply')).some((frame) => granted(frame).length > 0)
      // Who gives no router a prefix fails without a hint.
      assume(served, 'RFC9818-LPD-1')
      return void givesPrefix(evidence, hinting, what)
    }
    const asked = givesPrefix(evidence, 'downstream', 'there is no hint')
    if ('downstream2' in world.stations) givesPrefix(evidence, 'downstream2', 'there is no hint')
    judge.found(
      marks('sub-delegated')[0],
      { after: asked, seconds: serverAnswer },
      'A downstream router can use what it is given.',
    )
  },
)

/** A downstream router asks for a prefix, and is given one. Its first Solicit. */
function givesPrefix(evidence: Evidence, role: string, when: string): Frame {
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
    `Where ${when}, a Solicit with IA_PD on the LAN is answered by an Advertise, or by a Reply with Rapid Commit, with an IA Prefix.`,
  )
  const reply = offer === committed ? offer : requested()
  function requested(): Frame {
    const request = given(link.toDut.first(dhcpv6('request', { clientId }), { after: offer }), 'RFC9818-LPD-1')
    return judge.found(
      link.fromDut.seek(dhcpv6('reply', withPrefix), { after: request }),
      { after: request, seconds: serverAnswer },
      'The Request is answered by a Reply with an IA Prefix.',
    )
  }
  const outer = delegatedPrefixes(evidence)
  const prefixes = globals(reply)
  const foreign = prefixes.filter((prefix) => !outer.some((one) => prefixContains(one, prefix)))
  judge.holds(
    prefixes.length > 0 && foreign.length === 0,
    `It is a prefix out of what the ISP delegated, ${outer.join(', ')}.`,
    foreign.join(', ') || 'no global prefix',
    reply,
  )
  return solicit
}

const single = { link: 'of a single /64: the LAN has it', router: 'of a single /64: no router has it' }

requirement(
  'RFC9818-LPD-2',
  { cases: { [own]: fullHouse, [single.link]: behindGateway, [single.router]: behindGateway } },
  (evidence) => (evidence.case === own ? ownPrefixNamed(evidence) : singlePrefix(evidence)),
)

/** Where nothing is left for routers, RFC 8415 section 18.3.9 asks for NoPrefixAvail; silence gives nothing away either. */
function singlePrefix(evidence: Evidence): void {
  const { case: what, lan, judge, did, given, assume, framesOf, wan } = evidence
  const online = did('online')
  const grant = given(wan.toDut.last(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { before: online }), 'RFC7084-W-4')
  const [prefix] = granted(grant)
  assume(prefix !== undefined, 'RFC7084-W-4')
  // Whichever LAN it is.
  const link = lan.fromDut
  if (what === single.link) {
    const given = (frame: Frame) => pios(frame).find((pio) => pio.prefix === prefix && pio.validLifetime > 0)
    const told = judge.due(
      link.all(ra(), { after: grant }).find(given),
      { after: grant, seconds: prefixUse },
      `The LAN is given ${prefix}, the only prefix there is.`,
    )
    judge.equal(given(told)?.autonomous, true, 'Hosts may form addresses from it', told)
    return
  }
  const refused = did('refused')
  const held = given(
    link.all(ra(), { after: grant }).find((frame) => pios(frame).some((pio) => pio.prefix === prefix)),
    'RFC9818-LPD-2',
  )
  const [answer] = framesOf(refused)
  const fence = given(framesOf(did('flow', (mark) => mark.at > refused.at))[0], 'DENAT-DEFAULT-1')
  judge.absent(
    lan.fromDut.all(dhcpv6('advertise', { iaPd: {} }), { after: held }).filter((frame) => globals(frame).length > 0),
    'A router that asks is offered no global prefix.',
    { fence, since: held },
  )
  const status = answer && dhcpv6OptionsOf(answer, 'ia-pd').map(statusOf)
  judge.note(status ? `It is told status ${status.join(', ')}.` : 'It is told nothing.', answer ?? refused)
}

function ownPrefixNamed(evidence: Evidence): void {
  const { judge, given } = evidence
  given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
  const { solicit, reply, prefixes } = asker(evidence, 'hint-lan')
  const granting = judge.found(
    reply,
    { after: solicit, seconds: serverAnswer },
    `Where ${own}, the router that sent it is given another.`,
  )
  const links = linkPrefixes(evidence)
  judge.holds(
    !prefixes.some((prefix) => links.some((link) => overlap(link, prefix))),
    'What a LAN link has is given to no router, though it asks for it.',
    prefixes.filter((prefix) => links.some((link) => overlap(link, prefix))).join(', '),
    solicit,
    granting,
  )
}

/** All that ask for a prefix and give none back before all is given. */
const roles = Array.from({ length: 16 }, (_, index) => `router-${index + 1}`)
/** Links that no LAN port shows, such as a guest network, may have a /64 each. */
const unseenLinks = 4

const room = 'nobody is refused while some are free'

function noneRefused(evidence: Evidence): void {
  const { judge, lan, given, did } = evidence
  const over = did('hints-fence')
  const [outer = '::/64'] = delegatedPrefixes(evidence)
  const answers = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before: over })
  const first = given(
    answers.find((reply) => globals(reply).length > 0),
    'RFC9818-LPD-1',
  )
  const [refusal] = modestRefusals(evidence).filter(({ number }) => number < over.number)
  // What was offered is not free for others.
  const offers = lan.fromDut.all(dhcpv6('advertise', { iaPd: {} }), { before: over })
  const used = [...new Set([...answers, ...offers].flatMap(globals))].reduce((sum, one) => sum + sixtyFours(one), 0)
  const free = sixtyFours(outer) - linkPrefixes(evidence).length - unseenLinks - used
  judge.holds(
    refusal === undefined || free <= 0,
    `While some of ${outer} is free no router that asks for a prefix is refused.`,
    `NoPrefixAvail, though ${free} of ${sixtyFours(outer)} /64 are on no link and were given to nobody`,
    refusal ?? first,
  )
}

requirement(
  'RFC9818-LPD-4',
  { cases: { 'all that is left': slaacWan, 'a prefix of its own': slaacWan, [taken]: fullHouse, [room]: fullHouse } },
  (evidence) => {
    const { case: what, judge, given, lan, world } = evidence
    subnets(evidence)
    if (what === room) return noneRefused(evidence)
    if (what === taken) {
      given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
      const { solicit, reply, prefixes } = asker(evidence, 'hint-taken')
      const granting = judge.found(
        reply,
        { after: solicit, seconds: serverAnswer },
        `Where ${taken}, the router that sent it is given another.`,
      )
      const before = asker(evidence, 'no-hint').prefixes
      judge.holds(
        !prefixes.some((prefix) => before.some((other) => overlap(other, prefix))),
        'What one router holds is given to no other, though it asks for it.',
        prefixes.filter((prefix) => before.some((other) => overlap(other, prefix))).join(', '),
        granting,
      )
      return
    }
    const over = sixteenAsked(evidence)
    const askers = roles.filter((role) => role in world.stations).map((role) => asker(evidence, role))
    const replies = askers.flatMap(({ reply }) => (reply && reply.number <= over.number ? [reply] : []))
    const links = linkPrefixes(evidence)
    given(replies[0], 'RFC9818-LPD-1')
    if (what === 'a prefix of its own') {
      const held = new Set<string>()
      judge.each(
        replies,
        'Each router has a prefix that neither another router nor a LAN link has in part.',
        (reply) => {
          for (const prefix of globals(reply)) {
            if ([...links, ...held].some((other) => overlap(other, prefix))) return prefix
            held.add(prefix)
          }
          return undefined
        },
      )
      return
    }
    const [outer = '::/64'] = delegatedPrefixes(evidence)
    const all = sixtyFours(outer)
    const handedOn = lan.fromDut.all(dhcpv6('reply', { iaPd: {} }), { before: over }).flatMap(globals)
    // Some give more than a /64 while there is enough.
    const count = [...new Set(handedOn)].reduce((sum, prefix) => sum + sixtyFours(prefix), 0)
    judge.holds(
      count >= all - links.length - unseenLinks,
      `Of ${all} /64 in ${outer}, all that no link of the LAN has are there for other routers.`,
      `${links.length} are on links, ${count} were given to routers that asked`,
      over,
      ...replies.slice(-1),
    )
    judge.note(`${links.length} prefixes are on LAN links, ${count} were delegated, of ${all}.`, over)
  },
)

const lengthCase = (length: number): string => (length ? `hint ::/${length}` : 'no hint')

/** What a cascade of two levels asks for (DENAT-PD-4): here the document and the policy want different things. */
const ofCascades = [60, 62]

requirement(
  'RFC9818-LPD-7',
  {
    cases: Object.fromEntries(hintLengths.map((length) => [lengthCase(length), fullHouse])),
    levels: Object.fromEntries(ofCascades.map((length) => [lengthCase(length), 'SHOULD' as const])),
  },
  (evidence) => {
    const { case: what, judge, given } = evidence
    given(asker(evidence, 'no-hint').reply, whyUnserved(evidence, 'no-hint'))
    const length = hintLengths.find((one) => lengthCase(one) === what)
    const { solicit, reply, prefixes } = asker(evidence, length ? `hint-${length}` : 'no-hint')
    const granting = judge.found(
      reply,
      { after: solicit, seconds: serverAnswer },
      `A router that sends ${what} is given a prefix.`,
    )
    const claim =
      length && ofCascades.includes(length)
        ? 'With no setting made, RFC 9818 has a router be given a /64; what is shorter lets it hand prefixes on in its turn, which the policy wants (DENAT-PD-4). The length of what it is given is'
        : 'With no setting made, the length of what it is given is'
    for (const prefix of prefixes) judge.equal(prefixLength(prefix), 64, claim, granting)
  },
)

/** The first Reply that grants the first downstream router something, where the LAN has a ULA prefix. */
function grantBesideUla(evidence: Evidence) {
  const { lan, world, given, judge, marks, notApplicable } = evidence
  subnets(evidence)
  const held = given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const ula = lan.fromDut.all(ra()).find((frame) => pios(frame).some(({ prefix }) => isUlaPrefix(prefix)))
  if (!ula) return notApplicable('The LAN has no ULA prefix.', held)
  judge.note('The LAN has a ULA prefix.', ula)
  const clientId = { duid: world.stations.downstream?.duid }
  const replies = lan.of('downstream').fromDut.all(dhcpv6('reply', { clientId }))
  return given(
    replies.find((frame) => granted(frame).length > 0),
    'RFC9818-LPD-1',
  )
}

requirement('RFC9818-LPD-8', evening, (evidence) => {
  const reply = grantBesideUla(evidence)
  evidence.judge.holds(
    globals(reply).length > 0,
    'With a ULA prefix on the LAN, a router is still given a global prefix.',
    granted(reply).join(', '),
    reply,
  )
})

requirement('RFC9818-LPD-9', evening, (evidence) => {
  const { judge, given, notApplicable } = evidence
  const reply = grantBesideUla(evidence)
  if (!granted(reply).some(isUlaPrefix)) return notApplicable('No ULA prefix is delegated.', reply)
  given(globals(reply).length > 0 ? reply : undefined, 'RFC9818-LPD-8')
  for (const ia of dhcpv6OptionsOf(reply, 'ia-pd')) {
    const order = optionsOf(ia, 'ia-prefix').map(({ prefix }) => prefix)
    judge.holds(
      !order.some((prefix, index) => !isUlaPrefix(prefix) && order.slice(0, index).some(isUlaPrefix)),
      'Global prefixes stand before ULA prefixes.',
      order.join(', '),
      reply,
    )
  }
})
