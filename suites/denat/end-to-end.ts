import { dhcpv6, granted, inPrefix, requirement, tcp, udp } from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { inbound } from '../scenarios/inbound.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

requirement('DENAT-DEFAULT-1', { cases: { IPoE: coldBoot } }, ({ judge, did, marks, framesOf, wan }) => {
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
  const answered = marks('resolved').find((mark) => framesOf(mark).length > 0)
  judge.holds(
    answered !== undefined,
    'It resolves a name over IPv6.',
    'no resolver answered',
    ...(answered ? framesOf(answered) : []),
    answered ?? online,
  )
  const page = did('page')
  judge.equal(
    String(page.data?.outcome),
    'connected',
    'A connection to a page that is on IPv6 only is',
    page,
    ...framesOf(page),
  )
})

requirement(
  'DENAT-GUA-1',
  {
    cases: {
      'slaac-only': coldBoot,
      'slaac-and-stateless': coldBoot,
      'slaac-and-dhcpv6': coldBoot,
      'dhcpv6-only': coldBoot,
    },
  },
  ({ case: kind, judge, did, given, marks, framesOf, wan, notApplicable }) => {
    const joined = did('terminals-join')
    const terminal = marks('terminal').find((mark) => mark.data?.name === kind)
    if (!terminal) return notApplicable('The router announces M=0: it serves no addresses by DHCPv6.', joined)
    const grant = given(
      wan.toDut.all(dhcpv6('reply')).find((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const [delegated = '::/0'] = granted(grant)
    const [ready] = framesOf(terminal)
    const address = String(terminal.data?.address)
    judge.holds(
      inPrefix(address === 'undefined' ? '::' : address, delegated),
      `A terminal (${kind}) has a global address out of ${delegated}.`,
      `address ${address}`,
      ready ?? joined,
      terminal,
    )
    judge.within(
      terminal.at - joined.at,
      { min: 0, max: 10, why: 'the project asks for 10 s after link up' },
      'It has it in time.',
      terminal,
    )
    const resolvers = (terminal.data?.resolvers ?? []) as string[]
    judge.holds(resolvers.length > 0, 'It knows a resolver over IPv6.', 'none', terminal)
    const pinged = did('terminal-ping', (mark) => mark.data?.name === kind)
    judge.found(framesOf(pinged)[0], 'It reaches the Internet.', pinged)
  },
)

requirement(
  'DENAT-E2E-CLOSED',
  { cases: { TCP: inbound, UDP: inbound } },
  ({ case: protocol, lan, wan, judge, given, did, framesOf }) => {
    const scan = did('host-scan')
    const fenced = did('host-scan-fence')
    const fence = given(framesOf(fenced)[0], 'DENAT-DEFAULT-1')
    const pattern = protocol === 'TCP' ? tcp({ srcPort: 50003 }) : udp({ srcPort: 50004 })
    const sent = wan.toDut.all(pattern, { after: scan })
    const [first] = sent
    if (!first) throw new TypeError('the scan sent nothing')
    judge.absent(
      lan.fromDut.all(pattern, { after: scan }),
      `None of ${sent.length} unsolicited ${protocol} packets from the Internet reaches the host.`,
      { fence, since: first },
    )
    judge.found(fence, "The answers to the host's own flow reach it.", fenced)
  },
)

requirement(
  'DENAT-E2E-OPEN',
  {
    cases: {
      pinhole: webUiFirewall,
      'firewall off, host': webUiFirewall,
      'firewall off, behind a downstream router': webUiFirewall,
    },
  },
  ({ case: what, judge, did, framesOf }) => {
    const when = what === 'pinhole' ? 'pinhole' : 'firewall-off'
    const name = what === 'firewall off, behind a downstream router' ? 'behind' : 'pinhole'
    const attempt = did('attempt', (mark) => mark.data?.when === when && mark.data?.name === name)
    judge.equal(
      String(attempt.data?.outcome),
      'connected',
      `A connection from the Internet to ${attempt.data?.address} port ${attempt.data?.port}, with no port mapping, is`,
      attempt,
      ...framesOf(attempt),
    )
  },
)
