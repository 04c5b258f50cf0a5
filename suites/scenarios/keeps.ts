import { anyOf, type Bench, inPrefix, type Mark, ra } from 'denat'
import { backOnline } from './back-online.ts'
import { heldBy, type Observers } from './renumber.ts'

/**
 * Something happens to the router or to its line, and the ISP would keep all as it was: marks what everybody on the
 * LAN holds before (`keeping`) and after (`kept`, with an RS and the RA that answers it, once RAs have said again what
 * hosts still hold). The downstream router renews after `beforeRenew`.
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
  /** The first RA after a restart may come before the router has an address in the prefix. */
  const saidAgain = (address: string | undefined) => {
    const prefix = (value: unknown) => inPrefix(address ?? '::', String(value))
    const preferredLifetime = (seconds: unknown) => Number(seconds) > 0
    const said = ra({ prefixInformation: { prefix, preferredLifetime } })
    return address && lan.hears(said, { since: asked, by: timing.raChange })
  }
  const [advertised] = await Promise.all([
    lan.hears(ra({}, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }), { since: asked, by: timing.raChange }),
    saidAgain(host.gua()),
    saidAgain(host.ula()),
    beforeRenew().then(() => router.renew({ within: 3 })),
  ])
  mark('kept', state(), [asked, advertised])
}
