import { addressIn, type Bench, claim, dhcpv6, dnsQuery, encodeDns, iaAddresses, isUla, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'

/** Services that manage a router, and what is asked of them. RFC 6092 REC-50. */
const managementTcp = [22, 23, 53, 80, 443, 7547, 8080]
const query = encodeDns(dnsQuery({ id: 7, name: 'www.example.com', type: 'AAAA' }))
/** With a length before it: RFC 7766 section 8. */
const queryOverTcp = Uint8Array.of(query.length >> 8, query.length & 0xff, ...query)
/** GetRequest for `public`, RFC 3416. */
const snmp = Uint8Array.of(
  ...[0x30, 0x26, 2, 1, 1, 4, 6, ...new TextEncoder().encode('public'), 0xa0, 0x19, 2, 4, 0, 0, 0, 1],
  ...[2, 1, 0, 2, 1, 0, 0x30, 0x0b, 0x30, 9, 6, 5, 0x2b, 6, 1, 2, 1, 5, 0],
)
const ssdp = new TextEncoder().encode(
  'M-SEARCH * HTTP/1.1\r\nHOST: [ff05::c]:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
)
/** ANNOUNCE, RFC 6887 section 14.1. */
const pcp = Uint8Array.of(2, ...new Uint8Array(23))
const managementUdp: [port: number, payload: Uint8Array][] = [
  [53, query],
  [161, snmp],
  [1900, ssdp],
  [5351, pcp],
]
/**
 * What the Internet tries first on a host; more ports are drawn by the seed, of those from which no host of the bench
 * sends: a filter that compares the host's end alone (RFC 6092 REC-11) permits all senders there.
 */
const commonPorts = [21, 25, 80, 139, 443, 445, 3389, 8000, 8080, 8443]
/** Permitted by RFC 6092 REC-21 and similar clauses: IKE. */
const exempt = new Set([500, 4500])

export const reachable = markOf('reachable', { frames: ['answer'] })
const port = z.number()
/** Unsolicited connection attempts: one that the host ignores, one that it meets with its own. */
export const unmetSyn = markOf('unmet-syn', { data: { port }, frames: ['sent'] })
export const unmetOver = markOf('unmet-over')
export const metSyn = markOf('met-syn', { data: { port }, frames: ['sent'] })
export const metBy = markOf('met-by', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const hostScan = markOf('host-scan', { data: { target: z.string() } })
export const hostScanFence = markOf('host-scan-fence', { data: { ports: z.number() }, frames: ['answer'] })
const ofRouter = { place: z.enum(['WAN address', 'LAN address', 'link-local']), address: z.string() }
export const routerScan = markOf('router-scan', { data: ofRouter })
export const routerScanned = markOf('router-scanned', { data: { ...ofRouter, since: z.number() } })
export const routerScanFence = markOf('router-scan-fence', { frames: ['answer'] })
/** A host asks its resolver, which is the router's `own` or not. */
export const lanDns = markOf('lan-dns', {
  data: { server: z.string().optional(), own: z.boolean() },
  frames: ['answer'],
})
const dnsOverTcp = markOf('dns-over-tcp', { data: { ...ofRouter, outcome: z.string() }, frames: ['syn', 'answer'] })

const synTo = (srcPort: number, dstPort: number) => ({ srcPort, dstPort, seq: 1000, flags: 'syn', window: 65535 })

/** RFC 6092 REC-34: a connection attempt and its late error, and one that the host meets with its own. */
export async function connectionAttempts(bench: Bench): Promise<void> {
  const { lan, internet2, timing, mark, listen } = bench
  const host = lan.host
  const gua = await globalAddress(bench)
  // A router that has to ask for the host first may lose what comes before the answer (RFC 4861 section 7.2.2).
  mark(reachable, {}, { answer: await host.ping(internet2.address, { from: gua }) })
  for (const port of [2222, 8000, 8443]) host.serveTcp(port)
  const unmet = await internet2.send(
    { ip6: { dst: gua }, tcp: synTo(50001, 2222) },
    'a connection that the host does not expect',
  )
  mark(unmetSyn, { port: 2222 }, { sent: unmet })
  const met = await internet2.send(
    { ip6: { dst: gua }, tcp: synTo(50002, 2223) },
    'a connection that the host will meet with its own',
  )
  mark(metSyn, { port: 2223 }, { sent: met })
  await listen(timing.after(3, claim`the host answers with its own SYN at 3 s (RFC 6092 REC-34)`), met)
  internet2.serveTcp(50002)
  const simultaneous = await host.connect(internet2.address, 50002, { from: gua, localPort: 2223, bytes: 100 })
  mark(metBy, { outcome: simultaneous.outcome }, { syn: simultaneous.syn, answer: simultaneous.answer })
  await listen(timing.after(9, claim`an error is due at 6 s or later (RFC 6092 REC-34)`), unmet)
  mark(unmetOver, {}, {}, [unmet])
}

/** The Internet scans a host that runs servers, from an address of its own; then the router itself. */
export async function scans(bench: Bench): Promise<void> {
  const { isp, lan, internet, internet2, mark, random } = bench
  const host = lan.host
  const gua = await globalAddress(bench)
  // The source of a scan may be blocked for a while: nothing else is sent from there.
  const scanner = addressIn(isp.parameters.internetPrefix, 0x93)
  mark(hostScan, { target: gua })
  const ports = new Set([...commonPorts, ...Array.from({ length: 490 }, () => 10_000 + random.int(29_000))])
  for (const port of ports) {
    if (exempt.has(port)) continue
    await internet.send({ ip6: { src: scanner, dst: gua }, tcp: synTo(50003, port) })
    await internet.send({
      ip6: { src: scanner, dst: gua },
      udp: { srcPort: 50004, dstPort: port },
      payload: new Uint8Array(8),
    })
  }
  const pinged = await host.ping(internet2.address)
  mark(hostScanFence, { ports: ports.size }, { answer: pinged })

  const lanAddresses = lan.gateway()?.addresses ?? []
  const assigned = iaAddresses(isp.latest(dhcpv6('reply'), { or: 'RFC7084-W-4' })).map(({ address }) => address)
  const wanAddresses = new Set([...assigned, ...(isp.customer()?.addresses ?? [])])
  const fromInternet = (packet: Parameters<typeof internet2.send>[0]) => internet2.send(packet)
  const fromIsp = async (packet: Parameters<typeof isp.send>[0]) => isp.send(packet)
  const linkLocal = isp.customer()?.linkLocal
  const targets = [
    ...[...wanAddresses].map((address) => ({ place: 'WAN address' as const, address, send: fromInternet })),
    ...lanAddresses
      .filter((address) => !isUla(address))
      .map((address) => ({ place: 'LAN address' as const, address, send: fromInternet })),
    ...(linkLocal ? [{ place: 'link-local' as const, address: linkLocal, send: fromIsp }] : []),
  ]
  for (const { place, address, send } of targets) {
    const scanned = mark(routerScan, { place, address })
    for (const [port, payload] of managementUdp)
      await send({ ip6: { dst: address }, udp: { srcPort: 50100, dstPort: port }, payload })
    for (const port of managementTcp) await send({ ip6: { dst: address }, tcp: synTo(50101, port) })
    mark(routerScanned, { place, address, since: scanned.at })
  }
  const [server] = host.resolvers()
  const resolve = async () => (server ? host.resolve('www.example.com', { server }) : undefined)
  // Again, as hosts do: a query may be lost.
  const answer = (await resolve()) ?? (await resolve())
  const own = server !== undefined && (server === lan.gateway()?.linkLocal || lanAddresses.includes(server))
  mark(lanDns, { ...(server && { server }), own }, { answer })
  await Promise.all(
    targets
      .filter(({ send }) => send === fromInternet)
      .map(async ({ place, address }) => {
        const asked = await internet2.connect(address, 53, { data: queryOverTcp, within: 2 })
        const { outcome, syn, answer } = asked
        mark(dnsOverTcp, { place, address, outcome }, { syn, answer })
      }),
  )
  mark(routerScanFence, {}, { answer: await host.ping(internet2.address) })
}
