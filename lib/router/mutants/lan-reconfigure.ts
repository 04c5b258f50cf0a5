import type { Mutant } from './mutant.ts'

const message = 'RFC8415-18.3.11-LANRECONF'
const toHost = 'RFC9096-3.5-RECONF · NoBinding, DHCPv6 host'
const toRouter = 'RFC9096-3.5-RECONF · NoBinding, downstream router'

export const lanReconfigure: Mutant[] = [
  {
    name: 'lan-reconfigure-promised-only',
    story: 'Clients that accept Reconfigure get keys, which are never used.',
    violates: [toHost, toRouter],
    behavior: { staleReconfigured: () => false },
  },
  {
    name: 'lan-reconfigure-addresses-only',
    story: 'A stale address leads to Reconfigure, a stale sub-delegated prefix does not.',
    violates: [toRouter],
    behavior: { staleReconfigured: (kind) => kind === 'ia-na' },
  },
  {
    name: 'lan-reconfigure-prefixes-only',
    story: 'A stale sub-delegated prefix leads to Reconfigure, a stale address does not.',
    violates: [toHost],
    behavior: { staleReconfigured: (kind) => kind === 'ia-pd' },
  },
  {
    name: 'lan-reconfigure-demands-information',
    story: 'A Reconfigure for stale leases demands an Information-request, by which the leases stay as they are.',
    violates: [toHost, toRouter],
    behavior: { lanReconfigureDemands: 11 },
  },
  {
    name: 'lan-reconfigure-demands-nothing',
    story: 'A Reconfigure lacks the Reconfigure Message option.',
    violates: [`${message} · demand`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureDemands: undefined },
  },
  {
    name: 'lan-reconfigure-without-authentication',
    story: 'A Reconfigure is not authenticated: no client may accept it.',
    violates: [`${message} · authentication`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureProof: 'none' },
  },
  {
    name: 'lan-reconfigure-by-another-key',
    story: 'A Reconfigure is authenticated with a key that its client never received.',
    violates: [`${message} · authentication`],
    behavior: { lanReconfigureProof: 'another key' },
  },
  {
    name: 'lan-reconfigure-counter-falls',
    story: 'The replay counter of a Reconfigure is lower than that of the Reply with the key.',
    violates: [`${message} · replay counter`],
    behavior: { lanReplayCounter: 'starts again' },
  },
  {
    name: 'lan-reconfigure-without-client-id',
    story: 'A Reconfigure has no Client Identifier.',
    violates: [`${message} · identifiers`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureLacks: 'client-id' },
  },
  {
    name: 'lan-reconfigure-without-server-id',
    story: 'A Reconfigure has no Server Identifier.',
    violates: [`${message} · identifiers`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureLacks: 'server-id' },
  },
  {
    name: 'lan-reconfigure-with-transaction-id',
    story: 'A Reconfigure has a transaction-id other than 0.',
    violates: [`${message} · transaction-id`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureTransactionId: 0x4711 },
  },
  {
    name: 'lan-reconfigure-by-multicast',
    story: 'A Reconfigure is sent to all nodes of the link.',
    violates: [`${message} · unicast`, 'RFC9915-16-SERVERFORM'],
    behavior: { lanReconfigureSent: 'by multicast' },
  },
  {
    name: 'lan-reconfigure-once',
    story: 'A Reconfigure without a response is not retransmitted.',
    violates: [`${message} · retransmission`],
    behavior: { lanReconfigureRepeated: false },
  },
  {
    name: 'lan-reconfigure-in-haste',
    story: 'A Reconfigure without a response is retransmitted after half a second.',
    violates: [`${message} · retransmission`],
    behavior: { lanReconfigureTimeout: 0.5 },
  },
  {
    name: 'lan-reconfigure-unasked',
    story: 'A Reconfigure is also sent to clients that did not send Reconfigure Accept.',
    violates: [`${message} · unasked`],
    behavior: { reconfigures: 'everybody' },
  },
  {
    name: 'lan-reconfigure-without-key',
    story: 'Replies contain Reconfigure Accept, but no key.',
    violates: [`${message} · key`, `${message} · authentication`],
    behavior: { lanReconfigureKey: 'none' },
  },
  {
    name: 'lan-reconfigure-short-key',
    story: 'The key of a client has 64 bits.',
    violates: [`${message} · key`, `${message} · authentication`],
    behavior: { lanReconfigureKey: 'too short' },
  },
  {
    name: 'lan-reconfigure-shared-key',
    story: 'All clients have the same key: each of them can send a Reconfigure to the others.',
    violates: [`${message} · a key of its own`],
    behavior: { lanReconfigureKey: 'the same for all' },
  },
]
