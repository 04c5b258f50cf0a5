import { type Evidence, ns, quoted, ra, raOf, requirement, solicitedNode } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { roadIsOpen } from './crossings.ts'

/** MAX_MULTICAST_SOLICIT, RFC 4861 section 10. */
const solicitations = 3

/** The router's own RetransTimer, where it tells one. Seconds. */
function retransTimer({ lan }: Evidence): number {
  const told = lan.fromDut.all(ra()).map((frame) => raOf(frame).retransTimer)
  return (told.find((milliseconds) => milliseconds > 0) ?? 1000) / 1000
}

function absentHost(evidence: Evidence): void {
  const { case: what, judge, given, did, marks, framesOf, lan } = evidence
  const outside = what === 'absent host, error to the Internet'
  const over = did('transit-fence')
  if (outside) roadIsOpen(evidence, 'inbound')
  const probes = marks(outside ? 'absent-host-from-outside' : 'absent-host')
  given(probes[0], 'RFC7084-G-1')
  const link = lan.of('host')
  if (what.startsWith('absent host, error')) {
    const errors = probes.map((mark) => framesOf(mark)[1]).filter((frame) => frame !== undefined)
    const error = judge.found(
      errors[0],
      over,
      'A sender of packets to addresses on the LAN that nobody has is told Destination Unreachable, for one of four at least.',
      ...probes,
    )
    judge.equal(error.packet.icmp6?.code, 3, 'Its code is that of Address Unreachable', error)
    const targets = probes.map((mark) => mark.data?.target)
    judge.holds(
      targets.includes(quoted(error)?.ip6?.dst),
      'It quotes the packet.',
      `it quotes one to ${quoted(error)?.ip6?.dst}`,
      error,
    )
    return
  }
  const wait = retransTimer(evidence)
  const why = `RetransTimer ${wait} s (RFC 4861 section 7.2.2)`
  for (const probe of probes) {
    const target = String(probe.data?.target)
    const asked = link.fromDut.all(ns({ target }, { ip6: { dst: solicitedNode(target) } }), { before: over })
    const [first] = asked
    const again = what === 'absent host, asked again'
    if (again) given(first, 'RFC4861-7.2-NUD')
    else judge.found(first, over, 'The router asks for the neighbour that a packet is for.', probe)
    if (again) judge.equal(asked.length, solicitations, 'The times that it asks before it gives up', probe, ...asked)
    else
      judge.holds(
        asked.length <= solicitations,
        `It asks MAX_MULTICAST_SOLICIT (${solicitations}) times at the most.`,
        `${asked.length} times`,
        probe,
        ...asked.slice(0, 5),
      )
    for (const [index, next] of asked.slice(1).entries()) {
      const before = asked[index] ?? next
      if (again)
        judge.within(next.at - before.at, { min: 0, max: 1.5 * wait + 0.2, why }, 'It asks again soon.', before, next)
      else
        judge.within(
          next.at - before.at,
          { min: 0.8 * wait, max: Number.POSITIVE_INFINITY, why },
          'It waits between two questions.',
          before,
          next,
        )
    }
  }
}

/** Neighbour unreachability detection; RFC 7048 lets a router ask longer, and all, before it gives a neighbour up. */
function silentHost({ case: what, judge, given, did, framesOf, lan, wan, marks }: Evidence): void {
  const over = did('transit-fence')
  const mark = given(marks('silent-host')[0], 'RFC7084-G-1')
  const delivered = given(framesOf(mark)[0], 'RFC7084-G-1')
  const address = String(mark.data?.address)
  const asked = lan.of('host').fromDut.all(ns({ target: address }, { ip6: { src: (src: string) => src !== '::' } }), {
    after: delivered,
    before: over,
  })
  if (what === 'silent host') {
    judge.found(
      asked[0],
      over,
      'Once a neighbour that was heard before is silent, the router asks for it, though packets for it keep coming.',
      delivered,
      mark,
    )
    return
  }
  const probe = given(asked[0], 'RFC4861-7.2-NUD')
  judge.holds(
    asked.length >= solicitations,
    'It asks three times at the least before it gives it up.',
    `it asks ${asked.length} times`,
    probe,
    ...asked.slice(1, 3),
  )
  const toldOutside = wan.fromDut
    .all({ icmp6: { type: 'destination-unreachable', code: 3 } }, { after: probe, before: over })
    .find((frame) => quoted(frame)?.ip6?.dst === address)
  const everybody = asked.find((frame) => frame.packet.ip6?.dst === solicitedNode(address))
  judge.holds(
    toldOutside !== undefined || everybody !== undefined,
    'Then the neighbour is no longer held for reachable: the sender is told, or all are asked for it.',
    'neither is seen',
    probe,
    ...(everybody ? [everybody] : []),
    ...(toldOutside ? [toldOutside] : []),
  )
  judge.note(
    toldOutside ? 'The sender in the Internet is told Address Unreachable.' : 'The sender in the Internet is not told.',
    toldOutside ?? mark,
  )
}

requirement(
  'RFC4861-7.2-NUD',
  {
    cases: {
      'absent host, solicitations': evening,
      'absent host, asked again': evening,
      'absent host, error': evening,
      'absent host, error to the Internet': webUiFirewall,
      'silent host': evening,
      'silent host, given up': evening,
    },
    // Section 7.2.2: the sender SHOULD retransmit; at most once in RetransTimer is a MUST. Section 7.3.3: the entry
    // SHOULD be deleted.
    levels: { 'absent host, asked again': 'SHOULD', 'silent host, given up': 'SHOULD' },
  },
  (evidence) => (evidence.case.startsWith('silent') ? silentHost(evidence) : absentHost(evidence)),
)
