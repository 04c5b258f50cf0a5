import { dhcpv6, dhcpv6OptionsOf, requirement } from 'denat'
import { linkFlap } from '../scenarios/link-flap.ts'

/** Less than the first timeout of a Solicit, for which other Advertises would be awaited. Seconds. */
const atOnce = 0.9

requirement('RFC8415-18.2.1-COLLECT', { cases: { 'preference 255': linkFlap } }, ({ wan, judge, given }) => {
  const best = given(wan.toDut.first(dhcpv6('advertise', { preference: { value: 255 } })), 'RFC7084-WAA-3')
  const request = judge.found(
    wan.fromDut.first(dhcpv6('request'), { after: best }),
    'A Request follows an Advertise with preference 255.',
    best,
  )
  judge.within(
    request.at - best.at,
    { min: 0, max: atOnce, why: 'before SOL_TIMEOUT, 1 s, is over (RFC 8415 section 18.2.1)' },
    'It is sent at once: no other Advertise is awaited.',
    best,
    request,
  )
  judge.equal(
    dhcpv6OptionsOf(request, 'server-id')[0]?.duid,
    dhcpv6OptionsOf(best, 'server-id')[0]?.duid,
    'It names the server with preference 255',
    request,
  )
})
