import { type Dhcpv6, type Dhcpv6Option, type Duid, option } from '../wire/dhcpv6.ts'
import type { Behaviour } from './behaviour.ts'
import { type ClientLeases, grantsOf } from './client-leases.ts'
import type { Context } from './context.ts'
import type { Lease } from './flash.ts'

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

/** The decision that says when each is sent again. */
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
} as const satisfies Record<Exchange, keyof Behaviour>

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
export function messageBody({ behaviour }: Context, type: Exchange, state: ClientState): Dhcpv6Option[] {
  const { held, server, offer, wantsAddress, wantsPrefix } = state
  const kinds = (): Lease['kind'][] => {
    const both: Lease['kind'][] = [
      ...(wantsAddress && behaviour.requestsAddress ? (['ia-na'] as const) : []),
      ...(wantsPrefix && behaviour.requestsPrefix ? (['ia-pd'] as const) : []),
    ]
    return behaviour.iaOrder === 'IA_NA first' ? both : both.reverse()
  }
  const offered = (): Lease['kind'][] =>
    behaviour.requestHolds === 'what was offered' && offer
      ? kinds().filter((kind) => offer.options.some((ia) => ia.type === kind && grantsOf(ia).length > 0))
      : kinds()
  const isEchoed = () =>
    type === 'request' && behaviour.reconfigureAcceptEchoed && offer && option(offer, 'reconf-accept')
  const accepts: Dhcpv6Option[] =
    behaviour.reconfigureAccepted && (behaviour.reconfigureAcceptedIn.includes(type) || isEchoed())
      ? [{ type: 'reconf-accept' }]
      : []

  /** What is extended: an IA that holds nothing yet among them, so that it may be given something. */
  const extended = (): Lease['kind'][] =>
    kinds().filter(
      (kind) => behaviour.noPrefix !== 'asked for never again' || held.list().some((one) => one.kind === kind),
    )

  const oro: Dhcpv6Option = { type: 'oro', codes: behaviour.optionRequest }
  const named: Dhcpv6Option[] = server === undefined ? [] : [{ type: 'server-id', duid: server }]
  const leases = behaviour.leasesNamed
  switch (type) {
    case 'solicit':
      // RFC 8168 section 3: what it had last, it would like to have again.
      return [
        oro,
        ...accepts,
        ...(behaviour.rapidCommit ? ([{ type: 'rapid-commit' }] as const) : []),
        ...behaviour.saysOfItself,
        ...held.options(kinds(), { leases: leases && behaviour.solicitNames === 'what it had last' }),
      ]
    case 'request':
      return [
        ...named,
        oro,
        ...accepts,
        ...behaviour.saysOfItself,
        ...held.options(offered(), { leases: true, ...(offer && { from: offer }) }),
      ]
    case 'renew':
      return [
        ...(behaviour.renewNamesServer ? named : []),
        oro,
        ...accepts,
        ...behaviour.saysOfItself,
        ...held.options(behaviour.renewHolds === 'all IAs' ? extended() : ['ia-na'], { leases }),
      ]
    case 'rebind':
    case 'confirm-rebind':
      return [
        ...(behaviour.rebindNamesServer === 'always' ? named : []),
        oro,
        ...accepts,
        ...behaviour.saysOfItself,
        ...held.options(extended(), { leases, ...(type === 'rebind' && !behaviour.iaidKept && { iaid: 2 }) }),
      ]
    case 'confirm':
      return held.options([...new Set(held.list().map(({ kind }) => kind))], { leases: true })
    case 'information-request':
      return [{ type: 'oro', codes: [...behaviour.optionRequest, ...behaviour.informationOptionRequest] }]
    case 'release':
    case 'decline':
      return [...named, ...held.options([...new Set(held.list().map(({ kind }) => kind))], { leases: true })]
  }
}
