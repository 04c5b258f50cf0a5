import { type Evidence, type Frame, requirement, tcp, udp } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

requirement(
  'DENAT-E2E-CLOSED',
  { cases: { TCP: evening, UDP: evening } },
  ({ case: protocol, lan, wan, judge, did, framesOf }) => {
    const scan = did('host-scan')
    const fenced = did('host-scan-fence')
    const fence = judge.found(framesOf(fenced)[0], fenced, "The answers to the host's own flow reach it.")
    const pattern = protocol === 'TCP' ? tcp({ srcPort: 50003 }) : udp({ srcPort: 50004 })
    const sent = wan.toDut.all(pattern, { after: scan })
    const [first] = sent
    if (!first) throw new TypeError('the scan sent nothing')
    judge.absent(
      lan.fromDut.all(pattern, { after: scan }),
      `None of ${sent.length} unsolicited ${protocol} packets from the Internet reaches the host.`,
      { fence, since: first },
    )
  },
)

/** The answer that shows a host online, behind a filter that let in nothing of a scan from the Internet. */
export function filtered({ lan, marks, framesOf }: Evidence): Frame | undefined {
  const [scan, fence, reachable] = ['host-scan', 'host-scan-fence', 'reachable'].map((name) => marks(name)[0])
  const [before, after] = [reachable, fence].map((mark) => mark && framesOf(mark)[0])
  if (!scan || !before || !after) return undefined
  const scanned = [tcp({ srcPort: 50003 }), udp({ srcPort: 50004 })]
  return scanned.some((probe) => lan.fromDut.first(probe, { after: scan })) ? undefined : after
}

/** Place and kind of traffic, by case. */
const openCases = new Map(
  ['host', 'behind'].flatMap((place) =>
    ['TCP', 'UDP', 'echo'].map((protocol) => [
      `firewall off, ${place === 'host' ? protocol : `${protocol} behind a downstream router`}`,
      { place, protocol },
    ]),
  ),
)

function isReached({ case: name, judge, given, did, marks, framesOf, world, notApplicable }: Evidence): void {
  const over = did('transit-fence')
  const { place, protocol } = openCases.get(name) ?? { place: '', protocol: '' }
  if (place === 'behind' && world.device.role !== 'gateway') notApplicable('It need not hand prefixes on.', over)
  const attempt = given(
    marks('reached').find((mark) => mark.data?.place === place && mark.data?.what === protocol),
    'RFC9818-LPD-1',
  )
  judge.holds(
    ['connected', 'answered'].includes(String(attempt.data?.outcome)),
    `With the firewall off a ${protocol} flow from the Internet to ${attempt.data?.address} is answered, with no port mapping.`,
    String(attempt.data?.outcome),
    attempt,
    ...framesOf(attempt),
  )
}

requirement(
  'DENAT-E2E-OPEN',
  {
    cases: {
      pinhole: webUiFirewall,
      'firewall off, host': webUiFirewall,
      'firewall off, behind a downstream router': webUiFirewall,
      ...Object.fromEntries([...openCases.keys()].map((name) => [name, webUiFirewall])),
    },
  },
  (evidence) => {
    const { case: what, judge, did, given, marks, framesOf, world, notApplicable } = evidence
    if (openCases.has(what)) return isReached(evidence)
    const when = what === 'pinhole' ? 'pinhole' : 'firewall-off'
    const behind = what === 'firewall off, behind a downstream router'
    const over = did('attempt-fence', (mark) => mark.data?.when === when)
    if (behind && world.device.role !== 'gateway') return notApplicable('It need not hand prefixes on.', over)
    const tried = (name: string) =>
      marks('attempt').findLast((mark) => mark.data?.when === when && mark.data?.name === name)
    const attempt = given(tried(behind ? 'behind' : 'pinhole'), 'RFC9818-LPD-1')
    judge.equal(
      String(attempt.data?.outcome),
      'connected',
      `A connection from the Internet to ${attempt.data?.address} port ${attempt.data?.port}, with no port mapping, is`,
      attempt,
      ...framesOf(attempt),
    )
  },
)
