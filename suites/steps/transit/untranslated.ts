import { type Bench, claim, type Frame, markOf, z } from 'denat'
import { type Road, tagged } from './road.ts'

const authenticationHeader = 51

export const untranslatedSent = markOf('untranslated', {
  data: { what: z.enum(['AH', 'FTP EPRT', 'SIP']), outcome: z.string().optional() },
  frames: ['sent'],
})

/** What distinguishes each of the packets from all others, and no translator has a reason to change. */
export const contentOf = { AH: '[AH] 0', 'FTP EPRT': '|51000|', SIP: 'branch=z9hG4bK1' } as const

/** Resolves with the first of up to three: a packet may be lost. */
async function untilReceived(send: () => Promise<Frame>, awaits: (since: Frame) => Promise<unknown>): Promise<Frame> {
  const first = await send()
  let last = first
  for (let again = 1; !(await awaits(last)) && again < 3; again++) last = await send()
  return first
}

/** What fails where addresses are rewritten on the way: AH, and addresses in the payload. Marks `untranslated`. */
export async function untranslated({ lan, internet, mark, timing }: Bench, outbound: Road): Promise<void> {
  const { src, dst } = outbound
  const host = lan.host
  // RFC 4302 section 2: No Next Header behind it, an ICV of 12 octets.
  const icv = Array.from({ length: 12 }, (_, index) => 0xc0 + index)
  const header = Uint8Array.from([59, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, ...icv, ...tagged('AH')])
  const authenticated = await untilReceived(
    () => host.send({ ip6: { src, dst, nextHeader: authenticationHeader }, payload: header }),
    (since) =>
      internet.awaits(
        { ip6: { src, nextHeader: authenticationHeader } },
        { since, by: timing.after(0.2, claim`time to be forwarded`) },
      ),
  )
  mark(untranslatedSent, { what: 'AH' }, { sent: authenticated })

  const text = (lines: string) => new TextEncoder().encode(lines)
  internet.serveTcp(21)
  const eprt = text(`EPRT |2|${src}${contentOf['FTP EPRT']}\r\n`)
  const control = await host.connect(internet.address, 21, { data: eprt })
  mark(untranslatedSent, { what: 'FTP EPRT', outcome: control.outcome }, { sent: control.syn })

  internet.serveUdp(5060)
  const sent = await untilReceived(
    () => host.udp(internet.address, { from: 5060, to: 5060 }, { data: text(invite(src, dst)) }),
    (since) => host.awaits({ udp: { srcPort: 5060, dstPort: 5060 } }, { since, by: timing.answer() }),
  )
  mark(untranslatedSent, { what: 'SIP' }, { sent })
}

/** RFC 3261 section 8.1.1: a request with the header fields that it must have, and a session by RFC 8866 section 5. */
function invite(src: string, dst: string): string {
  const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('')
  const session = lines(
    'v=0',
    `o=alice 1 1 IN IP6 ${src}`,
    's=-',
    `c=IN IP6 ${src}`,
    't=0 0',
    'm=audio 49170 RTP/AVP 0',
  )
  const head = lines(
    `INVITE sip:bob@[${dst}] SIP/2.0`,
    `Via: SIP/2.0/UDP [${src}]:5060;${contentOf.SIP}`,
    'Max-Forwards: 70',
    `To: <sip:bob@[${dst}]>`,
    `From: <sip:alice@[${src}]>;tag=1`,
    'Call-ID: untranslated-1',
    'CSeq: 1 INVITE',
    `Contact: <sip:alice@[${src}]:5060>`,
    'Content-Type: application/sdp',
    `Content-Length: ${session.length}`,
  )
  return `${head}\r\n${session}`
}
