import { claim, type Evidence, type Frame, invariant, isBridged, type Look, the } from 'denat'

/** Ports of protocols by which devices of one home find each other: mDNS, LLMNR, SSDP, WS-Discovery. */
const discovery: Readonly<Record<number, string>> = {
  5353: 'mDNS',
  5355: 'LLMNR',
  1900: 'SSDP',
  3702: 'WS-Discovery',
}

/** EtherType of LLDP, and the MAC of spanning tree. */
const lldp = 0x88cc

/** EtherTypes of PPPoE, RFC 2516 section 4: many routers let a host on the LAN dial by itself. */
const pppoe: readonly number[] = [0x8863, 0x8864]

const spanningTree = '01:80:c2:00:00:00'

function protocolOf({ packet: { eth, udp } }: Frame): string | undefined {
  if (eth.type === lldp) return 'LLDP'
  if (eth.dst === spanningTree) return 'spanning tree'
  return udp && discovery[udp.dstPort]
}

/** Its own frames on the WAN, in their order; without any there is nothing to look at. */
function sentOn({ wan, given, recording }: Evidence): [Frame, ...Frame[]] {
  const first = given(wan.fromDut.first({ ip6: {} }), 'RFC7084-W-2')
  return [first, ...recording.frames.filter(({ from, port }) => from === 'dut' && wan.ports.includes(port))]
}

const looked = (found: Frame | undefined, otherwise: Look): [Look] => [found ?? otherwise]

/** RFC 1918. */
const isPrivate = (address: string): boolean => /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address)

const ofServers: readonly unknown[] = ['advertise', 'reply', 'reconfigure', 'relay-forward', 'relay-reply']

export const requirements = [
  invariant('DENAT-WAN-BRIDGED', ({ recording, wan, lan, judge, given }) => {
    const { frames, world } = recording
    const found = frames.find((frame) => isBridged(frame, world) && !pppoe.includes(frame.packet.eth.type))
    const first = found ?? given(wan.fromDut.first() ?? lan.fromDut.first(), 'RFC7084-W-2')
    const sender = Object.entries(world.stations).find(([, { mac }]) => mac === found?.packet.eth.src)
    judge.holds(
      found === undefined,
      claim`The router bridges no frame between WAN and LAN, not even while it boots.`,
      claim`frame ${first.number}, sent by ${the.name(sender?.[0])}, comes out on ${the.name(first.port)}`,
      first,
    )
  }),

  invariant('DENAT-WAN-DISCOVERY', (evidence) => {
    const [first, ...sent] = sentOn(evidence)
    const found = sent.find((frame) => protocolOf(frame) !== undefined)
    evidence.judge.goal(
      found === undefined,
      claim`The router forwards no message of local service discovery to the WAN.`,
      claim`${the.name(found && protocolOf(found))} in frame ${found?.number ?? the.name(undefined)}`,
      ...looked(found, first),
    )
  }),

  invariant('DENAT-WAN-PRIVATE4', (evidence) => {
    const [first, ...sent] = sentOn(evidence)
    // A line may itself use private addresses: a router with such a WAN address uses it as its source address.
    const given = new Set(
      evidence.recording.frames.flatMap(({ from, port, packet }) =>
        from === 'bench' && port.startsWith('wan') && packet.dhcp4 ? [packet.dhcp4.yiaddr] : [],
      ),
    )
    const found = sent.find(({ packet: { ip4 } }) => ip4 && isPrivate(ip4.src) && !given.has(ip4.src))
    evidence.judge.goal(
      found === undefined,
      claim`The router sends no packet with a private IPv4 source address of the LAN on the WAN.`,
      claim`source address ${the.address(found?.packet.ip4?.src)} in frame ${found?.number ?? the.name(undefined)}`,
      ...looked(found, first),
    )
  }),

  invariant('DENAT-WAN-SERVER', (evidence) => {
    const [first, ...sent] = sentOn(evidence)
    const found = sent.find(({ packet: { dhcp6 } }) => ofServers.includes(dhcp6?.type))
    evidence.judge.holds(
      found === undefined,
      claim`The router sends no DHCPv6 server or relay message on the WAN.`,
      claim`${the.name(String(found?.packet.dhcp6?.type))} in frame ${found?.number ?? the.name(undefined)}`,
      ...looked(found, first),
    )
  }),
]
