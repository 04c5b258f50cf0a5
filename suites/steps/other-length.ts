import { anyOf, type Bench, claim, type LanHost, type Mark, prefixContains, prefixUse, ra } from 'denat'
import { probePrefixEdge } from './transit/prefix-edge.ts'

const asking = anyOf('solicit', 'request', 'renew', 'rebind', 'confirm')

/** After an interruption the ISP has a prefix of another length; it has its time until it is on the LAN. */
export async function otherLength(
  bench: Bench,
  host: LanHost,
  length: number,
  interrupt: () => Promise<Mark>,
): Promise<void> {
  const { isp, lan, timing, listen } = bench
  const prefix = isp.otherPrefix(length)
  isp.change({ dhcpv6: { prefixes: [prefix] } })
  const back = await interrupt()
  const by = { ...timing.boot, slack: timing.boot.slack + timing.service.slack }
  const asked = await isp.awaits({ dhcp6: { type: asking } }, { since: back, by })
  const isOfIt = (one: unknown) => prefixContains(prefix, String(one))
  const isLive = (seconds: unknown) => Number(seconds) > 0
  const advertised = await lan.awaits(ra({ prefixInformation: { prefix: isOfIt, validLifetime: isLive } }), {
    since: asked ?? back,
    by: { forced: prefixUse, slack: 1, why: claim`a prefix is advertised on the LAN` },
  })
  if (advertised) await listen(timing.after(1.5, claim`an address out of it, and its DAD`), advertised)
  await probePrefixEdge(bench, host)
}
