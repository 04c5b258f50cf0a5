import type { PrefixFlags, WebUiStatus } from '../../web-ui/port.ts'
import type { Settings } from '../flash.ts'

/** Web UI: each decision, and what meets the requirements. */
export interface WebUiBehavior {
  /** IPv6 is on after a factory reset. */
  ipv6ByDefault: boolean
  /** Seconds from power to the first frame. */
  bootTime: number
  /** Seconds without power at a restart. */
  resetTime: number
  /** Seconds until the page answers. */
  pageAnswersAfter: number
  /** Seconds until a setting takes effect. */
  appliesAfter: number
  /** The page is served over IPv6, too (UI-OVER-V6). */
  pageOverIpv6: boolean
  /** The switch of the page takes effect. */
  ipv6SwitchWorks: boolean
  /** What the page shows is what is so. */
  status: 'live' | 'of the last boot'
  /** Nothing is left out or changed on the way to the page. */
  shown(status: WebUiStatus): WebUiStatus
  /** Settings that a factory reset by the page leaves as they are (UI-RESET-REPRO). */
  keptOverReset: readonly (keyof Settings)[]
  /** Pinholes permit what was set. */
  pinholes: 'as set' | 'ignored' | 'whole host'
  /** Pinholes are stored. */
  pinholesStored: boolean
  /** Pinholes can be closed. */
  pinholesClose: boolean
  /** A pinhole is its host's, whatever prefix the LAN has. */
  pinholesFollowPrefix: boolean
  /** The firewall can be switched off, REC-49, and on again. */
  firewallSwitch: 'works' | 'stays on' | 'stays off'
  /** What the flags of PIOs are, once they are set: RFC 7084 L-7. */
  prefixFlagsTaken(received: PrefixFlags, before: PrefixFlags): PrefixFlags
  /** The ULA prefix can be set: RFC 7084 ULA-3. */
  ulaSetting: 'works' | 'ignored' | 'in addition to the former'
  /** Switched off, what lies behind downstream routers is reached as well. */
  transparentToSubDelegated: boolean
}

export const webUi: WebUiBehavior = {
  ipv6ByDefault: true,
  bootTime: 4,
  resetTime: 1,
  pageAnswersAfter: 0,
  appliesAfter: 0,
  pageOverIpv6: true,
  ipv6SwitchWorks: true,
  status: 'live',
  shown: (status) => status,
  keptOverReset: [],
  pinholes: 'as set',
  pinholesStored: true,
  pinholesClose: true,
  pinholesFollowPrefix: true,
  firewallSwitch: 'works',
  prefixFlagsTaken: (received) => received,
  ulaSetting: 'works',
  transparentToSubDelegated: true,
}
