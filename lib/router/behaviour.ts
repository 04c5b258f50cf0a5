import type { Mac } from '../wire/packet.ts'
import { type ClientHabitsBehaviour, clientHabits } from './behaviour/client-habits.ts'
import { type Dhcpv6AnswersBehaviour, dhcpv6Answers } from './behaviour/dhcpv6-answers.ts'
import { type Dhcpv6ClientBehaviour, dhcpv6Client } from './behaviour/dhcpv6-client.ts'
import { type Dhcpv6ServerBehaviour, dhcpv6Server } from './behaviour/dhcpv6-server.ts'
import { type DnsBehaviour, dns } from './behaviour/dns.ts'
import { type FirewallBehaviour, firewall } from './behaviour/firewall.ts'
import { type ForwardingBehaviour, forwarding } from './behaviour/forwarding.ts'
import { type IcmpErrorsBehaviour, icmpErrors } from './behaviour/icmp-errors.ts'
import { type LanPlanBehaviour, lanPlan } from './behaviour/lan-plan.ts'
import { type LanAdvertisementsBehaviour, lanAdvertisements } from './behaviour/lan-ra.ts'
import { type LanReconfigureBehaviour, lanReconfigure } from './behaviour/lan-reconfigure.ts'
import { type NeighborDiscoveryBehaviour, neighborDiscovery } from './behaviour/neighbor-discovery.ts'
import { type NeighborHabitsBehaviour, neighborHabits } from './behaviour/neighbor-habits.ts'
import { type OwnTimeBehaviour, ownTime } from './behaviour/own-time.ts'
import { type RetransmissionBehaviour, retransmissionTimes } from './behaviour/retransmission.ts'
import { type SubDelegationBehaviour, subDelegation } from './behaviour/sub-delegation.ts'
import { type WanHostBehaviour, wanHost } from './behaviour/wan-host.ts'
import { type WebUiBehaviour, webUi } from './behaviour/web-ui.ts'

export type { BarredBlock, Ipsec, Way } from './behaviour/firewall.ts'
export type { Untold } from './behaviour/icmp-errors.ts'

/**
 * Every decision of the reference router that a requirement judges. `compliant` meets them all; a mutant is another
 * value. Names are the specifications', and no two parts share one. A decision that is a function depends on nothing but
 * what it is given. The router asks where it matters, after the facts (`isLate(ia) && behaviour.lateT1 === 'taken'`): a
 * scenario in which a decision is not asked for need not be played on its mutants.
 */
export interface Behaviour
  extends NeighborDiscoveryBehaviour,
    NeighborHabitsBehaviour,
    WanHostBehaviour,
    Dhcpv6ClientBehaviour,
    ClientHabitsBehaviour,
    RetransmissionBehaviour,
    Dhcpv6AnswersBehaviour,
    LanAdvertisementsBehaviour,
    LanPlanBehaviour,
    Dhcpv6ServerBehaviour,
    LanReconfigureBehaviour,
    DnsBehaviour,
    SubDelegationBehaviour,
    ForwardingBehaviour,
    FirewallBehaviour,
    IcmpErrorsBehaviour,
    OwnTimeBehaviour,
    WebUiBehaviour {
  /** What really leaves by a port in place of a frame, one or several; undefined: nothing does. */
  tap?: (frame: Uint8Array, port: string) => Uint8Array | readonly Uint8Array[] | undefined
  /** A frame that leaves by a port every few seconds, which nothing asks for, such as one of a discovery protocol. */
  says(port: string, mac: Mac): Uint8Array | undefined
}

export const compliant: Behaviour = {
  says: () => undefined,
  ...neighborDiscovery,
  ...neighborHabits,
  ...wanHost,
  ...dhcpv6Client,
  ...clientHabits,
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
