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
    story: 'The DNS proxy answers questions for AAAA without a record.',
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
      story: `The DNS proxy answers questions for ${label} without a record.`,
      violates: [`RFC8585-L-1 · ${label} by UDP`],
      behavior: filtered(type),
    }),
  ),
  {
    name: 'txt-filtered',
    story: 'The DNS proxy answers questions for TXT without a record.',
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
    story: 'That a name has no record of a type is not passed on, and hosts wait in vain before they ask for another.',
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
    story: 'The DNS proxy does not pass the CD flag on.',
    violates: ['RFC8585-L-1 · CD flag by UDP'],
    behavior: { dnsQuestion: changed((one) => ({ ...one, flags: without(one.flags, 'cd') })) },
  },
  {
    name: 'do-bit-cleared',
    story: 'The DNS proxy does not pass the DO bit on.',
    violates: ['RFC8585-L-1 · DO bit by UDP'],
    behavior: {
      dnsQuestion: changed((one) => ({ ...one, ...(one.edns && { edns: { ...one.edns, dnssecOk: false } }) })),
    },
  },
  {
    name: 'edns-stripped',
    story: 'The DNS proxy takes EDNS out of questions: long answers come truncated.',
    violates: ['RFC8585-L-1 · DO bit by UDP', 'RFC8585-L-1 · more than 512 octets by UDP'],
    behavior: { dnsQuestion: changed(({ edns, ...one }) => one) },
  },
  {
    name: 'tc-flag-cleared',
    story: 'The DNS proxy does not say that an answer is truncated.',
    violates: ['RFC8585-L-1 · TC flag by UDP', 'RFC8585-L-1 · TC flag beside records by UDP'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'tc') })) },
  },
  {
    name: 'truncated-answer-emptied',
    story: 'The DNS proxy takes the records out of an answer that is truncated.',
    violates: ['RFC8585-L-1 · records beside a TC flag by UDP'],
    behavior: {
      dnsAnswer: changed((one) => (one.flags.split('+').includes('tc') ? { ...one, answers: [] } : one)),
    },
  },
  {
    name: 'no-dns-over-tcp',
    story: 'The DNS proxy knows no TCP.',
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
    story: 'Of two questions from one port the DNS proxy loses the second, which is for AAAA.',
    violates: ['DENAT-DNS-AAAA-RATIO'],
    behavior: { queriesOfOnePort: 'one at a time' },
  },
  {
    name: 'nat64-prefix-stripped',
    story: 'The DNS proxy takes addresses of 64:ff9b::/96 for a rebinding attack, and strips them.',
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
    story: 'The DNS proxy asks, but does not answer.',
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
    story: 'RAs and DHCPv6 name an address as resolver that nobody has.',
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
    story: 'After renumbering the resolver that is announced is still the address in the former prefix.',
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
    story: 'A resolver that is none any more is merely left out of RAs, and hosts go on asking it.',
    violates: ['RFC8106-5.1-EXPIRY'],
    behavior: { resolverAddress: 'GUA', formerResolversWithdrawn: false },
  },
  {
    name: 'recursion-desired-cleared',
    story: 'Answers of the DNS proxy do not repeat that recursion was desired.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'rd') })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'opt-record-unasked',
    story:
      'The DNS proxy asks the line with an OPT record of its own, and leaves it in answers to hosts that sent none.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: {
      dnsAnswer: changed((one) => ({ ...one, edns: one.edns ?? { udpPayloadSize: 4096, dnssecOk: false } })),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'question-left-out',
    story: 'Answers of the DNS proxy lack the question.',
    violates: ['RFC1035-4.1-DNSFORM'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, questions: [] })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'recursion-not-available',
    story: 'The DNS proxy says that it can not recurse, though it does.',
    violates: ['RFC5625-3-KEEPS'],
    behavior: { dnsAnswer: changed((one) => ({ ...one, flags: without(one.flags, 'ra') })) },
    shownIn: 'cold-boot',
  },
  {
    name: 'records-live-for-a-day',
    story: 'The DNS proxy tells hosts to keep every record for a day and more, whatever the resolver of the line said.',
    violates: ['RFC5625-3-KEEPS'],
    behavior: {
      dnsAnswer: changed((one) => ({ ...one, answers: one.answers.map((record) => ({ ...record, ttl: 100_000 })) })),
    },
    shownIn: 'cold-boot',
  },
  {
    name: 'query-ports-in-turn',
    story: 'Queries of the DNS proxy leave from one port after the other.',
    violates: ['RFC5625-6.1-RANDOM'],
    behavior: { dnsQueryPort: 'in turn' },
    shownIn: 'ipv6-only-line',
  },
  {
    name: 'query-identifiers-in-turn',
    story: 'Queries of the DNS proxy are numbered.',
    violates: ['RFC5625-6.1-RANDOM'],
    behavior: { dnsQueryId: 'in turn' },
    shownIn: 'ipv6-only-line',
  },
]
