import type { IspParameters } from '../../recording/recording.ts'
import type { Clock } from '../../time/clock.ts'
import { type Ipv6Address, inPrefix, isMulticast, network, type Prefix, prefixLength } from '../../wire/address.ts'
import { type Dhcpv6, isRelay, option, statusOf } from '../../wire/dhcpv6.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { plain } from '../variety.ts'
import { serverManners } from './dhcpv6-manners.ts'
import { answerDhcpv6, type Binding, bindingKey } from './dhcpv6-server.ts'

const CLIENT_PORT = 546
const SERVER_PORT = 547
/** All_DHCP_Relay_Agents_and_Servers, RFC 8415 section 7.1. */
const SERVERS: Ipv6Address = 'ff02::1:2'

/** Status NoBinding, RFC 8415 section 21.13. */
const NO_BINDING = 3

/** A delegated prefix and the way to it. */
export interface Delegation {
  prefix: Prefix
  via: Ipv6Address
}

export interface Dhcpv6Service {
  /** The packet that answers, if any, how often it is sent, and why where it is not the usual one. */
  receive(packet: Packet): { packet: PacketInit; times: number; why?: string } | undefined
  /** The longest delegation that holds the address and has not ended. */
  delegationOf(address: Ipv6Address): Delegation | undefined
  /** Whether an IA_NA holds it. */
  isLeased(address: Ipv6Address): boolean
  /** True: the second server answers, from the same bindings, and the first is silent. */
  secondServer(answers: boolean): void
  /** Starts again to ignore the first Solicits. */
  forgetSolicits(): void
  /**
   * Uses this rule for the server's answers from now on; undefined restores its own answers. `why` is called after each
   * answer that is not the usual one.
   */
  answerWith(rule: AnswerRule | undefined, why?: () => string): void
}

type Message = Exclude<Dhcpv6, { hopCount: number }>

/**
 * The server's answer, by the client's message and by the server's own answer (undefined where it has none). Undefined:
 * no answer. The leases of a Reply are bound and routed as if they were the server's own.
 */
export type AnswerRule = (asked: Message, usual: Message | undefined) => Message | undefined

/** The state around `answerDhcpv6`: bindings that outlive the DUT's reboots, and which server is silent when. */
export function dhcpv6Service(
  clock: Clock,
  servers: readonly [Duid, Duid],
  self: { linkLocal: Ipv6Address; resolver(): Ipv6Address; parameters(): IspParameters },
  variety = plain,
): Dhcpv6Service {
  const manners = serverManners(variety)
  const bindings = new Map<string, Binding>()
  const clients = new Map<Duid, Ipv6Address>()
  const ignored = new Map<Duid, number>()
  let second = false
  let rule: AnswerRule | undefined
  let reason: (() => string) | undefined

  /** The last of the longest leases of this kind that fit: every packet of the Internet's asks. */
  function leaseThat(kind: Binding['kind'], fits: (value: string) => boolean, lengthOf: (value: string) => number) {
    let best: { value: string; duid: Duid } | undefined
    for (const binding of bindings.values()) {
      if (binding.kind !== kind) continue
      for (const { value, validUntil } of binding.leases)
        if (validUntil > clock.now() && fits(value) && (!best || lengthOf(value) >= lengthOf(best.value)))
          best = { value, duid: binding.duid }
    }
    return best
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
      const said = answer?.reply
      if (isRelay(dhcp6) || (said && isRelay(said))) return undefined
      const usual = said && manners.dress(said)
      const reply = rule ? rule(dhcp6, usual) : usual
      if (!reply) return undefined
      const bound = reply === usual ? (answer?.bindings ?? []) : grantedBy(reply, bindings, clock.now())
      for (const binding of bound) {
        // At the end of the map: the last to be given a prefix has the route.
        bindings.delete(bindingKey(binding))
        bindings.set(bindingKey(binding), binding)
        clients.set(binding.duid, ip6.src)
      }
      const answering: PacketInit = {
        ip6: { src: self.linkLocal, dst: ip6.src },
        udp: { srcPort: manners.port, dstPort: CLIENT_PORT },
        dhcp6: reply,
      }
      const times = reply.type === 'advertise' ? manners.advertises : 1
      return { packet: answering, times, ...(reply !== usual && reason && { why: reason() }) }
    },
    delegationOf(address) {
      const best = leaseThat('ia-pd', (value) => inPrefix(address, value), prefixLength)
      const via = best && clients.get(best.duid)
      return best && via !== undefined ? { prefix: best.value, via } : undefined
    },
    isLeased: (address) =>
      leaseThat(
        'ia-na',
        (value) => value === address,
        () => 128,
      ) !== undefined,
    secondServer(answers) {
      second = answers
    },
    forgetSolicits: () => ignored.clear(),
    answerWith(given, why) {
      rule = given
      reason = why
    },
  }
}

/** Bindings as a Reply leaves them: what it does not mention is kept, and an IA without binding loses all. */
function grantedBy(reply: Message, bindings: ReadonlyMap<string, Binding>, now: number): Binding[] {
  const duid = option(reply, 'client-id')?.duid
  if (reply.type !== 'reply' || duid === undefined) return []
  const until = (seconds: number) => (seconds === 0xffffffff ? Number.POSITIVE_INFINITY : now + seconds)
  return reply.options.flatMap((ia) => {
    if (ia.type !== 'ia-na' && ia.type !== 'ia-pd') return []
    const identity = { kind: ia.type, duid, iaid: ia.iaid }
    const before = bindings.get(bindingKey(identity))
    if (statusOf(ia) === NO_BINDING) return [{ ...identity, leases: [], declined: before?.declined ?? 0 }]
    const statuses = ia.options.flatMap((one) => {
      if (one.type === 'ia-addr') return [{ value: one.address, validUntil: until(one.validLifetime) }]
      if (one.type === 'ia-prefix') return [{ value: network(one.prefix), validUntil: until(one.validLifetime) }]
      return []
    })
    const kept = before?.leases.filter(({ value }) => !statuses.some((other) => other.value === value)) ?? []
    const leases = [...statuses.filter(({ validUntil }) => validUntil > now), ...kept]
    return [{ ...identity, leases, declined: before?.declined ?? 0 }]
  })
}
