import type { NeighborDiscoveryFault } from '../interface/neighbor-discovery-faults.ts'
import type { Mutant } from './mutant.ts'

const believes = (message: 'neighbor-solicitation' | 'neighbor-advertisement', fault: NeighborDiscoveryFault) => ({
  believesDespite: (seen: NeighborDiscoveryFault, type: string | number) => seen === fault && type === message,
})

const questions = (
  [
    ['hop limit', 'hop limit 254'],
    ['checksum', 'bad checksum'],
    ['code', 'code 1'],
    ['option length', 'option of length 0'],
  ] as const
).map(
  ([fault, name]): Mutant => ({
    name: `solicitation-with-wrong-${fault.replace(' ', '-')}-answered`,
    story: `A Neighbor Solicitation with ${name} is answered.`,
    violates: [`RFC4861-7.1.1-NSVALID · ${name}`],
    behavior: believes('neighbor-solicitation', fault),
  }),
)

const claims = (
  [
    ['hop limit', 'hop limit 254'],
    ['checksum', 'bad checksum'],
    ['code', 'code 1'],
    ['solicited, to a group', 'solicited, to a group'],
  ] as const
).map(
  ([fault, name]): Mutant => ({
    name: `advertisement-with-wrong-${fault.replaceAll(/,? /g, '-')}-believed`,
    story: `A Neighbor Advertisement with ${name} changes the MAC of a neighbor entry.`,
    violates: [`RFC4861-7.1.2-NAVALID · ${name}`],
    behavior: believes('neighbor-advertisement', fault),
  }),
)

/** Packets for the router itself. */
export const toTheRouter: Mutant[] = [
  ...questions,
  ...claims,
  {
    name: 'unsolicited-override-ignored',
    story: 'An unsolicited NA with a new MAC is ignored, and packets go to the former MAC until the entry is deleted.',
    violates: ['RFC4861-7.2.5-OVERRIDE'],
    behavior: { unsolicitedOverride: 'ignored' },
  },
  {
    name: 'echo-answered-from-another-address',
    story: 'The Echo Reply has another source than the destination of the request.',
    violates: ['RFC4443-4.2-SOURCE'],
    shownIn: 'lan-services',
    behavior: { echoAnsweredFrom: 'its usual source' },
  },
  {
    name: 'addresses-not-defended',
    story: 'DAD for an address of the router is not answered.',
    violates: ['RFC4861-7.2.4-DADNS'],
    behavior: { duplicateQuestions: 'silent' },
  },
  {
    name: 'addresses-defended-by-solicited-answers',
    story: 'DAD for an address of the router is answered like a solicitation from an assigned address.',
    violates: ['RFC4861-7.2.4-DADNS', 'RFC4861-4-FORM'],
    behavior: { duplicateQuestions: 'as any other' },
  },
  {
    name: 'fragments-for-itself-dropped',
    story: 'The router does not reassemble packets to itself.',
    violates: ['RFC8200-5-OWNFRAGMENTS'],
    behavior: { fragmentsTaken: 'never' },
  },
  {
    name: 'fragments-for-itself-in-order-alone',
    story: 'The router reassembles packets to itself only where the first fragment arrives first.',
    violates: ['RFC8200-5-OWNFRAGMENTS · fragments, the last one first'],
    behavior: { fragmentsTaken: 'in order' },
  },
  {
    name: 'packets-with-options-for-itself-dropped',
    story: 'Packets to the router itself with Destination Options are dropped.',
    violates: ['RFC8200-4.2-OWNOPTIONS'],
    behavior: { ownUnknownOptions: 'dropped' },
  },
  {
    name: 'unknown-next-header-dropped',
    story: 'The router sends no error for an unknown Next Header.',
    violates: ['RFC8200-4-OWNNEXTHEADER'],
    behavior: { unknownHeaderReported: false },
  },
]
