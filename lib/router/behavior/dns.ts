/** The DNS proxy: each decision, and what meets the requirements. */
export interface DnsBehavior {
  /** The response to a host, given that of the ISP's resolver; undefined: none. RFC 8585 L-1, RFC 6147. */
  dnsAnswer(answer: Uint8Array): Uint8Array | undefined
  /** What the ISP's resolver is asked, given what a host asked: RFC 5625 section 4. */
  dnsQuestion(query: Uint8Array): Uint8Array
  /** RFC 5625 section 4.4. */
  dnsOverTcp: boolean
  /** A query is passed on though another of the same port waits for its answer. */
  queriesOfOnePort: 'all' | 'one at a time'
  /** Which of the router's own addresses is announced: RFC 7084 L-11. */
  resolverAddress: 'ULA' | 'GUA' | 'link-local' | 'ULA and GUA'
  /** It is announced though the ISP named no resolver: RFC 7084 L-10, L-11. */
  resolverAlways: boolean
  /** Seconds after the first resolver was learned in which no host receives a response. */
  dnsOpensAfter: number
  /** What is done until then: RFC 4443 section 3.1, RFC 1035 section 4.1.1. */
  beforeDnsOpens: 'nothing' | 'port unreachable' | 'REFUSED'
  /** Responses are cached for their TTL: RFC 1035 section 6.1.2, RFC 2181 section 8. */
  dnsCached: boolean
  /** Whose address queries to the ISP's resolver come from: RFC 7084 WAA-9. */
  dnsAskedFrom: 'the WAN' | 'a LAN'
  /** Letters of the names that are asked for are large or small at random; a host sees its own: RFC 4343. */
  dnsCaseMixed: boolean
  /** Queries without an OPT record are given one, which the host's answer lacks: RFC 6891 section 6.2.6. */
  dnsOwnOpt: boolean
  /** Sections of an answer that hosts are given: RFC 1034 section 4.3.2. */
  dnsSections: 'all' | 'answers alone'
  /** Which resolvers are advertised to hosts: RFC 7084 L-10, L-11. */
  resolversAdvertised: 'its own' | "the ISP's" | "its own and the ISP's"
  /** A resolver that does not answer for this time is skipped. Seconds. */
  dnsPatience: number
  /** How often a query is sent, to any resolver. */
  dnsAttempts: number
  /** Of several resolvers, which is asked first. */
  resolverOrder: 'as received' | 'last first' | 'in turn'
  /** All resolvers are asked at once, and the first answer is taken. */
  resolversAsked: 'one' | 'all at once'
  /** The response where no resolver has been learned, or none answers. */
  withoutResolver: 'nothing' | 'SERVFAIL' | 'REFUSED'
  /** Resolvers of RAs on the WAN: RFC 8106 section 5.1. */
  raResolvers: 'ignored' | 'asked as well'
  /** Seconds until a response for records of this type is forwarded. */
  dnsAnswersAfter(type: string | undefined): number
  /** TTLs are limited to this number of seconds: RFC 2181 section 8. */
  dnsTtlAtMost: number
  /** Records of one set have no order: RFC 2181 section 5. */
  dnsRecordOrder: 'as received' | 'reversed'
  /** Names are written out, not compressed: RFC 1035 section 4.1.4. */
  dnsNames: 'as received' | 'written out'
  /** RA bit. */
  dnsRecursionAvailable: 'as received' | 'always'
  /** UDP payload size in an OPT record: RFC 6891 section 6.2.3. */
  dnsEdnsSize: number | undefined
  /** Ids of queries: RFC 5452 section 9.2. */
  dnsQueryId: 'drawn' | "the host's" | 'in turn'
  /** Ports of queries: RFC 5452 section 9.2. */
  dnsQueryPort: 'drawn' | 'in turn'
  /** Connections that are idle for this time are closed. Seconds. */
  dnsTcpIdle: number
  /** It is the router's own address of now: RFC 7084 L-10, L-11. */
  resolverAnnounced: 'own' | 'as at first' | "nobody's"
  /** RFC 8106 section 5.1: a resolver that is none any more is announced with lifetime 0. */
  formerResolversWithdrawn: boolean
}

export const dns: DnsBehavior = {
  dnsAnswer: (answer) => answer,
  dnsQuestion: (query) => query,
  dnsOverTcp: true,
  queriesOfOnePort: 'all',
  resolverAddress: 'ULA',
  resolverAlways: false,
  dnsOpensAfter: 0,
  beforeDnsOpens: 'nothing',
  dnsCached: false,
  dnsAskedFrom: 'the WAN',
  dnsCaseMixed: false,
  dnsOwnOpt: false,
  dnsSections: 'all',
  resolversAdvertised: 'its own',
  dnsPatience: 2,
  dnsAttempts: 3,
  resolverOrder: 'as received',
  resolversAsked: 'one',
  withoutResolver: 'nothing',
  raResolvers: 'ignored',
  dnsAnswersAfter: () => 0,
  dnsTtlAtMost: Number.POSITIVE_INFINITY,
  dnsRecordOrder: 'as received',
  dnsNames: 'as received',
  dnsRecursionAvailable: 'as received',
  dnsEdnsSize: undefined,
  dnsQueryId: 'drawn',
  dnsQueryPort: 'drawn',
  dnsTcpIdle: 60,
  resolverAnnounced: 'own',
  formerResolversWithdrawn: true,
}
