import {
  type Dhcpv6Option,
  dhcpv6OptionsOf,
  type Frame,
  inPrefix,
  isRelay,
  type NdOption,
  ndOptionsOf,
  network,
  type Traffic,
} from 'denat'

export const messageOf = ({ packet: { dhcp6 } }: Frame) => (dhcp6 && !isRelay(dhcp6) ? dhcp6 : undefined)

const timers = new WeakMap<Traffic, number[]>()

/** When the lifetimes of the line's leases end. Seconds of the recording. */
function timersOf(traffic: Traffic): number[] {
  const known = timers.get(traffic) ?? countTimers(traffic)
  timers.set(traffic, known)
  return known
}

function countTimers({ recording }: Traffic): number[] {
  const replies = recording.frames.filter(isReply)
  return replies.flatMap((reply) => {
    // A newer Reply about the same lease has timers of its own.
    const next = (lease: string) =>
      replies.find((other) => other.number > reply.number && leasesOf(other).some(({ name }) => name === lease))?.at
    return leasesOf(reply).flatMap(({ name, timers }) => {
      const until = next(name) ?? Number.POSITIVE_INFINITY
      return timers.map((after) => reply.at + after).filter((at) => at <= until)
    })
  })
}

/** Each lease in a Reply, with its lifetimes. Seconds. */
const leasesOf = (reply: Frame): { name: string; timers: number[] }[] =>
  (['ia-na', 'ia-pd'] as const).flatMap((type) =>
    dhcpv6OptionsOf(reply, type).flatMap(({ iaid, options }) =>
      options.flatMap((one) => {
        if (!('validLifetime' in one)) return []
        const { preferredLifetime: preferred, validLifetime: valid } = one
        const name = `${type} ${iaid} ${'prefix' in one ? one.prefix : one.address}`
        return [{ name, timers: [preferred, valid] }]
      }),
    ),
  )

/** The end of a lifetime is so near. */
export const isLeaseTimer = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  timersOf(traffic).some((at) => Math.abs(frame.at - at) <= seconds)

/** An RA, a DHCPv6 answer, a timer of the lease, a restart or a cable may have changed the router's own addresses. */
export const isChange = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.isFresh(frame, seconds) ||
  traffic.before(frame, seconds, isUpdate) !== undefined ||
  isLeaseTimer(frame, 3, traffic)

/** The ISP has sent an answer about leases. */
export const isLeaseChange = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.before(
    frame,
    seconds,
    (other) => other.direction === 'out' && other.port.startsWith('wan') && messageOf(other) !== undefined,
  ) !== undefined

/** The newest Reply of these seconds that has granted other prefixes than the one before it, or is the first since a start. */
export const otherLease = (frame: Frame, seconds: number, traffic: Traffic): Frame | undefined =>
  traffic.before(frame, seconds, (other) => {
    const isAbout = (one: Frame) => isReply(one) && dhcpv6OptionsOf(one, 'ia-pd').length > 0
    if (!isAbout(other)) return false
    const last = traffic.before(other, other.at, isAbout)
    if (!last || last.at < (traffic.freshSince(other) ?? 0)) return true
    return grantedIn(last) !== grantedIn(other)
  })

export const isReply = (frame: Frame): boolean =>
  frame.direction === 'out' && frame.port.startsWith('wan') && messageOf(frame)?.type === 'reply'

const grantedIn = (frame: Frame): string =>
  dhcpv6OptionsOf(frame, 'ia-pd')
    .flatMap(({ options }) => options)
    .flatMap((one) => (one.type === 'ia-prefix' ? [`${one.prefix} ${one.preferredLifetime > 0}`] : []))
    .sort()
    .join()

/** A router of the line changed its advertisements, or is new. */
export const isOtherRa = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.before(frame, seconds, (other) => {
    const isRa = ({ direction, port, packet }: Frame) =>
      direction === 'out' && port === other.port && packet.icmp6?.type === 'router-advertisement'
    if (!other.port.startsWith('wan') || !isRa(other)) return false
    const last = traffic.before(other, other.at, (one) => isRa(one) && one.packet.ip6?.src === other.packet.ip6?.src)
    return !last || advertisedIn(last) !== advertisedIn(other)
  }) !== undefined

function advertisedIn(frame: Frame): string {
  const { icmp6 } = frame.packet
  if (icmp6?.type !== 'router-advertisement') return ''
  const prefixes = ndOptionsOf(frame, 'prefix-information').map((one) => `${one.prefix} ${one.preferredLifetime > 0}`)
  return [icmp6.routerLifetime > 0, icmp6.managed, icmp6.other, ...prefixes.sort()].join()
}

const isUpdate = ({ direction, port, packet: { icmp6, dhcp6 } }: Frame): boolean =>
  direction === 'out' && port.startsWith('wan') && (icmp6?.type === 'router-advertisement' || dhcp6 !== undefined)

/** The line has granted or advertised the address in this frame, or the prefix that it is from. */
export const isNamedBy = (frame: Frame, address: string): boolean => namings(frame, address).length > 0

/** By the newest RA or answer that has named it, it has ended at most so long before. */
export function hasEnded(address: string, frame: Frame, seconds: number, traffic: Traffic): boolean {
  const newest = traffic.before(frame, frame.at, (other) => isNamedBy(other, address))
  if (!newest) return false
  const passed = frame.at - newest.at - lifetimeIn(newest, address)
  return passed >= -1 && passed <= seconds
}

/** For how long it is valid by this frame. Seconds. */
export const lifetimeIn = (frame: Frame, address: string): number =>
  Math.max(0, ...namings(frame, address).map(({ validLifetime }) => validLifetime))

function namings(frame: Frame, address: string): { validLifetime: number }[] {
  const { icmp6 } = frame.packet
  if (frame.direction !== 'out' || !frame.port.startsWith('wan')) return []
  const leases = messageOf(frame)?.options.flatMap((ia) => ('options' in ia ? ia.options : [])) ?? []
  const advertised = icmp6?.type === 'router-advertisement' ? icmp6.options : []
  return [...leases, ...advertised].flatMap((one) => (isOf(one, address) ? [one] : []))
}

type Named = Extract<Dhcpv6Option | NdOption, { type: 'ia-addr' | 'ia-prefix' | 'prefix-information' }>

const isOf = (one: Dhcpv6Option | NdOption, address: string): one is Named =>
  (one.type === 'ia-addr' && one.address === address) ||
  ((one.type === 'ia-prefix' || one.type === 'prefix-information') && inPrefix(address, network(one.prefix)))
