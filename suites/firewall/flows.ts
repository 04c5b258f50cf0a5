import { forwarding, isOneHopOn, requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { connects } from './errors-for-flows.ts'

const filtering = { UDP: 'REC-17', TCP: 'REC-33' } as const

requirement(
  'RFC6092-REC-17',
  {
    cases: {
      'UDP, another port': evening,
      'UDP, another host': evening,
      'TCP, another port': evening,
      'TCP, another host': evening,
    },
  },
  (evidence) => {
    const { case: what, wan, lan, judge, did, given, framesOf, has } = evidence
    const [transport, from] = what.split(', ') as ['UDP' | 'TCP', string]
    if (transport === 'TCP') connects(evidence)
    const [sent, opened] = framesOf(
      did('stranger', (mark) => mark.data?.transport === transport && mark.data?.from === from),
    )
    if (!sent || !opened) throw new TypeError('the strangers were not played')
    const { srcPort, dstPort } = sent.packet.udp ?? sent.packet.tcp ?? {}
    const layer = transport === 'UDP' ? 'udp' : 'tcp'
    const out = opened.packet.udp ?? opened.packet.tcp
    given(
      wan.fromDut.first({ [layer]: { srcPort: out?.srcPort, dstPort: out?.dstPort } }, { after: opened }),
      'DENAT-DEFAULT-1',
    )
    given(framesOf(did('still-online', (mark) => mark.data?.when === 'strangers'))[0], 'DENAT-DEFAULT-1')
    const came = lan.fromDut.first(
      { ip6: { src: sent.packet.ip6?.src }, [layer]: { srcPort, dstPort } },
      { after: sent },
    )
    if (!came && from === 'another host' && has('managed'))
      return judge.note(
        `Address-dependent filtering (${filtering[transport]}): the default may be that where a provider manages the gateway.`,
        opened,
        sent,
      )
    judge.found(
      came,
      forwarding(sent),
      `A host that spoke ${transport} from a port is reached there from ${from === 'another port' ? 'another port of the one it spoke to' : 'another host as well'}.`,
      opened,
    )
  },
)

requirement(
  'RFC6092-REC-21',
  {
    cases: Object.fromEntries(
      ['AH', 'ESP', 'IKE'].flatMap((name) => ['inbound', 'outbound'].map((way) => [`${name}, ${way}`, evening])),
    ),
  },
  ({ case: what, wan, lan, judge, did, given, framesOf }) => {
    const [name, way] = what.split(', ')
    const [asked, answer] = framesOf(did('ipsec', (mark) => mark.data?.name === name))
    const sent = way === 'inbound' ? asked : answer
    if (!sent) throw new TypeError('the IPsec packets were not sent')
    given(framesOf(did('still-online', (mark) => mark.data?.when === 'ipsec'))[0], 'DENAT-DEFAULT-1')
    judge.found(
      (way === 'inbound' ? lan : wan).fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
      forwarding(sent),
      way === 'inbound'
        ? `${name} from the Internet reaches a host that did not ask for it.`
        : `The ${name} packet that answers it leaves on the WAN.`,
    )
  },
)

requirement(
  'RFC6092-REC-31',
  { cases: { handshake: evening, 'simultaneous open': evening } },
  ({ case: what, wan, lan, judge, did, given, marks, framesOf }) => {
    if (what === 'handshake') {
      const made = did('connection')
      judge.equal(
        String(made.data?.outcome),
        'connected',
        'A connection to a server of the Internet, 1000 octets each way, is',
        made,
        ...framesOf(made),
      )
      return
    }
    given(framesOf(did('still-online', (mark) => mark.data?.when === 'connections'))[0], 'DENAT-DEFAULT-1')
    const segments = marks('simultaneous').flatMap(framesOf)
    if (segments.length < 7) throw new TypeError('the connection was not played')
    for (const segment of segments) {
      const { tcp } = segment.packet
      const inbound = segment.port.startsWith('wan')
      judge.found(
        // A router may lower the MSS of a SYN (RFC 4459); all else stays.
        (inbound ? lan : wan).fromDut.first(
          {
            tcp: { srcPort: tcp?.srcPort, dstPort: tcp?.dstPort, flags: tcp?.flags, seq: tcp?.seq },
          },
          { after: segment },
        ),
        forwarding(segment),
        `Both ends send a SYN: the ${inbound ? "far end's" : "host's"} ${tcp?.flags} crosses the router.`,
      )
    }
  },
)
