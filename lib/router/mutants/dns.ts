import { type Dns, decodeDns, encodeDns } from '../../wire/dns.ts'
import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

/** What a proxy makes of a message that it should have passed on as it is. */
const changed =
  (change: (dns: Dns) => Dns) =>
  (message: Uint8Array): Uint8Array => {
    const dns = decodeDns(message)
    return dns ? encodeDns(change(dns)) : message
  }
const without = (flags: string, flag: string): string =>
  flags
    .split('+')
    .filter((one) => one !== flag)
    .join('+')

/** Answers for one type have no records. */
const filtered = (type: string): Partial<Behavior> => ({
  dnsAnswer: changed((dns) => (dns.questions[0]?.type === type ? { ...dns, answers: [] } : dns)),
})

export const dns: Mutant[] = [
  {
    name: 'aaaa-filtered',
    story: 'The DNS proxy answers queries for AAAA without a record.',
    violates: [
      'RFC8585-L-1 · AAAA by UDP',
      'RFC8585-L-1 · CD flag by UDP',
      'RFC8585-L-1 · DO bit by UDP',
      'DENAT-DNS-AAAA-RATIO',
      'RFC6147-DNS64-PASS',
      'DENAT-DEFAULT-1 · IPoE',
      'DENAT-V6ONLY-WAN · name',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
    ],
    behavior: filtered('AAAA'),
  },
  ...(
    [
      ['A', 'A'],
      ['HTTPS', 'UNKNOWN_65'],
      ['type 65280', 'UNKNOWN_65280'],
    ] as const
  ).map(
    ([label, type]): Mutant => ({
      name: `${label.toLowerCase().replace(' ', '-')}-filtered`,
      story: `The DNS proxy answers queries for ${label} without a record.`,
      violates: [`RFC8585-L-1 · ${label} by UDP`],
      behavior: filtered(type),
    }),
  ),
  {
    name: 'txt-filtered',
    story: 'The DNS proxy answers queries for TXT without a record.',
    violates: [
      'RFC8585-L-1 · TXT by UDP',
      'RFC8585-L-1 · more than 512 octets by UDP',
      'RFC8585-L-1 · records beside a TC flag by UDP',
    ],
    behavior: filtered('TXT'),
  },
  {
    name: 'nxdomain-hidden',
    story: 'The DNS proxy turns NXDOMAIN into an empty answer.',
    violates: ['RFC8585-L-1 · NXDOMAIN by UDP', 'RFC5625-3-KEEPS'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, rcode: 'NOERROR' })) },
  },
  {
    name: 'empty-answer-lost',
    story: 'The DNS proxy does not forward a response without records, and hosts wait for a timeout.',
    violates: ['RFC8585-L-1 · no records by UDP'],
    behavior: {
      dnsAnswer: (answer) => {
        const dns = decodeDns(answer)
        return dns?.rcode === 'NOERROR' && dns.answers.length === 0 && !dns.flags.includes('tc') ? undefined : answer
      },
    },
  },
  {
    name: 'cd-flag-cleared',
    story: 'The DNS proxy does not forward the CD flag.',
    violates: ['RFC8585-L-1 · CD flag by UDP'],
    behavior: { dnsQuestion: changed((one) => ({ ...one, flags: without(one.flags, 'cd') })) },
  },
  {
    name: 'do-bit-cleared',
    story: 'The DNS proxy does not forward the DO bit.',
    violates: ['RFC8585-L-1 · DO bit by UDP'],
    behavior: {
      dnsQuestion: changed((one) => ({ ...one, ...(one.edns && { edns: { ...one.edns, dnssecOk: false } }) })),
    },
  },
  {
    name: 'edns-stripped',
    story: 'The DNS proxy removes EDNS from queries: long responses are truncated.',
    violates: ['RFC8585-L-1 · DO bit by UDP', 'RFC8585-L-1 · more than 512 octets by UDP'],
    behavior: { dnsQuestion: changed(({ edns, ...one }) => one) },
  },
  {
    name: 'tc-flag-cleared',
    story: 'The DNS proxy clears the TC flag of a truncated response.',
    violates: ['RFC8585-L-1 · TC flag by UDP', 'RFC8585-L-1 · TC flag beside records by UDP'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'tc') })) },
  },
  {
    name: 'truncated-answer-emptied',
    story: 'The DNS proxy removes the records of a truncated response.',
    violates: ['RFC8585-L-1 · records beside a TC flag by UDP'],
    behavior: {
      dnsAnswer: changed((one) => (one.flags.split('+').includes('tc') ? { ...one, answers: [] } : one)),
    },
  },
  {
    name: 'no-dns-over-tcp',
    story: 'The DNS proxy does not support TCP.',
    violates: [
      'RFC8585-L-1 · AAAA by TCP',
      'RFC8585-L-1 · A by TCP',
      'RFC8585-L-1 · HTTPS by TCP',
      'RFC8585-L-1 · TXT by TCP',
      'RFC8585-L-1 · type 65280 by TCP',
      'RFC8585-L-1 · more than 1232 octets by TCP',
    ],
    behavior: { dnsOverTcp: false },
  },
  {
    name: 'one-query-for-a-port',
    story: 'The DNS proxy drops the second of two queries from one port, which is for AAAA.',
    violates: ['DENAT-DNS-AAAA-RATIO'],
    behavior: { queriesOfOnePort: 'one at a time' },
  },
  {
    name: 'dns-answers-late',
    story: 'The DNS proxy forwards each response after 2.8 s.',
    violates: ['RFC7084-DNS-LOCAL', 'DENAT-DNS-V6TRANSPORT · to the ISP'],
    behavior: { dnsAnswersAfter: () => 2.8 },
  },
  {
    name: 'aaaa-answered-late',
    story: 'The DNS proxy forwards responses for AAAA a second later than those for A.',
    violates: ['DENAT-DNS-AAAA-RATIO'],
    warns: ['DENAT-DNS-AAAA-RATIO'],
    behavior: { dnsAnswersAfter: (type) => Number(type === 'AAAA') },
  },
  {
    name: 'nat64-prefix-stripped',
    story: 'The DNS proxy treats addresses of 64:ff9b::/96 as a rebinding attack, and removes them.',
    violates: ['RFC6147-DNS64-PASS'],
    behavior: {
      dnsAnswer: changed((one) => ({
        ...one,
        answers: one.answers.filter(({ data }) => !String(data).startsWith('64:ff9b:')),
      })),
    },
  },
  {
    name: 'dns-proxy-silent',
    story: 'The DNS proxy sends queries upstream, but no responses.',
    violates: [
      'RFC7084-DNS-LOCAL',
      'DENAT-DNS-V6TRANSPORT',
      'DENAT-DEFAULT-1 · IPoE',
      'DENAT-V6ONLY-WAN · name',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
    ],
    behavior: { dnsAnswer: () => undefined },
  },
  {
    name: 'resolver-of-nobody-announced',
    story: 'RAs and DHCPv6 announce a resolver address that no node has.',
    violates: [
      'RFC7084-DNS-LOCAL',
      'DENAT-DNS-V6TRANSPORT',
      'DENAT-DEFAULT-1 · IPoE',
      'DENAT-V6ONLY-WAN · name',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
      'RFC7084-WAA-4 · servers asked',
      'RFC8415-18.2.10-OPTGONE · server changed',
    ],
    silences: ['RFC5625-6.1-RANDOM'],
    behavior: { resolverAnnounced: "nobody's" },
  },
  {
    name: 'stale-resolver-announced',
    story: 'After renumbering the announced resolver is still the address in the former prefix.',
    violates: [
      'DENAT-TOGETHER · DNS, new prefix',
      'RFC7084-DNS-LOCAL · RDNSS after renumbering',
      'RFC7084-DNS-LOCAL · DHCPv6 after renumbering',
      'RFC8106-5.1-EXPIRY',
    ],
    behavior: { resolverAddress: 'GUA', resolverAnnounced: 'as at first' },
  },
  {
    name: 'former-resolver-not-withdrawn',
    story: 'A former resolver is only left out of RAs, and hosts continue to query it.',
    violates: ['RFC8106-5.1-EXPIRY'],
    behavior: { resolverAddress: 'GUA', formerResolversWithdrawn: false },
  },
  {
    name: 'recursion-desired-cleared',
    story: 'Responses of the DNS proxy do not repeat the RD flag.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'rd') })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'opt-record-unasked',
    story: 'The DNS proxy adds an OPT record to its queries, and leaves it in responses to hosts that sent none.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: {
      dnsAnswer: changed((one) => ({ ...one, edns: one.edns ?? { udpPayloadSize: 4096, dnssecOk: false } })),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'question-left-out',
    story: 'Responses of the DNS proxy lack the question.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, questions: [] })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'recursion-not-available',
    story: 'The DNS proxy clears the RA flag although it supports recursion.',
    violates: ['RFC5625-3-KEEPS'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'ra') })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'records-live-for-a-day',
    story: 'The DNS proxy sends a TTL of more than a day, whatever the TTL of the upstream resolver.',
    violates: ['RFC5625-3-KEEPS'],
    behavior: {
      dnsAnswer: changed((one) => ({ ...one, answers: one.answers.map((record) => ({ ...record, ttl: 100_000 })) })),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'query-ports-in-turn',
    story: 'Queries of the DNS proxy have consecutive source ports.',
    violates: ['RFC5625-6.1-RANDOM'],
    behavior: { dnsQueryPort: 'in turn' },
    shownIn: 'ipv6-only-line',
  },
  {
    name: 'query-identifiers-in-turn',
    story: 'Queries of the DNS proxy have consecutive identifiers.',
    violates: ['RFC5625-6.1-RANDOM'],
    behavior: { dnsQueryId: 'in turn' },
    shownIn: 'ipv6-only-line',
  },
]
