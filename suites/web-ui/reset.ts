import { dhcpv6, type Frame, granted, type Mark, pios, prefixContains, raOf, requirement } from 'denat'
import { webUiReset } from '../scenarios/web-ui-reset.ts'

const told = {
  firewall: ({ data }: Mark) => `firewall ${data?.firewall}, IPv6 ${data?.ipv6}`,
  pinholes: ({ data }: Mark) => `${data?.pinholes} pinholes`,
  'inbound connection': ({ data }: Mark) => `a connection from the Internet: ${data?.inbound}`,
}

requirement(
  'UI-RESET-REPRO',
  { cases: Object.fromEntries([...Object.keys(told), 'RA'].map((what) => [what, webUiReset])) },
  ({ case: what, wan, judge, did, given, marks, framesOf }) => {
    did('fresh', ({ data }) => data?.reset === 3)
    const [first, ...others] = marks('fresh') as [Mark, ...Mark[]]
    for (const other of others) {
      const back = marks('back').find(({ data }) => data?.reset === other.data?.reset)
      given(back && framesOf(back)[0], 'DENAT-DEFAULT-1')
      const claim = `After reset ${other.data?.reset} by the page it is as it was when fresh from the box`
      if (what !== 'RA') {
        const say = told[what as keyof typeof told]
        judge.equal(say(other), say(first), claim, first, other)
        continue
      }
      const [before, after] = [first, other].map((mark) =>
        given(
          framesOf(mark).find(({ packet }) => packet.icmp6),
          'RFC7084-L-1',
        ),
      ) as [Frame, Frame]
      const prefixes = wan.toDut.all(dhcpv6('reply', { iaPd: {} })).flatMap(granted)
      judge.equal(flagsOf(after, prefixes), flagsOf(before, prefixes), claim, before, after)
    }
  },
)

/** What is the same in each RA of one router; lifetimes follow the lease, and ULAs are drawn anew. */
function flagsOf(frame: Frame, prefixes: readonly string[]): string {
  const { managed, other, preference, hopLimit } = raOf(frame)
  const own = pios(frame)
    .filter((pio) => pio.preferredLifetime > 0 && prefixes.some((outer) => prefixContains(outer, pio.prefix)))
    .map(({ onLink, autonomous }) => `PIO A=${+autonomous} L=${+onLink}`)
  return [`M=${+managed} O=${+other}`, `preference ${preference}`, `hop limit ${hopLimit}`, ...new Set(own)].join(', ')
}
