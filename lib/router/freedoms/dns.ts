import type { Freedom } from './freedom.ts'

const resolverOfTheLan = 'RFC 7084 L-10 and L-11, RFC 8106 section 5.1: the address of a resolver, of whatever scope'

/** The DNS proxy, and how it is announced to hosts. */
export const dns: Freedom[] = [
  { name: 'resolver-by-gua', clause: resolverOfTheLan, behavior: { resolverAddress: 'GUA' } },
  { name: 'resolver-by-link-local', clause: resolverOfTheLan, behavior: { resolverAddress: 'link-local' } },
  { name: 'resolver-by-ula-and-gua', clause: resolverOfTheLan, behavior: { resolverAddress: 'ULA and GUA' } },
  {
    name: 'resolver-told-without-an-upstream',
    clause: 'RFC 7084 L-10 and L-11 do not cover a router that has no resolver yet',
    behavior: { resolverAlways: true },
  },
  {
    name: 'proxy-opens-after-eight-seconds',
    clause: 'RFC 7084 L-10: no document specifies how soon a proxy answers',
    behavior: { dnsOpensAfter: 8 },
  },
  {
    name: 'silent-resolver-passed-over-after-a-second',
    clause: "RFC 1035 section 4.2.1: the retransmission of a query is the asker's policy",
    behavior: { dnsPatience: 1 },
  },
  {
    name: 'servfail-without-a-resolver',
    clause: 'RFC 1035 section 4.1.1: SERVFAIL; RFC 5625 requires nothing where no resolver answers',
    behavior: { withoutResolver: 'SERVFAIL' },
  },
  {
    name: 'refused-without-a-resolver',
    clause: 'RFC 1035 section 4.1.1: REFUSED; RFC 5625 requires nothing where no resolver answers',
    behavior: { withoutResolver: 'REFUSED' },
  },
  {
    name: 'answers-passed-on-late',
    clause: 'RFC 5625: no document specifies how fast a proxy is',
    behavior: { dnsAnswersAfter: () => 0.2 },
  },
  {
    name: 'ttl-of-a-minute-at-most',
    clause: 'RFC 1035 section 3.2.1: a TTL is how long a record may be kept; a forwarder may reduce it',
    behavior: { dnsTtlAtMost: 30 },
  },
  {
    name: 'records-in-another-order',
    clause: 'RFC 2181 section 5: the records of a set have no order',
    behavior: { dnsRecordOrder: 'reversed' },
  },
  {
    name: 'edns-size-of-its-own',
    clause: 'RFC 6891 section 6.2.3: the size is that of the next hop, hop by hop',
    behavior: { dnsEdnsSize: 4096 },
  },
  {
    name: 'query-id-of-the-host',
    clause: 'RFC 5452 section 9.2: the port of a query is as good as its identifier; RFC 5625 section 6.1',
    behavior: { dnsQueryId: "the host's" },
  },
  {
    name: 'port-unreachable-until-the-proxy-opens',
    clause: 'RFC 4443 section 3.1: a node SHOULD report a port without a listener',
    behavior: { beforeDnsOpens: 'port unreachable', dnsOpensAfter: 8 },
  },
  {
    name: 'refused-until-the-proxy-opens',
    clause: 'RFC 1035 section 4.1.1: REFUSED; RFC 5625 requires nothing where no resolver answers',
    behavior: { beforeDnsOpens: 'REFUSED', dnsOpensAfter: 8 },
  },
  {
    name: 'answers-kept',
    clause: 'RFC 5625 section 6.2: a proxy may have a cache; RFC 1035 section 6.1.2, RFC 2181 section 8',
    behavior: { dnsCached: true },
  },
  {
    name: 'resolver-asked-from-a-lan-address',
    clause:
      "RFC 7084 WAA-9: the address of another interface serves; which of a router's own addresses it uses is open",
    behavior: { dnsAskedFrom: 'a LAN' },
  },
  {
    name: 'case-of-names-mixed',
    clause: 'RFC 4343 section 3: names are compared without regard to case',
    behavior: { dnsCaseMixed: true },
  },
  {
    name: 'opt-record-of-its-own',
    clause: 'RFC 6891 section 6.2.6: OPT is hop by hop; a forwarder may add one to its own query',
    behavior: { dnsOwnOpt: true },
  },
  {
    name: 'answers-without-further-sections',
    clause: 'RFC 1034 section 4.3.2: authority and additional records are there to help; a host needs none of them',
    behavior: { dnsSections: 'answers alone' },
  },
  {
    name: 'resolvers-of-the-isp-told',
    clause: "RFC 7084 L-10, L-11 and L-12: DNS information, be it the router's own address or what the ISP gave",
    behavior: { resolversAdvertised: "the ISP's" },
    warns: {
      'RFC5625-6.1-RANDOM': 'it asks next to nothing itself: not applicable',
      'RFC2181-4.1-SOURCE': 'hosts ask the ISP: not applicable',
    },
  },
  {
    name: 'resolvers-of-the-isp-told-as-well',
    clause: "RFC 7084 L-10, L-11 and L-12: DNS information, be it the router's own address or what the ISP gave",
    behavior: { resolversAdvertised: "its own and the ISP's" },
    warns: { 'RFC5625-6.1-RANDOM': 'hosts ask the ISP, and it asks little itself: not applicable' },
  },
  {
    name: 'gua-in-dhcpv6-and-ula-in-ras',
    clause: 'RFC 7084 L-10 and L-11: by DHCPv6 and by RA the address of a resolver, not of necessity the same',
    behavior: { offersDnsServers: 'own GUA' },
  },
]
