import type { Mutant } from './mutant.ts'

export const lanDhcpv6: Mutant[] = [
  {
    name: 'server-duid-new-at-each-boot',
    story: 'The LAN server has another DUID after each start, and its clients must begin anew.',
    violates: ['RFC8415-11-SRV-DUID · after a reboot', 'RFC8415-11-SRV-DUID · after a power cut'],
    behaviour: { serverDuid: 'new at each boot' },
  },
  {
    name: 'transaction-id-not-copied',
    story: 'Answers to Information-requests have a transaction-id of their own, and clients ignore them.',
    violates: ['RFC8415-11-SRV-DUID · transaction-id', 'RFC7084-L-8'],
    behaviour: { transactionIdCopied: (type) => type !== 'information-request' },
  },
  {
    name: 'client-id-not-copied',
    story: 'Answers to Information-requests lack the Client Identifier, and clients ignore them.',
    violates: ['RFC8415-11-SRV-DUID · Client Identifier', 'RFC7084-L-8'],
    behaviour: { clientIdCopied: (type) => type !== 'information-request' },
  },
]
