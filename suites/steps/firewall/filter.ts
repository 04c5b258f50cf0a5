import { type Bench, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'
import { farEnd } from './far-end.ts'

/** Whether the filter is on: an unsolicited inbound packet was not forwarded. */
export const filter = markOf('filter', { data: { on: z.boolean() }, frames: ['sent', 'came'] })
export const unaskedEcho = markOf('echo-request', { frames: ['sent'] })
export const ipsecSent = markOf('ipsec', { data: { name: z.enum(['AH', 'ESP', 'IKE']) }, frames: ['sent', 'answer'] })

/** The mode of the filter: an unsolicited packet to an unused port is forwarded, or is not. */
export async function lookForFilter(bench: Bench): Promise<void> {
  const { lan, internet, timing, mark } = bench
  const dst = await globalAddress(bench)
  const sent = await internet.send(
    { ip6: { src: farEnd(bench), dst }, udp: { srcPort: 5001, dstPort: 41001 }, payload: new Uint8Array(16) },
    'unasked: is there a filter?',
  )
  const came = await lan.host.awaits({ udp: { srcPort: 5001, dstPort: 41001 } }, { since: sent, by: timing.answer() })
  mark(filter, { on: came === undefined }, { sent, came })
}

/** An unsolicited datagram and an unsolicited echo request. */
export async function unasked(bench: Bench): Promise<void> {
  await lookForFilter(bench)
  const { internet, mark } = bench
  const dst = await globalAddress(bench)
  const echo = { type: 'echo-request', id: 41, seq: 1, data: new Uint8Array(8) } as const
  mark(unaskedEcho, {}, { sent: await internet.send({ ip6: { src: farEnd(bench), dst }, icmp6: echo }, 'unasked') })
  await proveStillOnline(bench, 'unasked')
}

/** RFC 6092 REC-21 to REC-24: IPsec and its key exchange come in unasked, and are answered. */
export async function ipsec(bench: Bench): Promise<void> {
  const { lan, internet, isp, timing, mark } = bench
  const host = lan.host
  const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
  // Next header 59 (none), four octets of length less two, SPI, sequence number, integrity check value.
  const ah = Uint8Array.of(59, 4, 0, 0, 0, 0, 0x10, 1, 0, 0, 0, 1, ...new Uint8Array(12))
  const esp = Uint8Array.of(0, 0, 0x10, 2, 0, 0, 0, 1, ...new Uint8Array(24))
  const kinds = [
    { name: 'AH' as const, layer: {}, nextHeader: 51, payload: ah },
    { name: 'ESP' as const, layer: {}, nextHeader: 50, payload: esp },
    // Another port: a key exchange that passed a NAT on its way.
    {
      name: 'IKE' as const,
      layer: { udp: { srcPort: 4321, dstPort: 500 } },
      nextHeader: 17,
      payload: new Uint8Array(28),
    },
  ]
  for (const { name, layer, nextHeader, payload } of kinds) {
    const sent = await internet.send(
      { ip6: { src: outside, dst: inside, nextHeader }, ...layer, payload },
      `${name}, unasked`,
    )
    await host.awaits({ ip6: { src: outside, nextHeader } }, { since: sent, by: timing.answer() })
    const answer = await host.send(
      {
        ip6: { src: inside, dst: outside, nextHeader },
        ...(layer.udp && { udp: { srcPort: 500, dstPort: 4321 } }),
        payload,
      },
      `answers ${name}`,
    )
    await isp.awaits({ ip6: { src: inside, dst: outside, nextHeader } }, { since: answer, by: timing.answer() })
    mark(ipsecSent, { name }, { sent, answer })
  }
  await proveStillOnline(bench, 'ipsec')
}
