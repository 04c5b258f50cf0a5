import { type Claim, claim, type Frame, ndOptionsOf, on, pios, ra, raOf, requirement, the } from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { longSessions } from '../scenarios/long-sessions.ts'

/** With a lease, without a default router, and after another prefix was delegated. */
const states = [coldBoot, longSessions, flashRenumbering]

/** AdvReachableTime, milliseconds: RFC 4861 section 6.2.1. */
const maxReachableTime = 3_600_000

/** The value of "Assigned Numbers". RFC 4861 section 6.2.1: it should be the current diameter of the Internet. */
const assignedHops = 64

/** What RFC 4861 section 6.2.1 permits for each value, and how an RA violates it; undefined where it does not. */
const limits: Record<string, { claim: Claim; level?: 'SHOULD'; wrong(frame: Frame): Claim | undefined }> = {
  // MaxRtrAdvInterval is at least 4 s.
  'Router Lifetime': {
    claim: claim`Router Lifetime is 0, or between MaxRtrAdvInterval (at least 4 s) and 9000 s.`,
    wrong(frame) {
      const { routerLifetime } = raOf(frame)
      return routerLifetime === 0 || (routerLifetime >= 4 && routerLifetime <= 9000)
        ? undefined
        : claim`Router Lifetime ${routerLifetime}`
    },
  },
  'Cur Hop Limit': {
    level: 'SHOULD',
    claim: claim`Cur Hop Limit is 0 (unspecified), or at least ${assignedHops}, which is enough for the Internet.`,
    wrong(frame) {
      const { hopLimit } = raOf(frame)
      return hopLimit === 0 || hopLimit >= assignedHops ? undefined : claim`Cur Hop Limit ${hopLimit}`
    },
  },
  'Reachable Time': {
    claim: claim`Reachable Time is at most one hour.`,
    wrong(frame) {
      const { reachableTime } = raOf(frame)
      return reachableTime <= maxReachableTime ? undefined : claim`Reachable Time ${reachableTime} ms`
    },
  },
  'link MTU': {
    claim: claim`An advertised MTU is at least 1280 and at most 1500, the MTU of Ethernet.`,
    wrong(frame) {
      const invalid = ndOptionsOf(frame, 'mtu').find(({ mtu }) => mtu < 1280 || mtu > 1500)
      return invalid && claim`MTU ${invalid.mtu}`
    },
  },
  'prefix lifetimes': {
    claim: claim`The preferred lifetime of a prefix is not longer than its valid lifetime.`,
    wrong(frame) {
      const invalid = pios(frame).find((pio) => pio.preferredLifetime > pio.validLifetime)
      return (
        invalid &&
        claim`${the.prefix(invalid.prefix)} preferred ${the.seconds(invalid.preferredLifetime)}, valid ${the.seconds(invalid.validLifetime)}`
      )
    },
  },
}

export const requirements = [
  requirement(
    'RFC4861-6.2.1-VALUES',
    Object.fromEntries(
      Object.entries(limits).map(([field, { claim: expected, level, wrong }]) => [
        field,
        on(
          states,
          ({ lan, judge, given }) => {
            given(lan.fromDut.first(ra()), 'RFC7084-L-1')
            judge.each(lan.fromDut.all(ra()), expected, wrong)
          },
          level ? { level } : {},
        ),
      ]),
    ),
  ),
]
