import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  inPrefix,
  ispChanged,
  type Judgement,
  type Mark,
  type Marked,
  type MarkType,
  on,
  pios,
  poweredOn,
  prefixContains,
  ra,
  requirement,
  resolves,
  the,
} from 'denat'
import { behindGateway, flow } from '../scenarios/behind-gateway.ts'
import { coldBoot, online as hostOnline, resolved, terminalsJoin } from '../scenarios/cold-boot.ts'
import { firewall } from '../scenarios/firewall.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { manyHosts } from '../scenarios/full-house.ts'
import { idleConnections } from '../scenarios/idle-connections.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { reconfigure } from '../scenarios/reconfigure.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { expiredFence, subLease } from '../scenarios/sub-lease.ts'
import { transit } from '../scenarios/transit.ts'
import { twoRouters } from '../scenarios/two-routers.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { attemptFence, webUiFirewall, webUiSwitch } from '../scenarios/web-ui.ts'
import { namesResolver } from '../shared/resolver-up.ts'
import { hostScanFence, reachable, routerScanFence } from '../steps/firewall/inbound.ts'
import { exhaustionFence } from '../steps/home-network/prefix-exhaustion.ts'
import { hintsFence } from '../steps/home-network/prefix-hints.ts'
import { onlineAgain } from '../steps/keeps.ts'
import { newFlow } from '../steps/renumber.ts'
import { stillOnline } from '../steps/still-online.ts'
import { outsideFence } from '../steps/sub-delegation.ts'
import { cutChainFence } from '../steps/transit/cut-chains.ts'
import { datagram, page, ulaFence, unassignedFence } from '../steps/transit/end-to-end.ts'
import { beforeLoss } from '../steps/transit/loss-of-default-router.ts'
import { roadOpen, transitFence } from '../steps/transit/road.ts'
import { deprecatedSent } from '../steps/transit/routing-type-0.ts'
import { scanBefore } from '../steps/transit/scan.ts'

/** Every scenario in which a host must come online, whatever the line is like. */
const inUse = [
  behindGateway,
  transit,
  firewall,
  longSessions,
  idleConnections,
  flashRenumbering,
  manyHosts,
  lineFlaps,
  mixedAnswers,
  rebinding,
  reconfigure,
  renumbering,
  restart,
  silentServer,
  slaacWan,
  subLease,
  twoRouters,
  wanPrefixes,
  webUiFirewall,
  webUiSwitch,
]

interface OwnFlow {
  name: string
  mark: Mark
  answer: Frame | undefined
  /** Of the host, where the mark contains it. */
  address?: string
}

const flowOf =
  <D extends object, F extends string>(
    type: MarkType<D, F>,
    answer: F,
    addressOf: (one: Marked<D, F>) => string | undefined = () => undefined,
  ) =>
  ({ every }: Evidence): OwnFlow[] =>
    every(type).map((one) => ({ name: type.name, mark: one.mark, answer: one[answer], address: addressOf(one) }))

/** While a setting of the page takes effect, flows may be interrupted: the last attempt counts. */
const lastAttempts = ({ every }: Evidence): OwnFlow[] => {
  const all = every(attemptFence)
  return all
    .filter((one) => one === all.findLast(({ when }) => when === one.when))
    .map(({ mark, reply }) => ({ name: attemptFence.name, mark, answer: reply }))
}

/** Flows of a host's own that must simply work, as other judgements lean on them. */
const ownFlows: ((evidence: Evidence) => OwnFlow[])[] = [
  (evidence) => (evidence.recording.scenario === 'restart' ? [] : flowOf(beforeLoss, 'reply')(evidence)),
  flowOf(flow, 'reply'),
  flowOf(page, 'answer'),
  lastAttempts,
  flowOf(cutChainFence, 'answer'),
  flowOf(exhaustionFence, 'reply'),
  flowOf(expiredFence, 'reply'),
  flowOf(hintsFence, 'reply'),
  flowOf(hostScanFence, 'answer'),
  // What a host without an address can't do others ask for: why it has none.
  (evidence) => flowOf(newFlow, 'reply')(evidence).filter(({ mark }) => hasAddresses(evidence, mark)),
  (evidence) =>
    flowOf(onlineAgain, 'reply', ({ address }) => address)(evidence).filter(({ address }) => address !== undefined),
  flowOf(outsideFence, 'answer'),
  flowOf(reachable, 'answer'),
  flowOf(routerScanFence, 'answer'),
  flowOf(scanBefore, 'answer'),
  flowOf(transitFence, 'answer'),
  flowOf(stillOnline, 'answer'),
  flowOf(ulaFence, 'answer'),
  flowOf(unassignedFence, 'answer'),
]

const hasAddresses = ({ every }: Evidence, mark: Mark): boolean =>
  every(newFlow).some((one) => one.mark === mark && one.addresses.length > 0)

/** The host's address is of a prefix that the line does not give any more: nothing comes back to it. */
function isFromFormerPrefix({ isp, every }: Evidence, { address, mark }: OwnFlow): boolean {
  const given = every(ispChanged).flatMap(({ dhcpv6, mark: { at } }) =>
    dhcpv6?.prefixes && at < mark.at ? [dhcpv6.prefixes] : [],
  )
  const isOf = (prefixes: readonly string[]) =>
    address !== undefined && prefixes.some((prefix) => inPrefix(address, prefix))
  const [now, ...former] = [isp.dhcpv6.prefixes, ...given].reverse()
  return now !== undefined && !isOf(now) && former.some(isOf)
}

const isAdvertised = (frame: Frame, delegated: readonly string[]): boolean =>
  pios(frame).some(
    ({ prefix, preferredLifetime }) => preferredLifetime > 0 && delegated.some((one) => prefixContains(one, prefix)),
  )

const hostIsOnline: Judgement = (evidence) => {
  const { judge, assume, followsFrom, begun, every, recording, wan, lan } = evidence
  const { outcome } = recording
  const flows = ownFlows.flatMap((of) => of(evidence))
  if (outcome.end === 'blocked' && outcome.by !== 'DENAT-DEFAULT-1') assume(flows.length > 0, outcome.by)
  const isOffline = outcome.end === 'blocked' && outcome.by === 'DENAT-DEFAULT-1'
  if (isOffline) {
    // Without a prefix there is no address to have.
    const prefixes = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
    if (prefixes.length === 0) followsFrom('RFC7084-W-4')
    else if (!lan.fromDut.all(ra()).some((frame) => isAdvertised(frame, prefixes))) followsFrom('RFC8415-18.2.10-ONLAN')
  }
  judge.holds(
    !isOffline,
    claim`With factory settings, a host on the LAN comes online.`,
    isOffline ? outcome.because : claim``,
    begun(),
  )
  const flapped = every(onlineAgain).flatMap(({ kind, mark }) => (kind === 'link flap' ? [mark] : []))
  for (const one of flows) {
    // Other requirements judge why it still has that address.
    if (!one.answer && isFromFormerPrefix(evidence, one)) continue
    if (!one.answer && flapped.includes(one.mark)) followsFrom('ROB-FLAP · link down, same prefix')
    judge.found(one.answer, one.mark, claim`A flow that a host starts is answered (mark "${the.name(one.name)}").`)
  }
  const crossings = [
    ...every(roadOpen).map(({ mark, way, came }) => ({ mark, way, came })),
    ...every(deprecatedSent).map(({ mark, way, fence }) => ({ mark, way, came: fence })),
  ]
  for (const { mark, way, came } of crossings.filter((one) => one.way !== 'inbound'))
    judge.found(came, mark, claim`The router forwards a datagram of a flow that a host started (${the.name(way)}).`)
}

const comesOnline: Judgement = (evidence) => {
  const { judge, at, every, assume, wan } = evidence
  const power = at(poweredOn).mark
  const { mark: online, online: settled, address = 'none' } = at(hostOnline)
  const delegated = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
  const seen = settled ? [settled] : []
  judge.holds(
    address !== 'none' && delegated.some((prefix) => inPrefix(address, prefix)),
    claim`With factory settings, a host on the LAN has a global address from the delegated prefix and a default route.`,
    claim`address: ${the.address(address)}`,
    online,
    ...seen,
  )
  judge.within(
    online.at - power.at,
    { min: 0, max: 120, why: claim`a rule of this project: 120 s after power-on` },
    claim`The host has the address and the route in time.`,
    power,
    online,
  )
  const names = every(resolved)
  // A host that knows no resolver asks none.
  if (names.length === 0) assume(namesResolver(evidence), 'RFC7084-L-11')
  const answer = names.flatMap((one) => one.answer ?? []).find(resolves)
  judge.found(
    answer,
    at(terminalsJoin).mark,
    claim`The host resolves a name over IPv6.`,
    online,
    ...names.map(({ mark }) => mark),
  )
  const visited = at(page)
  const exchanged = [visited.syn, visited.answer].filter((frame) => frame !== undefined)
  judge.equal(
    visited.outcome,
    'connected',
    claim`The outcome of a connection to a page that is available over IPv6 only`,
    visited.mark,
    ...exchanged,
  )
}

const isAnswered =
  <D extends object, F extends string>(what: string, type: MarkType<D, F>, answer: F): Judgement =>
  ({ judge, at }) => {
    const one = at(type)
    judge.found(
      one[answer],
      one.mark,
      claim`With factory settings, a packet that a host sends to the Internet is answered (${the.name(what)}).`,
    )
  }

export const requirements = [
  requirement('DENAT-DEFAULT-1', {
    IPoE: on(coldBoot, comesOnline),
    'in use': on(inUse, hostIsOnline),
    echo: on(longSessions, isAnswered('echo', unassignedFence, 'answer')),
    TCP: on(longSessions, isAnswered('TCP', page, 'answer')),
    UDP: on(longSessions, isAnswered('UDP', datagram, 'echoed')),
  }),
]
