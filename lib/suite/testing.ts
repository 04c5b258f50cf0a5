import type { Frame, Mark, Recording, World } from '../recording/recording.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { Entry } from './catalogue.ts'
import type { Suites } from './suites.ts'

export const benchMac = '02:be:00:00:00:01'
export const dutMac = '02:d0:00:00:00:01'

export const world: World = {
  name: 'a-world',
  seed: 'seed',
  stations: { host: { port: 'lan0', mac: benchMac, linkLocal: 'fe80::be:ff:fe00:1' } },
  segments: [['lan0'], ['lan1']],
  isp: {
    wanPrefix: '2d00:100::/64',
    internetPrefix: '2d00:300::/64',
    ra: {
      interval: 30,
      managed: true,
      other: true,
      routerLifetime: 1800,
      onLink: false,
      preferredLifetime: 1,
      validLifetime: 2,
    },
    dhcpv6: {
      answers: true,
      ignoreSolicits: 0,
      iaNa: true,
      prefixes: ['2d00:200::/56'],
      t1: 10,
      t2: 20,
      preferredLifetime: 30,
      validLifetime: 40,
      dns: true,
      domains: [],
    },
    ipv4: true,
  },
  device: { name: 'a router', role: 'gateway', capabilities: [], lacks: [] },
  profile: 'default',
}

/** A frame as a recording holds it. */
export function frame(number: number, port: string, from: 'dut' | 'bench', packet: PacketInit, at = number): Frame {
  const src = from === 'dut' ? dutMac : benchMac
  const bytes = encode({ ...packet, eth: { src, dst: from === 'dut' ? benchMac : dutMac, ...packet.eth } })
  return { number, port, at, direction: from === 'dut' ? 'in' : 'out', from, bytes, packet: decode(bytes) }
}

export function recording(frames: Frame[], change: Partial<Recording> = {}): Recording {
  return {
    scenario: 'a-scenario',
    world,
    frames,
    marks: [],
    outcome: { end: 'complete' },
    drops: 0,
    clockStep: 0,
    ...change,
  }
}

export const mark = (name: string, number: number, at: number, frames?: number[]): Mark => ({
  mark: name,
  number,
  at,
  ...(frames ? { frames } : {}),
})

export const entry = (change: Partial<Entry> = {}): Entry => ({
  id: 'X-1',
  source: { document: 'RFC 7084', section: '4.2', label: '-' },
  level: 'MUST',
  role: 'both',
  area: 'wan-ra',
  summary: 's',
  stimulus: 's',
  observe: 'o',
  fails_when: 'f',
  timers: 0,
  verified: true,
  ...change,
})

/** Suites that hold this and nothing else. */
export const suitesOf = (change: Partial<Suites>): Suites => ({
  ...{ entries: new Map(), scope: {}, requirements: new Map(), scenarios: new Map(), explanations: [] },
  ...change,
})
