import { addressIn, type Bench, claim, type Frame, markOf, type PacketInit, z } from 'denat'
import { errorAbout } from '../errors.ts'
import { globalAddress } from '../global-address.ts'
import { segmentRouting } from './crossings.ts'

/** Octets in addition to the payload: IPv6 and UDP headers, and a Segment Routing Header with one segment. */
const headers = { udp: 40 + 8, segmentRouting: 24 }

/** The number of packets of a flow that a router may inspect before it offloads the flow. */
const shortCut = 50

const soon = { forced: 0.5, slack: 0.5, why: claim`an error within 1 s` }
/** Some routers send one error in ten seconds: the number of attempts, and the seconds between them. */
const attempts = { most: 6, apart: 2 }

export const oversizedSent = markOf('oversized', {
  data: { what: z.enum(['UDP', 'segment routing']), mtu: z.number() },
  frames: ['fitting', 'sent', 'error'],
})

/**
 * On a line of this MTU: packets that fit it to the octet, and packets that are 50 octets longer; to a node for which no
 * host has a path MTU. Marks `oversized`.
 */
export async function oversized(bench: Bench, mtu: number): Promise<void> {
  const { isp, lan, mark, listen, timing } = bench
  const dst = addressIn(isp.parameters.internetPrefix, 0x82)
  const src = await globalAddress(bench)
  const packet = (what: string, octets: number): PacketInit => {
    const own = headers.udp + (what === 'UDP' ? 0 : headers.segmentRouting)
    return {
      ip6: { src, dst },
      ...(what !== 'UDP' && { ext: [segmentRouting([dst], 0)] }),
      // What is quoted of one kind is not taken for the other.
      udp: { srcPort: what === 'UDP' ? 48_000 : 48_001, dstPort: mtu },
      payload: new Uint8Array(octets - own),
    }
  }
  for (const what of ['UDP', 'segment routing'] as const) {
    // Routers look at the first packets of a flow, and take those that follow by a shorter way.
    for (let n = 0; n < shortCut; n++) await lan.host.send(packet(what, 150))
    const fitting = await lan.host.send(packet(what, mtu))
    let sent: Frame | undefined
    let error: Frame | undefined
    for (let attempt = 1; attempt <= attempts.most && !error; attempt++) {
      if (sent) await listen(timing.after(attempts.apart, claim`errors are limited`), sent)
      sent = await lan.host.send(packet(what, mtu + 50))
      error = await lan.host.awaits(errorAbout('packet-too-big', sent), { since: sent, by: soon })
    }
    mark(oversizedSent, { what, mtu }, { fitting, sent, error })
  }
}
