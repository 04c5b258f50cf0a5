import type { Bench, LanHost } from 'denat'

/** The source address of a host. Where it has none it waits for one: what it would send shows nothing of the router. */
export async function globalAddress({ lan, mark, timing }: Bench, host: LanHost = lan.host): Promise<string> {
  if (!host.gua()) await host.online({ since: mark('no-address'), by: timing.service, or: 'DENAT-DEFAULT-1' })
  const address = host.gua()
  if (!address) throw new TypeError(`${host.name} is online without an address`)
  return address
}
