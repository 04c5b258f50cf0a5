import { anyOf, type Bench, inPrefix, type Mark, markOf, ra, z } from 'denat'
import { backOnline } from './back-online.ts'
import type { Observers } from './renumber.ts'
import { heldBy } from './sub-delegated.ts'

const kind = z.enum(['power-cut', 'reboot', 'link flap', 'new WAN PIO'])
export type KeptKind = z.infer<typeof kind>

const onHost = { kind, address: z.string().optional(), ula: z.string().optional() }
const holdings = { ...onHost, held: z.string().optional() }

/** What the first host and the downstream router hold, before something happens that the ISP changes nothing by. */
export const keeping = markOf('keeping', { data: holdings })
/** The answer to the host's first echo request that was answered afterwards. */
export const onlineAgain = markOf('online-again', { data: onHost, frames: ['reply'] })
/** What they hold afterwards; an RS, and the RA that answers it. */
export const kept = markOf('kept', { data: holdings, frames: ['asked', 'advertised'] })
/** The answer to an echo request of the host, in addition to them. */
export const keptFlow = markOf('kept-flow', { data: { kind }, frames: ['reply'] })

const asksForPrefix = {
  dhcp6: { type: anyOf('solicit', 'request', 'renew', 'rebind'), options: [{ type: 'ia-pd' as const }] },
}

/**
 * Something happens to the router or to its line, and the ISP would keep all as it was: marks what all nodes on the
 * LAN hold before (`keeping`) and after (`kept`, with an RS and the RA that answers it, once RAs have advertised again what
 * hosts still hold). The downstream router renews after `beforeRenew`.
 */
export async function keeps(
  bench: Bench,
  { host, router }: Observers,
  kind: KeptKind,
  act: () => Promise<Mark>,
  beforeRenew: () => Promise<unknown> = async () => {},
) {
  const { isp, lan, timing, mark } = bench
  const state = () => ({ kind, address: host.gua(), ula: host.ula(), held: heldBy(router) })
  const former = state()
  mark(keeping, former)
  const happened = await act()
  const reply = await backOnline(bench, happened, host)
  mark(onlineAgain, { kind, address: host.gua(), ula: host.ula() }, { reply })
  const asked = lan.host.solicitRouter()
  /** The first RA after a restart may come before the router has an address in the prefix, or withdraw it until then. */
  const advertisedAgain = (address: string | undefined) => {
    if (!address) return
    const prefix = (value: unknown) => inPrefix(address, String(value))
    const preferredLifetime = (seconds: unknown) => Number(seconds) > 0
    const advertised = ra({ prefixInformation: { prefix, preferredLifetime } })
    return lan.awaits(advertised, { since: asked, by: timing.raChange })
  }
  const [advertised] = await Promise.all([
    lan.awaits(ra({}, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }), { since: asked, by: timing.raChange }),
    advertisedAgain(host.gua() ?? former.address),
    advertisedAgain(host.ula()),
    beforeRenew().then(() => router.renew({ within: 3 })),
    // Addresses may be asked for first, by another exchange.
    isp.awaits(asksForPrefix, { since: happened, by: timing.boot }),
  ])
  mark(kept, state(), { asked, advertised })
}
