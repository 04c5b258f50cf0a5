import {
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  inPrefix,
  ispChanged,
  type Mark,
  pios,
  prefixContains,
  ra,
  requirement,
  resolves,
} from 'denat'
import { namesResolver } from '../dns/resolver-up.ts'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { fullHouse } from '../scenarios/full-house.ts'
import { idleConnections } from '../scenarios/idle-connections.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { reconfigure } from '../scenarios/reconfigure.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { silentServer } from '../scenarios/silent-server.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { subLease } from '../scenarios/sub-lease.ts'
import { twoRouters } from '../scenarios/two-routers.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { webUiFirewall, webUiSwitch } from '../scenarios/web-ui.ts'

/** Every scenario in which a host must come online, whatever the line is like. */
const inUse = [
  behindGateway,
  evening,
  idleConnections,
  flashRenumbering,
  fullHouse,
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

/** Marks of a host's own flow that must simply work, as other judgements lean on it; which of their frames answers. */
const ownFlows: Record<string, number> = {
  before: 0,
  flow: 0,
  page: 1,
  'attempt-fence': 0,
  'cut-chain-fence': 0,
  'exhaustion-fence': 0,
  'expired-fence': 0,
  'hints-fence': 0,
  'host-scan-fence': 0,
  'new-flow': 0,
  'online-again': 0,
  'outside-fence': 0,
  reachable: 0,
  'router-scan-fence': 0,
  'scan-before': 0,
  'transit-fence': 0,
  'still-online': 0,
  'ula-fence': 0,
  'unassigned-fence': 0,
}

/** The host's address is of a prefix that the line does not give any more: nothing comes back to it. */
function isFromFormerPrefix({ isp, every }: Evidence, mark: Mark): boolean {
  const src = mark.data?.address
  const given = every(ispChanged).flatMap(({ dhcpv6, mark: { at } }) =>
    dhcpv6?.prefixes && at < mark.at ? [dhcpv6.prefixes] : [],
  )
  const isOf = (prefixes: readonly string[]) =>
    typeof src === 'string' && prefixes.some((prefix) => inPrefix(src, prefix))
  const [now, ...former] = [isp.dhcpv6.prefixes, ...given].reverse()
  return now !== undefined && !isOf(now) && former.some(isOf)
}

const isAdvertised = (frame: Frame, delegated: readonly string[]): boolean =>
  pios(frame).some(
    ({ prefix, preferredLifetime }) => preferredLifetime > 0 && delegated.some((one) => prefixContains(one, prefix)),
  )

function hostIsOnline(evidence: Evidence): void {
  const { judge, assume, followsFrom, did, recording, marks, framesOf, wan, lan } = evidence
  const { outcome } = recording
  const began = Object.keys(ownFlows).some((name) => marks(name).length > 0)
  if (outcome.end === 'blocked' && outcome.by !== 'DENAT-DEFAULT-1') assume(began, outcome.by)
  const isOffline = outcome.end === 'blocked' && outcome.by === 'DENAT-DEFAULT-1'
  if (isOffline) {
    // Without a prefix there is no address to have.
    const prefixes = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
    if (prefixes.length === 0) followsFrom('RFC7084-W-4')
    else if (!lan.fromDut.all(ra()).some((frame) => isAdvertised(frame, prefixes))) followsFrom('RFC8415-18.2.10-ONLAN')
  }
  judge.holds(
    !isOffline,
    'With no setting made, a host on the LAN comes online.',
    isOffline ? outcome.because : '',
    did('power-on'),
  )
  /** While a setting of the page takes effect, flows may be interrupted: the last attempt counts. */
  const settled = (mark: Mark) =>
    mark.mark !== 'attempt-fence' ||
    mark === marks('attempt-fence').findLast(({ data }) => data?.when === mark.data?.when)
  /** What a host without an address can't do: others ask why it has none. */
  const hasAddress = ({ mark, data }: Mark) =>
    Array.isArray(data?.addresses) ? data.addresses.length > 0 : mark !== 'online-again' || data?.address !== undefined
  for (const [name, answer] of Object.entries(ownFlows))
    for (const mark of recording.scenario === 'restart' && name === 'before'
      ? []
      : marks(name).filter(settled).filter(hasAddress)) {
      const answered = framesOf(mark)[answer]
      // Other requirements judge why it still has that address.
      if (!answered && isFromFormerPrefix(evidence, mark)) continue
      judge.found(answered, mark, `The flow that a host begins is answered ("${name}").`)
    }
  for (const name of ['road-open', 'rh0'])
    for (const mark of marks(name).filter(({ data }) => data?.way !== 'inbound'))
      judge.found(
        framesOf(mark)[1],
        mark,
        `A datagram of a flow that a host began crosses the router (${mark.data?.way}).`,
      )
}

/** Marks of a host's flows in the evening; which of their frames answers. */
const protocols: Record<string, { mark: string; answer: number }> = {
  echo: { mark: 'unassigned-fence', answer: 0 },
  TCP: { mark: 'page', answer: 1 },
  UDP: { mark: 'datagram', answer: 1 },
}

const defaultCases = { IPoE: coldBoot, 'in use': inUse, echo: evening, TCP: evening, UDP: evening }

requirement('DENAT-DEFAULT-1', { cases: defaultCases }, (evidence) => {
  const { case: what, judge, did, assume, marks, framesOf, wan } = evidence
  if (what === 'in use') return hostIsOnline(evidence)
  const protocol = protocols[what]
  if (protocol) {
    const flow = did(protocol.mark)
    judge.found(
      framesOf(flow)[protocol.answer],
      flow,
      `With no setting made, what a host sends to the Internet is answered (${what}).`,
    )
    return
  }
  const power = did('power-on')
  const online = did('online')
  const delegated = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
  const address = String(online.data?.address)
  judge.holds(
    delegated.some((prefix) => inPrefix(address, prefix)),
    'With no setting made, a host on the LAN has a global address out of the delegated prefix, and a default route.',
    `address ${address}`,
    online,
    ...framesOf(online),
  )
  judge.within(
    online.at - power.at,
    { min: 0, max: 120, why: 'the project asks for 120 s after power-on' },
    'It has them in time.',
    power,
    online,
  )
  // A host that knows no resolver asks none.
  if (marks('resolved').length === 0) assume(namesResolver(evidence), 'RFC7084-L-11')
  const answer = marks('resolved').flatMap(framesOf).find(resolves)
  judge.found(answer, did('terminals-join'), 'It resolves a name over IPv6.', online, ...marks('resolved'))
  const page = did('page')
  judge.equal(
    String(page.data?.outcome),
    'connected',
    'A connection to a page that is on IPv6 only is',
    page,
    ...framesOf(page),
  )
})
