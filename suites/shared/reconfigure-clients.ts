import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  keyIn,
  receiverOf,
} from 'denat'
import { acceptsReconfigure } from '../steps/reconfigurable.ts'

/** Clients that accept Reconfigure, by what they are. */
export const accepting = { 'DHCPv6 host': 'accepting-host', 'downstream router': 'accepting-router' } as const

export const deaf = 'deaf-router'

export const everyone = [...Object.values(accepting), deaf]

/** What a Reconfigure may demand, RFC 8415 section 21.19. */
export const demands: Record<number, string> = { 5: 'a Renew', 6: 'a Rebind', 11: 'an Information-request' }

/** A client that accepts Reconfigure, and how the router's server treats it. */
export interface Client {
  name: string
  mac: string | undefined
  duid: string | undefined
  /** The Reply that granted a lease to it. */
  lease: Frame | undefined
  /** Replies with Reconfigure Accept. */
  offers: Frame[]
  key: Uint8Array | undefined
  /** What it was sent. */
  reconfigures: Frame[]
}

export function clientOf(evidence: Evidence, name: string): Client {
  const { lan, world, at } = evidence
  const { lease } = at(acceptsReconfigure, (one) => one.name === name)
  const { mac, duid } = world.stations[name] ?? {}
  const { fromDut } = lan.of(name)
  const offers = fromDut
    .all(dhcpv6('reply', { clientId: { duid } }))
    .filter((frame) => dhcpv6Of(frame).options.some(({ type }) => type === 'reconf-accept' || type === 'auth'))
  return {
    name,
    mac,
    duid,
    lease: lease && (granted(lease).length > 0 || iaAddresses(lease).length > 0) ? lease : undefined,
    offers,
    key: offers.map((frame) => keyIn(dhcpv6Of(frame))).find((key) => key !== undefined),
    reconfigures: fromDut
      .all(dhcpv6('reconfigure'))
      .filter(
        (frame) =>
          receiverOf(frame) === mac || dhcpv6OptionsOf(frame, 'client-id').some((client) => client.duid === duid),
      ),
  }
}

/** The clients to which the router sent Reconfigure Accept. RFC 8415 leaves a server the choice. */
export function offered(evidence: Evidence, names = everyone): Client[] {
  const clients = names.map((name) => clientOf(evidence, name))
  const those = clients.filter(({ offers, reconfigures }) => offers.length > 0 || reconfigures.length > 0)
  if (those.length > 0) return those
  const leases = clients.flatMap(({ lease }) => lease ?? [])
  return evidence.notApplicable(
    leases.length > 0
      ? claim`The router grants leases to clients that accept Reconfigure, and sends none of them Reconfigure Accept.`
      : claim`No client that accepts Reconfigure has a lease that could become stale.`,
    ...leases,
    ...evidence.every(acceptsReconfigure).map(({ mark }) => mark),
  )
}
