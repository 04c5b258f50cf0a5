import {
  type Evidence,
  type Frame,
  isLinkLocal,
  isUla,
  type LinkView,
  type Mark,
  ndOptionsOf,
  network,
  parseIpv6,
  pios,
  ra,
  raOf,
  requirement,
} from 'denat'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { silentServer } from '../scenarios/silent-server.ts'

const ofUla = (prefix: string): boolean => isUla(prefix.split('/')[0] ?? '')

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
function advertised({ lan, notApplicable, did }: Evidence): Frame {
  const [first] = advertising(lan)
  return first ?? notApplicable('As it leaves the factory the router advertises no ULA prefix.', did('end'))
}

/** So many octets of a Global ID of 40 bits are 0 by chance in one home of a million. */
const unlikelyZeros = 3

requirement('RFC7084-ULA-1', { cases: { 'Global ID': restart, 'after a factory reset': restart } }, (evidence) => {
  const { case: what, lan, judge, given, did, marks, framesOf } = evidence
  const first = advertised(evidence)
  const all = advertising(lan, { before: did('restart') })
  const sites = [...new Set(all.flatMap(ulas).map(site))]
  const [own = ''] = sites
  if (what === 'Global ID') {
    judge.holds(own.startsWith('fd'), 'The ULA prefix is locally assigned (fd00::/8).', own, first)
    judge.holds(sites.length === 1, 'The ULA prefixes of all LANs are out of one /48.', sites.join(', '), first)
    judge.holds(own !== 'fd00::/48', 'Its Global ID is not 0.', own, first)
    const zeros = [...parseIpv6(own.split('/')[0] ?? '::').subarray(1, 6)].filter((octet) => octet === 0).length
    return judge.holds(zeros < unlikelyZeros, 'Its Global ID looks drawn, all 40 bits of it.', own, first)
  }
  const [reset] = marks('reset')
  if (!reset && isSubstitute(lan.of('host'), did('another-prefix'))) evidence.notApplicable(substitute, first)
  // Without one that a host formed there was nothing to compare.
  const again = given(framesOf(given(reset, 'RFC7084-L-6'))[0], 'RFC7084-L-1')
  const now = ulas(again).map(site)
  judge.holds(
    !now.includes(own),
    `A factory reset makes another prefix than ${own}: its Global ID is drawn, and not the same for ever.`,
    now.join(', '),
    first,
    again,
  )
})

requirement(
  'RFC7084-ULA-2',
  { cases: { reboot: restart, 'power cut': restart, 'new prefix': flashRenumbering } },
  (evidence) => {
    const { case: event, lan, judge, given, did, framesOf, notApplicable } = evidence
    advertised(evidence)
    const kind = event === 'power cut' ? 'power-cut' : event
    const [begun, over] =
      event === 'new prefix'
        ? [did('renumbering'), did('renumbering-over')]
        : [did('keeping', ({ data }) => data?.kind === kind), did('kept', ({ data }) => data?.kind === kind)]
    const link = lan.of('host')
    const told = advertising(link, { before: begun }).at(-1)
    if (!told && isSubstitute(link, begun)) notApplicable(substitute, begun)
    const before = given(told, 'RFC7084-L-1')
    const course = { after: begun, before: over }
    const [asked, answer] = framesOf(over)
    const last =
      event === 'new prefix'
        ? link.fromDut.last(ra(), course)
        : (advertising(link, { after: asked, before: over }).at(-1) ?? answer)
    const after = isSubstitute(link, begun)
      ? (advertising(link, course).at(-1) ?? notApplicable(substitute, before))
      : given(last, 'RFC7084-L-1')
    judge.equal(ulas(after).join(', '), ulas(before).join(', '), 'The ULA prefix of the LAN', before, after)
    const routes = (frame: Frame) =>
      ndOptionsOf(frame, 'route-information')
        .flatMap(({ prefix, lifetime }) => (ofUla(prefix) && lifetime > 0 ? [network(prefix)] : []))
        .sort()
        .join(', ')
    judge.equal(routes(after), routes(before), 'The route that is announced for ULAs', before, after)
  },
)

requirement(
  'RFC7084-ULA-5',
  { cases: { 'before a delegation': silentServer, 'after the withdrawal': flashRenumbering } },
  (evidence) => {
    const { case: when, wan, lan, judge, given, marks } = evidence
    advertised(evidence)
    const heard = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    const after = when === 'before a delegation' ? heard : given(marks('after-withdrawal')[0], 'RFC8415-18.2.4-RENEW')
    const before = when === 'before a delegation' ? wan.fromDut.first({ dhcp6: { type: 'request' } }) : undefined
    const sent = advertising(lan.of('host'), { after, ...(before && { before }) }).filter(
      (frame) => !pios(frame).some((pio) => pio.validLifetime > 0 && !ofUla(pio.prefix)),
    )
    judge.each(
      [given(sent[0], before ? 'RFC7084-L-1' : 'RFC9096-3.5-WANZERO'), ...sent],
      'Where all prefixes are unique local, the Router Lifetime is 0.',
      (frame) => (raOf(frame).routerLifetime === 0 ? undefined : `Router Lifetime ${raOf(frame).routerLifetime}`),
    )
  },
)

requirement('RFC4193-ULA-LOCAL', evening, (evidence) => {
  const { lan, judge, given, did, framesOf } = evidence
  const first = advertised(evidence)
  const pinged = did('local-ping')
  const { from, to } = pinged.data as { from?: string; to?: string }
  if (!from && isSubstitute(lan.of('host'), pinged)) evidence.notApplicable(substitute, first)
  given(from ? pinged : undefined, 'RFC7084-L-6')
  const heard = lan.of('neighbour').fromDut.all(ra(), { after: did('before') })
  const sound = heard.length === 0 || heard.some(({ packet }) => isLinkLocal(packet.ip6?.src ?? '::'))
  const prefixes = heard.flatMap(pios)
  const byPrefix = prefixes.length > 0 && !prefixes.some(({ autonomous }) => autonomous) ? 'RFC7084-L-6' : 'RFC7084-L-2'
  given(to ? pinged : undefined, sound ? byPrefix : 'RFC7084-L-1')
  const [reply] = framesOf(pinged)
  judge.found(reply, pinged, `While the line is down, ${from} on the LAN reaches ${to}.`, first)
  const routed = lan.segments.length > 1 && lan.of('host').name !== lan.of('neighbour').name
  judge.note(routed ? 'They are on different links.' : 'They are on one link, as the router bridges its ports.', pinged)
})
