import { type Bench, claim, type Frame } from 'denat'

type Packet = Parameters<Bench['internet']['send']>[0]

/** A host of the LAN and a far end that exchange packets one by one. */
export function twoEnds({ lan, internet }: Bench, inside: string, outside: string) {
  return {
    near: (packet: Packet) => lan.host.send({ ip6: { src: inside, dst: outside }, ...packet }),
    far: (packet: Packet) => internet.send({ ip6: { src: outside, dst: inside }, ...packet }),
  }
}
export type Ends = ReturnType<typeof twoEnds>

/** Large enough for a Packet Too Big with MTU 1300. */
export const data = new Uint8Array(1340).fill(0x18)

export const segment = (srcPort: number, dstPort: number, flags: string, seq: number, ack: number): Packet => ({
  tcp: { srcPort, dstPort, flags, seq, ack, window: 65535 },
  ...(flags === 'psh+ack' && { payload: data }),
})

/** A packet of the host's that crossed, and the far end's next. */
export interface Flow {
  sent: Frame
  next: Packet
}

/** Opens a connection from each of these ports of the host, and sends data on it. */
export async function tcpFlows(
  { lan, listen, timing }: Bench,
  { near, far }: Ends,
  ports: number[],
  to: number,
): Promise<Flow[]> {
  const crosses = timing.after(0.1, claim`each segment follows from the one before`)
  for (const port of ports) {
    lan.host.ignoreTcp(port)
    await near(segment(port, to, 'syn', 1000, 0))
  }
  await listen(crosses)
  for (const port of ports) await far(segment(to, port, 'syn+ack', 5000, 1001))
  await listen(crosses)
  const flows: Flow[] = []
  for (const port of ports) {
    await near(segment(port, to, 'ack', 1001, 5001))
    const sent = await near(segment(port, to, 'psh+ack', 1001, 5001))
    flows.push({ sent, next: segment(to, port, 'psh+ack', 5001, 1001 + data.length) })
  }
  // The far end has it all.
  for (const port of ports) await far(segment(to, port, 'ack', 5001, 1001 + data.length))
  return flows
}
