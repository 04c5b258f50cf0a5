import {
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  isLinkLocal,
  isUla,
  type Judgement,
  type LinkView,
  type Mark,
  ndOptionsOf,
  network,
  on,
  parsePrefix,
  pios,
  ra,
  requirement,
  scenarioEnds,
  type Where,
} from 'denat'
import { beforeLoss, localPing } from '../scenarios/evening/loss-of-default-router.ts'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { keeping, kept } from '../scenarios/keeps.ts'
import { renumberingBegins, renumberingOver } from '../scenarios/renumber.ts'
import { anotherPrefix, factoryReset, restart, restarted } from '../scenarios/restart.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { afterWithdrawal } from '../scenarios/withdrawal.ts'
import { defaultRoute } from '../steps/default-route.ts'

const ofUla = (prefix: string): boolean => isUla(prefix.split('/')[0] as string)

/** Unique local /64s that an RA has in force. */
const ulas = (frame: Frame): string[] =>
  [
    ...new Set(pios(frame).flatMap((pio) => (pio.validLifetime > 0 && ofUla(pio.prefix) ? [network(pio.prefix)] : []))),
  ].sort()

/** The /48 that a unique local prefix is out of. */
const site = (prefix: string): string => network(`${prefix.split('/')[0]}/48`)

const advertising = (link: Pick<LinkView, 'fromDut'>, where: { after?: Mark | Frame; before?: Mark | Frame } = {}) =>
  link.fromDut.all(ra(), where).filter((frame) => ulas(frame).length > 0)

/** The LAN has a ULA prefix only while it has no other, as it were a substitute: no clause says when it has one. */
const isSubstitute = (link: Pick<LinkView, 'fromDut'>, before: Mark): boolean => {
  const last = link.fromDut.all(ra(), { before }).findLast((frame) => pios(frame).length > 0)
  return last !== undefined && ulas(last).length === 0
}
const substitute = 'The router advertises a ULA prefix only while there is no other.'

/** Not applicable to a router that advertises none by itself: none of its settings was touched. */
function advertised({ lan, notApplicable, at }: Evidence): Frame {
  const [first] = advertising(lan)
  return first ?? notApplicable('As it leaves the factory the router advertises no ULA prefix.', at(scenarioEnds).mark)
}

/** So many octets of a Global ID of 40 bits are 0 by chance in one home of a million. */
const unlikelyZeros = 3

/** RAs with a ULA prefix before the restarts. */
function beforeRestarts(evidence: Evidence): { first: Frame; sites: string[] } {
  const { lan, at, notApplicable } = evidence
  const ever = advertised(evidence)
  const all = advertising(lan, { before: at(restarted).mark })
  return { first: all[0] ?? notApplicable(substitute, ever), sites: [...new Set(all.flatMap(ulas).map(site))] }
}

const isLocallyAssigned: Judgement = (evidence) => {
  const { judge } = evidence
  const { first, sites } = beforeRestarts(evidence)
  const own = sites[0] as string
  judge.holds(own.startsWith('fd'), 'The ULA prefix is locally assigned (fd00::/8).', own, first)
  judge.holds(sites.length === 1, 'The ULA prefixes of all LANs are out of one /48.', sites.join(', '), first)
  judge.holds(own !== 'fd00::/48', 'Its Global ID is not 0.', own, first)
  const zeros = [...parsePrefix(own).address.subarray(1, 6)].filter((octet) => octet === 0).length
  judge.holds(zeros < unlikelyZeros, 'Its Global ID looks drawn, all 40 bits of it.', own, first)
}

const isDrawnAnew: Judgement = (evidence) => {
  const { lan, judge, given, at, every, notApplicable } = evidence
  const [reset] = every(factoryReset)
  if (!reset && isSubstitute(lan.of('host'), at(anotherPrefix).mark)) notApplicable(substitute, advertised(evidence))
  const { first, sites } = beforeRestarts(evidence)
  // Without one that a host formed there was nothing to compare.
  given(reset?.mark, 'RFC7084-L-6')
  const again = given(reset?.advertised, 'RFC7084-L-1')
  const now = ulas(again).map(site)
  judge.holds(
    !now.includes(sites[0] as string),
    `A factory reset makes another prefix than ${sites[0]}: its Global ID is drawn, and not the same for ever.`,
    now.join(', '),
    first,
    again,
  )
}

requirement('RFC7084-ULA-1', {
  'Global ID': on(restart, isLocallyAssigned),
  'after a factory reset': on(restart, isDrawnAnew),
})

/** What a LAN was advertised before something happened, and what it is advertised when that is over. */
interface Course {
  begun: Mark
  over: Mark
  last: Frame | undefined
}

const isKept =
  (courseOf: (evidence: Evidence, link: LinkView) => Course): Judgement =>
  (evidence) => {
    const { lan, judge, given, notApplicable } = evidence
    advertised(evidence)
    const link = lan.of('host')
    const { begun, over, last } = courseOf(evidence, link)
    const known = advertising(link, { before: begun }).at(-1)
    if (!known && isSubstitute(link, begun)) notApplicable(substitute, begun)
    const before = given(known, 'RFC7084-L-1')
    const after = isSubstitute(link, begun)
      ? (advertising(link, { after: begun, before: over }).at(-1) ?? notApplicable(substitute, before))
      : given(last, 'RFC7084-L-1')
    judge.equal(ulas(after).join(', '), ulas(before).join(', '), 'The ULA prefix of the LAN', before, after)
    const routes = (frame: Frame) =>
      ndOptionsOf(frame, 'route-information')
        .flatMap(({ prefix, lifetime }) => (ofUla(prefix) && lifetime > 0 ? [network(prefix)] : []))
        .sort()
        .join(', ')
    judge.equal(routes(after), routes(before), 'The route that is announced for ULAs', before, after)
  }

const throughRestart = (kind: 'reboot' | 'power-cut') =>
  isKept(({ at }, link) => {
    const { mark: begun } = at(keeping, (one) => one.kind === kind)
    const { mark: over, asked, advertised: answer } = at(kept, (one) => one.kind === kind)
    const settled = advertising(link, { ...(asked && { after: asked }), before: over }).at(-1)
    return { begun, over, last: settled ?? answer }
  })

requirement('RFC7084-ULA-2', {
  reboot: on(restart, throughRestart('reboot')),
  'power cut': on(restart, throughRestart('power-cut')),
  'new prefix': on(
    flashRenumbering,
    isKept(({ at }, link) => {
      const [begun, over] = [at(renumberingBegins).mark, at(renumberingOver).mark]
      return { begun, over, last: link.fromDut.last(ra(), { after: begun, before: over }) }
    }),
  ),
})

/** Where each prefix that is in force is unique local, hosts have no default router. */
function hasNoRouter(evidence: Evidence, span: Where, blocker: string): void {
  const { lan, judge, given } = evidence
  const sent = advertising(lan.of('host'), span).filter(
    (frame) => !pios(frame).some((pio) => pio.validLifetime > 0 && !ofUla(pio.prefix)),
  )
  judge.each(
    [given(sent[0], blocker), ...sent],
    'Where all prefixes are unique local, the Router Lifetime is 0, and there is no default route beside it.',
    defaultRoute,
  )
}

requirement('RFC7084-ULA-5', {
  'before a delegation': on(silentServer, (evidence) => {
    const { wan, given } = evidence
    advertised(evidence)
    const heard = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    const request = wan.fromDut.first({ dhcp6: { type: 'request' } })
    hasNoRouter(evidence, { after: heard, ...(request && { before: request }) }, 'RFC7084-L-1')
  }),
  'after the withdrawal': on(flashRenumbering, (evidence) => {
    const { wan, every, given } = evidence
    advertised(evidence)
    const after = given(every(afterWithdrawal)[0]?.mark, 'RFC8415-18.2.4-RENEW')
    const again = wan.toDut.all(dhcpv6('reply'), { after }).find((frame) => granted(frame).length > 0)
    hasNoRouter(evidence, { after, ...(again && { before: again }) }, 'RFC9096-3.5-WANZERO')
  }),
})

requirement('RFC4193-ULA-LOCAL', evening, (evidence) => {
  const { lan, judge, assume, at, notApplicable } = evidence
  const first = advertised(evidence)
  const { from, to, reply, mark: pinged } = at(localPing)
  // Leased before there was another prefix, an address in it may still be held.
  if (!(from && to) && isSubstitute(lan.of('host'), pinged)) notApplicable(substitute, first)
  assume(from !== undefined, 'RFC7084-L-6')
  const heard = lan.of('neighbour').fromDut.all(ra(), { after: at(beforeLoss).mark })
  const sound = heard.length === 0 || heard.some(({ packet: { ip6 } }) => ip6 && isLinkLocal(ip6.src))
  const prefixes = heard.flatMap(pios)
  const byPrefix = prefixes.length > 0 && !prefixes.some(({ autonomous }) => autonomous) ? 'RFC7084-L-6' : 'RFC7084-L-2'
  assume(to !== undefined, sound ? byPrefix : 'RFC7084-L-1')
  judge.found(reply, pinged, `While the line is down, ${from} on the LAN reaches ${to}.`, first)
  const routed = lan.segments.length > 1 && lan.of('host').name !== lan.of('neighbour').name
  judge.note(routed ? 'They are on different links.' : 'They are on one link, as the router bridges its ports.', pinged)
})
