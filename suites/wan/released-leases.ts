import {
  dhcpv6,
  dhcpv6Of,
  type Evidence,
  type Frame,
  iaAddresses,
  iaPrefixes,
  invariant,
  pios,
  prefixContains,
  ra,
} from 'denat'
import { clientMessages } from './client-messages.ts'

/** A frame that left before the Release may be seen after it: its way was longer. Seconds. */
const onTheWay = 0.1

/** Leases that a Release gives back. */
interface Released {
  release: Frame
  prefixes: string[]
  addresses: string[]
  /** The Reply that grants one of them again. */
  again?: Frame
}

const isReleasing = ({ packet: { dhcp6 } }: Frame): boolean => dhcp6?.type === 'release'

/** By the first transmission of each. */
function releasedIn(evidence: Evidence): Released[] {
  const firsts = new Map<number, Frame>()
  for (const frame of clientMessages(evidence).filter(isReleasing)) {
    const { transactionId } = dhcpv6Of(frame)
    firsts.set(transactionId, firsts.get(transactionId) ?? frame)
  }
  return [...firsts.values()].map((release) => {
    const prefixes = iaPrefixes(release).map(({ prefix }) => prefix)
    const addresses = iaAddresses(release).map(({ address }) => address)
    const again = evidence.wan.toDut.all(dhcpv6('reply'), { after: release }).find((reply) => {
      const granted = [...iaPrefixes(reply), ...iaAddresses(reply)].filter(({ validLifetime }) => validLifetime > 0)
      return granted.some((one) => [...prefixes, ...addresses].includes('prefix' in one ? one.prefix : one.address))
    })
    return { release, prefixes, addresses, ...(again && { again }) }
  })
}

/** Prefixes that a frame on the LAN gives hosts for their use: in an RA, or in a Reply of the DHCPv6 server. */
function givenOut(frame: Frame): string[] {
  const leases = frame.packet.dhcp6 ? [...iaPrefixes(frame), ...iaAddresses(frame)] : []
  return [...pios(frame), ...leases]
    .filter(({ preferredLifetime }) => preferredLifetime > 0)
    .map((one) => ('prefix' in one ? one.prefix : `${one.address}/128`))
}

invariant('RFC8415-18.2.7-OUTOFUSE', (evidence) => {
  const { judge, given, wan, lan } = evidence
  const released = releasedIn(evidence)
  for (const { release, prefixes, addresses, again } of released) {
    const later = ({ at, number }: Frame) => at > release.at + onTheWay && !(again && number > again.number)
    const handedOut = (frame: Frame) =>
      givenOut(frame).find((value) => prefixes.some((prefix) => prefixContains(prefix, value)))
    const toHosts = [...lan.fromDut.all(ra()), ...lan.fromDut.all(dhcpv6('reply'))].filter(later)
    const handed = toHosts.sort((a, b) => a.number - b.number).find((frame) => handedOut(frame) !== undefined)
    const seen = (frame?: Frame) => frame && `${(frame.at - release.at).toFixed(2)} s after it in frame ${frame.number}`
    judge.holds(
      handed === undefined,
      'A prefix that a Release gives back is out of use before: hosts are offered nothing out of it, and given no address, until it is granted again.',
      `${handed && handedOut(handed)}, ${seen(handed)}`,
      release,
      ...(handed ? [handed] : []),
    )
    const sent = wan.fromDut.all({ ip6: {} }).filter((frame) => later(frame) && !isReleasing(frame))
    const speaks = sent.find(({ packet: { ip6 } }) => ip6 && addresses.includes(ip6.src))
    judge.holds(
      speaks === undefined,
      'An address that a Release gives back is the source of nothing that the router sends later, until it is granted again.',
      `${speaks?.packet.ip6?.src}, ${seen(speaks)}`,
      release,
      ...(speaks ? [speaks] : []),
    )
  }
  const first = given(clientMessages(evidence)[0], 'RFC7084-WAA-3')
  if (released.length === 0) judge.holds(true, 'No lease is released in this recording.', '', first)
})
