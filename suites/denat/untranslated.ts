import { claim, type Frame, type Judgement, on, type Pattern, requirement, the } from 'denat'
import { transit } from '../scenarios/transit.ts'
import { packetBytes, roadIsOpen } from '../shared/crossings.ts'
import { contentOf, untranslatedSent } from '../steps/transit/untranslated.ts'

type Kind = keyof typeof contentOf

/** What a host sends, and what the far end sends back of it. */
const sentAs: Record<Kind, Pattern> = {
  AH: { ip6: { nextHeader: 51 } },
  'FTP EPRT': { tcp: { dstPort: 21 } },
  SIP: { udp: { dstPort: 5060 } },
}

const echoedAs = { 'FTP EPRT': { tcp: { srcPort: 21 } }, SIP: { udp: { srcPort: 5060 } } }

/** Octets that have to arrive as they were sent. */
const octets = (kind: Kind, frame: Frame): Uint8Array =>
  kind === 'AH' ? packetBytes(frame).subarray(40) : (frame.packet.payload ?? new Uint8Array(0))

/** Packets with addresses in their payload, or sums over their addresses. */
const isForwarded =
  (kind: Kind, echoed?: Pattern): Judgement =>
  (evidence) => {
    const { judge, given, assume, at, lan, wan, undecided } = evidence
    const control = roadIsOpen(evidence, 'outbound')
    const { mark: over, outcome } = at(untranslatedSent, ({ what }) => what === kind)
    const host = lan.of('host')
    const pattern = echoed ?? sentAs[kind]
    const [from, to] = echoed ? [wan.toDut, host.fromDut] : [host.toDut, wan.fromDut]
    const content = contentOf[kind]
    const isIts = ({ packet: { payload = new Uint8Array(0) } }: Frame) =>
      Buffer.from(payload).toString('latin1').includes(content)
    const asked = host.toDut.all(sentAs[kind]).find(isIts)
    // Without a connection there is nothing to be translated.
    if (outcome !== undefined) assume(outcome === 'connected', 'DENAT-DEFAULT-1')
    if (!asked) return undecided(claim`The bench sent no well-formed packet of this kind (${the.name(kind)}).`, over)
    // The far end answers what reaches it whole.
    const crossed = wan.fromDut.all(sentAs[kind]).find(isIts)
    const isSpoilt = echoed !== undefined && crossed?.packet.udp?.badChecksum === true
    const sent = given(from.all(pattern).find(isIts), isSpoilt ? 'RFC8200-8.1-CHECKSUM' : 'DENAT-NONAT66-2')
    if (kind === 'SIP' && !Buffer.from(sent.packet.payload ?? []).includes('Call-ID:'))
      return undecided(claim`The INVITE lacks mandatory fields (RFC 3261 section 8.1.1): an ALG may drop it.`, sent)
    const seen = judge.found(
      to.seek(pattern, { after: sent }, isIts),
      over,
      claim`The router forwards a packet with an address in its payload (${echoed ? claim`${the.name(kind)}, echoed` : the.name(kind)}), as it forwards a plain datagram.`,
      sent,
      control,
    )
    const { src, dst } = sent.packet.ip6 ?? {}
    judge.equal(seen.packet.ip6?.src, src, claim`The source address of the packet`, sent, seen)
    judge.equal(seen.packet.ip6?.dst, dst, claim`The destination address of the packet`, sent, seen)
    judge.holds(
      Buffer.compare(octets(kind, sent), octets(kind, seen)) === 0,
      kind === 'AH'
        ? claim`The integrity check value and all fields that it covers are unchanged: the receiver can verify the packet.`
        : claim`The addresses in the payload are unchanged, octet by octet.`,
      claim`other octets`,
      sent,
      seen,
    )
  }

export const requirements = [
  requirement('DENAT-NONAT66-2', {
    AH: on(transit, isForwarded('AH')),
    'FTP EPRT': on(transit, isForwarded('FTP EPRT')),
    'FTP EPRT, echoed': on(transit, isForwarded('FTP EPRT', echoedAs['FTP EPRT'])),
    SIP: on(transit, isForwarded('SIP')),
    'SIP, echoed': on(transit, isForwarded('SIP', echoedAs.SIP)),
  }),
]
