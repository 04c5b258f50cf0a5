import type { Frame, IspParameters, Mark, World } from '../recording/recording.ts'
import type { Clock } from '../time/clock.ts'
import type { WebUi } from '../web-ui/port.ts'
import type { Dhcpv6 } from '../wire/dhcpv6.ts'
import type { Pattern } from '../wire/match.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { MarkType } from './mark.ts'
import type { Deadline, Timing } from './timing.ts'

/**
 * What a scenario uses. It acts, waits for what it needs in order to go on, and marks what it did. It never
 * judges: every method reports what happened and leaves its meaning to the requirements.
 */
export interface Bench {
  dut: Dut
  line: Line
  isp: Isp
  /** Hosts of the emulated Internet, beyond the ISP's router. */
  internet: InternetHost
  internet2: InternetHost
  lan: Lan
  /** Undefined when the device folder has no `web-ui.ts`. */
  webUi?: WebUi
  timing: Timing
  clock: Clock
  /** In the full one the same is done more often. */
  profile: World['profile']
  /** Notes what the bench did or saw, and on which frames. Names are stable: requirements look for them. */
  mark<D extends object, F extends string>(
    type: MarkType<D, F>,
    data: D,
    frames?: { [K in F]?: Frame | undefined },
    more?: readonly (Frame | undefined)[],
  ): Mark
  mark(name: string, data?: Record<string, unknown>, frames?: (Frame | undefined)[]): Mark
  /** Listens for as long as the protocol asks, counted from `since` or from now; no slack is added. */
  listen(deadline: Deadline, since?: Frame | Mark): Promise<void>
  /** Random values of this run, from its seed. */
  random: { uniform(low: number, high: number): number; int(below: number): number; pick<T>(of: readonly T[]): T }
}

export interface Wait {
  /** Only what happens after this counts. */
  since: Frame | Mark
  by: Deadline
  /** The requirement that is broken if it never comes; the scenario then ends as blocked by it. */
  or: string
}

/** The device under test, as a person operates it. */
export interface Dut {
  /** Plugs it in; resolves at once. */
  powerOn(): Promise<Mark>
  powerCut(): Promise<Mark>
  /** Begins the scenario: by power, or where the router runs and has no line yet, by the line. */
  begin(): Promise<Mark>
  /** An orderly restart, as from its menu. */
  reboot(): Promise<Mark>
  /** Back to factory settings; leaves it powered off. */
  factoryReset(): Promise<Mark>
}

/** The access line between the DUT and the ISP. */
export interface Line {
  up(): Mark
  down(): Mark
}

/** The ISP's router: RA, DHCPv6, DNS, DHCPv4, and the way to the Internet. */
export interface Isp {
  /** What the line is served with now. */
  readonly parameters: IspParameters
  readonly address: string
  readonly linkLocal: string
  /** Another resolver of the ISP's, which answers as `address` does. */
  readonly otherResolver: string
  /** Changes how the line is served from now on; leaves a mark `isp-change`. */
  change(change: { [K in keyof IspParameters]?: Partial<IspParameters[K]> | IspParameters[K] }): Mark
  /** The DUT as the ISP router knows it, after its first frame. */
  customer(): Neighbor | undefined
  /** Plugs another router into the far end of the line. It has a MAC of its own, and a way to the same Internet. */
  joinRouter(name: string): UpstreamRouter
  /** Takes part in the DHCPv6 answers from now on, with a DUID of its own, while the first server is silent. */
  secondServer(answers: boolean): Mark
  /**
   * From now on the DHCPv6 server sends what `rule` returns for a message and its usual response; undefined is no
   * response. What a Reply grants is bound and routed. Without a rule the server sends its usual responses again. The
   * capture has `why` as the comment of an unusual response, or what `comment` returns. Marks `isp-answers`.
   */
  answerWith(
    why: string,
    rule?: (asked: Dhcpv6Message, usual?: Dhcpv6Message) => Dhcpv6Message | undefined,
    comment?: () => string,
  ): Mark
  /**
   * Another prefix of the ISP's pool that this subscriber never had: a new one at each call. As long as the first, unless
   * a length is given; none is shorter than the line may have.
   */
  otherPrefix(length?: number): string
  /** Sends an unsolicited RA now, with the present parameters. */
  advertise(why?: string): Frame
  /**
   * Asks the DUT what any live router answers at once on this line: on Ethernet, for the link-layer address of its
   * link-local address. Undefined where none was seen yet.
   */
  fence(): Promise<Exchange | undefined>
  /**
   * Asks for the link-layer address of an address of the DUT's, as often as a neighbor does until there is an answer.
   * Once is enough where none is expected.
   */
  solicitNeighbor(address: string, options?: { times?: number }): Promise<Exchange>
  /** Sends any packet from the ISP's router into the line; what is left out is filled in (MACs, link-local source). */
  send(packet: PacketInit, why?: string): Frame
  /** Resolves with the first frame from the DUT that fits, on the WAN. */
  receives(pattern: Pattern, wait: Wait): Promise<Frame>
  /** The same, but reports undefined in place of ending the scenario. */
  awaits(pattern: Pattern, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  /** Resolves with the ISP's Reply that grants this prefix, or undefined at the deadline. */
  grants(prefix: string, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  /** The newest frame on the WAN that fits, in either direction; none ends the scenario. */
  latest(pattern: Pattern, wait: Pick<Wait, 'or'>): Frame
}

/** A second router on the line. It sends no unsolicited message: the scenario sends its advertisements. */
export interface UpstreamRouter {
  readonly name: string
  readonly mac: string
  readonly linkLocal: string
  /** Sends any packet into the line; what is left out is filled in (MACs, link-local source). */
  send(packet: PacketInit, why?: string): Frame
  /** False: it neither responds nor forwards. Marks `router-answers`. */
  answers(on: boolean): Mark
}

/** Any DHCPv6 message but a relay's. */
export type Dhcpv6Message = Exclude<Dhcpv6, { hopCount: number }>

/** A question and its answer, if one came in time. */
export interface Exchange {
  question: Frame
  answer?: Frame
}

/** The DUT on one of its links, as its own packets show it. */
export interface Neighbor {
  mac: string
  linkLocal: string
  /** Global and unique local addresses that it was seen to own. */
  addresses: string[]
}

export interface InternetHost extends Endpoint {
  readonly address: string
  /** Sends any IPv6 packet to the DUT by way of the ISP's router. Resolves with its frame, once on the wire. */
  send(packet: PacketInit, why?: string): Promise<Frame>
}

/** What every emulated host can do. Each act resolves to what came of it, never throws for the DUT's silence. */
export interface Endpoint {
  readonly name: string
  /** An echo request and its reply. */
  ping(
    to: string,
    options?: { from?: string; hopLimit?: number; size?: number; within?: number },
  ): Promise<Frame | undefined>
  /** Sends an echo request each second until one is answered. Resolves with the answer, or undefined at the deadline. */
  reaches(to: string, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  /** Sends one UDP datagram and does not wait for a response. */
  udp(
    to: string,
    ports: { from: number; to: number },
    options?: { data?: Uint8Array; src?: string; hopLimit?: number },
  ): Promise<Frame>
  /** A TCP connection: handshake, `data` or a number of `bytes` each way, orderly end. */
  connect(
    to: string,
    port: number,
    options?: { from?: string; localPort?: number; bytes?: number; data?: Uint8Array; within?: number },
  ): Promise<TcpOutcome>
  /** Answers TCP connections on this port by echoing what comes; other ports refuse. */
  serveTcp(port: number): void
  /** Does not respond to segments for this port: the scenario sends the responses. */
  ignoreTcp(port: number): void
  /** Echoes UDP datagrams on this port. */
  serveUdp(port: number): void
  /** Takes UDP datagrams on this port without a word (RFC 863). */
  discardUdp(port: number): void
  /** From now on each packet of this host leaves as `rule` has it; without a rule, as it is. */
  shape(rule?: (packet: PacketInit) => PacketInit): void
  /** Resolves with the first frame that reaches this host and fits, or undefined at the deadline. */
  awaits(pattern: Pattern, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
}

export interface TcpOutcome {
  outcome: 'connected' | 'refused' | 'unreachable' | 'silent'
  /** The SYN. */
  syn: Frame
  /** What answered it. */
  answer?: Frame
  localPort: number
}

export interface Lan {
  /** Names of LAN ports that share a link. */
  readonly segments: string[][]
  /** The first host, present in every world, on the first LAN port. */
  host: LanHost
  /** The DUT as its neighbors on the first host's segment know it, after its first frame. */
  gateway(): Neighbor | undefined
  /** Plugs another host in: on the same segment unless another port is named. */
  join(name: string, options?: JoinOptions): LanHost
  /** Plugs in a home router that asks for a prefix, with a host behind it. */
  joinRouter(name: string, options?: RouterOptions): DownstreamRouter
  /** Resolves with the first frame from the DUT that fits, on the host's segment. */
  receives(pattern: Pattern, wait: Wait): Promise<Frame>
  awaits(pattern: Pattern, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  /** Disconnects the cable of a LAN port, with all nodes there. Marks `lan-port-down`. */
  unplug(port: string): Mark
  /** Plugs it in again. Marks `lan-port-up`. */
  plugIn(port: string): Mark
  /** Sends any frame on a LAN port, by default from the first host's MAC. */
  send(packet: PacketInit, options?: { port?: string; why?: string }): Frame
}

export interface JoinOptions {
  port?: string
  slaac?: boolean
  dhcpv6?: 'stateful' | 'stateless' | 'none'
  dhcpv4?: boolean
  /** Its DHCPv6 client sends the Reconfigure Accept option, and obeys a Reconfigure. */
  acceptsReconfigure?: boolean
  /** False: connected, but silent until the scenario uses it. */
  start?: boolean
}

export interface LanHost extends Endpoint {
  readonly mac: string
  readonly linkLocal: string
  readonly port: string
  /** Addresses in use now, best first. */
  addresses(): HostAddress[]
  /** The preferred global address; undefined while there is none. */
  gua(): string | undefined
  ula(): string | undefined
  /** Resolvers learned from RDNSS and DHCPv6. */
  resolvers(): string[]
  hasDefaultRouter(): boolean
  /** Resolves when the host has a global address past DAD and a default router, with the frame that completed it. */
  online(wait: Wait): Promise<Frame>
  /** The same, but reports undefined in place of ending the scenario. */
  settles(wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  solicitRouter(options?: { from?: '::' }): Frame
  /** Asks for the link-layer address of a neighbor, as often as a neighbor does: a fence that any live router answers. */
  solicitNeighbor(address: string, options?: { times?: number }): Promise<Exchange>
  /** One Information-request; undefined when nothing answers. */
  informationRequest(options?: { codes?: number[]; within?: number }): Promise<Frame | undefined>
  /** Solicit with IA_NA, and Request where an Advertise comes. */
  requestAddress(options?: { within?: number }): Promise<Frame | undefined>
  /** Renews its DHCPv6 lease now, before its T1; undefined when nothing answers, or where it has none. */
  renewAddress(options?: { within?: number }): Promise<Frame | undefined>
  /** Resolves with the frame in which the answer was complete. */
  resolve(name: string, options?: ResolveOptions): Promise<Frame | undefined>
  /** Uses this address as well, without DAD. */
  adopt(address: string): void
  /** Sends any IPv6 packet, from its MAC, to its default router unless `eth.dst` is given. Resolves with its frame. */
  send(packet: PacketInit, why?: string): Promise<Frame>
  leave(): Mark
}

export interface ResolveOptions {
  /** By default the first that it has learned. */
  server?: string
  /** AAAA by default; `UNKNOWN_65` for a type without a name. */
  type?: string
  /** `rd` by default; joined by `+`. */
  flags?: string
  edns?: { udpPayloadSize: number; dnssecOk: boolean }
  tcp?: boolean
  within?: number
}

export interface HostAddress {
  address: string
  kind: 'link-local' | 'ula' | 'gua'
  state: 'tentative' | 'preferred' | 'deprecated'
  source: 'slaac' | 'dhcpv6' | 'adopted'
  /** Seconds left. */
  preferredLifetime: number
  validLifetime: number
}

export interface RouterOptions {
  port?: string
  iaNa?: boolean
  /** One IA_PD each; a hint is a prefix, or a length that is sent as `::/length`. */
  iaPd?: { hint?: number | string }[]
  acceptsReconfigure?: boolean
  start?: boolean
}

/**
 * How a router that was disconnected returns: it sends no DHCPv6 message and retains its leases; it sends Rebind for
 * its leases (RFC 8415 section 18.2.12); or it has lost them, and solicits with the same DUID and IAIDs.
 */
export type Comeback = 'silent' | 'rebinding' | 'rebooted'

/** A requesting router on the LAN, with one host behind it. */
export interface DownstreamRouter {
  readonly name: string
  readonly duid: string
  readonly linkLocal: string
  /** The port that it is plugged into, or was last. */
  readonly port: string
  /** Prefixes that it holds now, in the order of its IA_PDs, global ones first. */
  prefixes(): string[]
  /** Resolves with the Reply that gives it a prefix. */
  delegated(wait: Wait): Promise<Frame>
  /** T1 of its lease in seconds, as granted. */
  t1(): number
  /** Resolves with the Reply that gives it a prefix inside `outer`, or undefined at the deadline. */
  moves(outer: string, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
  /** Releases all; resolves with the Reply. */
  release(options?: { within?: number }): Promise<Frame | undefined>
  /** Renews now, before its T1; again where no response arrives in time. */
  renew(options?: { within?: number }): Promise<Frame | undefined>
  /** Sends Rebind for its leases now; again where no response arrives in time. */
  rebind(options?: { within?: number }): Promise<Frame | undefined>
  /** Solicits once; resolves with the Reply, or with an Advertise that has nothing for it, and is silent then. */
  solicit(options?: { within?: number }): Promise<Frame | undefined>
  start(): Mark
  /** From now on it sends no DHCPv6 message: it stays on the link, and neither renews nor releases. Marks `neglects`. */
  neglect(): Mark
  /** Its cable is pulled, so that it releases nothing. Marks `unplugged`. */
  unplug(): Mark
  /** It is there again, on this port or on another. Marks `plugged-in`. */
  plugIn(how: { port?: string; as: Comeback }): Mark
  leave(): Mark
  /** Sends any IPv6 packet, from its MAC, to its default router. Resolves with its frame. */
  send(packet: PacketInit, why?: string): Promise<Frame>
  /** The host behind it, numbered from its first prefix. */
  host: Endpoint & { gua(): string | undefined }
  /** A host behind a second router, to which this one has passed `prefix` on. */
  cascade(prefix: string): Endpoint & { gua(): string | undefined }
  awaits(pattern: Pattern, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
}
