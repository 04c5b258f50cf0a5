import { claim, dhcpv6, granted, ra, requirement } from 'denat'
import { noPrefixYet, silentServer } from '../../scenarios/silent-server.ts'
import { defaultRoute } from '../../steps/default-route.ts'
import { firstAdvertised } from '../../steps/router-advertisement.ts'

export const requirements = [
  requirement('RFC7084-L-4', silentServer, ({ lan, wan, judge, at, given, followsFrom }) => {
    followsFrom('RFC7084-G-4 · before there is a router')
    const { solicited: asked } = at(noPrefixYet)
    const router = given(at(firstAdvertised).sent, 'RFC7084-W-2')
    const grant = wan.toDut.all(dhcpv6('reply')).find((frame) => granted(frame).length > 0)
    const served = given(grant, 'RFC7084-W-4')
    const sent = lan.fromDut.all(ra(), { after: router, before: served })
    given(lan.fromDut.first(ra(), { after: served }), 'RFC7084-L-1')
    const expected = claim`With a default router on the WAN, but no delegated prefix, every LAN RA has Router Lifetime 0 and no default route in a Route Information Option.`
    if (sent.length > 0) judge.each(sent, expected, defaultRoute)
    else
      judge.met(
        claim`${expected} The router sends no RA, and none in response to a Router Solicitation.`,

        router,
        asked ?? router,
      )
  }),
]
