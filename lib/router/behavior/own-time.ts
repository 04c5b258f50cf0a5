/** How long the router takes, where no document names a time. Seconds. */
export interface OwnTimeBehavior {
  /** The WAN is configured so long after boot, the LANs before it. */
  wanStartsAfter: number
  /** Its ports lose their carrier once while it boots, as when a switch is set up. */
  portsFlicker: boolean
  /** They do so at each setting of the page, when its software configures the ports again. */
  portsFlickerAtSettings: boolean
  /** Its switch has carrier and bridges all ports, WAN and LAN, from power on until the router's software sets it up. */
  portsBridgedAtBoot: boolean
  /** The DHCPv6 server opens so long after boot. */
  serverOpensAfter: number
  /** Nothing is forwarded for so long after a LAN prefix came or went, while rules and routes are loaded. */
  forwardingPauses: number
  /** A new prefix is advertised to hosts once DAD of the router's own address in it has ended. */
  prefixesAdvertised: 'at once' | 'after DAD'
  /** An orderly restart begins so long after it was asked for. */
  restartsAfter: number
  /** A duplicate address is declined so long after it was found. */
  declinesAfter: number
  /** The loss of carrier on the WAN is acted on so long after it; a shorter one is not noticed. */
  lineLossNoticedAfter: number
  /** A packet takes so long from one interface to the other. */
  forwardingTakes: number
  /** Echo Requests to the router are answered so late. */
  echoAnsweredAfter: number
  /** The ULA is on the LAN so long after boot. */
  ulaAdvertisedAfter: number
  /** A Request follows the Advertise so late. */
  requestFollowsAfter: number
}

export const ownTime: OwnTimeBehavior = {
  wanStartsAfter: 0,
  portsFlicker: false,
  portsFlickerAtSettings: false,
  portsBridgedAtBoot: false,
  serverOpensAfter: 0,
  forwardingPauses: 0,
  prefixesAdvertised: 'at once',
  restartsAfter: 0,
  declinesAfter: 0,
  lineLossNoticedAfter: 0,
  forwardingTakes: 0,
  echoAnsweredAfter: 0,
  ulaAdvertisedAfter: 0,
  requestFollowsAfter: 0,
}
