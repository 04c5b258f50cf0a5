import type { Freedom } from './freedom.ts'

/** The firewall, and ICMPv6 errors. */
export const firewall: Freedom[] = [
  {
    name: 'udp-state-ten-minutes',
    clause: 'RFC 6092 REC-14: not less than two minutes, configurable',
    behaviour: { udpLifetime: 600 },
  },
  {
    name: 'other-state-ten-minutes',
    clause: 'RFC 6092 REC-12: not less than two minutes, configurable',
    behaviour: { otherLifetime: 600 },
  },
  {
    name: 'tcp-state-a-day',
    clause: 'RFC 6092 REC-35: not less than two hours and four minutes',
    behaviour: { tcpEstablishedLifetime: 86_400 },
  },
  {
    name: 'tcp-transitory-state-ten-minutes',
    clause: 'RFC 6092 REC-35: not less than four minutes',
    behaviour: { tcpTransitoryLifetime: 600 },
  },
  {
    name: 'well-known-udp-state-a-minute',
    clause: 'RFC 6092 REC-15: MAY be shorter than two minutes where a port is below 1024',
    behaviour: { wellKnownUdpLifetime: 60 },
  },
  {
    name: 'udp-state-not-refreshed-from-outside',
    clause: 'RFC 6092 REC-16: inbound packets MAY refresh the state',
    behaviour: { udpRefreshedFromOutside: false },
  },
  {
    name: 'udp-filtering-address-dependent',
    clause: 'RFC 6092 REC-17: address-dependent where a more stringent behavior is most important',
    behaviour: { udpFiltering: 'address-dependent' },
    warns: { 'RFC6092-REC-17': 'endpoint-independent is asked for by default where no provider manages the gateway' },
  },
  {
    name: 'tcp-filtering-address-dependent',
    clause: 'RFC 6092 REC-33: address-dependent where a more stringent behavior is most important',
    behaviour: { tcpFiltering: 'address-dependent' },
    warns: { 'RFC6092-REC-17': 'endpoint-independent is asked for by default where no provider manages the gateway' },
  },
  {
    name: 'syn-refused-after-eight-seconds',
    clause: 'RFC 6092 REC-34: after waiting at least 6 seconds',
    behaviour: { synErrorAfter: 8 },
  },
  {
    name: 'connections-taken-up-in-the-middle',
    clause:
      'RFC 6092 REC-31: all valid sequences of an outbound flow pass; what of one whose beginning was not seen is open',
    behaviour: { midstreamOpens: true },
  },
  {
    name: 'unsolicited-packets-refused',
    clause: 'RFC 4443 section 3.1: code 1 tells of a filter; a firewall may be silent or not',
    behaviour: { unsolicitedTold: 'code 1' },
  },
  {
    name: 'closed-ports-told-on-the-wan',
    clause: 'RFC 4443 section 3.1: a node SHOULD tell of a port that nobody listens on',
    behaviour: { closedPortsTold: true },
  },
  {
    name: 'pinholes-granted-for-half-an-hour',
    clause: 'RFC 6887 section 15: the server may grant less than was asked for',
    behaviour: { longestMapping: 1800 },
  },
  {
    name: 'errors-one-a-second',
    clause: 'RFC 4443 section 2.4 f: errors are limited in rate, by a token bucket for example',
    behaviour: { errorRate: 1, errorBurst: 6 },
    warns: { 'RFC4443-3.1-NOROUTE': 'a flow that is in use meanwhile may be told in place of the probe' },
  },
  {
    name: 'errors-one-in-ten-seconds',
    clause: 'RFC 4443 section 2.4 f: errors are limited in rate, by a token bucket for example',
    behaviour: { errorRate: 0.1, errorBurst: 10 },
    warns: {
      'RFC4443-2.4f-RATE': 'the bucket of its example lets a traceroute through',
      'RFC4443-3.1-NOROUTE': 'a flow that is in use meanwhile may be told in place of the probe',
    },
  },
  {
    name: 'errors-from-a-lan-address',
    clause: 'RFC 4443 section 2.2: any unicast address of the node; RFC 7084 WAA-9',
    behaviour: { errorSource: () => 'of a LAN' },
  },
  {
    name: 'unassigned-part-code-1',
    clause: 'RFC 7084 WPD-5: dropped; RFC 4443 section 3.1 has no code for a null route',
    behaviour: { unassignedPartCode: 1 },
  },
  {
    name: 'unassigned-part-code-3',
    clause: 'RFC 7084 WPD-5: dropped; RFC 4443 section 3.1 has no code for a null route',
    behaviour: { unassignedPartCode: 3 },
  },
  {
    name: 'unassigned-part-code-6',
    clause: 'RFC 4443 section 3.1: code 6 is for a reject route',
    behaviour: { unassignedPartCode: 6 },
  },
  {
    name: 'ula-refused-by-code-1',
    clause: 'RFC 4193 section 4.3: filtered at the border; RFC 4443 section 3.1: code 1 tells of a filter',
    behaviour: { ulaCode: 1 },
  },
  {
    name: 'strange-sources-dropped',
    clause: 'RFC 6092 REC-5: not forwarded; RFC 7084 L-14 asks for code 5 where the prefix was invalidated',
    behaviour: { strangeSources: 'dropped' },
  },
]
