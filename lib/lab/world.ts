import type { DeviceFacts, IspParameters, World } from '../recording/recording.ts'
import type { DeepPartial, WorldSpec } from '../suite/scenario.ts'
import { type Seeded, seeded } from '../time/seed.ts'
import { nthSubnet, prefixLength } from '../wire/address.ts'
import type { Line } from '../wire/line.ts'
import type { LabFile, Upstream } from './lab-file.ts'

/** BASE of the catalogue, before a scenario's world changes it. */
function base(addresses: LabFile['addresses'], random: Seeded, length: number | undefined): IspParameters {
  return {
    wanPrefix: anySubnet(addresses.wan, 64, random),
    internetPrefix: addresses.internet,
    ra: {
      interval: 30,
      managed: true,
      other: true,
      routerLifetime: 1800,
      autonomous: true,
      onLink: false,
      preferredLifetime: 3600,
      validLifetime: 7200,
    },
    dhcpv6: {
      answers: true,
      ignoreSolicits: 0,
      iaNa: true,
      prefixes: length === undefined ? [] : [anySubnet(addresses.pool, length, random)],
      t1: 1800,
      t2: 2880,
      preferredLifetime: 3600,
      validLifetime: 7200,
      dns: true,
      domains: ['home.example.net'],
    },
    ipv4: true,
  }
}

/** What a home gateway announces on its LAN, where BASE is an ISP's. */
const behindGateway: DeepPartial<IspParameters> = {
  ra: { managed: false, other: true, autonomous: true, onLink: true },
}

/** Length of the prefix that a world's line delegates; undefined: none. */
export function delegatedLength({ delegatedLength: wanted = 56 }: WorldSpec, upstream: Upstream): number | undefined {
  const none = wanted === 'none' || (upstream !== 'isp' && upstream.gateway === 'none')
  return none ? undefined : Math.max(wanted, shortestPrefix(upstream))
}

/** A home gateway has no shorter prefix to give. */
export const shortestPrefix = (upstream: Upstream): number =>
  upstream === 'isp' ? 0 : upstream.gateway === 'none' ? 64 : upstream.gateway

/** A subnet drawn from the seed. */
export function anySubnet(prefix: string, length: number, random: Seeded): string {
  return nthSubnet(prefix, length, random.int(2 ** Math.min(30, length - prefixLength(prefix))))
}

export interface WorldOptions {
  seed: string
  addresses: LabFile['addresses']
  device: DeviceFacts
  profile: World['profile']
  upstream: Upstream
  line: Line
}

/** A subscriber: the same seed and name give the same identities and prefixes. */
export function makeWorld(spec: WorldSpec, options: WorldOptions): World {
  const { seed, addresses, device, profile, upstream, line } = options
  const random = seeded(`${seed}\0${spec.name}`)
  const ownLine = base(addresses, random, delegatedLength(spec, upstream))
  const isp = overlay(upstream === 'isp' ? ownLine : overlay(ownLine, behindGateway), spec.isp ?? {})
  const variety = structuredClone(spec.variety ?? {})
  return {
    name: spec.name,
    seed,
    stations: {},
    variety,
    segments: [],
    isp,
    device,
    profile,
    ...((line.vlan !== undefined || line.pppoe) && { line }),
  }
}

function overlay<T extends object>(value: T, change: DeepPartial<T>): T {
  const result = { ...value } as Record<string, unknown>
  for (const [key, now] of Object.entries(change)) {
    const old = result[key]
    const nested = typeof old === 'object' && old !== null && !Array.isArray(old)
    result[key] = nested ? overlay(old, now as object) : now
  }
  return result as T
}

/** The MAC of an emulated station: locally administered, and the same in the same world. */
export function stationMac(world: World, role: string): string {
  const bytes = seeded(`${world.seed}\0${world.name}\0${role}`).bytes(4)
  return ['02', 'be', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':')
}
