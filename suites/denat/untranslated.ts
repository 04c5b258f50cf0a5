import { type Frame, requirement } from 'denat'
import { packetBytes, roadIsOpen } from '../forwarding/crossings.ts'
import { evening } from '../scenarios/evening.ts'
import { contentOf } from '../scenarios/transit/untranslated.ts'

/** Where packets with addresses in their payload, or sums over their addresses, are to be looked for. */
const kinds = {
  AH: { ip6: { nextHeader: 51 } },
  'FTP EPRT': { tcp: { dstPort: 21 } },
  'FTP EPRT, echoed': { tcp: { srcPort: 21 } },
  SIP: { udp: { dstPort: 5060 } },
  'SIP, echoed': { udp: { srcPort: 5060 } },
} as const

requirement(
  'DENAT-NONAT66-2',
  { cases: Object.fromEntries(Object.keys(kinds).map((name) => [name, evening])) },
  (evidence) => {
    const { case: what, judge, given, assume, did, lan, wan, cannotTell } = evidence
    const control = roadIsOpen(evidence, 'outbound')
    const over = did('untranslated', (mark) => what.startsWith(String(mark.data?.what)))
    const name = what.replace(', echoed', '') as keyof typeof contentOf
    const pattern = kinds[what as keyof typeof kinds]
    const host = lan.of('host')
    const [from, to] = what.endsWith('echoed') ? [wan.toDut, host.fromDut] : [host.toDut, wan.fromDut]
    const content = contentOf[name]
    const isIts = ({ packet: { payload = new Uint8Array(0) } }: Frame) =>
      Buffer.from(payload).toString('latin1').includes(content)
    const asked = host.toDut.all(kinds[name]).find(isIts)
    // Without a connection there is nothing to be translated.
    if (over.data?.outcome !== undefined) assume(over.data.outcome === 'connected', 'DENAT-DEFAULT-1')
    if (!asked) return cannotTell(`The bench sent none (${name}) that is well-formed.`, over)
    // The far end answers what reaches it whole.
    const crossed = wan.fromDut.all(kinds[name]).find(isIts)
    const isSpoilt = what.endsWith('echoed') && crossed?.packet.udp?.badChecksum === true
    const sent = given(from.all(pattern).find(isIts), isSpoilt ? 'RFC8200-8.1-CHECKSUM' : 'DENAT-NONAT66-2')
    if (what.startsWith('SIP') && !Buffer.from(sent.packet.payload ?? []).includes('Call-ID:'))
      return cannotTell('The INVITE lacks what SIP asks for (RFC 3261 section 8.1.1): a helper may drop it.', sent)
    const seen = judge.found(
      to.seek(pattern, { after: sent }, isIts),
      over,
      `What holds an address (${what}) is forwarded, as plain datagrams are.`,
      sent,
      control,
    )
    const { src, dst } = sent.packet.ip6 ?? {}
    judge.equal(seen.packet.ip6?.src, src, 'Its source address', sent, seen)
    judge.equal(seen.packet.ip6?.dst, dst, 'Its destination address', sent, seen)
    const payload = (frame: typeof sent) =>
      what === 'AH' ? packetBytes(frame).subarray(40) : (frame.packet.payload ?? new Uint8Array(0))
    judge.holds(
      Buffer.compare(payload(sent), payload(seen)) === 0,
      what === 'AH'
        ? 'The integrity check value and all that it covers are as sent: it verifies at the far end.'
        : 'The addresses in its payload are as sent, octet by octet.',
      'other octets',
      sent,
      seen,
    )
  },
)
