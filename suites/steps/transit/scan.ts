import { addressIn, type Bench, claim, type Frame, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'

/** How many addresses are tried, and how many echo requests a known host sends meanwhile. */
export interface Scan {
  from: 'LAN' | 'WAN'
  addresses: number
  echoes: number
  /** Seconds over which they are spread. */
  over: number
}

const from = z.enum(['LAN', 'WAN'])
export const scanBefore = markOf('scan-before', { data: { from }, frames: ['answer'] })
/** Behind the first packet come the answers to the known host. */
export const scanned = markOf('scanned', {
  data: { from, addresses: z.number(), echoes: z.number(), answered: z.number() },
  frames: ['first'],
})
export const scanAfter = markOf('scan-after', { data: { from }, frames: ['answer'] })

/**
 * A node sends to one address of the LAN after the other, none of which is there, while a host that is continues to use
 * the Internet. Marks `scan-before`, `scanned` and `scan-after`.
 */
export async function scan(bench: Bench, { from, addresses, echoes, over }: Scan): Promise<void> {
  const { lan, internet, internet2, mark, timing, listen, random } = bench
  const host = lan.host
  const gua = await globalAddress(bench)
  const gateway = lan.gateway()
  if (!gateway) return
  mark(scanBefore, { from }, { answer: await host.ping(internet.address) })
  const address = () => {
    const [a, b, c] = [random.int(0xffff), random.int(0xffff), random.int(0xffff)].map((n) => n.toString(16))
    return addressIn(`${gua}/64`, `::bad:${a}:${b}:${c}`)
  }
  const udp = { udp: { srcPort: 45_001, dstPort: 45_002 }, payload: new Uint8Array(8) }
  const pings: Promise<Frame | undefined>[] = []
  let first: Frame | undefined
  for (let round = 0; round < echoes; round++) {
    for (let n = 0; n < addresses / echoes; n++) {
      const dst = address()
      const sent = await (from === 'WAN'
        ? internet2.send({ ip6: { dst }, ...udp })
        : host.send({ eth: { dst: gateway.mac }, ip6: { src: gua, dst }, ...udp }))
      first ??= sent
    }
    pings.push(host.ping(internet.address))
    await listen(timing.after(over / echoes, claim`a scan takes its time`))
  }
  const answers = await Promise.all(pings)
  const answered = answers.filter((answer) => answer).length
  mark(scanned, { from, addresses, echoes, answered }, { first }, answers)
  mark(scanAfter, { from }, { answer: await host.ping(internet.address) })
}
