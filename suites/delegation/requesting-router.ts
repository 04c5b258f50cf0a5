import {
  and,
  clientStart,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoRequest,
  inPrefix,
  lastAbout,
  pios,
  prefixUse,
  ra,
  raOf,
  requirement,
  statusOf,
  tcp,
  udp,
} from 'denat'
import { status } from '../scenarios/answers.ts'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { noPrefix } from '../scenarios/no-prefix.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { delegatedPrefixes, isUlaPrefix } from './askers.ts'

const lines = [behindGateway, slaacWan, coldBoot]

requirement(
  'DENAT-PD-2',
  {
    cases: {
      'it asks for a prefix': lines,
      'its LAN is numbered from it': lines,
      'its hosts keep their own addresses': lines,
    },
  },
  (evidence) => {
    const { case: what, wan, lan, world, judge, given } = evidence
    const heard = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    if (what === 'it asks for a prefix') {
      const solicit = wan.fromDut.seek(dhcpv6('solicit', { iaPd: {} }))
      judge.due(solicit, { after: heard, seconds: clientStart }, 'The router asks for a prefix on its WAN.')
      return
    }
    const grants = wan.toDut.all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }))
    const grant = given(grants[0], 'RFC7084-W-4')
    const delegated = delegatedPrefixes(evidence)
    const isOurs = (address: string) => delegated.some((prefix) => inPrefix(address, prefix))
    if (what === 'its LAN is numbered from it') {
      const numbered = lan.fromDut
        .all(ra(), { after: grant })
        .find((frame) => pios(frame).some((pio) => isOurs(addressOf(pio.prefix))))
      judge.due(numbered, { after: grant, seconds: prefixUse }, `The LAN is numbered from ${delegated[0]}.`)
      return
    }
    const to = world.stations.internet?.address
    const flows = [echoRequest(), tcp({ flags: 'syn' }), udp({ dstPort: 5000 })].flatMap((kind) => {
      const sent = lan.toDut
        .all(and(kind, { ip6: { dst: to } }))
        .find(({ packet: { ip6 } }) => isOurs(ip6?.src ?? '::'))
      return sent ? [{ kind, sent }] : []
    })
    given(flows[0]?.sent, 'RFC7084-L-1')
    for (const { kind, sent } of flows) {
      const out = given(wan.fromDut.first(and(kind, { ip6: { dst: to } }), { after: sent }), 'DENAT-DEFAULT-1')
      const claim = 'What a host sends leaves on the WAN from its own address'
      judge.equal(out.packet.ip6?.src, sent.packet.ip6?.src, claim, sent, out)
    }
  },
)

const addressOf = (prefix: string): string => prefix.split('/')[0] ?? '::'

requirement('DENAT-PD-3', noPrefix, ({ wan, lan, judge, did, given, framesOf }: Evidence) => {
  const host = did('lan-host')
  const refused = given(
    wan.toDut
      .all(dhcpv6('advertise', { iaPd: {} }))
      .find((frame) => dhcpv6OptionsOf(frame, 'ia-pd').some((ia) => statusOf(ia) === status.noPrefixAvail)),
    'RFC7084-WPD-4',
  )
  judge.note('The gateway has no prefix for this router.', refused)
  if (host.data?.address) {
    const address = String(host.data.address)
    const reached = did('half-state')
    judge.found(
      framesOf(reached)[0],
      reached,
      `A host on the LAN has ${address}, and reaches the Internet with it.`,
      refused,
      host,
    )
    judge.equal(String(did('page').data?.outcome), 'connected', 'A connection from there is', did('page'))
    judge.note('The LAN has addresses of the upstream /64.', host)
    return
  }
  judge.equal(
    host.data?.defaultRouter === true,
    false,
    'A host that has no global address is given a default router',
    refused,
    host,
  )
  const last = lastAbout('prefix-information', lan.fromDut.all(ra(), { after: refused }))
  const said = last && pios(last).some(({ prefix }) => isUlaPrefix(prefix)) ? 'a ULA prefix' : 'no prefix'
  judge.note(
    last ? `RAs say Router Lifetime ${raOf(last).routerLifetime}, and name ${said}.` : 'The LAN is sent no RA.',
    last ?? host,
  )
})
