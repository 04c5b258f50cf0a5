import { addressIn, type Bench, type Frame, type PacketInit } from 'denat'
import { segmentRouting } from './crossings.ts'

/** Octets beside the payload: IPv6 and UDP headers, and a Segment Routing Header with one segment. */
const headers = { udp: 40 + 8, segmentRouting: 24 }

const soon = { forced: 0.5, slack: 0.5, why: 'an error within 1 s' }

/**
 * On a line of this MTU: packets that fit it to the octet, and packets that are 50 octets longer; to somebody that no
 * host has a path MTU for. Marks `oversized`.
 */
export async function oversized({ isp, lan, mark }: Bench, mtu: number): Promise<void> {
  const dst = addressIn(isp.parameters.internetPrefix, 0x82)
  const src = lan.host.gua() ?? '::'
  const packet = (what: string, octets: number): PacketInit => {
    const own = headers.udp + (what === 'UDP' ? 0 : headers.segmentRouting)
    return {
      ip6: { src, dst },
      ...(what !== 'UDP' && { ext: [segmentRouting([dst], 0)] }),
      udp: { srcPort: 48_000, dstPort: octets },
      payload: new Uint8Array(octets - own),
    }
  }
  for (const what of ['UDP', 'segment routing']) {
    const fitting = await lan.host.send(packet(what, mtu))
    let sent: Frame | undefined
    let error: Frame | undefined
    // A router may limit the rate of its errors.
    for (let attempt = 1; attempt <= 2 && !error; attempt++) {
      sent = await lan.host.send(packet(what, mtu + 50))
      error = await lan.host.hears({ icmp6: { type: 'packet-too-big' } }, { since: sent, by: soon })
    }
    mark('oversized', { what, mtu }, [fitting, sent, error])
  }
}
