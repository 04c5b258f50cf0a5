import { type Bench, claim, echoReply, type Frame, fragment, markOf, type Pattern, z } from 'denat'

type Packet = Parameters<Bench['lan']['host']['send']>[0]

/** Neither a transport nor an extension header: RFC 8200 section 4; unassigned. */
const unknownHeader = 200
/** RFC 8200 section 4.2: the two high bits specify whether a node skips an option, or discards the packet and reports it. */
const unknownOption = { skipped: 0x1e, reported: 0x9e }
/** Octets of an echo request that needs two fragments, and no more than each node takes (RFC 8200 section 5). */
const long = 1400
const halves = 800

/** What a host sends to the router itself, and how it answers; `plain` is its answer to a plain echo request. */
export const toRouter = markOf('to-router', { data: { name: z.string() }, frames: ['plain', 'sent', 'answer'] })

/** The greatest number of tries, and the seconds between them: some routers send one error in a while. */
const attempts = 6
const apart = 2

/** Packets for the router itself that need more than a glance: RFC 8200 sections 4, 4.2 and 4.5. */
export async function toTheRouter({ lan, timing, mark, listen, random }: Bench): Promise<void> {
  const { host } = lan
  const gateway = lan.gateway()
  if (!gateway) return
  const dst = gateway.linkLocal
  const src = host.gua() ?? host.linkLocal
  const eth = { dst: gateway.mac }
  for (const address of gateway.addresses) await host.ping(address)
  const plain = await host.ping(dst)
  const echo = (id: number, size = 8): Packet => ({
    ...{ eth, ip6: { src, dst } },
    icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(size).fill(0x65) },
  })
  const withOption = (type: number, packet: Packet): Packet => ({
    ...packet,
    ext: [{ type: 'destination-options', options: [{ type, data: new Uint8Array(4) }] }],
  })
  const probe = async (name: string, packets: () => readonly Packet[], answered: Pattern) => {
    let sent: Frame | undefined
    let answer: Frame | undefined
    for (let attempt = 0; attempt < attempts && !answer; attempt++) {
      if (sent) await listen(timing.after(apart, claim`one probe at a time`), sent)
      for (const packet of packets()) sent = await host.send(packet, `to the router: ${name}`)
      answer = sent && (await host.awaits(answered, { since: sent, by: timing.answer() }))
    }
    mark(toRouter, { name }, { plain, sent, answer })
  }
  const problem = (code: number): Pattern => ({ ip6: { dst: src }, icmp6: { type: 'parameter-problem', code } })
  const inTwo = (id: number) => fragment(echo(id, long), halves, random.int(2 ** 32))
  await probe('fragments in order', () => inTwo(0x6501), echoReply({ id: 0x6501 }))
  await probe('fragments, the last one first', () => inTwo(0x6502).reverse(), echoReply({ id: 0x6502 }))
  await probe('an option to skip', () => [withOption(unknownOption.skipped, echo(0x6503))], echoReply({ id: 0x6503 }))
  await probe('an option to tell of', () => [withOption(unknownOption.reported, echo(0x6504))], problem(2))
  await probe(
    'an unknown Next Header',
    () => [{ eth, ip6: { src, dst, nextHeader: unknownHeader }, payload: new Uint8Array(16) }],
    problem(1),
  )
}
