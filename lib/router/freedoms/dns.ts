import type { Freedom } from './freedom.ts'

const resolverOfTheLan = 'RFC 7084 L-10 and L-11, RFC 8106 section 5.1: the address of a resolver, of whatever scope'

/** The DNS proxy, and what hosts are told of it. */
export const dns: Freedom[] = [
  { name: 'resolver-by-gua', clause: resolverOfTheLan, behaviour: { resolverAddress: 'GUA' } },
  { name: 'resolver-by-link-local', clause: resolverOfTheLan, behaviour: { resolverAddress: 'link-local' } },
  { name: 'resolver-by-ula-and-gua', clause: resolverOfTheLan, behaviour: { resolverAddress: 'ULA and GUA' } },
  {
    name: 'resolver-told-without-an-upstream',
    clause: 'RFC 7084 L-10 and L-11 say nothing of a router that knows no resolver yet',
    behaviour: { resolverAlways: true },
  },
  {
    name: 'proxy-opens-after-eight-seconds',
    clause: 'RFC 7084 L-10: no document says how soon a proxy answers',
    behaviour: { dnsOpensAfter: 8 },
  },
  {
    name: 'silent-resolver-passed-over-after-a-second',
    clause: "RFC 1035 section 4.2.1: the retransmission of a query is the asker's policy",
    behaviour: { dnsPatience: 1 },
  },
  {
    name: 'servfail-without-a-resolver',
    clause: 'RFC 1035 section 4.1.1: SERVFAIL; RFC 5625 asks for nothing where nobody answers',
    behaviour: { withoutResolver: 'SERVFAIL' },
  },
  {
    name: 'refused-without-a-resolver',
    clause: 'RFC 1035 section 4.1.1: REFUSED; RFC 5625 asks for nothing where nobody answers',
    behaviour: { withoutResolver: 'REFUSED' },
  },
  {
    name: 'answers-passed-on-late',
    clause: 'RFC 5625: no document says how fast a proxy is',
    behaviour: { dnsAnswersAfter: 0.2 },
  },
  {
    name: 'ttl-of-a-minute-at-most',
    clause: 'RFC 1035 section 3.2.1: a TTL is how long a record may be kept, which who hands it on may cut short',
    behaviour: { dnsTtlAtMost: 30 },
  },
  {
    name: 'records-in-another-order',
    clause: 'RFC 2181 section 5: the records of a set have no order',
    behaviour: { dnsRecordOrder: 'reversed' },
  },
  {
    name: 'edns-size-of-its-own',
    clause: 'RFC 6891 section 6.2.3: the size is that of the next hop, hop by hop',
    behaviour: { dnsEdnsSize: 4096 },
  },
  {
    name: 'query-id-of-the-host',
    clause: 'RFC 5452 section 9.2: the port of a query is as good as its identifier; RFC 5625 section 6.1',
    behaviour: { dnsQueryId: "the host's" },
  },
]
