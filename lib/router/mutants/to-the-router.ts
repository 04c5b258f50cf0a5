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
    story: `A Neighbor Advertisement with ${name} moves a host to another MAC.`,
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
    story: 'A host that has another MAC says so to all, and is sent to the former one until its entry is given up.',
    violates: ['RFC4861-7.2.5-OVERRIDE'],
    behavior: { unsolicitedOverride: 'ignored' },
  },
  {
    name: 'echo-answered-from-another-address',
    story: 'An echo request to one of its addresses is answered from the one that it speaks from.',
    violates: ['RFC4443-4.2-SOURCE'],
    shownIn: 'lan-services',
    behavior: { echoAnsweredFrom: 'where it speaks from' },
  },
  {
    name: 'addresses-not-defended',
    story: 'Who is about to take an address of the router is not answered.',
    violates: ['RFC4861-7.2.4-DADNS'],
    behavior: { duplicateQuestions: 'silent' },
  },
  {
    name: 'addresses-defended-by-solicited-answers',
    story: 'Who is about to take an address of the router is answered as who has one is.',
    violates: ['RFC4861-7.2.4-DADNS', 'RFC4861-4-FORM'],
    behavior: { duplicateQuestions: 'as any other' },
  },
  {
    name: 'fragments-for-itself-dropped',
    story: 'The router does not put fragments together that are for itself.',
    violates: ['RFC8200-5-OWNFRAGMENTS'],
    behavior: { fragmentsTaken: 'never' },
  },
  {
    name: 'fragments-for-itself-in-order-alone',
    story: 'The router puts fragments together only where the first one comes first.',
    violates: ['RFC8200-5-OWNFRAGMENTS · fragments, the last one first'],
    behavior: { fragmentsTaken: 'in order' },
  },
  {
    name: 'packets-with-options-for-itself-dropped',
    story: 'What has Destination Options is dropped where it is for the router itself.',
    violates: ['RFC8200-4.2-OWNOPTIONS'],
    behavior: { ownUnknownOptions: 'dropped' },
  },
  {
    name: 'unknown-next-header-dropped',
    story: 'Nobody is informed of a Next Header that the router does not know.',
    violates: ['RFC8200-4-OWNNEXTHEADER'],
    behavior: { unknownHeaderTold: false },
  },
]
