import { type Bench, claim, type Frame, markOf, type PacketInit, z } from 'denat'
import { type Road, tagged, way } from './road.ts'

export const flowLabel = 0xabcde

export const unlabelled = markOf('unlabelled', { frames: ['syn', 'answer'] })
/** Traffic with a flow label, and some of its frames. */
export const labelled = markOf('labelled', { data: { what: z.enum(['TCP', 'UDP', 'fragments']) } })
/** Packets for each code point, by the tag that they carry. */
export const sliced = markOf('sliced', { data: { tag: z.string(), way, withOption: z.boolean() }, frames: ['first'] })

/** A connection, datagrams and fragmented echoes, all with one flow label. Marks `labelled`. */
export async function flowLabels({ lan, internet, mark, timing }: Bench): Promise<void> {
  const withLabel = (packet: PacketInit): PacketInit =>
    packet.ip6 ? { ...packet, ip6: { ...packet.ip6, flowLabel } } : packet
  internet.serveTcp(8081)
  internet.serveUdp(5001)
  internet.serveTcp(8079)
  const { syn, answer } = await lan.host.connect(internet.address, 8079, { bytes: 100 })
  mark(unlabelled, {}, { syn, answer })
  for (const end of [lan.host, internet]) end.shape(withLabel)
  const connection = await lan.host.connect(internet.address, 8081, { bytes: 30_000 })
  mark(labelled, { what: 'TCP' }, {}, [connection.syn, connection.answer])

  let datagram: Frame | undefined
  for (let n = 0; n < 50; n++) datagram = await lan.host.udp(internet.address, { from: 41_001, to: 5001 })
  if (datagram) await lan.host.awaits({ udp: { srcPort: 5001 } }, { since: datagram, by: timing.answer() })
  mark(labelled, { what: 'UDP' }, {}, [datagram])

  mark(labelled, { what: 'fragments' }, {}, [await lan.host.ping(internet.address, { size: 3000 })])
  for (const end of [lan.host, internet]) end.shape()
}

/** Differentiated Services code points, each with the flow label that its packets carry. */
export const codePoints = Array.from({ length: 64 }, (_, dscp) => ({ dscp, flowLabel: dscp * 17 }))

/** RFC 4727: experimental, and skipped by a node that does not know it. */
export const resourceOption = 0x1e

/** A packet for each code point along a road, with and without a Hop-by-Hop option. Marks `sliced`. */
export async function slices({ mark, timing }: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort } = road
  const data = Uint8Array.from([1, 2, 3, 4])
  for (const withOption of [false, true]) {
    const tag = `slice ${withOption ? 'with option, ' : ''}${road.way}`
    const sent: Frame[] = []
    for (const { dscp, flowLabel } of codePoints)
      sent.push(
        await road.send({
          ip6: { src, dst, trafficClass: dscp << 2, flowLabel },
          ...(withOption && { ext: [{ type: 'hop-by-hop', options: [{ type: resourceOption, data }] }] }),
          udp: { srcPort, dstPort },
          payload: tagged(tag, dscp),
        }),
      )
    const [last] = sent.slice(-1)
    const has = (payload: Uint8Array) => new TextDecoder().decode(payload).includes(`[${tag}] 63 `)
    if (last)
      await road.far.awaits({ payload: has }, { since: last, by: timing.after(0.2, claim`time to be forwarded`) })
    mark(sliced, { tag, way: road.way, withOption }, { first: sent[0] })
  }
}
