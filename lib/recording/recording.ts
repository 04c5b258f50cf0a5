import type { Claim } from '../say/claim.ts'
import type { Ipv6Address, Mac, Prefix } from '../wire/address.ts'
import type { Line } from '../wire/line.ts'
import type { Packet } from '../wire/packet.ts'
import type { Capability } from './capabilities.ts'

/**
 * All that happened in one scenario, as a folder: `capture.pcapng` (every port, one clock), `marks.jsonl` (what the
 * wire can't show), `world.json` (the nodes). Verdicts depend on nothing else.
 */
export interface Recording {
  scenario: string
  world: World
  /** Sorted by time; `frames[i].number === i + 1`, as Wireshark counts. */
  frames: Frame[]
  marks: Mark[]
  outcome: Outcome
  /** Frames that the capture is known to have lost, over all ports. */
  drops: number
  /** Frames that arrived without their checksums. */
  unsummed?: number
  /** Seconds by which the wall clock was stepped while recording. */
  clockStep: number
  /** Of a previous format: it may lack marks that its scenario makes today. */
  isOlder?: true
}

export interface Frame {
  number: number
  /** The bench's port: `wan0`, `lan0`, `lan1`. */
  port: string
  /** Seconds since the recording's start: the kernel's time when received, the time just before the call when sent. */
  at: number
  /** Seen from the bench: `in` came out of the DUT's port, `out` went into it. */
  direction: 'in' | 'out'
  /** `bench` when the source MAC is one of the bench's, on whichever port the frame is seen. */
  from: 'dut' | 'bench'
  bytes: Uint8Array
  packet: Packet
  /** Octets on the wire, where `bytes` holds headers only: the browser's TCP, which carries a password. */
  originalLength?: number
  /** Why the bench sent it, where that is known; `flawed: ` and what is wrong, where it is intentionally not well-formed. */
  comment?: string
}

/** Something the bench did, or saw off the wire. `number` is that of the last frame before it, 0 for none. */
export interface Mark {
  at: number
  mark: string
  number: number
  /** The frames that it is about, by number. */
  frames?: number[]
  /** The same by the names that the kind of mark gives them; what never came is not there. */
  named?: Record<string, number>
  data?: Record<string, unknown>
}

/** How the scenario ended. `by` is the id of the requirement whose absence stopped it. */
export type Outcome =
  | { end: 'complete' }
  | { end: 'blocked'; by: string; because: Claim }
  | { end: 'lab'; because: Claim }
  | { end: 'harness'; because: Claim }

/** The nodes of a recording, and the parameters of the ISP when it began. */
export interface World {
  name: string
  seed: string
  /** Emulated stations by role: `isp`, `internet`, `host`, `downstream`, `browser`, ... */
  stations: Record<string, Station>
  /** What the RFCs leave to each station and was drawn by the seed, by role: nothing is judged by it. */
  variety?: Record<string, Record<string, string | number | boolean>>
  /** LAN ports that share a link, as found out: `[['lan0'], ['lan1']]` or `[['lan0', 'lan1']]`. */
  segments: string[][]
  /** Parameters that the scenario's world gave the ISP; changes are marks. */
  isp: IspParameters
  device: DeviceFacts
  /** How the WAN carries IP, where that is not in plain Ethernet frames. */
  line?: Line
  profile: 'default' | 'full'
  /** MACs that sent on the LAN while the router booted, where that was recorded. */
  bootMacs?: Mac[]
  /** Seconds that this device took from power to its first frame and to its first LAN RA, where measured. */
  bootSeconds?: number
}

/** How the link at this port carries IP. */
export const lineAt = ({ line = {}, stations }: Pick<World, 'line' | 'stations'>, port: string): Line =>
  stations.isp?.port === port ? line : {}

export interface Station {
  port: string
  mac: Mac
  linkLocal: string
  /** The global address of a station that always has the same. */
  address?: string
  duid?: string
}

export interface DeviceFacts {
  name: string
  vendor?: string
  model?: string
  firmware?: string
  /** Of the board, as on its label. */
  hardware?: string
  serial?: string
  /** Of the file that the firmware was installed from. */
  firmwareSha256?: string
  role: 'gateway' | 'wireless-router'
  /** Words of the catalogue's `applies-when` that the product has. */
  capabilities: Capability[]
  /** Words that it is stated to lack. What is in neither list is probed. */
  lacks: Capability[]
  /** Its MACs on the LAN, where its device folder states them. */
  macs?: Mac[]
  url4?: string
  url6?: string
}

/** How the emulated ISP serves the line. Lifetimes and timers in seconds. */
export interface IspParameters {
  /** The WAN link's /64. */
  wanPrefix: Prefix
  /** Where emulated Internet hosts live. */
  internetPrefix: Prefix
  ra: {
    /** Seconds between unsolicited RAs; 0 sends none at all, solicited or not. */
    interval: number
    managed: boolean
    other: boolean
    routerLifetime: number
    /** A flag of the WAN PIO; undefined leaves the PIO out. */
    autonomous?: boolean
    onLink: boolean
    preferredLifetime: number
    validLifetime: number
    mtu?: number
    /** The line's NAT64 prefix, a /96, and its lifetime in multiples of 8 s: RFC 8781. */
    pref64?: { prefix: Ipv6Address; lifetime: number }
  }
  dhcpv6: {
    /** False: the server sends nothing. */
    answers: boolean
    /** Solicits of each client that get no answer before the first that does. */
    ignoreSolicits: number
    iaNa: boolean
    /** What an IA_PD is granted, several in one IA allowed; empty gives NoPrefixAvail. */
    prefixes: Prefix[]
    t1: number
    t2: number
    preferredLifetime: number
    validLifetime: number
    dns: boolean
    domains: string[]
    solMaxRt?: number
    /**
     * What the Reply to a Renew or Rebind contains for a lease that is no longer granted: the old one with lifetimes 0 and
     * the new one (as a fair ISP does, and when left out), nothing of the old one, or NoBinding until the client has
     * requested a new one, and then as a fair ISP does (RFC 9915 section 18.3.4).
     */
    renumbering?: 'zero-old' | 'silent-old' | 'no-binding'
  }
  /** False: no IPv4 on this line. */
  ipv4: boolean
}
