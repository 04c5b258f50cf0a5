import { z } from 'zod'
import type { Recording, Station } from '../recording/recording.ts'
import { marked, markOf } from './mark.ts'
import { isWan } from './query.ts'
import { dhcpv6OptionsOf, iaAddresses, iaPrefixes, ndOptionsOf, pios } from './read.ts'

/** What a router may still know of the subscribers before, since its last factory reset. */
export interface Former {
  /** Delegated. */
  prefixes: string[]
  /** Of the WAN link. */
  wanPrefixes: string[]
  /** That it was assigned. */
  addresses: string[]
  resolvers: string[]
  stations: Pick<Station, 'port' | 'mac' | 'linkLocal'>[]
}

export const noFormer: Former = { prefixes: [], wanPrefixes: [], addresses: [], resolvers: [], stations: [] }

/** What this recording adds: all that the bench sent on the WAN, and every station in it. */
export function formerOf({ frames, world }: Recording, before: Former = noFormer): Former {
  const toRouter = frames.filter(({ port, direction }) => isWan(port) && direction === 'out')
  const dhcpv6 = toRouter.filter(({ packet: { dhcp6 } }) => dhcp6 && !('hopCount' in dhcp6))
  const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])]
  const dhcpv6Resolvers = dhcpv6.flatMap((frame) =>
    dhcpv6OptionsOf(frame, 'dns-servers').flatMap(({ servers }) => servers),
  )
  const raResolvers = toRouter.flatMap((frame) => ndOptionsOf(frame, 'rdnss').flatMap(({ servers }) => servers))
  return {
    prefixes: union(
      before.prefixes,
      dhcpv6.flatMap(iaPrefixes).map(({ prefix }) => prefix),
    ),
    wanPrefixes: union(
      before.wanPrefixes,
      toRouter.flatMap(pios).map(({ prefix }) => prefix),
    ),
    addresses: union(
      before.addresses,
      dhcpv6.flatMap(iaAddresses).map(({ address }) => address),
    ),
    resolvers: union(before.resolvers, [...dhcpv6Resolvers, ...raResolvers]),
    stations: [
      ...before.stations,
      ...Object.values(world.stations).map(({ port, mac, linkLocal }) => ({ port, mac, linkLocal })),
    ],
  }
}

const list = z.array(z.string())

/** The recording begins with a router that has not been reset: how, and what it may still know. */
export const shared = markOf('shared', {
  data: {
    beginning: z.enum(['power cut', 'line cut']),
    prefixes: list,
    wanPrefixes: list,
    addresses: list,
    resolvers: list,
    stations: z.array(z.object({ port: z.string(), mac: z.string(), linkLocal: z.string() })),
  },
})

/** The router asks for more of a former lease, or gives it back: it kept the lease although its line has ended. */
export function keepsFormerLease(recording: Recording): boolean {
  const leases = new Set(marked(recording, shared).flatMap(({ addresses, prefixes }) => [...addresses, ...prefixes]))
  if (leases.size === 0) return false
  const sent = recording.frames.filter(({ port, from, packet: { dhcp6 } }) => {
    const isClients = dhcp6 !== undefined && !('hopCount' in dhcp6) && dhcp6.type !== 'solicit'
    return isWan(port) && from === 'dut' && isClients
  })
  const current = new Set([...recording.world.isp.dhcpv6.prefixes])
  return sent.some((frame) =>
    [...iaAddresses(frame).map(({ address }) => address), ...iaPrefixes(frame).map(({ prefix }) => prefix)].some(
      (lease) => leases.has(lease) && !current.has(lease),
    ),
  )
}
