import {
  type Capability,
  type Claim,
  claim,
  decodePcpMap,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  inPrefix,
  invariant,
  isUla,
  type Look,
  pageAnswered,
  pcpPort,
  pios,
  ra,
  the,
} from 'denat'
import { hostScan, hostScanFence, reachable } from '../steps/firewall/inbound.ts'
import { scanned } from './reachability.ts'

/** The response that shows a host online, behind a filter that forwarded no packet of a scan from the Internet. */
function filtered({ lan, every }: Evidence): Frame | undefined {
  const [scan] = every(hostScan)
  const [before] = every(reachable)
  const [after] = every(hostScanFence)
  if (!scan || !before?.answer || !after?.answer) return undefined
  const cameIn = Object.values(scanned).some((probe) => lan.fromDut.first(probe, { after: scan.mark }))
  return cameIn ? undefined : after.answer
}

/** What shows that the product has a capability, and the text of the claim. */
type Shown = { look: Look; what: Claim } | undefined

const shownBy = <T extends Look>(look: T | undefined, what: Claim | ((look: T) => Claim)): Shown =>
  look && { look, what: typeof what === 'function' ? what(look) : what }

/** What the router sends on the WAN that no host sent it: the same datagram did not come in from a LAN. */
const own = ({ wan, lan }: Evidence, fits: (frame: Frame) => boolean): Frame | undefined => {
  const content = ({ packet: { udp, payload } }: Frame) =>
    `${udp?.dstPort} ${Buffer.from(payload ?? []).toString('hex')}`
  return wan.fromDut
    .all()
    .filter(fits)
    .find((frame) => !lan.toDut.all({ udp: {} }).some((sent) => content(sent) === content(frame)))
}

/** EtherTypes: VLAN tag, PPPoE discovery, IPv6. */
const tag = 0x8100

const pppoeDiscovery = 0x8863

const ipv6 = 0x86dd

/** What a tag other than that of a mere priority holds. */
const inTag = ({ packet, bytes }: Frame): number | undefined => {
  const word = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return packet.eth.type === tag && (word(14) & 0xfff) !== 0 ? word(16) : undefined
}

/** IP protocol numbers. */
const ipv4InIpv6 = 4

const ipv6InIpv4 = 41

/** Option 60, RFC 2132 section 9.13; by this word a managed gateway of TR-069 identifies itself (annex F). */
const vendorClass = 60

const managedWord = 'dslforum.org'

const throughNat64 = ({ wan, lan, isp }: Evidence): Frame | undefined => {
  const { prefix } = isp.ra.pref64 ?? {}
  const isTo = ({ packet: { ip6 } }: Frame) => ip6 !== undefined && inPrefix(ip6.dst, `${prefix}/96`)
  const asked = new Set(lan.toDut.all({ ip6: {} }).map(({ packet }) => packet.ip6?.dst))
  return prefix === undefined
    ? undefined
    : wan.fromDut.all().find((frame) => isTo(frame) && !asked.has(frame.packet.ip6?.dst))
}

/**
 * By capability. A request for an option shows nothing: many clients request options that they do not use. No recording of
 * ours can show DS-Lite itself (a server names no AFTR), nor a filter of tunnels.
 */
const shows: Partial<Record<Capability, (evidence: Evidence) => Shown>> = {
  '464xlat': (evidence) =>
    shownBy(throughNat64(evidence), claim`the router sends a packet to the NAT64 prefix that no host sent`),
  '6rd': ({ wan }) =>
    shownBy(wan.fromDut.first({ ip4: { protocol: ipv6InIpv4 } }), claim`the router sends IPv6 in IPv4 on the WAN`),
  ipv4aas: (evidence) => {
    const hosts = new Set(evidence.lan.toDut.all({ ip6: {} }).map(({ packet }) => packet.ip6?.src))
    const inIpv6 = evidence.wan.fromDut
      .all({ ip6: { nextHeader: ipv4InIpv6 } })
      .find(({ packet }) => !hosts.has(packet.ip6?.src))
    return shownBy(inIpv6, claim`the router sends IPv4 in IPv6 on the WAN`) ?? shows['464xlat']?.(evidence)
  },
  'ipv6-mostly': ({ lan }) =>
    shownBy(
      lan.fromDut
        .all({ dhcp4: { op: 'reply' } })
        .find(({ packet }) => packet.dhcp4?.options.some(({ type }) => type === 'v6only-preferred')),
      claim`the DHCPv4 server of the router sends option 108`,
    ),
  managed: ({ wan }) =>
    shownBy(
      wan.fromDut
        .all({ dhcp4: { op: 'request' } })
        .find(({ packet }) =>
          packet.dhcp4?.options.some(
            (one) => one.type === vendorClass && 'data' in one && Buffer.from(one.data).includes(managedWord),
          ),
        ),
      claim`the DHCPv4 client of the router sends vendor class ${the.name(managedWord)}`,
    ),
  ntp: (evidence) =>
    shownBy(
      own(evidence, ({ packet: { udp } }) => udp?.dstPort === 123),
      claim`the router sends an NTP request`,
    ),
  pcp: (evidence) =>
    shownBy(
      own(evidence, ({ packet: { udp } }) => udp?.dstPort === pcpPort),
      claim`the router sends a PCP request`,
    ),
  'pcp-server': ({ lan }) =>
    shownBy(
      lan.fromDut
        .all({ udp: { srcPort: pcpPort } })
        .find(({ packet }) => decodePcpMap(packet.payload ?? new Uint8Array())?.result === 0),
      claim`the router grants a PCP request of a host`,
    ),
  pppoe: ({ wan }) =>
    shownBy(wan.fromDut.first({ eth: { type: pppoeDiscovery } }), claim`the router sends PPPoE discovery`),
  'simple-security': (evidence) =>
    shownBy(filtered(evidence), claim`the router forwards no unsolicited inbound packet to a host that is online`),
  'stateful-dhcpv6': ({ lan }) =>
    shownBy(
      lan.fromDut
        .all(dhcpv6('reply'))
        .find((frame) => iaAddresses(frame).some(({ validLifetime }) => validLifetime > 0)),
      claim`the DHCPv6 server of the router leases an address`,
    ),
  ula: ({ lan, wan }) => {
    const delegated = wan.toDut.all(dhcpv6('reply')).flatMap(granted)
    const itsOwn = (frame: Frame) =>
      pios(frame).find(({ prefix, validLifetime }) => {
        const [address = '::'] = prefix.split('/')
        return validLifetime > 0 && isUla(address) && !delegated.some((one) => inPrefix(address, one))
      })
    return shownBy(
      lan.fromDut.all(ra()).find((frame) => itsOwn(frame) !== undefined),
      (frame) => claim`the router advertises ${the.prefix(itsOwn(frame)?.prefix)}`,
    )
  },
  'wan-vlan': ({ wan }) =>
    shownBy(
      wan.fromDut.all({ eth: { type: tag } }).find((frame) => [ipv6, pppoeDiscovery].includes(inTag(frame) ?? 0)),
      claim`the router sends frames with a VLAN tag on the WAN`,
    ),
  'web-ui': ({ every }) => shownBy(every(pageAnswered)[0]?.mark, claim`the web page of the router was used`),
}

export const requirements = [
  invariant('DENAT-STATEMENT', (evidence) => {
    const { recording, world, judge, notApplicable, contradicts } = evidence
    const { lacks } = world.device
    const [first] = recording.frames
    if (!first) return notApplicable(claim`The recording is empty.`)
    if (lacks.length === 0) return notApplicable(claim`The capability statement names no capability as lacking.`, first)
    const shown = lacks.flatMap((word) => {
      const found = shows[word]?.(evidence)
      return found ? [{ word, ...found }] : []
    })
    const expected = claim`No recording shows a capability that the capability statement names as lacking.`
    if (shown.length > 0)
      return contradicts(
        shown.map(({ word }) => word),
        expected,
        claim`${the.list(shown.map(({ word, what }) => claim`"${the.name(word)}": ${what}`))}`,
        ...shown.map(({ look }) => look),
      )
    judge.met(expected, first)
  }),
]
