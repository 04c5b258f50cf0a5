import { clientCourses } from './client-courses.ts'
import { defaultRouters } from './default-routers.ts'
import { delegation } from './delegation.ts'
import { dhcpv6Answers } from './dhcpv6-answers.ts'
import { dhcpv6Client } from './dhcpv6-client.ts'
import { dhcpv6Requests } from './dhcpv6-requests.ts'
import { dns } from './dns.ts'
import { firewall } from './firewall.ts'
import { firewallRules } from './firewall-rules.ts'
import { firstAnswers } from './first-answers.ts'
import { forwarding } from './forwarding.ts'
import { frames } from './frames.ts'
import { grantedPrefixes } from './granted-prefixes.ts'
import { icmpErrors } from './icmp-errors.ts'
import { inUse } from './in-use.ts'
import { information } from './information.ts'
import { lan } from './lan.ts'
import { lanAgreement } from './lan-agreement.ts'
import { lanDhcpv6 } from './lan-dhcpv6.ts'
import { lanPorts } from './lan-ports.ts'
import { lanRa } from './lan-ra.ts'
import { lanReconfigure } from './lan-reconfigure.ts'
import { malformed } from './malformed.ts'
import { messages } from './messages.ts'
import type { Mutant } from './mutant.ts'
import { onTheWan } from './on-the-wan.ts'
import { ownTraffic } from './own-traffic.ts'
import { reconfigure } from './reconfigure.ts'
import { renumbering } from './renumbering.ts'
import { retransmission } from './retransmission.ts'
import { secondLan } from './second-lan.ts'
import { toTheRouter } from './to-the-router.ts'
import { together } from './together.ts'
import { transit } from './transit.ts'
import { ula } from './ula.ts'
import { wanHost } from './wan-host.ts'
import { wanRa } from './wan-ra.ts'
import { webUi } from './web-ui.ts'

/** By file. */
export const mutantFiles: Record<string, readonly Mutant[]> = {
  wanHost,
  wanRa,
  defaultRouters,
  dhcpv6Client,
  dhcpv6Requests,
  retransmission,
  information,
  clientCourses,
  grantedPrefixes,
  dhcpv6Answers,
  firstAnswers,
  messages,
  lan,
  lanRa,
  lanDhcpv6,
  lanReconfigure,
  lanPorts,
  dns,
  delegation,
  reconfigure,
  renumbering,
  secondLan,
  ula,
  forwarding,
  transit,
  inUse,
  together,
  firewall,
  firewallRules,
  icmpErrors,
  webUi,
  frames,
  malformed,
  onTheWan,
  ownTraffic,
  lanAgreement,
  toTheRouter,
}

export const mutants: readonly Mutant[] = Object.values(mutantFiles).flat()
