import {
  type Dhcpv6Option,
  dhcpv6OptionsOf,
  type Frame,
  inPrefix,
  isRelay,
  type NdOption,
  network,
  type Traffic,
} from 'denat'

export const messageOf = ({ packet: { dhcp6 } }: Frame) => (dhcp6 && !isRelay(dhcp6) ? dhcp6 : undefined)

/** When a lease of the line asks for the next message: T1, T2 and the ends of its lifetimes. Seconds of the recording. */
function timersOf({ recording }: Traffic): number[] {
  return recording.frames
    .filter((frame) => frame.direction === 'out' && frame.port.startsWith('wan') && messageOf(frame)?.type === 'reply')
    .flatMap((frame) =>
      (['ia-na', 'ia-pd'] as const).flatMap((type) =>
        dhcpv6OptionsOf(frame, type).flatMap((ia) => {
          const leases = ia.options.filter((one) => 'validLifetime' in one)
          const lifetimes = leases.flatMap((one) => [one.preferredLifetime, one.validLifetime])
          const preferred = Math.min(...leases.map((one) => one.preferredLifetime))
          // Without T1 and T2 they are the client's own choice: section 14.2.
          const own = Number.isFinite(preferred) ? [0.5 * preferred, 0.8 * preferred] : []
          return [ia.t1 || own[0], ia.t2 || own[1], ...lifetimes].flatMap((after) =>
            after === undefined ? [] : [frame.at + after],
          )
        }),
      ),
    )
}

/** T1, T2 or the end of a lifetime is so near. */
export const isLeaseTimer = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  timersOf(traffic).some((at) => Math.abs(frame.at - at) <= seconds)

/** An RA, a DHCPv6 answer, a timer of the lease, a restart or a cable may have changed the router's own addresses. */
export const isChange = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.isFresh(frame, seconds) ||
  traffic.before(frame, seconds, isNews) !== undefined ||
  isLeaseTimer(frame, 3, traffic)

/** The line has said something of leases. */
export const isLeaseChange = (frame: Frame, seconds: number, traffic: Traffic): boolean =>
  traffic.before(
    frame,
    seconds,
    (other) => other.direction === 'out' && other.port.startsWith('wan') && messageOf(other) !== undefined,
  ) !== undefined

const isNews = ({ direction, packet: { icmp6, dhcp6 } }: Frame): boolean =>
  direction === 'out' && (icmp6?.type === 'router-advertisement' || dhcp6 !== undefined)

/** The line has granted or advertised the address in this frame, or the prefix that it is from. */
export const isNamedBy = (frame: Frame, address: string): boolean => namings(frame, address).length > 0

/** For how long it is valid by this frame. Seconds. */
export const livesIn = (frame: Frame, address: string): number =>
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
