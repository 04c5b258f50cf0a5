import type { Ipv6Address } from '../../wire/address.ts'
import type { Packet } from '../../wire/packet.ts'
import { decodePcpMap, encodePcpMap } from '../../wire/pcp.ts'
import type { Context } from '../context.ts'

/** RFC 6887 section 7.4. */
const result = { success: 0, notAuthorized: 2, noResources: 8, addressMismatch: 12 }

interface Mapping {
  nonce: string
  host: Ipv6Address
  protocol: number
  port: number
  until: number
}

/** Pinholes that hosts ask for, RFC 6887 and RFC 6092 REC-48: without translation, the port is opened as it is. */
export interface PcpServer {
  /** The response to a request from a host of the LAN; undefined for what is none. */
  answer(from: Ipv6Address, request: Uint8Array): Uint8Array | undefined
  /** A mapping covers this inbound packet. */
  admits(packet: Packet): boolean
}

export function pcpServer({ clock, behavior }: Context): PcpServer {
  const mappings = new Map<string, Mapping>()
  const ended = new Set<string>()
  const begun = clock.now()
  return {
    answer(from, bytes) {
      const request = decodePcpMap(bytes)
      if (request?.type !== 'request' || behavior.pcp === 'silent') return undefined
      const { client, protocol, internalPort: port } = request
      const epoch = behavior.pcpEpoch === 'counted' ? Math.floor(clock.now() - begun) : 1
      const response = { ...request, type: 'response' as const, externalPort: port, epoch }
      if (client !== from && behavior.pcpOtherClients === 'not answered') return undefined
      if (client !== from && behavior.pcpOtherClients === 'refused')
        return encodePcpMap({ ...response, result: result.addressMismatch })
      const { shortestMapping, longestMapping } = behavior
      const lifetime = request.lifetime && Math.min(Math.max(request.lifetime, shortestMapping), longestMapping)
      const key = `${from} ${protocol} ${port}`
      const nonce = Buffer.from(request.nonce).toString('hex')
      const known = mappings.get(key)
      const current = known && known.until > clock.now() ? known : undefined
      if (current && current.nonce !== nonce && behavior.pcpNonceChecked)
        return encodePcpMap({ ...response, lifetime: current.until - clock.now(), result: result.notAuthorized })
      if (current && lifetime > 0 && behavior.pcpAgain === 'not answered') return undefined
      if (current && lifetime > 0 && behavior.pcpAgain === 'refused')
        return encodePcpMap({ ...response, result: result.noResources })
      // A rule that no packet matches.
      if (current && lifetime > 0 && behavior.pcpAgain === 'in addition to the first')
        mappings.set(`${key} as well`, { ...current, until: Number.POSITIVE_INFINITY })
      if (lifetime === 0 || (known && !current)) ended.add(key)
      if (ended.has(key) && lifetime > 0 && behavior.pcp === 'silent once it has ended') return undefined
      if (lifetime === 0 && behavior.pcpDeletes) mappings.delete(key)
      else if (lifetime > 0 && (behavior.pcp !== 'once' || !ended.has(key)))
        mappings.set(key, { nonce, host: from, protocol, port, until: clock.now() + lifetime })
      const external = behavior.pcp === 'another address' ? '2001:470::1' : from
      return encodePcpMap({ ...response, lifetime, external, result: result.success })
    },
    admits({ ip6, tcp, udp }) {
      const port = (tcp ?? udp)?.dstPort
      if (mappings.size === 0 || !ip6 || port === undefined || behavior.pcp === 'no effect') return false
      return [...mappings.values()].some(
        ({ host, protocol, port: opened, until }) =>
          host === ip6.dst &&
          protocol === (tcp ? 6 : 17) &&
          (opened === port || behavior.pcp === 'whole host') &&
          (until > clock.now() || behavior.pcp === 'for ever'),
      )
    },
  }
}
