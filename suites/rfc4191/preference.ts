import {
  type Claim,
  claim,
  echoRequest,
  grace,
  type Judgement,
  on,
  ra,
  receiverOf,
  requirement,
  senderOf,
  the,
} from 'denat'
import { flow, preferred, preferredDone, twoRouters } from '../scenarios/two-routers.ts'

/** Where the second router's preference is `is`, a host's packet goes to the one of this name. */
const goesBy =
  (what: 'high' | 'low' | 'reserved', chosen: 'isp' | 'isp2', is: Claim): Judgement =>
  ({ wan, world, judge, given, at, undecided }) => {
    given(at(flow).reply, 'DENAT-DEFAULT-1')
    const { mark: sent } = at(preferred, (one) => one.what === what)
    const { mark: over } = at(preferredDone, (one) => one.what === what)
    const { internet, isp2, [chosen]: router } = world.stations
    const forwarded = judge.found(
      wan.fromDut.seek(echoRequest({}, { ip6: { dst: internet?.address } }), { after: sent }),
      over,
      claim`The router forwards a packet of a host to the WAN.`,
      sent,
    )
    // The clause has no time for it, and routers read RAs in batches.
    const advertised = wan.toDut.all(ra(), { before: sent }).findLast((frame) => senderOf(frame) === isp2?.mac)
    if (receiverOf(forwarded) !== router?.mac && advertised && sent.at < advertised.at + grace)
      return undecided(claim`The packet was sent less than ${the.seconds(grace)} after the RA.`, advertised, forwarded)
    const which = chosen === 'isp' ? 'first' : 'second'
    judge.equal(
      receiverOf(forwarded),
      router?.mac,
      claim`Where the second router's preference is ${is}, a host's packet is forwarded to the ${the.name(which)}`,
      sent,
      forwarded,
    )
  }

export const requirements = [
  requirement('RFC4191-2.2-PREF', {
    high: on(twoRouters, goesBy('high', 'isp2', claim`high and the first medium`)),
    low: on(twoRouters, goesBy('low', 'isp', claim`low and the first medium`)),
    reserved: on(twoRouters, goesBy('reserved', 'isp2', claim`reserved (which means medium) and the first low`)),
  }),
]
