/**
 * What a router's web page can do, in the words of the person in front of it. Playwright implements it for a
 * page (a page object in the device's folder), the reference router implements it directly.
 *
 * The wire judges whether a setting took effect; these calls only ask for it.
 */
export interface WebUi {
  /** Signs in with the device's password. Must be called before anything else. */
  signIn(): Promise<void>
  /** What the page claims right now. */
  status(): Promise<WebUiStatus>
  setIpv6(on: boolean): Promise<void>
  /** `on` is the default-deny filter of RFC 6092, `off` its transparent mode (REC-49). */
  setFirewall(level: 'on' | 'off'): Promise<void>
  /** L and A of the prefixes on the LAN (RFC 7084 L-7). Absent where the page has no such setting. */
  setPrefixFlags?(flags: PrefixFlags): Promise<void>
  /** The ULA prefix, a /48 (RFC 7084 ULA-3). Absent where the page has no such setting. */
  setUla?(prefix: string): Promise<void>
  openPinhole(pinhole: Pinhole): Promise<void>
  closePinhole(pinhole: Pinhole): Promise<void>
  /** Resolves when the router has taken the order, not when it is back. */
  reboot(): Promise<void>
  /** Resolves when the router has taken the order, not when it is back. */
  factoryReset(): Promise<void>
  /**
   * What a router with factory settings wants before it is one: a first password, its wizard, the kind of its WAN. It touches
   * no setting of IPv6. Absent where it wants nothing; it is called in place of `signIn`.
   */
  commission?(settings: Commissioning): Promise<void>
}

/** What the line is, and what the line and the page are to be opened with. */
export interface Commissioning {
  wan: 'dhcp' | 'pppoe' | 'static'
  vlan?: number | undefined
  firstPassword?: string | undefined
  user?: string | undefined
  password?: string | undefined
}

export interface PrefixFlags {
  onLink: boolean
  autonomous: boolean
}

/** Inbound traffic permitted to one LAN host, by its global address. */
export interface Pinhole {
  host: string
  protocol: 'tcp' | 'udp'
  port: number
}

export interface WebUiStatus {
  ipv6: boolean
  firewall: 'on' | 'off'
  /** True when the page shows that the router is online over IPv6. */
  online: boolean
  /** Global WAN addresses without length, RFC 5952. */
  wanAddresses: string[]
  /** Delegated prefixes held from the ISP, `address/length`. */
  delegatedPrefixes: DelegatedPrefix[]
  /** Prefixes on the LAN segments, `address/length`. */
  lanPrefixes: string[]
  /** Prefixes delegated to downstream routers. */
  downstream: { prefix: string; router: string }[]
  /** Resolvers received from the ISP. */
  dns: string[]
  pinholes: Pinhole[]
}

export interface DelegatedPrefix {
  prefix: string
  /** Seconds left. */
  preferredLifetime: number
  /** Seconds left. */
  validLifetime: number
}

/** Drives one device's page. A device folder's `web-ui.ts` exports one as `webUi`. */
export type PageObject = (page: import('playwright-core').Page, device: WebUiDevice) => WebUi

export interface WebUiDevice {
  /** `http://[fd00::1]` or `http://192.168.1.1`, no trailing slash. */
  url: string
  user: string
  password: string
}
