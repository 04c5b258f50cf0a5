import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  type Judgement,
  on,
  pios,
  prefixContains,
  raOf,
  requirement,
} from 'denat'
import { backAgain, fresh, oddlySet, resets, webUiReset } from '../scenarios/web-ui-reset.ts'

type Fresh = ReturnType<typeof states>[0]

/** The values in factory state, and after each reset after which the router came online. */
function states({ at, every, given }: Evidence) {
  at(fresh, ({ reset }) => reset === resets)
  const [first, ...others] = every(fresh)
  for (const { reset } of others) given(every(backAgain).find((one) => one.reset === reset)?.reply, 'DENAT-DEFAULT-1')
  return [first as NonNullable<typeof first>, ...others] as const
}

const claimOf = (reset: number) => claim`The value after reset ${reset} by the page, as in the factory state`

const isTheSame =
  (value: (found: Fresh) => string): Judgement =>
  (evidence) => {
    const [first, ...others] = states(evidence)
    for (const other of others)
      evidence.judge.equal(value(other), value(first), claimOf(other.reset), first.mark, other.mark)
  }

/** A connection that was never forwarded is not forwarded afterwards either. */
const letsInAsBefore: Judgement = (evidence) => {
  const { every, assume } = evidence
  states(evidence)
  for (const { inbound } of every(oddlySet)) assume(inbound === 'connected', 'UI-FW-TOGGLE')
  isTheSame(({ inbound }) => `a connection from the Internet: ${inbound}`)(evidence)
}

const advertisesTheSame: Judgement = (evidence) => {
  const { wan, judge, given } = evidence
  const [first, ...others] = states(evidence)
  const prefixes = wan.toDut.all(dhcpv6('reply', { iaPd: {} })).flatMap(granted)
  const advertisedBy = (found: Fresh) => given(found.advertised, 'RFC7084-L-1')
  for (const other of others) {
    const [before, after] = [advertisedBy(first), advertisedBy(other)]
    judge.equal(flagsOf(after, prefixes), flagsOf(before, prefixes), claimOf(other.reset), before, after)
  }
}

/** What is the same in each RA of a router; lifetimes follow the lease, and ULA prefixes are random after each reset. */
function flagsOf(frame: Frame, prefixes: readonly string[]): string {
  const { managed, other, preference, hopLimit } = raOf(frame)
  const own = pios(frame)
    .filter((pio) => pio.preferredLifetime > 0 && prefixes.some((outer) => prefixContains(outer, pio.prefix)))
    .map(({ onLink, autonomous }) => `PIO A=${+autonomous} L=${+onLink}`)
  return [`M=${+managed} O=${+other}`, `preference ${preference}`, `hop limit ${hopLimit}`, ...new Set(own)].join(', ')
}

export const requirements = [
  requirement('UI-RESET-REPRO', {
    firewall: on(
      webUiReset,
      isTheSame(({ firewall, ipv6 }) => `firewall ${firewall}, IPv6 ${ipv6}`),
    ),
    pinholes: on(
      webUiReset,
      isTheSame(({ pinholes }) => `${pinholes} pinholes`),
    ),
    'inbound connection': on(webUiReset, letsInAsBefore),
    RA: on(webUiReset, advertisesTheSame),
  }),
]
