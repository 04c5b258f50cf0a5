import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Freedom } from './freedom.ts'

/** Takes the Fragment header out of a packet that is in one piece. */
function madeWhole(frame: Uint8Array): Uint8Array {
  const { ext, ip6, udp, ...packet } = decode(frame)
  const [header] = ext ?? []
  if (!ip6 || !udp || ext?.length !== 1 || header?.type !== 'fragment' || header.offset > 0 || header.more) return frame
  const { payloadLength: _length, nextHeader: _next, ...addresses } = ip6
  return encode({ ...packet, ip6: addresses, udp })
}

/** RFC 4459 section 3.2: the first option of a SYN is its MSS here. */
function withLowerMss(frame: Uint8Array): Uint8Array {
  const { ip6, tcp, ...packet } = decode(frame)
  if (!ip6 || !tcp?.flags.includes('syn') || tcp.options?.[0] !== 2) return frame
  const { payloadLength: _length, ...addresses } = ip6
  const { checksum: _checksum, ...segment } = tcp
  const options = tcp.options.slice()
  options.set([0x04, 0xb0], 2)
  return encode({ ...packet, ip6: addresses, tcp: { ...segment, options } })
}

/** The firewall, and ICMPv6 errors. */
export const firewall: Freedom[] = [
  {
    name: 'mss-lowered-to-1200',
    clause: 'RFC 4459 section 3.2: a router with a tunnel may lower the MSS of forwarded segments',
    behavior: { tap: withLowerMss },
  },
  {
    name: 'udp-filtering-address-dependent',
    clause: 'RFC 6092 REC-17: address-dependent where a more stringent behavior is most important',
    behavior: { udpFiltering: 'address-dependent' },
    warns: { 'RFC6092-REC-17': 'endpoint-independent is required by default where no provider manages the gateway' },
  },
  {
    name: 'tcp-filtering-address-dependent',
    clause: 'RFC 6092 REC-33: address-dependent where a more stringent behavior is most important',
    behavior: { tcpFiltering: 'address-dependent' },
    warns: { 'RFC6092-REC-17': 'endpoint-independent is required by default where no provider manages the gateway' },
  },
  {
    name: 'syn-refused-after-eight-seconds',
    clause: 'RFC 6092 REC-34: after waiting at least 6 seconds',
    behavior: { synErrorAfter: 8 },
  },
  {
    name: 'unsolicited-packets-refused',
    clause: 'RFC 4443 section 3.1: code 1 is for a filter; a firewall may be silent or not',
    behavior: { unsolicitedReported: 'code 1' },
  },
  {
    name: 'closed-ports-told-on-the-wan',
    clause: 'RFC 4443 section 3.1: a node SHOULD report a port without a listener',
    behavior: { closedPortsReported: true },
  },
  {
    name: 'atomic-fragments-made-whole',
    clause:
      'RFC 8200 section 4.5 gives an atomic fragment the meaning of a whole packet; a router that tracks flows reassembles',
    behavior: { tap: madeWhole },
  },
  {
    name: 'errors-one-a-second',
    clause: 'RFC 4443 section 2.4 f: errors are limited in rate, by a token bucket for example',
    behavior: { errorRate: 1, errorBurst: 6 },
  },
  {
    name: 'errors-one-in-ten-seconds',
    clause: 'RFC 4443 section 2.4 f: errors are limited in rate, by a token bucket for example',
    behavior: { errorRate: 0.1, errorBurst: 10 },
    warns: { 'RFC4443-2.4f-RATE': 'the bucket of its example lets a traceroute through' },
  },
  {
    name: 'errors-from-a-lan-address',
    clause: 'RFC 4443 section 2.2: any unicast address of the node; RFC 7084 WAA-9',
    behavior: { errorSource: () => 'of a LAN' },
  },
  {
    name: 'unassigned-part-code-1',
    clause: 'RFC 7084 WPD-5: dropped; RFC 4443 section 3.1 has no code for a null route',
    behavior: { unassignedPartCode: 1 },
  },
  {
    name: 'unassigned-part-code-3',
    clause: 'RFC 7084 WPD-5: dropped; RFC 4443 section 3.1 has no code for a null route',
    behavior: { unassignedPartCode: 3 },
  },
  {
    name: 'unassigned-part-code-6',
    clause: 'RFC 4443 section 3.1: code 6 is for a reject route',
    behavior: { unassignedPartCode: 6 },
  },
  {
    name: 'ula-refused-by-code-1',
    clause: 'RFC 4193 section 4.3: filtered at the border; RFC 4443 section 3.1: code 1 is for a filter',
    behavior: { ulaCode: 1 },
  },
  {
    name: 'strange-sources-dropped',
    clause: 'RFC 6092 REC-5: not forwarded; RFC 7084 L-14 asks for code 5 where the prefix was invalidated',
    behavior: { strangeSources: 'dropped' },
  },
  {
    name: 'pinholes-for-ten-minutes-at-the-least',
    clause: 'RFC 6887 section 15: the server MAY grant more than was asked for',
    behavior: { shortestMapping: 600 },
  },
  {
    name: 'closed-tcp-ports-reset-on-the-wan',
    clause: 'RFC 9293 section 3.10.7.1: a segment to a closed port is answered by a reset',
    behavior: { closedTcpPortsOnWan: 'reset' },
  },
  {
    name: 'echo-requests-let-in',
    clause: 'RFC 4890 section 4.3.1 and appendix A.5: an Echo Request to a host does no harm; RFC 6092 names none',
    behavior: { echoFromOutside: 'permitted' },
  },
  {
    name: 'errors-limited-for-each-address',
    clause: 'RFC 4443 section 2.4 f: the limit is for the whole node, or for each interface, source or destination',
    behavior: { errorBucket: 'errors to one address', errorRate: 1, errorBurst: 6 },
  },
  {
    name: 'errors-limited-for-each-type',
    clause: 'RFC 4443 section 2.4 f: how errors are limited in rate is left open',
    behavior: { errorBucket: 'errors of one type', errorRate: 1, errorBurst: 6 },
  },
  {
    name: 'errors-after-0-3-s',
    clause: 'RFC 4443 names no time',
    behavior: { errorsAfter: 0.3 },
  },
  {
    name: 'barred-addresses-told-by-code-1',
    clause: 'RFC 6092 REC-3: not forwarded; RFC 4443 section 3.1: code 1 is for a filter',
    behavior: { barredCode: 1 },
  },
  {
    name: 'strangers-on-the-wan-link-told-by-code-3',
    clause: 'RFC 4443 section 3.1: code 3 for an address that cannot be reached; RFC 7084 G-2 only forbids forwarding',
    behavior: { wanLinkUnassigned: 'reported' },
  },
  {
    name: 'packets-for-elsewhere-told',
    clause: 'RFC 4443 section 3.1: code 0 where there is no route; RFC 7084 G-2 only forbids forwarding',
    behavior: { beyondDelegation: 'reported' },
  },
  {
    name: 'unsolicited-packets-refused-by-port',
    clause: 'RFC 4443 section 3.1: code 4 is for a port without a listener; a firewall may be silent or not',
    behavior: { unsolicitedReported: 'code 4' },
  },
]
