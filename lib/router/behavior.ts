import type { Mac } from '../wire/address.ts'
import { type ClientChoicesBehavior, clientChoices } from './behavior/client-choices.ts'
import { type Dhcpv6AnswersBehavior, dhcpv6Answers } from './behavior/dhcpv6-answers.ts'
import { type Dhcpv6ClientBehavior, dhcpv6Client } from './behavior/dhcpv6-client.ts'
import { type Dhcpv6ServerBehavior, dhcpv6Server } from './behavior/dhcpv6-server.ts'
import { type DnsBehavior, dns } from './behavior/dns.ts'
import { type FirewallBehavior, firewall } from './behavior/firewall.ts'
import { type ForwardingBehavior, forwarding } from './behavior/forwarding.ts'
import { type IcmpErrorsBehavior, icmpErrors } from './behavior/icmp-errors.ts'
import { type LanPlanBehavior, lanPlan } from './behavior/lan-plan.ts'
import { type LanAdvertisementsBehavior, lanAdvertisements } from './behavior/lan-ra.ts'
import { type LanReconfigureBehavior, lanReconfigure } from './behavior/lan-reconfigure.ts'
import { type NeighborChoicesBehavior, neighborChoices } from './behavior/neighbor-choices.ts'
import { type NeighborDiscoveryBehavior, neighborDiscovery } from './behavior/neighbor-discovery.ts'
import { type OwnTimeBehavior, ownTime } from './behavior/own-time.ts'
import { type RetransmissionBehavior, retransmissionTimes } from './behavior/retransmission.ts'
import { type SubDelegationBehavior, subDelegation } from './behavior/sub-delegation.ts'
import { type WanHostBehavior, wanHost } from './behavior/wan-host.ts'
import { type WebUiBehavior, webUi } from './behavior/web-ui.ts'

export type { BarredBlock, Ipsec, Way } from './behavior/firewall.ts'
export type { Untold } from './behavior/icmp-errors.ts'

/**
 * Every decision of the reference router that a requirement judges. `compliant` meets them all; a mutant is another
 * value. Names are the specifications', and no two parts share one. A decision that is a function depends on its
 * arguments alone. The router reads a decision where it matters, after the facts (`isLate(ia) && behavior.lateT1 ===
 * 'taken'`): a scenario in which a decision is not read need not run on its mutants.
 */
export interface Behavior
  extends NeighborDiscoveryBehavior,
    NeighborChoicesBehavior,
    WanHostBehavior,
    Dhcpv6ClientBehavior,
    ClientChoicesBehavior,
    RetransmissionBehavior,
    Dhcpv6AnswersBehavior,
    LanAdvertisementsBehavior,
    LanPlanBehavior,
    Dhcpv6ServerBehavior,
    LanReconfigureBehavior,
    DnsBehavior,
    SubDelegationBehavior,
    ForwardingBehavior,
    FirewallBehavior,
    IcmpErrorsBehavior,
    OwnTimeBehavior,
    WebUiBehavior {
  /** What really leaves by a port in place of a frame, one or several; undefined: nothing does. */
  tap?: (frame: Uint8Array, port: string) => Uint8Array | readonly Uint8Array[] | undefined
  /** A frame that leaves by a port every few seconds, which nothing asks for, such as one of a discovery protocol. */
  says(port: string, mac: Mac): Uint8Array | undefined
}

export const compliant: Behavior = {
  says: () => undefined,
  ...neighborDiscovery,
  ...neighborChoices,
  ...wanHost,
  ...dhcpv6Client,
  ...clientChoices,
  ...retransmissionTimes,
  ...dhcpv6Answers,
  ...lanAdvertisements,
  ...lanPlan,
  ...dhcpv6Server,
  ...lanReconfigure,
  ...dns,
  ...subDelegation,
  ...forwarding,
  ...firewall,
  ...icmpErrors,
  ...ownTime,
  ...webUi,
}
