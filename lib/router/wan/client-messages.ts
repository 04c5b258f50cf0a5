import { type Dhcpv6, option } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import type { Behavior } from '../behavior.ts'
import type { Context } from '../context.ts'
import type { Lease } from '../flash.ts'
import { type ClientLeases, grantsOf } from './client-leases.ts'

/** What the client may be in the middle of. */
export type Exchange =
  | 'solicit'
  | 'request'
  | 'renew'
  | 'rebind'
  | 'confirm'
  | 'confirm-rebind'
  | 'information-request'
  | 'release'
  | 'decline'

/** The decision on when each is retransmitted. */
export const exchangeTimes = {
  solicit: 'solicitTimes',
  request: 'requestTimes',
  renew: 'renewTimes',
  rebind: 'rebindTimes',
  confirm: 'confirmTimes',
  'confirm-rebind': 'confirmTimes',
  'information-request': 'informationTimes',
  release: 'releaseTimes',
  decline: 'declineTimes',
} as const satisfies Record<Exchange, keyof Behavior>

/** What the client knows when it writes a message. */
export interface ClientState {
  held: ClientLeases
  server: Duid | undefined
  /** The Advertise that was accepted. */
  offer: Exclude<Dhcpv6, { hopCount: number }> | undefined
  wantsAddress: boolean
  wantsPrefix: boolean
}

/** The options of a message after Client Identifier and Elapsed Time: RFC 8415 section 18.2. */
export function messageBody({ behavior }: Context, type: Exchange, state: ClientState): Dhcpv6Option[] {
  const { held, server, offer, wantsAddress, wantsPrefix } = state
  const kinds = (): Lease['kind'][] => {
    const both: Lease['kind'][] = [
      ...(wantsAddress && behavior.requestsAddress ? (['ia-na'] as const) : []),
      ...(wantsPrefix && behavior.requestsPrefix ? (['ia-pd'] as const) : []),
    ]
    return behavior.iaOrder === 'IA_NA first' ? both : both.reverse()
  }
  const offered = (): Lease['kind'][] =>
    behavior.requestHolds === 'what was offered' && offer
      ? kinds().filter((kind) => offer.options.some((ia) => ia.type === kind && grantsOf(ia).length > 0))
      : kinds()
  const isEchoed = () =>
    type === 'request' && behavior.reconfigureAcceptEchoed && offer && option(offer, 'reconf-accept')
  const accepts: Dhcpv6Option[] =
    behavior.reconfigureAccepted && (behavior.reconfigureAcceptedIn.includes(type) || isEchoed())
      ? [{ type: 'reconf-accept' }]
      : []

  /** What is extended: an IA that holds nothing yet among them, so that it may be given something. */
  const extended = (): Lease['kind'][] =>
    kinds().filter(
      (kind) => behavior.noPrefix !== 'asked for never again' || held.list().some((one) => one.kind === kind),
    )

  const oro: Dhcpv6Option = { type: 'oro', codes: behavior.optionRequest }
  const named: Dhcpv6Option[] = server === undefined ? [] : [{ type: 'server-id', duid: server }]
  const leases = behavior.leasesNamed
  switch (type) {
    case 'solicit':
      // RFC 8168 section 3: what it had last, it would like to have again.
      return [
        oro,
        ...accepts,
        ...(behavior.rapidCommit ? ([{ type: 'rapid-commit' }] as const) : []),
        ...behavior.ownOptions,
        ...held.options(kinds(), { leases: leases && behavior.solicitNames === 'what it had last' }),
      ]
    case 'request':
      return [
        ...named,
        oro,
        ...accepts,
        ...behavior.ownOptions,
        ...held.options(offered(), { leases: true, ...(offer && { from: offer }) }),
      ]
    case 'renew':
      return [
        ...(behavior.renewNamesServer ? named : []),
        oro,
        ...accepts,
        ...behavior.ownOptions,
        ...held.options(behavior.renewHolds === 'all IAs' ? extended() : ['ia-na'], { leases }),
      ]
    case 'rebind':
    case 'confirm-rebind':
      return [
        ...(behavior.rebindNamesServer === 'always' ? named : []),
        oro,
        ...accepts,
        ...behavior.ownOptions,
        ...held.options(extended(), { leases, ...(type === 'rebind' && !behavior.iaidKept && { iaid: 2 }) }),
      ]
    case 'confirm':
      return held.options([...new Set(held.list().map(({ kind }) => kind))], { leases: true })
    case 'information-request':
      return [{ type: 'oro', codes: [...behavior.optionRequest, ...behavior.informationOptionRequest] }]
    case 'release':
    case 'decline':
      return [...named, ...held.options([...new Set(held.list().map(({ kind }) => kind))], { leases: true })]
  }
}
