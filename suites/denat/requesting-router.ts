import {
  and,
  claim,
  clientStart,
  dhcpv6,
  dhcpv6OptionsOf,
  dhcpv6Status,
  type Evidence,
  echoRequest,
  type Frame,
  inPrefix,
  type Judgement,
  lastAbout,
  on,
  pios,
  prefixContains,
  prefixUse,
  ra,
  raOf,
  requirement,
  statusOf,
  tcp,
  the,
  udp,
} from 'denat'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { halfState, lanHost, noPrefix, page } from '../scenarios/no-prefix.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { delegatedPrefixes, isUlaPrefix } from '../shared/askers.ts'

const lines = [behindGateway, slaacWan, coldBoot]

const asksForPrefix: Judgement = ({ wan, judge, given }) => {
  const received = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
  judge.due(
    wan.fromDut.seek(dhcpv6('solicit', { iaPd: {} })),
    { after: received, seconds: clientStart },
    claim`The router requests a prefix on its WAN.`,
  )
}

/** The first Reply with a prefix, and all that were delegated. */
function delegation(evidence: Evidence): { grant: Frame; delegated: string[] } {
  const { wan, given } = evidence
  given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
  const grant = given(wan.toDut.first(dhcpv6('reply', { iaPd: { iaPrefix: {} } })), 'RFC7084-W-4')
  return { grant, delegated: delegatedPrefixes(evidence) }
}

const numbersItsLan: Judgement = (evidence) => {
  const { lan, judge } = evidence
  const { grant, delegated } = delegation(evidence)
  const isOurs = (frame: Frame) =>
    pios(frame).some((pio) => delegated.some((prefix) => prefixContains(prefix, pio.prefix)))
  judge.due(
    lan.fromDut.all(ra(), { after: grant }).find(isOurs),
    { after: grant, seconds: prefixUse },
    claim`The LAN prefix is from ${the.prefix(delegated[0])}.`,
  )
}

const keepsAddresses: Judgement = (evidence) => {
  const { wan, lan, world, judge, given } = evidence
  const { delegated } = delegation(evidence)
  const to = world.stations.internet?.address
  const isOurs = ({ packet: { ip6 } }: Frame) =>
    ip6 !== undefined && delegated.some((prefix) => inPrefix(ip6.src, prefix))
  const flows = [echoRequest(), tcp({ flags: 'syn' }), udp({ dstPort: 5000 })].flatMap((kind) => {
    const sent = lan.toDut.all(and(kind, { ip6: { dst: to } })).find(isOurs)
    return sent ? [{ kind, sent }] : []
  })
  given(flows[0]?.sent, 'RFC7084-L-1')
  for (const { kind, sent } of flows) {
    const out = given(wan.fromDut.first(and(kind, { ip6: { dst: to } }), { after: sent }), 'DENAT-DEFAULT-1')
    const expected = claim`The source address, on the WAN, of a packet from a host`
    judge.equal(out.packet.ip6?.src, sent.packet.ip6?.src, expected, sent, out)
  }
}

export const requirements = [
  requirement('DENAT-PD-2', {
    'it asks for a prefix': on(lines, asksForPrefix),
    'its LAN is numbered from it': on(lines, numbersItsLan),
    'its hosts keep their own addresses': on(lines, keepsAddresses),
  }),

  requirement('DENAT-PD-3', noPrefix, ({ wan, lan, judge, at, given }: Evidence) => {
    const { address, defaultRouter, mark: host } = at(lanHost)
    const refused = given(
      wan.toDut
        .all(dhcpv6('advertise', { iaPd: {} }))
        .find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').some((ia) => statusOf(ia) === dhcpv6Status.noPrefixAvail)),
      'RFC7084-WPD-4',
    )
    judge.note(claim`The home gateway has no prefix for this router.`, refused)
    if (address) {
      const { reply, mark } = at(halfState)
      judge.found(
        reply,
        mark,
        claim`A host on the LAN has ${the.address(address)} and reaches the Internet with it.`,
        refused,
        host,
      )
      const { outcome, mark: visited } = at(page)
      judge.equal(outcome, 'connected', claim`The outcome of a connection from this host`, visited)
      judge.note(claim`Hosts on the LAN have addresses from the upstream /64.`, host)
      return
    }
    judge.equal(defaultRouter, false, claim`A host without a global address has a default router`, refused, host)
    const last = lastAbout('prefix-information', lan.fromDut.all(ra(), { after: refused }))
    const sent = last && pios(last).some(({ prefix }) => isUlaPrefix(prefix)) ? claim`a ULA prefix` : claim`no prefix`
    judge.note(
      last
        ? claim`The RAs advertise Router Lifetime ${raOf(last).routerLifetime} and ${sent}.`
        : claim`The router sends no RA on the LAN.`,
      last ?? host,
    )
  }),
]
