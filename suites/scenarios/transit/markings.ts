import type { Bench, Frame, PacketInit } from 'denat'
import { type Road, tagged } from './road.ts'

export const flowLabel = 0xabcde

/** A connection, datagrams and fragmented echoes, all with one flow label. Marks `labelled`. */
export async function flowLabels({ lan, internet, mark, timing }: Bench): Promise<void> {
  const labelled = (packet: PacketInit): PacketInit =>
    packet.ip6 ? { ...packet, ip6: { ...packet.ip6, flowLabel } } : packet
  internet.serveTcp(8081)
  internet.serveUdp(5001)
  internet.serveTcp(8079)
  const unlabelled = await lan.host.connect(internet.address, 8079, { bytes: 100 })
  mark('unlabelled', {}, [unlabelled.syn, unlabelled.answer])
  for (const end of [lan.host, internet]) end.shape(labelled)
  const connection = await lan.host.connect(internet.address, 8081, { bytes: 30_000 })
  mark('labelled', { what: 'TCP', port: 8081 }, [connection.syn, connection.answer])

  let datagram: Frame | undefined
  for (let n = 0; n < 50; n++) datagram = await lan.host.udp(internet.address, { from: 41_001, to: 5001 })
  if (datagram) await lan.host.hears({ udp: { srcPort: 5001 } }, { since: datagram, by: timing.answer() })
  mark('labelled', { what: 'UDP', port: 5001 }, [datagram])

  mark('labelled', { what: 'fragments' }, [await lan.host.ping(internet.address, { size: 3000 })])
  for (const end of [lan.host, internet]) end.shape()
}

/** Differentiated Services code points, each with the flow label that its packets bear. */
export const codePoints = Array.from({ length: 64 }, (_, dscp) => ({ dscp, flowLabel: dscp * 17 }))

/** RFC 4727: experimental, and skipped by whoever does not know it. */
export const resourceOption = 0x1e

/** A packet for each code point along a road, with and without a Hop-by-Hop option. Marks `sliced`. */
export async function slices({ mark, timing }: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort, way } = road
  const data = Uint8Array.from([1, 2, 3, 4])
  for (const withOption of [false, true]) {
    const tag = `slice ${withOption ? 'with option, ' : ''}${way}`
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
    if (last) await road.far.hears({ payload: has }, { since: last, by: timing.after(0.2, 'time to be forwarded') })
    mark('sliced', { tag, way, withOption }, [sent[0]])
  }
}
