import type { Freedom } from './freedom.ts'

/** Neighbor Discovery, its own addresses, and what its own packets look like. */
export const neighborDiscovery: Freedom[] = [
  {
    name: 'wan-link-local-opaque',
    clause: 'RFC 7217, RFC 8064 section 3: an interface identifier that is stable and not formed of the MAC',
    behavior: { wanLinkLocal: 'opaque' },
  },
  {
    name: 'wan-link-local-another-at-each-boot',
    clause: 'RFC 4862 section 5.3 only asks for a link-local address that is unique',
    behavior: { wanLinkLocal: 'another at each boot' },
  },
  {
    name: 'lan-link-local-fe80-1',
    clause: 'RFC 4291 section 2.5.6: the interface identifier is whatever is unique on the link',
    behavior: { lanLinkLocal: 'fe80::1' },
  },
  {
    name: 'slaac-identifier-opaque',
    clause: 'RFC 8064 section 3: RFC 7217 is RECOMMENDED for SLAAC',
    behavior: { slaacIds: 'opaque' },
  },
  {
    name: 'temporary-address-on-wan',
    clause: 'RFC 8981 section 3: temporary addresses may be formed in addition to stable ones',
    behavior: { temporaryAddresses: true, slaacAddresses: 64 },
  },
  {
    name: 'redirects-sent',
    clause: 'RFC 4861 section 8.2: a router SHOULD send a Redirect where a better first hop is on the same link',
    behavior: { redirects: 'sent' },
  },
  {
    name: 'own-hop-limit-255',
    clause: 'RFC 8200 section 3: the hop limit of what a node sends is its own; 64 is a default',
    behavior: { ownHopLimit: 255 },
  },
  {
    name: 'own-hop-limit-of-the-ra',
    clause: 'RFC 4861 section 6.3.4: Cur Hop Limit of an RA SHOULD be taken over',
    behavior: { curHopLimitTaken: true },
  },
  {
    name: 'own-flow-labels',
    clause: 'RFC 6437 section 3: a node SHOULD set a Flow Label, of any value',
    behavior: { ownFlowLabel: 'drawn' },
  },
  {
    name: 'own-traffic-class-of-network-control',
    clause: 'RFC 2474 section 4.2.2.2: class selector 6 for network control traffic',
    behavior: { ownTrafficClass: 0xc0 },
  },
  {
    name: 'dad-with-three-solicitations',
    clause: 'RFC 4862 section 5.1: DupAddrDetectTransmits is a configuration variable, 1 by default',
    behavior: { dadTransmits: 3 },
  },
  {
    name: 'dad-with-nonce',
    clause: 'RFC 7527 section 4.2: solicitations of DAD hold a Nonce option',
    behavior: { dadNonce: true },
  },
  {
    name: 'optimistic-dad',
    clause: 'RFC 4429 section 3.3: an optimistic address is used while DAD goes on',
    behavior: { optimisticDad: true },
  },
  {
    name: 'router-solicitations-six-seconds-apart',
    clause: 'RFC 4861 section 6.3.7: at least RTR_SOLICITATION_INTERVAL apart',
    behavior: { solicitationInterval: 6 },
    warns: { 'RFC4861-6.3.7-RS · interval': 'it may solicit once only, before there is an answer' },
  },
  {
    name: 'router-solicitations-go-on',
    clause: 'RFC 7559 section 2: solicitation is retransmitted, less and less often, until there is a router',
    behavior: { solicitationGoesOn: true },
  },
  {
    name: 'new-address-told-once',
    clause: 'RFC 9131 section 6.1.2: up to MAX_NEIGHBOR_ADVERTISEMENT unsolicited advertisements',
    behavior: { newAddressAdvertisements: 1 },
    warns: { 'RFC9131-6.1.2 · 1 s apart': 'one alone is sent' },
  },
  {
    name: 'new-address-told-every-two-seconds',
    clause: 'RFC 4861 section 7.2.6: unsolicited advertisements are separated by at least RetransTimer',
    behavior: { newAddressInterval: 2 },
    warns: { 'RFC9131-6.1.2 · 1 s apart': 'the address may be gone before the second' },
  },
  {
    name: 'lan-addresses-told-to-hosts',
    clause: 'RFC 4861 section 7.2.6: a node MAY announce a change to its neighbors by unsolicited advertisements',
    behavior: { lanAddressesAnnounced: true },
  },
  {
    name: 'target-option-left-out',
    clause: 'RFC 4861 section 4.4: in answers to unicast solicitations the option MAY be omitted',
    behavior: { targetOption: 'in answers to multicast' },
  },
  {
    name: 'solicits-from-address-in-the-prefix',
    clause: 'RFC 4861 section 7.2.2: the source is any address of the interface, best that of the packet',
    behavior: { solicitsFrom: 'an address in its prefix' },
  },
  {
    name: 'one-packet-waits',
    clause: 'RFC 4861 section 7.2.2: the queue has at least one packet, the newest',
    behavior: { packetsWaiting: 1 },
  },
  {
    name: 'reachable-time-15',
    clause: 'RFC 4861 section 6.3.2: ReachableTime is drawn from 0.5 to 1.5 times 30 s',
    behavior: { neighborReachableTime: 15 },
  },
  {
    name: 'reachable-time-45',
    clause: 'RFC 4861 section 6.3.2: ReachableTime is drawn from 0.5 to 1.5 times 30 s',
    behavior: { neighborReachableTime: 45 },
  },
  {
    name: 'mld-version-1',
    clause: 'RFC 6434 section 5.10: MLDv1 is sufficient for Any-Source Multicast',
    behavior: { mldVersion: 1 },
  },
  {
    name: 'mld-reported-three-times',
    clause: 'RFC 3810 section 9.1: the Robustness Variable is tuned to the loss of the link',
    behavior: { mldRobustness: 3 },
  },
  {
    name: 'listens-to-mdns',
    clause: 'RFC 4291 section 2.8: a node listens to all groups that it has joined',
    behavior: { moreGroups: ['ff02::fb', 'ff05::2', 'ff02::6a'] },
  },
  {
    name: 'router-solicited-without-a-delay',
    clause: 'RFC 4861 section 6.3.7: a node that has delayed already, as part of DAD, need not delay again',
    behavior: { solicitationDelay: 0 },
  },
  {
    name: 'one-router-solicitation',
    clause: 'RFC 4861 section 6.3.7: up to MAX_RTR_SOLICITATIONS',
    behavior: { routerSolicitations: 1 },
    warns: { 'RFC4861-6.3.7-RS · interval': 'there is none' },
  },
  {
    name: 'router-solicitation-without-a-mac',
    clause: 'RFC 4861 section 4.1: the Source Link-Layer Address SHOULD be included',
    behavior: { solicitationNamesMac: false },
  },
  {
    name: 'neighbors-answered-from-link-local',
    clause: 'RFC 4861 section 4.4: the source is an address assigned to the interface',
    behavior: { answersNeighborsFrom: 'the link-local address' },
  },
  {
    name: 'neighbors-answered-after-20-ms',
    clause: 'RFC 4861 section 7.2.4 names no time; a node that sleeps or has much to do is slower',
    behavior: { answersNeighborsAfter: 0.02 },
  },
  {
    name: 'probes-without-a-mac',
    clause: 'RFC 4861 section 4.3: in unicast solicitations the Source Link-Layer Address SHOULD be included',
    behavior: { probesNameMac: false },
  },
  {
    name: 'probes-end-in-multicast',
    clause: 'RFC 7048 section 3: multicast solicitations follow where unicast ones stay without an answer',
    behavior: { multicastProbes: 3 },
  },
  {
    name: 'unused-neighbors-forgotten-after-a-minute',
    clause: 'RFC 4861 section 5.3: how unused entries are removed from the Neighbor Cache is not specified',
    behavior: { neighborsForgottenAfter: 60 },
  },
  {
    name: 'mac-in-ra-not-noted',
    clause: 'RFC 4861 section 6.3.4: the link-layer address of an RA SHOULD be recorded',
    behavior: { raMacsNoted: false },
  },
  {
    name: 'mac-in-solicitation-not-noted',
    clause: 'RFC 4861 section 7.2.3: a Neighbor Cache entry SHOULD be made of a solicitation',
    behavior: { solicitationMacsNoted: false },
  },
  {
    name: 'link-local-address-told-to-neighbors',
    clause: 'RFC 4861 section 7.2.6: a node MAY send unsolicited Neighbor Advertisements',
    behavior: { linkLocalAnnounced: true },
  },
  {
    name: 'first-report-of-a-group-delayed',
    clause: 'RFC 4862 section 5.4.2: joining the solicited-node group is delayed at random',
    behavior: { firstReportDelay: 0.5 },
  },
  {
    name: 'reports-of-a-group-ten-seconds-apart',
    clause: 'RFC 2710 section 7.10: Unsolicited Report Interval, 10 s by default; RFC 3810 section 9.11',
    behavior: { reportInterval: 10 },
  },
  {
    name: 'last-of-its-wan-addresses-is-the-source',
    clause: 'RFC 6724 section 5: ties between source addresses are left to the node',
    behavior: { wanSource: 'the last' },
  },
  {
    name: 'listens-to-all-routers-on-the-wan',
    clause: 'RFC 4291 section 2.8: a router joins the all-routers groups on the interfaces that it is a router on',
    behavior: { wanGroups: ['ff02::2', 'ff05::2', 'ff02::fb'] },
  },
  {
    name: 'ports-of-several-makers',
    clause: 'no document relates the MACs of the ports of a router',
    behavior: { macs: 'of several makers' },
  },
  {
    name: 'one-mac-for-all-ports',
    clause: 'RFC 2464 section 4: an interface identifier is unique on its link; WAN and LAN are several',
    behavior: { macs: 'one for all' },
  },
  {
    name: 'wan-mac-drawn-at-each-boot',
    clause:
      'RFC 9915 section 11: the DUID does not change where hardware changes; no document requires a MAC that stays',
    behavior: { macs: 'WAN drawn at each boot' },
  },
]
