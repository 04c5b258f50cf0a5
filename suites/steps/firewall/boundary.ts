import { addressIn, type Bench, claim, type DownstreamRouter, flawed, markOf, udp, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'

/** RFC 6092 REC-3: what the public Internet does not have, by the names of its cases. */
export const barred = {
  'site-local': 'fec0:0:0:7::5',
  'IPv4-mapped': '::ffff:20.0.0.9',
  'IPv4-compatible': '::20.0.0.9',
  documentation: '2001:db8:77::5',
  'RFC 9637 documentation': '3fff:77::5',
  ORCHID: '2001:10:77::5',
} as const

/** RFC 6092 REC-2. */
export const siteGroups = {
  'admin-local': 'ff04::1:77',
  'site-local': 'ff05::1:77',
  'site-local, not permanent': 'ff15::1:77',
  'organization-local': 'ff08::1:77',
} as const
const globalGroup = 'ff0e::1:77'

const payload = new Uint8Array(28)
/** A filter's default rules permit it (RFC 6092 REC-24): what drops it here does so for its addresses. */
const ike = 500

const facts = {
  way: z.enum(['outbound', 'inbound']),
  what: z.enum(['control', 'multicast source', 'multicast', 'barred', 'interior', 'own source', 'foreign source']),
  scope: z.string().optional(),
  block: z.string().optional(),
  as: z.enum(['source', 'destination']).optional(),
  place: z.enum(['LAN', 'downstream']).optional(),
}
export type Facts = z.infer<z.ZodObject<typeof facts>>
/** A packet at the boundary, and what its addresses are. `mode` is the setting of the firewall. */
export const atBoundary = markOf('boundary', { data: { mode: z.string(), ...facts }, frames: ['sent'] })

/** RFC 6092 REC-1 to REC-6, RFC 7084 S-2: packets whose addresses have no business at the boundary, both ways. */
export async function boundary(bench: Bench, mode: string, router?: DownstreamRouter): Promise<void> {
  const { isp, lan, internet, mark, listen, timing } = bench
  const host = lan.host
  const gua = await globalAddress(bench)
  // One each, which distinguishes them.
  let port = 41500
  const out = async (src: string, dst: string, data: Omit<Facts, 'way'>) => {
    const sent = await host.send(
      { ip6: { src, dst, hopLimit: 64 }, udp: { srcPort: port++, dstPort: 5500 }, payload },
      src.startsWith('ff') ? flawed(`from ${src}`) : 'to the WAN',
    )
    mark(atBoundary, { mode, way: 'outbound', ...data }, { sent })
    return sent
  }
  const into = async (src: string, dst: string, data: Omit<Facts, 'way'>) => {
    const sent = isp.send(
      { ip6: { src, dst, hopLimit: 63 }, udp: { srcPort: port++, dstPort: ike }, payload },
      src.startsWith('ff') ? flawed(`from ${src}`) : 'to the LAN',
    )
    mark(atBoundary, { mode, way: 'inbound', ...data }, { sent })
  }

  // One packet may be lost.
  for (let attempt = 1; attempt <= 3; attempt++) {
    const since = await out(gua, internet.address, { what: 'control' })
    if (await isp.awaits(udp({ srcPort: since.packet.udp?.srcPort }), { since, by: timing.answer() })) break
  }
  await into(internet.address, gua, { what: 'control' })
  await out('ff0e::1', internet.address, { what: 'multicast source' })
  await into('ff0e::1', gua, { what: 'multicast source' })
  for (const [scope, group] of [...Object.entries(siteGroups), ['global', globalGroup] as const]) {
    await out(gua, group, { what: 'multicast', scope })
    await into(internet.address, group, { what: 'multicast', scope })
  }
  for (const [block, address] of Object.entries(barred)) {
    await out(address, internet.address, { what: 'barred', block, as: 'source' })
    await out(gua, address, { what: 'barred', block, as: 'destination' })
    await into(address, gua, { what: 'barred', block, as: 'source' })
    await into(internet.address, address, { what: 'barred', block, as: 'destination' })
  }
  const neighbor = addressIn(`${gua}/64`, '::77')
  await into(neighbor, gua, { what: 'interior', place: 'LAN' })
  const behind = router?.host.gua()
  if (behind) {
    await into(behind, gua, { what: 'interior', place: 'downstream' })
    const sent = await router?.host.udp(internet.address, { from: 41077, to: 5077 })
    mark(atBoundary, { mode, way: 'outbound', what: 'own source', place: 'downstream' }, { sent })
  }
  await out(addressIn(isp.otherPrefix(), 0x77), internet.address, { what: 'foreign source' })
  await listen(timing.after(1, claim`time to forward what should not be`))
  await proveStillOnline(bench, `boundary, ${mode}`)
}
