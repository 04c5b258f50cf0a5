import { addressIn, type Bench, claim, markOf, z } from 'denat'
import { allServers, duidOf, ia } from './dhcpv6-client.ts'

export const discoveryFromWan = markOf('discovery-from-wan', {
  data: { type: z.enum(['solicit', 'information-request']) },
  frames: ['question'],
})
export const discoveryFence = markOf('discovery-fence', { frames: ['question', 'answer'] })
export const wanUnassigned = markOf('wan-unassigned', { data: { target: z.string() }, frames: ['sent'] })
/** `online`: the answer to a host that uses the Internet. */
export const wanUnassignedFence = markOf('wan-unassigned-fence', { frames: ['question', 'answer', 'online'] })
export const routerEcho = markOf('echo', { data: { target: z.string() }, frames: ['reply'] })
export const unknownInformational = markOf('unknown-informational', { frames: ['sent'] })

/** Hosts on the WAN look for a router and for a DHCPv6 server. Marks `discovery-from-wan`. */
export async function discoverFromWan({ isp, timing, mark, listen, random }: Bench): Promise<void> {
  isp.send({ ip6: { src: isp.linkLocal, dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } }, 'RS by the WAN')
  const asked = (['solicit', 'information-request'] as const).map((type) => {
    const question = isp.send(
      {
        ip6: { src: isp.linkLocal, dst: allServers },
        udp: { srcPort: 546, dstPort: 547 },
        dhcp6: {
          type,
          transactionId: random.int(2 ** 24),
          options: [
            { type: 'client-id', duid: duidOf(3) },
            ...(type === 'solicit' ? [ia('ia-na', 1), ia('ia-pd', 1)] : []),
            { type: 'oro', codes: [23, 24] },
            { type: 'elapsed-time', value: 0 },
          ],
        },
      },
      `${type} by the WAN`,
    )
    return mark(discoveryFromWan, { type }, { question })
  })
  await listen(timing.after(5, claim`answers that must not come`), asked[0])
  const fence = await isp.fence()
  if (fence) mark(discoveryFence, {}, { ...fence })
}

/** Packets for addresses of the WAN link that no node has. Marks `wan-unassigned` and a fence. */
export async function unassignedOnWan({ isp, lan, internet, timing, mark, listen }: Bench): Promise<void> {
  const customer = isp.customer()
  if (!customer) return
  for (let id = 901; id <= 903; id++) {
    const target = addressIn(isp.parameters.wanPrefix, 0xdead00 + id)
    const sent = isp.send(
      {
        eth: { dst: customer.mac },
        ip6: { src: internet.address, dst: target, hopLimit: 60 },
        icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
      },
      'to an address of the WAN link that nobody has',
    )
    mark(wanUnassigned, { target }, { sent })
    await listen(timing.after(0.2, claim`one after the other`))
  }
  // A router that looks for the address asks three times, a second apart (RFC 4861 section 7.2.2).
  await listen(timing.after(4, claim`time to send it on, or back`))
  const fence = await isp.fence()
  mark(wanUnassignedFence, {}, { ...fence, online: await lan.host.ping(internet.address) })
}

/** How the router itself answers ICMPv6 on the LAN. Marks `echo` and `unknown-informational`. */
export async function icmpv6ToRouter({ lan, timing, mark, listen }: Bench): Promise<void> {
  const gateway = lan.gateway()
  if (!gateway) return
  const { host } = lan
  const reply = await host.ping(gateway.linkLocal)
  mark(routerEcho, { target: gateway.linkLocal }, { reply })
  const unknown = await host.send(
    {
      eth: { dst: gateway.mac },
      ip6: { src: host.gua() ?? host.linkLocal, dst: gateway.linkLocal },
      icmp6: { type: 200, code: 0, body: new Uint8Array(8) },
    },
    'an informational message of a type for private experimentation',
  )
  mark(unknownInformational, {}, { sent: unknown })
  await listen(timing.after(1, claim`an answer that must not come`))
  mark(routerEcho, { target: gateway.linkLocal }, { reply: await host.ping(gateway.linkLocal) })
}
