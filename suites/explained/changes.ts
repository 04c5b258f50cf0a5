import { dhcpv6OptionsOf, type Frame, isRelay, type Traffic } from 'denat'

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
export const isLeaseChange = (frame: Frame, traffic: Traffic): boolean =>
  traffic.before(
    frame,
    5,
    (other) => other.direction === 'out' && other.port.startsWith('wan') && messageOf(other) !== undefined,
  ) !== undefined

const isNews = ({ direction, packet: { icmp6, dhcp6 } }: Frame): boolean =>
  direction === 'out' && (icmp6?.type === 'router-advertisement' || dhcp6 !== undefined)
