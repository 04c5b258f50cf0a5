import { claim, type Judgement, on, type Pattern, requirement, tcp, the, udp } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { attempted, attemptFence, webUiFirewall } from '../scenarios/web-ui.ts'
import { hostScan, hostScanFence } from '../steps/firewall/inbound.ts'
import { transitFence } from '../steps/transit/road.ts'
import { reachedFromOutside } from '../steps/transit/unsolicited.ts'

/** The packets of the scan, by protocol. */
export const scanned = { TCP: tcp({ srcPort: 50003 }), UDP: udp({ srcPort: 50004 }) }

const isKeptOut =
  (protocol: string, pattern: Pattern): Judgement =>
  ({ lan, wan, judge, at }) => {
    const { mark: scan } = at(hostScan)
    const { mark: over, answer } = at(hostScanFence)
    const fence = judge.found(answer, over, claim`The responses to the host's own flow reach the host.`)
    const sent = wan.toDut.all(pattern, { after: scan })
    const [first] = sent
    if (!first) throw new TypeError('the scan sent nothing')
    judge.absent(
      lan.fromDut.all(pattern, { after: scan }),
      claim`The router forwards none of ${sent.length} unsolicited inbound ${the.name(protocol)} packets to the host.`,
      { fence, since: first },
    )
  }

const isReached =
  (place: 'host' | 'behind', protocol: 'TCP' | 'UDP' | 'echo'): Judgement =>
  ({ judge, given, at, every, world, notApplicable }) => {
    const { mark: over } = at(transitFence)
    if (place === 'behind' && world.device.role !== 'gateway')
      notApplicable(claim`A product in this role need not delegate prefixes.`, over)
    const attempt = every(reachedFromOutside).find((one) => one.place === place && one.what === protocol)
    given(attempt?.mark, 'RFC9818-LPD-1')
    const { mark, address, outcome, sent, answer } = at(reachedFromOutside, (one) => one.mark === attempt?.mark)
    judge.holds(
      ['connected', 'answered'].includes(outcome),
      claim`With the firewall off, a ${the.name(protocol)} flow from the Internet to ${the.address(address)} is answered without a port mapping.`,
      claim`${the.name(outcome)}`,
      mark,
      ...[sent, answer].filter((frame) => frame !== undefined),
    )
  }

const connects =
  (when: 'pinhole' | 'firewall-off', name: 'pinhole' | 'behind'): Judgement =>
  ({ judge, given, at, every, world, notApplicable }) => {
    const { mark: over } = at(attemptFence, (one) => one.when === when)
    if (name === 'behind' && world.device.role !== 'gateway')
      notApplicable(claim`A product in this role need not delegate prefixes.`, over)
    const last = every(attempted).findLast((one) => one.when === when && one.name === name)
    given(last?.mark, 'RFC9818-LPD-1')
    const { mark, address, port, outcome, syn, answer } = at(attempted, (one) => one.mark === last?.mark)
    judge.equal(
      outcome,
      'connected',
      claim`The outcome of a connection from the Internet to ${the.address(address)} port ${port}, without a port mapping`,
      mark,
      ...[syn, answer].filter((frame) => frame !== undefined),
    )
  }

const protocols = ['TCP', 'UDP', 'echo'] as const

export const requirements = [
  requirement(
    'DENAT-E2E-CLOSED',
    Object.fromEntries(
      Object.entries(scanned).map(([protocol, pattern]) => [protocol, on(firewall, isKeptOut(protocol, pattern))]),
    ),
  ),

  requirement('DENAT-E2E-OPEN', {
    pinhole: on(webUiFirewall, connects('pinhole', 'pinhole')),
    'firewall off, host': on(webUiFirewall, connects('firewall-off', 'pinhole')),
    'firewall off, behind a downstream router': on(webUiFirewall, connects('firewall-off', 'behind')),
    ...Object.fromEntries(
      protocols.flatMap((one) => [
        [`firewall off, ${one}`, on(webUiFirewall, isReached('host', one))],
        [`firewall off, ${one} behind a downstream router`, on(webUiFirewall, isReached('behind', one))],
      ]),
    ),
  }),
]
