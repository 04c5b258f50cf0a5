import type { IspParameters } from '../../recording/recording.ts'
import type { Clock } from '../../time/clock.ts'
import { inPrefix, isMulticast, prefixLength } from '../../wire/address.ts'
import { type Duid, option } from '../../wire/dhcpv6.ts'
import type { Ipv6Address, Packet, PacketInit, Prefix } from '../../wire/packet.ts'
import { answerDhcpv6, type Binding, bindingKey } from './dhcpv6-server.ts'

const CLIENT_PORT = 546
const SERVER_PORT = 547
/** All_DHCP_Relay_Agents_and_Servers, RFC 8415 section 7.1. */
const SERVERS: Ipv6Address = 'ff02::1:2'

/** A delegated prefix and the way to it. */
export interface Delegation {
  prefix: Prefix
  via: Ipv6Address
}

export interface Dhcpv6Service {
  /** The packet that answers, if any. */
  receive(packet: Packet): PacketInit | undefined
  /** The longest delegation that holds the address and has not ended. */
  delegationOf(address: Ipv6Address): Delegation | undefined
  /** Whether an IA_NA holds it. */
  isLeased(address: Ipv6Address): boolean
  /** True: the second server answers, from the same bindings, and the first is silent. */
  secondServer(answers: boolean): void
  /** Lets Solicits be ignored anew. */
  forgetSolicits(): void
}

/** The state around `answerDhcpv6`: bindings that outlive the DUT's reboots, and who is silent when. */
export function dhcpv6Service(
  clock: Clock,
  servers: readonly [Duid, Duid],
  self: { linkLocal: Ipv6Address; resolver(): Ipv6Address; parameters(): IspParameters },
): Dhcpv6Service {
  const bindings = new Map<string, Binding>()
  const clients = new Map<Duid, Ipv6Address>()
  const ignored = new Map<Duid, number>()
  let second = false

  const leased = (kind: Binding['kind']) => {
    const live = (binding: Binding) => binding.leases.filter(({ validUntil }) => validUntil > clock.now())
    return [...bindings.values()]
      .filter((binding) => binding.kind === kind)
      .flatMap((binding) => live(binding).map(({ value }) => ({ value, duid: binding.duid })))
  }

  return {
    receive({ ip6, udp, dhcp6, malformed }) {
      const parameters = self.parameters()
      if (!ip6 || udp?.dstPort !== SERVER_PORT || udp.badChecksum || !dhcp6 || malformed) return undefined
      if (isMulticast(ip6.dst) && ip6.dst !== SERVERS) return undefined
      if (!second && !parameters.dhcpv6.answers) return undefined
      const client = option(dhcp6, 'client-id')?.duid ?? ''
      const solicits = ignored.get(client) ?? 0
      if (dhcp6.type === 'solicit' && solicits < parameters.dhcpv6.ignoreSolicits) {
        ignored.set(client, solicits + 1)
        return undefined
      }
      const answer = answerDhcpv6(dhcp6, !isMulticast(ip6.dst), {
        duid: servers[second ? 1 : 0],
        resolver: self.resolver(),
        parameters,
        bindings,
        now: clock.now(),
      })
      if (!answer) return undefined
      for (const binding of answer.bindings) {
        // At the end of the map: the last to be given a prefix has the route.
        bindings.delete(bindingKey(binding))
        bindings.set(bindingKey(binding), binding)
        clients.set(binding.duid, ip6.src)
      }
      return {
        ip6: { src: self.linkLocal, dst: ip6.src },
        udp: { srcPort: SERVER_PORT, dstPort: CLIENT_PORT },
        dhcp6: answer.reply,
      }
    },
    delegationOf(address) {
      const fitting = leased('ia-pd')
        .reverse()
        .filter(({ value }) => inPrefix(address, value))
        .sort((a, b) => prefixLength(b.value) - prefixLength(a.value))
      const [best] = fitting
      const via = best && clients.get(best.duid)
      return best && via !== undefined ? { prefix: best.value, via } : undefined
    },
    isLeased: (address) => leased('ia-na').some(({ value }) => value === address),
    secondServer(answers) {
      second = answers
    },
    forgetSolicits: () => ignored.clear(),
  }
}
