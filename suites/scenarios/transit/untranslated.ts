import type { Bench } from 'denat'
import { type Road, tagged } from './road.ts'

const authenticationHeader = 51

/** What breaks when somebody rewrites addresses on the way: AH, and addresses in the payload. Marks `untranslated`. */
export async function untranslated({ lan, internet, mark, timing }: Bench, outbound: Road): Promise<void> {
  const { src, dst } = outbound
  const host = lan.host
  // RFC 4302 section 2: No Next Header behind it, an ICV of 12 octets.
  const icv = Array.from({ length: 12 }, (_, index) => 0xc0 + index)
  const header = Uint8Array.from([59, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, ...icv, ...tagged('AH')])
  const authenticated = await host.send({ ip6: { src, dst, nextHeader: authenticationHeader }, payload: header })
  await internet.hears(
    { ip6: { src, nextHeader: authenticationHeader } },
    { since: authenticated, by: timing.after(0.2, 'time to be forwarded') },
  )
  mark('untranslated', { what: 'AH' }, [authenticated])

  const text = (lines: string) => new TextEncoder().encode(lines)
  internet.serveTcp(21)
  const eprt = text(`EPRT |2|${src}|51000|\r\n`)
  const control = await host.connect(internet.address, 21, { data: eprt })
  mark('untranslated', { what: 'FTP EPRT', outcome: control.outcome }, [control.syn])

  internet.serveUdp(5060)
  const invite = text(
    [
      `INVITE sip:bob@[${dst}] SIP/2.0`,
      `Via: SIP/2.0/UDP [${src}]:5060;branch=z9hG4bK1`,
      `Contact: <sip:alice@[${src}]:5060>`,
      'Content-Type: application/sdp',
      '',
      `o=alice 1 1 IN IP6 ${src}`,
      `c=IN IP6 ${src}`,
      'm=audio 49170 RTP/AVP 0',
      '',
    ].join('\r\n'),
  )
  const sent = await host.udp(internet.address, { from: 5060, to: 5060 }, { data: invite })
  await host.hears({ udp: { srcPort: 5060, dstPort: 5060 } }, { since: sent, by: timing.answer() })
  mark('untranslated', { what: 'SIP' }, [sent])
}
