import { anyOf, type Bench, type Mark, ra } from 'denat'
import { backOnline } from './back-online.ts'
import { heldBy, type Observers } from './renumber.ts'

/**
 * Something happens to the router or to its line, and the ISP would keep all as it was: marks what everybody on the
 * LAN holds before (`keeping`) and after (`kept`, with an RS and the RA that answers it). The
 * downstream router renews after `beforeRenew`.
 */
export async function keeps(
  bench: Bench,
  { host, router }: Observers,
  kind: string,
  act: () => Promise<Mark>,
  beforeRenew: () => Promise<unknown> = async () => {},
) {
  const { lan, timing, mark } = bench
  const state = () => ({ kind, address: host.gua(), ula: host.ula(), held: heldBy(router) })
  mark('keeping', state())
  const reply = await backOnline(bench, await act(), host)
  mark('online-again', { kind, address: host.gua(), ula: host.ula() }, [reply])
  const asked = lan.host.solicitRouter()
  const [advertised] = await Promise.all([
    lan.hears(ra({}, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }), { since: asked, by: timing.raChange }),
    beforeRenew().then(() => router.renew({ within: 3 })),
  ])
  mark('kept', state(), [asked, advertised])
}
