import type { DeviceFacts, IspParameters, World } from '../recording/recording.ts'
import type { DeepPartial, WorldSpec } from '../suite/scenario.ts'
import { type Seeded, seeded } from '../time/seed.ts'
import { nthSubnet, prefixLength } from '../wire/address.ts'
import type { LabFile } from './lab-file.ts'

/** BASE of the catalogue, before a scenario's world changes it. */
function base(addresses: LabFile['addresses'], random: Seeded, delegatedLength: number): IspParameters {
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
      prefixes: [anySubnet(addresses.pool, delegatedLength, random)],
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

/** A subnet drawn from the seed. */
export function anySubnet(prefix: string, length: number, random: Seeded): string {
  return nthSubnet(prefix, length, random.int(2 ** Math.min(30, length - prefixLength(prefix))))
}

export interface WorldOptions {
  seed: string
  addresses: LabFile['addresses']
  device: DeviceFacts
  profile: World['profile']
}

/** A subscriber: the same seed and name give the same identities and prefixes. */
export function makeWorld(spec: WorldSpec, { seed, addresses, device, profile }: WorldOptions): World {
  const random = seeded(`${seed}\0${spec.name}`)
  const isp = overlay(base(addresses, random, spec.delegatedLength ?? 56), spec.isp ?? {})
  return { name: spec.name, seed, stations: {}, segments: [], isp, device, profile }
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
