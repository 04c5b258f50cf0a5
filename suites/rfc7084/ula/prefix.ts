import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
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
  the,
  type Where,
} from 'denat'
import { flashRenumbering } from '../../scenarios/flash-renumbering.ts'
import { anotherPrefix, factoryReset, restart, restarted } from '../../scenarios/restart.ts'
import { silentServer } from '../../scenarios/silent-server.ts'
import { advertised, advertising, isSubstitute, ofUla, substitute, ulas } from '../../shared/ula.ts'
import { defaultRoute } from '../../steps/default-route.ts'
import { keeping, kept } from '../../steps/keeps.ts'
import { renumberingBegins, renumberingOver } from '../../steps/renumber.ts'
import { afterWithdrawal } from '../../steps/withdrawal.ts'

/** The /48 of a unique local prefix. */
const site = (prefix: string): string => network(`${prefix.split('/')[0]}/48`)

/** Number of octets of a random Global ID of 40 bits that are 0 in one home network of a million. */
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
  judge.holds(
    own.startsWith('fd'),
    claim`The ULA prefix is locally assigned (fd00::/8).`,
    claim`${the.name(own)}`,
    first,
  )
  judge.holds(
    sites.length === 1,
    claim`The ULA prefixes of all LANs are within one /48.`,
    claim`${the.list(sites.map((item) => the.name(item)))}`,
    first,
  )
  judge.holds(own !== 'fd00::/48', claim`Its Global ID is not 0.`, claim`${the.name(own)}`, first)
  const zeros = [...parsePrefix(own).address.subarray(1, 6)].filter((octet) => octet === 0).length
  judge.holds(zeros < unlikelyZeros, claim`All 40 bits of its Global ID look random.`, claim`${the.name(own)}`, first)
}

const isNewlyDrawn: Judgement = (evidence) => {
  const { lan, judge, given, at, every, notApplicable } = evidence
  const [reset] = every(factoryReset)
  if (!reset && isSubstitute(lan.of('host'), at(anotherPrefix).mark)) notApplicable(substitute, advertised(evidence))
  const { first, sites } = beforeRestarts(evidence)
  // Without an address that a host formed there is nothing to compare.
  given(reset?.mark, 'RFC7084-L-6')
  const again = given(reset?.advertised, 'RFC7084-L-1')
  const now = ulas(again).map(site)
  judge.holds(
    !now.includes(sites[0] as string),
    claim`After a factory reset the ULA prefix is not ${the.name(sites[0])}: its Global ID is random, and not constant.`,
    claim`${the.list(now.map((item) => the.name(item)))}`,
    first,
    again,
  )
}

/** The last RA before an event, and the first RA after it. */
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
    judge.equal(ulas(after).join(', '), ulas(before).join(', '), claim`The ULA prefix of the LAN`, before, after)
    const routes = (frame: Frame) =>
      ndOptionsOf(frame, 'route-information')
        .flatMap(({ prefix, lifetime }) => (ofUla(prefix) && lifetime > 0 ? [network(prefix)] : []))
        .sort()
        .join(', ')
    judge.equal(routes(after), routes(before), claim`The route that is advertised for ULAs`, before, after)
  }

const throughRestart = (kind: 'reboot' | 'power-cut') =>
  isKept(({ at }, link) => {
    const { mark: begun } = at(keeping, (one) => one.kind === kind)
    const { mark: over, asked, advertised: answer } = at(kept, (one) => one.kind === kind)
    const settled = advertising(link, { ...(asked && { after: asked }), before: over }).at(-1)
    return { begun, over, last: settled ?? answer }
  })

/** Where all valid prefixes are unique local, hosts have no default router. */
function hasNoRouter(evidence: Evidence, span: Where, blocker: string): void {
  const { lan, judge, given } = evidence
  const sent = advertising(lan.of('host'), span).filter(
    (frame) => !pios(frame).some((pio) => pio.validLifetime > 0 && !ofUla(pio.prefix)),
  )
  judge.each(
    [given(sent[0], blocker), ...sent],
    claim`Where all prefixes are unique local, the RA has Router Lifetime 0 and no default route in a Route Information Option.`,
    defaultRoute,
  )
}

export const requirements = [
  requirement('RFC7084-ULA-1', {
    'Global ID': on(restart, isLocallyAssigned),
    'after a factory reset': on(restart, isNewlyDrawn),
  }),

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
  }),

  requirement('RFC7084-ULA-5', {
    'before a delegation': on(silentServer, (evidence) => {
      const { wan, given } = evidence
      advertised(evidence)
      const received = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
      const request = wan.fromDut.first({ dhcp6: { type: 'request' } })
      hasNoRouter(evidence, { after: received, ...(request && { before: request }) }, 'RFC7084-L-1')
    }),
    'after the withdrawal': on(flashRenumbering, (evidence) => {
      const { wan, every, given } = evidence
      advertised(evidence)
      const after = given(every(afterWithdrawal)[0]?.mark, 'RFC8415-18.2.4-RENEW')
      const again = wan.toDut.all(dhcpv6('reply'), { after }).find((frame) => granted(frame).length > 0)
      hasNoRouter(evidence, { after, ...(again && { before: again }) }, 'RFC9096-3.5-WANZERO')
    }),
  }),
]
